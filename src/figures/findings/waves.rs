//! What each wave of testing saw of an organisation, out of the cell that holds all of them.

/// What a wave saw of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveSight {
    pub wave: String,
    /// events, tracker_present or none_seen.
    pub saw: String,
}

const WORDS: [&str; 3] = ["events", "tracker_present", "none_seen"];

/// Takes the cell apart. Waves are named by people: a name may hold the separator, and only a known word ends a part.
pub(super) fn parse(cell: &str) -> Vec<WaveSight> {
    let mut found = Vec::new();
    let mut begun = String::new();
    for piece in cell.split("; ") {
        if !begun.is_empty() {
            begun.push_str("; ");
        }
        begun.push_str(piece);
        let ended = begun
            .rsplit_once('=')
            .filter(|(_, word)| WORDS.contains(word));
        if let Some((wave, saw)) = ended {
            found.push(WaveSight {
                wave: wave.to_owned(),
                saw: saw.to_owned(),
            });
            begun.clear();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_may_be_called_anything() {
        let seen = parse("1=events; spring; late=x=none_seen; =tracker_present");
        let seen: Vec<(&str, &str)> = seen.iter().map(|s| (&*s.wave, &*s.saw)).collect();
        assert_eq!(
            seen,
            [
                ("1", "events"),
                ("spring; late=x", "none_seen"),
                ("", "tracker_present")
            ]
        );
        assert!(parse("").is_empty());
    }
}
