//! The rules that come with the program: one file a tracker in `rules/`, listed here in alphabetical order.

/// Name and text of each file.
macro_rules! rules {
    ($($name:literal),+ $(,)?) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("rules/", $name, ".toml")))),+]
    };
}

/// The built-in rules: file name and text.
pub const BUILT_IN: &[(&str, &str)] = rules![
    "doubleclick",
    "floodlight",
    "google-ads",
    "google-analytics-4",
    "google-analytics-ua",
    "google-recaptcha",
    "google-tag-manager",
    "linkedin",
    "meta-pixel",
    "nextdoor",
    "openai-pixel",
    "pinterest",
    "quora",
    "reddit",
    "snapchat",
    "spotify",
    "tiktok",
    "x",
    "youtube-embed",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_file_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tracker/rules");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let listed: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, files);
    }
}
