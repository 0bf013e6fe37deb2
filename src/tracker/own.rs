//! Rules of one's own: a folder of TOML files, each read by itself and held to what is asked of a rule file.

use std::path::Path;

use super::TrackerError;
use super::library::{CompiledRule, compile};
use super::rule::{Example, Role, Rule, SOURCE_KINDS};
use super::settings;

/// The text of a rule file.
#[derive(Debug)]
pub struct RuleFile {
    name: String,
    text: String,
}

/// A rule file and the rule in it, or its fault.
#[derive(Debug)]
pub struct OwnRule {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) rule: Result<CompiledRule, String>,
}

impl RuleFile {
    /// The rule files of a folder, in the order of their names.
    ///
    /// # Errors
    /// A folder that cannot be read or holds no rule file, or a file that cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Vec<RuleFile>, TrackerError> {
        let failed = |error: std::io::Error| TrackerError::RuleFolder {
            folder: folder.display().to_string(),
            message: error.to_string(),
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|e| e == "toml") {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let text = std::fs::read_to_string(&path);
                let text = text.map_err(|error| TrackerError::BadRule {
                    file: name.to_string(),
                    message: format!("it cannot be read: {error}"),
                })?;
                files.push(RuleFile {
                    name: name.into_owned(),
                    text,
                });
            }
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        if files.is_empty() {
            return Err(TrackerError::RuleFolder {
                folder: folder.display().to_string(),
                message: "it holds no .toml file".to_string(),
            });
        }
        Ok(files)
    }

    /// Reads the rule and holds it to what is asked of one: its patterns too, though they are built when they are first used.
    pub fn read(self) -> OwnRule {
        let RuleFile { name, text } = self;
        OwnRule {
            rule: OwnRule::rule_of(&text),
            file: name,
            text,
        }
    }
}

impl OwnRule {
    fn rule_of(text: &str) -> Result<CompiledRule, String> {
        let rule: Rule = toml::from_str(text).map_err(|error| error.to_string())?;
        check(&rule)?;
        let rule = compile(rule);
        for pattern in rule.patterns() {
            pattern.check().map_err(|error| error.to_string())?;
        }
        Ok(rule)
    }

    pub(super) fn name(&self) -> Option<&str> {
        let rule = self.rule.as_ref().ok()?;
        Some(&rule.rule.name)
    }
}

/// What TOML's own reading cannot check.
pub(super) fn check(rule: &Rule) -> Result<(), String> {
    for endpoint in &rule.endpoints {
        let tells = endpoint.role != Role::Presence;
        let by_path = !tells && !endpoint.paths.is_empty();
        if endpoint.hosts.is_empty() && endpoint.parameters.is_empty() && !by_path {
            return Err(format!(
                "endpoint {} names neither hosts nor parameters: it would match everything",
                endpoint.name
            ));
        }
        if tells && endpoint.unpack.as_ref().unwrap_or(&rule.unpack).is_empty() {
            return Err(format!(
                "endpoint {} tells events, and nothing unpacks them",
                endpoint.name
            ));
        }
        let proven = |example: &Example| example.endpoint.as_ref() == Some(&endpoint.name);
        if !rule.examples.iter().any(proven) {
            return Err(format!("endpoint {} has no example", endpoint.name));
        }
    }
    if !rule
        .examples
        .iter()
        .any(|example| example.endpoint.is_none())
    {
        return Err("no example of a request that must not match".to_string());
    }
    let parameters = rule
        .parameters
        .iter()
        .map(|p| (p.wire.join(", "), &p.source));
    let collectors = rule
        .collectors
        .iter()
        .map(|c| (c.wire.join(", "), &c.source));
    let cookies = rule.cookies.iter().map(|c| (c.name.clone(), &c.source));
    let settings = rule.settings.iter().map(|s| (s.setting.clone(), &s.source));
    let all = parameters.chain(collectors).chain(cookies).chain(settings);
    for (name, source) in all {
        if !SOURCE_KINDS.iter().any(|kind| source.starts_with(kind)) {
            return Err(format!(
                "{name}: its source must begin with one of {SOURCE_KINDS:?}"
            ));
        }
    }
    settings::check(rule)
}
