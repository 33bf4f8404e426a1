//! What a reader can choose on the page, besides the filters; all of it stands in the URL.

use crate::state::Switches;
use crate::state::filters::Dimension;

/// Windows that can be chosen, in days since the signup.
pub const WINDOWS: [i64; 5] = [7, 14, 30, 60, 90];
/// The window of `advanced.funnel_analysis`.
pub const USUAL_WINDOW: i64 = 60;

/// A step of the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Step {
    /// Made an account.
    SignedUp,
    /// Came for a first session.
    Started,
    /// Connected an integration.
    #[default]
    Connected,
    /// Created a report.
    Reported,
    /// Began to pay.
    Paid,
}

impl Step {
    /// All five, in order.
    pub const ALL: [Self; 5] = [
        Self::SignedUp,
        Self::Started,
        Self::Connected,
        Self::Reported,
        Self::Paid,
    ];
    /// Those that can be missed.
    pub const AFTER_SIGNUP: [Self; 4] =
        [Self::Started, Self::Connected, Self::Reported, Self::Paid];

    /// Its key, and its names in the model, on screen, in short and within a sentence.
    const fn names(self) -> [&'static str; 5] {
        match self {
            Self::SignedUp => [
                "signed-up",
                "signed_up",
                "Signed up",
                "Signed up",
                "signed up",
            ],
            Self::Started => [
                "started",
                "started",
                "First session",
                "Started",
                "came back for a session",
            ],
            Self::Connected => [
                "connected",
                "integration_connected",
                "Integration connected",
                "Connected",
                "connected an integration",
            ],
            Self::Reported => [
                "reported",
                "report_created",
                "Report created",
                "Reported",
                "created a report",
            ],
            Self::Paid => ["paid", "paid", "First payment", "Paid", "paid"],
        }
    }

    /// Its value of the URL key `step`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.names()[0]
    }

    /// Its name in `advanced.funnel_analysis`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.names()[1]
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.names()[2]
    }

    /// Its name where there is little room.
    #[must_use]
    pub const fn short(self) -> &'static str {
        self.names()[3]
    }

    /// What people who reach it did: "… connected an integration".
    #[must_use]
    pub const fn deed(self) -> &'static str {
        self.names()[4]
    }

    /// The step before; `None` before the first.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let place = Self::ALL.iter().position(|step| *step == self)?;
        place.checked_sub(1).map(|before| Self::ALL[before])
    }

    /// The step that `advanced.funnel_analysis` calls so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// Everything that can be chosen on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunnelOptions {
    /// Days from the signup within which all steps must be reached.
    pub window: i64,
    /// What people are grouped by.
    pub by: Dimension,
    /// The step whose time and whose absentees are looked at.
    pub step: Step,
    /// Whether planted values are shown.
    pub has_truth: bool,
}

impl Default for FunnelOptions {
    fn default() -> Self {
        Self {
            window: USUAL_WINDOW,
            by: Dimension::Channel,
            step: Step::default(),
            has_truth: false,
        }
    }
}

impl FunnelOptions {
    /// Seconds from the signup within which all steps must be reached.
    #[must_use]
    pub const fn window_secs(&self) -> i64 {
        self.window * 86_400
    }

    /// Reads the page's keys of a URL query; a value that means nothing is the usual one.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        let mut options = Self {
            has_truth: Switches::from_query(query).0.truth,
            ..Self::default()
        };
        for (key, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            match key.as_ref() {
                "window" => {
                    let days = value.parse().ok().filter(|days| WINDOWS.contains(days));
                    options.window = days.unwrap_or(options.window);
                }
                "by" => {
                    let by = Dimension::ALL.into_iter().find(|by| by.key() == value);
                    options.by = by.unwrap_or(options.by);
                }
                "step" => {
                    let step = Step::AFTER_SIGNUP
                        .into_iter()
                        .find(|step| step.key() == value);
                    options.step = step.unwrap_or(options.step);
                }
                _ => {}
            }
        }
        options
    }
}

/// What else a panel shows depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// What was chosen when the rows were asked for.
    pub chosen: FunnelOptions,
    /// Whether the screen is narrow.
    pub is_narrow: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_chooses_and_nonsense_is_usual() {
        let options = FunnelOptions::from_query("?window=14&by=country&step=paid");
        assert_eq!(options.window, 14);
        assert_eq!(options.by, Dimension::Country);
        assert_eq!(options.step, Step::Paid);
        let options = FunnelOptions::from_query("window=-1&by=none&step=signed-up");
        assert_eq!(options, FunnelOptions::default());
        assert!(FunnelOptions::from_query("?truth=shown").has_truth);
    }

    #[test]
    fn steps_stand_in_order() {
        assert_eq!(Step::SignedUp.before(), None);
        assert_eq!(Step::Paid.before(), Some(Step::Reported));
        for step in Step::ALL {
            assert_eq!(Step::named(step.name()), Some(step));
        }
    }
}
