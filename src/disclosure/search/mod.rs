//! The search: is a value that somebody typed, or one that looks like contact data, in a request? Every part of the request is
//! looked through (path, query, headers, cookies, body), unpacked up to two layers deep.

mod forms;
mod needles;
mod parts;
mod persona;
mod shapes;
mod signs;
mod views;

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::{fast, quality};

use super::Encoding;
use crate::exchange::{Exchange, Location};
use needles::Needles;
use parts::{Part, parts_of};
use shapes::{Named, Shapes};
use views::{Views, Wanted};

pub use forms::forms_of;
pub use needles::Hit;
pub use persona::{Kind, PersonaValue, read_personas};
pub use shapes::SHAPES_TEXT;

/// What goes wrong before anything is looked for.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the personas cannot be used: {0}")]
    Personas(String),
    #[error("there are more personas than can be looked for at once: {0}")]
    TooMany(String),
    #[error("the shapes cannot be read: {0}")]
    Shapes(String),
}

/// Shortest name, in characters, that is looked for as a word.
const SHORTEST_NAME: usize = 3;

/// Everything that is looked for.
#[derive(Debug)]
pub struct Search {
    needles: Needles,
    /// The personas' names, and their names with sites, in lower case, each with the position of its value.
    names: Vec<(usize, String)>,
    shapes: Shapes,
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target<'s> {
    /// `None`: a shape.
    pub persona: Option<&'s PersonaValue>,
    /// The kind of the persona's value, or the shape's name.
    pub kind: &'s str,
    pub item: &'s str,
}

/// What was found in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Position in the targets.
    pub target: usize,
    pub location: Location,
    pub parameter: String,
    pub encoding: Encoding,
    pub chain: String,
    pub found: String,
}

/// What is known of a request that keeps content of the page from being taken for the visitor's data.
pub struct Context<'c> {
    /// The registrable domains of the page and of the receiver: mailboxes there are their own.
    pub own_sites: &'c [&'c str],
    /// Whether a rule says that a parameter holds content of the page, such as its title or the text of a button.
    pub is_content: &'c dyn Fn(Location, &str) -> bool,
}

/// What was looked through before in the same capture, and held nothing: most headers and cookies come again and again.
#[derive(Debug, Default)]
pub struct Seen {
    /// Of what was looked through, no more than its hash is kept.
    hashes: HashSet<u64, fast::RandomState>,
    hasher: quality::RandomState,
}

/// What came of looking through a request.
#[derive(Debug, Default)]
pub struct Searched {
    pub matches: Vec<Match>,
    /// A part unpacks to more than is looked at.
    pub is_cut: bool,
}

impl Search {
    /// The shapes, and the personas of a file's text.
    ///
    /// # Errors
    /// A file of personas with a fault: named with its line.
    pub fn new(personas: Option<&str>) -> Result<Search, SearchError> {
        let values = personas.map_or(Ok(Vec::new()), read_personas)?;
        Ok(Search {
            names: names_of(&values),
            needles: Needles::of(values)?,
            shapes: Shapes::built_in()?,
        })
    }

    pub fn has_personas(&self) -> bool {
        !self.needles.is_empty()
    }

