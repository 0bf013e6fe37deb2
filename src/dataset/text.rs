//! Characters that a reader cannot see: they change how a text is shown or understood without showing themselves.

/// Whether a character is invisible: of no width, or one that turns the direction of the text around it. Control
/// characters proper (`char::is_control`) are not meant.
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_invisible;

    #[test]
    fn what_nobody_sees_is_known_and_letters_are_left_alone() {
        assert!(
            "\u{200b}\u{202e}\u{2066}\u{feff}\u{ad}"
                .chars()
                .all(is_invisible)
        );
        assert!(!"aé漢ß ='-\u{301}".chars().any(is_invisible));
    }
}
