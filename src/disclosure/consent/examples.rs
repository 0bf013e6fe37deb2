//! Runs the examples of the consent tools: cookies in, what they must mean out.

use super::reading::Reading;
use super::rule::{ConsentTools, Example, Tool};
use crate::capture::Entry;
use crate::exchange::{Exchange, ProducerHabits};

/// The kinds of sources that a rule may name.
const SOURCES: [&str; 4] = ["documentation: ", "script: ", "observed: ", "inferred: "];

impl ConsentTools {
    /// Runs every example of every tool; a line for each that fails.
    pub fn check_examples(&self) -> Vec<String> {
        self.tools.iter().flat_map(faults_of).collect()
    }

    /// How many tools there are, and how many examples.
    pub fn count(&self) -> (usize, usize) {
        let examples = self.tools.iter().map(|tool| tool.examples.len()).sum();
        (self.tools.len(), examples)
    }
}

fn faults_of(tool: &Tool) -> Vec<String> {
    let has_source = SOURCES.iter().any(|kind| tool.source.starts_with(kind));
    let without_source = (!has_source).then(|| format!("{}: its source is of no kind", tool.name));
    let of_examples = tool.examples.iter().filter_map(|example| {
        let fault = fault_of(tool, example)?;
        Some(format!("{}: {}: {fault}", tool.name, example.title))
    });
    without_source.into_iter().chain(of_examples).collect()
}

fn fault_of(tool: &Tool, example: &Example) -> Option<String> {
    let entry = Entry::of_request(
        "GET",
        "https://www.a.example/",
        Some(&example.cookies),
        None,
    );
    let exchange = Exchange::decode(&entry, ProducerHabits::default())?;
    let reading = tool.read_cookies(&exchange.cookies);
    let (came, says) = match &reading {
        None => ("none of its cookies", ""),
        Some(Reading::Answered(answer)) => (answer.consent.name(), answer.says.as_str()),
        Some(Reading::Unanswered) => ("unanswered", ""),
        Some(Reading::Silent) => ("silent", ""),
        Some(Reading::Undecided) => ("undecided", ""),
    };
    let wanted = &example.reading;
    if came != wanted {
        return Some(format!("it reads as {came}; {wanted} was wanted"));
    }
    let wanted = example.says.as_ref().filter(|wanted| *wanted != says)?;
    Some(format!("it says {says:?}; {wanted:?} was wanted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_every_consent_tool_comes_out() {
        let tools = ConsentTools::built_in().unwrap();
        assert_eq!(tools.check_examples(), Vec::<String>::new());
        let (tools, examples) = tools.count();
        assert!(tools >= 12 && examples >= 40, "{tools} {examples}");
    }

    #[test]
    fn damaged_cookies_are_never_a_panic() {
        let tools = ConsentTools::built_in().unwrap();
        for tool in &tools.tools {
            for example in &tool.examples {
                for (at, _) in example.cookies.char_indices() {
                    let cut = format!("{}\u{e9}%", &example.cookies[..at]);
                    let cut = Example {
                        cookies: cut,
                        ..example.clone()
                    };
                    let _ = fault_of(tool, &cut);
                }
            }
        }
    }

    #[test]
    fn the_words_hold_no_identifier() {
        let tools = ConsentTools::built_in().unwrap();
        for tool in &tools.tools {
            for says in tool
                .examples
                .iter()
                .filter_map(|example| example.says.as_ref())
            {
                assert!(
                    !says.contains("11111111") && !says.contains("aW52"),
                    "{says}"
                );
            }
        }
    }
}
