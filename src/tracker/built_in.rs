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
    "addthis",
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
    "amplitude",
    "at-internet",
    "awin",
    "bidswitch",
    "bing-uet",
    "bluekai",
    "braze",
    "chartbeat",
    "cloudflare-insights",
    "comscore",
    "contentsquare",
    "cookiebot",
    "crazy-egg",
    "criteo",
    "demandbase",
    "doubleclick",
    "dynamic-yield",
    "ensighten",
    "eyeota",
    "floodlight",
    "fullstory",
    "google-ads",
    "google-analytics-4",
    "google-analytics-ua",
    "google-recaptcha",
    "google-tag-manager",
    "heap",
    "hotjar",
    "hubspot",
    "id5",
    "index-exchange",
    "inspectlet",
    "intercom",
    "invoca",
    "klaviyo",
    "linkedin",
    "liveperson",
    "liveramp",
    "logrocket",
    "lotame",
    "lucky-orange",
    "lytics",
    "magnite",
    "marketo",
    "matomo",
    "meta-pixel",
    "microsoft-clarity",
    "mixpanel",
    "mouseflow",
    "mparticle",
    "new-relic",
    "nextdoor",
    "nielsen",
    "onetrust",
    "openai-pixel",
    "openx",
    "optimizely",
    "outbrain",
    "pardot",
    "parsely",
    "pinterest",
    "piwik-pro-tag-manager",
    "piwik-pro",
    "plausible",
    "posthog",
    "pubmatic",
    "quantcast",
    "quora",
    "reddit",
    "rudderstack",
    "segment",
    "sentry",
    "seznam-sklik",
    "sharethis",
    "smartlook",
    "snapchat",
    "split-io",
    "spotify",
    "stackadapt",
    "taboola",
    "tapad",
    "tealium-eventstream",
    "tealium-iq",
    "the-trade-desk",
    "tiktok",
    "vwo",
    "webtrends",
    "x",
    "xandr",
    "yahoo",
    "youtube-embed",
    "zendesk-chat",
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