    /// Everything that is looked for: the personas' values in the order of their file, then the shapes.
    pub fn targets(&self) -> Vec<Target<'_>> {
        let personas = self.needles.values().map(|value| Target {
            persona: Some(value),
            kind: value.kind.name(),
            item: value.kind.item(),
        });
        let shapes = self.shapes.names().map(|(name, item)| Target {
            persona: None,
            kind: name,
            item,
        });
        personas.chain(shapes).collect()
    }

    /// In what forms the target at a position is looked for, in words.
    pub fn looked_for(&self, target: usize) -> String {
        match self.needles.value(target) {
            Some(_) => self.needles.looked_for(target),
            None => "by its look, as text; packed up to two layers deep".to_owned(),
        }
    }

    /// The personas' values in the value of one parameter, in every packing.
    pub fn personas_in(&self, parameter: &str, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.has_personas() {
            for view in &Views::of(text, Wanted::All).views {
                self.needles.find(view, parameter, &mut hits);
            }
        }
        hits
    }

    /// Names of the personas, and their names with sites, wherever they stand as words in a text, in every packing: the position
    /// of the value, and what was found, in lower case. `find` asks more of so short a text.
    pub fn names_in(&self, text: &str) -> Vec<(usize, String)> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let views = Views::of(text, Wanted::All).views;
        let texts = views
            .iter()
            .map(|view| String::from_utf8_lossy(&view.bytes).to_lowercase());
        texts
            .flat_map(|text| {
                let found = self
                    .names
                    .iter()
                    .filter(|(_, name)| !words_in(&text, name).is_empty());
                found.cloned().collect::<Vec<_>>()
            })
            .collect()
    }

    /// What looks like contact data in the value of one parameter, in every packing, as it stands there unpacked.
    pub fn shapes_in(&self, parameter: &str, text: &str) -> Vec<String> {
        let mut hits = Vec::new();
        let parameter = Named::new(parameter);
        for view in &Views::of(text, Wanted::Texts).views {
            self.shapes.find(view, &parameter, &mut hits);
        }
        hits.into_iter().map(|hit| hit.found).collect()
    }

    /// The value at a position, where it is a persona's.
    pub fn persona(&self, value: usize) -> Option<&PersonaValue> {
        self.needles.value(value)
    }

    /// Looks through a request.
    pub fn find(&self, exchange: &Exchange, context: &Context, seen: &mut Seen) -> Searched {
        let mut searched = Searched::default();
        for part in parts_of(exchange) {
            let hash = seen.hasher.hash_one(&part);
            if !seen.hashes.contains(&hash) && !self.find_in_part(&part, context, &mut searched) {
                seen.hashes.insert(hash);
            }
        }
        searched
    }

    /// Whether the part holds anything at all, the visitor's or not.
    fn find_in_part(&self, part: &Part, context: &Context, searched: &mut Searched) -> bool {
        let wanted = match self.has_personas() {
            true => Wanted::All,
            false => Wanted::Texts,
        };
        let views = Views::of(&part.text, wanted);
        searched.is_cut |= views.is_cut;
        let (mut hits, mut shape_hits) = (Vec::new(), Vec::new());
        let named = Named::new(&part.name);
        for view in &views.views {
            self.needles.find(view, &part.name, &mut hits);
            self.shapes.find(view, &named, &mut shape_hits);
        }
        let holds_any = !hits.is_empty() || !shape_hits.is_empty() || views.is_cut;
        let by_persona: Vec<String> = hits.iter().map(|hit| hit.found.to_lowercase()).collect();
        let personas = hits.into_iter().map(|hit| Match {
            target: hit.value,
            location: part.location,
            parameter: part.shown_name().to_owned(),
            encoding: hit.encoding,
            chain: hit.chain,
            found: hit.found,
        });
        searched.matches.extend(personas);
        // Names of parameters are the site's: `user.@type.name` looks like a mailbox.
        let is_sites = || part.is_name || (context.is_content)(part.location, &part.name);
        if shape_hits.is_empty() || is_sites() {
            return holds_any;
        }
        let first_shape = self.needles.values().len();
        let of_visitor = shape_hits.into_iter().filter(|hit| {
            let found = hit.found.to_lowercase();
            let is_own = context
                .own_sites
                .iter()
                .any(|site| is_mailbox_of(&found, site));
            !is_own && !by_persona.contains(&found)
        });
        let shapes = of_visitor.map(|hit| Match {
            target: first_shape + hit.shape,
            location: part.location,
            parameter: part.shown_name().to_owned(),
            encoding: Encoding::Plain,
            chain: hit.chain,
            found: hit.found,
        });
        searched.matches.extend(shapes);
        holds_any
    }
}

fn names_of(values: &[PersonaValue]) -> Vec<(usize, String)> {
    let is_name = |kind| {
        matches!(
            kind,
            Kind::FirstName | Kind::LastName | Kind::Name | Kind::UserId
        )
    };
    let names = values.iter().enumerate();
    names
        .filter(|(_, value)| is_name(value.kind))
        .map(|(at, value)| (at, value.value.trim().to_lowercase()))
        .filter(|(_, name)| name.chars().count() >= SHORTEST_NAME)
        .collect()
}

/// Where something stands in a text without a letter or digit beside it.
pub fn words_in(text: &str, sought: &str) -> Vec<Range<usize>> {
    let is_part = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let places = text.match_indices(sought).filter(|_| !sought.is_empty());
    places
        .map(|(at, hit)| at..at + hit.len())
        .filter(|place| {
            let before = text
                .get(..place.start)
                .and_then(|text| text.chars().next_back());
            let behind = text.get(place.end..).and_then(|text| text.chars().next());
            !is_part(before) && !is_part(behind)
        })
        .collect()
}

fn is_mailbox_of(found: &str, site: &str) -> bool {
    let domain = found.rsplit_once('@').map(|(_, domain)| domain);
    domain.is_some_and(|domain| crate::exchange::host_is_under(domain, site))
}
