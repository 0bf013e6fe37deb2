//! The stable words by which problems of this room are counted, in one place, so that none is spelt twice and
//! every one has its meaning written down.

// Of the file as a whole.

/// Opening or reading the file, or a folder below an input, failed.
pub const UNREADABLE_INPUT: &str = "unreadable_input";
/// The file is larger than this version reads.
pub const TOO_LARGE: &str = "too_large";
/// The file holds nothing, or nothing but blanks and NUL bytes.
pub const EMPTY_FILE: &str = "empty_file";
/// The file is something else than a capture; the message says what it looks like.
pub const NOT_A_CAPTURE: &str = "not_a_capture";
/// The file, or a member of an archive, is compressed in a way that is not read.
pub const COMPRESSED: &str = "compressed";
/// The file was UTF-16; byte ranges refer to the UTF-8 text made of it.
pub const TRANSCODED_UTF16: &str = "transcoded_utf16";
/// The file ends in the middle.
pub const TRUNCATED: &str = "truncated";
/// The text around the entries breaks the rules of JSON, and what follows could not all be read.
pub const DAMAGED_TEXT: &str = "damaged_text";
/// Bytes that belong to nothing follow the capture.
pub const TRAILING_BYTES: &str = "trailing_bytes";
/// Several lists of entries stand in one file; all were read.
pub const SEVERAL_CAPTURES: &str = "several_captures";

/// An archive that holds no capture.
pub const NO_CAPTURE_INSIDE: &str = "no_capture_inside";
/// An archive or compressed file is damaged or ends in the middle.
pub const DAMAGED_ARCHIVE: &str = "damaged_archive";
/// A member of an archive needs a password.
pub const ENCRYPTED: &str = "encrypted";
/// Archives stand in one another deeper than they are opened.
pub const NESTED_TOO_DEEP: &str = "nested_too_deep";
/// An archive or compressed file would unpack to far more than any capture does.
pub const EXPANSION_LIMIT: &str = "expansion_limit";

// Of one entry, or of what the capture says about itself.

/// An entry could not be read at all.
pub const DAMAGED_ENTRY: &str = "damaged_entry";
/// One member could not be read, even after repair; the rest of the entry was.
pub const DAMAGED_MEMBER: &str = "damaged_member";
/// Values are nested deeper than any capture needs.
pub const TOO_DEEP: &str = "too_deep";
/// An entry without an address.
pub const NO_URL: &str = "no_url";
/// Illegal JSON was rewritten so that it could be read.
pub const REPAIRED_TEXT: &str = "repaired_text";
/// A member is of a type that says nothing here.
pub const WRONG_TYPE: &str = "wrong_type";
/// A member stands twice; the last one was taken.
pub const DUPLICATE_KEY: &str = "duplicate_key";
/// A body in a file of its own, which is not there.
pub const ATTACHMENT_MISSING: &str = "attachment_missing";
/// A value was longer than this version keeps.
pub const VALUE_CUT: &str = "value_cut";

/// The problems after which a capture is not wholly read: something that was recorded is missing.
pub(super) const LOSSES: &[&str] = &[
    TRUNCATED,
    DAMAGED_TEXT,
    DAMAGED_ENTRY,
    DAMAGED_MEMBER,
    NO_URL,
    VALUE_CUT,
];
