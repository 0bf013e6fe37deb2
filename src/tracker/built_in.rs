//! The rules that come with the program: one file a tracker in `rules/`, listed here in alphabetical order.

/// Name and text of each file.
macro_rules! rules {
    ($($name:literal),+ $(,)?) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("rules/", $name, ".toml")))),+]
    };
}

/// The built-in rules: file name and text.
pub const BUILT_IN: &[(&str, &str)] = rules![
    "6sense",
    "adobe-advertising",
    "adobe-analytics",
    "adobe-audience-manager",
    "adobe-dtm",
    "adobe-experience-edge",
    "adobe-experience-id",
    "adobe-heartbeat",
    "adobe-launch",
    "adobe-target",
    "adroll",
    "amazon-ads",
    "at-internet",
    "awin",
    "bidswitch",
    "bing-uet",
    "bluekai",
    "chartbeat",
    "cloudflare-insights",
    "comscore",
    "criteo",
    "demandbase",
    "doubleclick",
    "dynamic-yield",
    "ensighten",
    "eyeota",
    "floodlight",
    "google-ads",
    "google-analytics-4",
    "google-analytics-ua",
    "google-recaptcha",
    "google-tag-manager",
    "id5",
    "index-exchange",
    "invoca",
    "linkedin",
    "liveramp",
    "lotame",
    "lytics",
    "magnite",
    "matomo",
    "meta-pixel",
    "microsoft-clarity",
    "new-relic",
    "nextdoor",
    "nielsen",
    "openai-pixel",
    "openx",
    "optimizely",
    "outbrain",
    "parsely",
    "pinterest",
    "piwik-pro",
    "piwik-pro-tag-manager",
    "plausible",
    "pubmatic",
    "quantcast",
    "quora",
    "reddit",
    "sentry",
    "seznam-sklik",
    "snapchat",
    "split-io",
    "spotify",
    "stackadapt",
    "taboola",
    "tapad",
    "the-trade-desk",
    "tiktok",
    "webtrends",
    "x",
    "xandr",
    "yahoo",
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
