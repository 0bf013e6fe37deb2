"""Entries as Chrome exports them, member by member, in pretty-printed or minified JSON."""

import json
from urllib.parse import parse_qsl, urlsplit

from .calls import FORM
from .sites import stamp

AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36"
)
MARK = "@@body@@"
TYPES = {
    "script": "script",
    "meta settings": "script",
    "google settings": "script",
    "html": "document",
    "json": "fetch",
    "picture": "image",
    "nothing": "ping",
}
MIMES = {
    "script": "application/javascript",
    "meta settings": "application/x-javascript",
    "google settings": "application/javascript",
    "html": "text/html",
    "json": "application/json",
    "picture": "image/webp",
    "nothing": "text/plain",
}
COOKIE = {"path": "/", "expires": "2027-03-01T08:00:00.000Z", "httpOnly": False, "secure": True}


def pairs(items):
    """Names and values as a capture lists them."""
    return [{"name": name, "value": value} for name, value in items]


def request_headers(call, parts, referrer):
    """The headers a browser sends."""
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = [
        (":authority", parts.netloc),
        (":method", call.method),
        (":path", path),
        (":scheme", "https"),
        ("accept", "*/*"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "en-GB,en;q=0.9"),
        ("priority", "u=1, i"),
        ("referer", referrer),
        ("sec-ch-ua", '"Chromium";v="145", "Not:A-Brand";v="24", "Google Chrome";v="145"'),
        ("sec-ch-ua-mobile", "?0"),
        ("sec-ch-ua-platform", '"Windows"'),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "cross-site"),
        ("user-agent", AGENT),
    ]
    if call.mime:
        headers.insert(8, ("content-type", call.mime))
    if call.cookies:
        headers.insert(7, ("cookie", "; ".join(f"{name}={value}" for name, value in call.cookies)))
    return pairs(headers)


def response_headers(call, visit, length):
    """The headers a server of a large company sends."""
    return pairs([
        ("access-control-allow-origin", "*"),
        ("age", str(visit.rng.randrange(10**6))),
        ("alt-svc", 'h3=":443"; ma=86400'),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-encoding", "br"),
        ("content-length", str(length)),
        ("content-type", MIMES[call.answer]),
        ("cross-origin-resource-policy", "cross-origin"),
        ("date", visit.clock.strftime("%a, %d %b %Y %H:%M:%S GMT")),
        ("etag", f'W/"{visit.rng.randbytes(16).hex()}"'),
        ("last-modified", "Sun, 01 Feb 2026 00:00:00 GMT"),
        ("server", "cloudflare"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
        ("timing-allow-origin", "*"),
        ("vary", "Accept-Encoding"),
        ("x-content-type-options", "nosniff"),
    ])


def initiator(call, visit):
    """Who made the request: the page's own HTML, or a script with its stack."""
    if not call.script:
        return {"type": "parser", "url": visit.url, "lineNumber": visit.rng.randrange(900)}
    frames = [
        {
            "functionName": name,
            "scriptId": str(visit.rng.randrange(10, 400)),
            "url": f"https://{visit.site.cdn}/build/app.js",
            "lineNumber": visit.rng.randrange(90),
            "columnNumber": visit.rng.randrange(10**5),
        }
        for name in ("send", "o.flush", "", "dispatch", "n.push")[: visit.rng.randrange(1, 6)]
    ]
    return {"type": "script", "stack": {"callFrames": frames}}


def post_data(call):
    """What was sent along, where something was."""
    data = {"mimeType": call.mime, "text": call.body}
    if call.mime == FORM:
        data["params"] = pairs(parse_qsl(call.body))
    return data


def request(call, referrer):
    """The request."""
    parts = urlsplit(call.url)
    told = {
        "method": call.method,
        "url": call.url,
        "httpVersion": "http/2.0",
        "headers": request_headers(call, parts, referrer),
        "queryString": pairs(parse_qsl(parts.query, keep_blank_values=True)),
        "cookies": [pair | COOKIE | {"domain": parts.netloc} for pair in pairs(call.cookies)],
        "headersSize": -1,
        "bodySize": len(call.body.encode()) if call.body else 0,
    }
    if call.body:
        told["postData"] = post_data(call)
    return told


def response(call, visit, length):
    """The answer; its text is put in afterwards, where the mark stands."""
    content = {"size": length, "mimeType": MIMES[call.answer]}
    if call.answer != "nothing":
        content["text"] = MARK
    if call.answer == "picture":
        content["encoding"] = "base64"
    return {
        "status": 204 if call.answer == "nothing" else 200,
        "statusText": "",
        "httpVersion": "http/2.0",
        "headers": response_headers(call, visit, length),
        "cookies": [],
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_transferSize": length // 3 + 300,
        "_error": None,
        "_fetchedViaServiceWorker": False,
    }


def timings(rng):
    """How long each part took, to a fraction that nobody measured."""
    return {
        "blocked": 1 + rng.random(),
        "dns": -1,
        "ssl": -1,
        "connect": -1,
        "send": rng.random() / 10,
        "wait": 20 * rng.random(),
        "receive": 5 * rng.random(),
        "_blocked_queueing": rng.random(),
        "_workerStart": -1,
        "_workerReady": -1,
        "_workerFetchStart": -1,
        "_workerRespondWithSettled": -1,
    }


def entry(call, visit, length):
    """The whole entry, in Chrome's order."""
    rng = visit.rng
    return {
        "_connectionId": str(rng.randrange(10**6)),
        "_initiator": initiator(call, visit),
        "_priority": rng.choice(("High", "Low", "VeryHigh")),
        "_resourceType": TYPES[call.answer],
        "cache": {},
        "connection": "443",
        "pageref": visit.pages[-1]["id"],
        "request": request(call, visit.url),
        "response": response(call, visit, length),
        "serverIPAddress": f"192.0.2.{rng.randrange(1, 255)}",
        "startedDateTime": stamp(visit.clock),
        "time": 30 * rng.random(),
        "timings": timings(rng),
    }


def written(value, pretty, depth):
    """JSON as Chrome saves it, or without any space, to stand at a depth of a document."""
    if not pretty:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + "  " * depth)
