//! What every dashboard can show or hide besides its filters, as the URL spells it.

use super::url::page_key;
use crate::parameters::{Notice, Reason};

/// The switches of the dashboards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches {
    /// Whether what was planted stands beside what is estimated: `truth=shown`.
    pub truth: bool,
    /// Whether launches, campaigns and the like are marked on time axes; off with `notes=hidden`.
    pub notes: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            truth: false,
            notes: true,
        }
    }
}

impl Switches {
    /// Key of [`Self::truth`].
    pub const TRUTH: &'static str = "truth";
    /// Key of [`Self::notes`].
    pub const NOTES: &'static str = "notes";

    /// Reads a URL query (with or without its `?`).
    ///
    /// Never fails: a bad value leaves the switch as it usually is, and a [`Notice`] says so. Of a
    /// key that stands twice, the first counts.
    #[must_use]
    pub fn from_query(query: &str) -> (Self, Vec<Notice>) {
        let mut switches = Self::default();
        let mut notices = Vec::new();
        for key in [Self::TRUTH, Self::NOTES] {
            let Some(given) = page_key(query, key) else {
                continue;
            };
            let usual = if key == Self::TRUTH {
                switches.truth
            } else {
                switches.notes
            };
            let is_shown = match given.trim().to_lowercase().as_str() {
                "shown" => true,
                "hidden" => false,
                _ => {
                    let expected = "“shown” or “hidden”".to_owned();
                    let used = if usual { "shown" } else { "hidden" };
                    notices.push(Notice::new(
                        key,
                        &given,
                        Reason::Unreadable { expected },
                        used,
                    ));
                    usual
                }
            };
            match key {
                Self::TRUTH => switches.truth = is_shown,
                _ => switches.notes = is_shown,
            }
        }
        (switches, notices)
    }

    /// The change of the URL that turns the truth on or off; the usual is not written.
    #[must_use]
    pub fn set_truth(is_shown: bool) -> (&'static str, Option<String>) {
        (Self::TRUTH, is_shown.then(|| "shown".to_owned()))
    }

    /// The change of the URL that turns the notes on or off; the usual is not written.
    #[must_use]
    pub fn set_notes(is_shown: bool) -> (&'static str, Option<String>) {
        (Self::NOTES, (!is_shown).then(|| "hidden".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_read_back_and_nonsense_is_told() {
        let read = |query: &str| Switches::from_query(query);
        assert_eq!(read("?seed=7"), (Switches::default(), Vec::new()));
        let both = Switches {
            truth: true,
            notes: false,
        };
        assert_eq!(read("truth=shown&notes=hidden"), (both, Vec::new()));
        let (switches, notices) = read("truth=yes&notes=0");
        assert_eq!(switches, Switches::default());
        let keys: Vec<&str> = notices.iter().map(|notice| notice.key.as_str()).collect();
        assert_eq!(keys, ["truth", "notes"]);
        assert_eq!(Switches::set_truth(false), ("truth", None));
        assert_eq!(
            Switches::set_notes(false),
            ("notes", Some("hidden".to_owned()))
        );
    }
}
