//! The names that most members of a capture have. One of them is known by its bytes: it need not be looked through for what
//! is no text and for escapes, as every other name must be.

const NAMES: [&str; 60] = [
    // Of an entry.
    "_connectionId",
    "_fetchedViaServiceWorker",
    "_fromCache",
    "_initiator",
    "_priority",
    "_resourceType",
    "cache",
    "comment",
    "connection",
    "pageref",
    "request",
    "response",
    "serverIPAddress",
    "startedDateTime",
    "time",
    "timings",
    // Of requests and responses, and of what was sent and came.
    "_error",
    "_transferSize",
    "bodySize",
    "compression",
    "content",
    "cookies",
    "encoding",
    "headers",
    "headersSize",
    "httpVersion",
    "method",
    "mimeType",
    "params",
    "postData",
    "queryString",
    "redirectURL",
    "size",
    "status",
    "statusText",
    "text",
    "url",
    // Of the times that a request took.
    "_blocked_proxy",
    "_blocked_queueing",
    "_workerFetchStart",
    "_workerReady",
    "_workerRespondWithSettled",
    "_workerStart",
    "blocked",
    "connect",
    "dns",
    "receive",
    "send",
    "ssl",
    "wait",
    // Of what began a request.
    "callFrames",
    "columnNumber",
    "description",
    "functionName",
    "lineNumber",
    "parent",
    "requestId",
    "scriptId",
    "stack",
    "type",
];

/// Places in the table: more than names, so that each has one of its own.
const PLACES: usize = 256;

const TABLE: [&str; PLACES] = {
    let mut table = [""; PLACES];
    let mut number = 0;
    while number < NAMES.len() {
        let name = NAMES[number];
        let Some(place) = place(name.as_bytes()) else {
            panic!("a name without signs");
        };
        assert!(table[place].is_empty(), "two names share a place");
        table[place] = name;
        number += 1;
    }
    table
};

/// The place of a name, by a few of its signs. The weights are such that no two names share one.
const fn place(name: &[u8]) -> Option<usize> {
    let ([first, ..], [.., last]) = (name, name) else {
        return None;
    };
    let middle = name[name.len() / 2];
    let sum = *first as usize * 11 + *last as usize * 25 + middle as usize + name.len() * 13;
    Some(sum % PLACES)
}

/// The name that these bytes are, where it is one of the usual.
pub fn usual(name: &[u8]) -> Option<&'static str> {
    let found = *TABLE.get(place(name)?)?;
    (found.as_bytes() == name).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_known_and_nothing_else() {
        for name in NAMES {
            assert_eq!(usual(name.as_bytes()), Some(name));
            let cut = &name.as_bytes()[1..];
            assert!(usual(cut).is_none_or(|other| other.as_bytes() == cut));
            assert_eq!(usual(name.to_uppercase().as_bytes()), None);
        }
        assert_eq!(usual(b""), None);
        assert_eq!(usual(b"request\\"), None);
    }
}
