//! What can be found: pages, panels, filters, presets, and what is done with a page.

use crate::app::pages;
use crate::components::theme::ThemeName;
use crate::dashboards::filter_words::value_label;
use crate::dashboards::pages::Page;
use crate::parameters::{Preset, Scenario};
use crate::state::filters::{Dimension, Filters, Range};

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Opens the page at a route.
    Go(&'static str),
    /// Does something with a panel, on its page.
    Panel(Page, &'static str, PanelAct),
    /// Limits the figures to some days.
    Range(Range),
    /// Compares with the period before, or no longer.
    Compare,
    /// Adds a value to a filter, or takes it away.
    Filter(Dimension, &'static str),
    /// Lets go of every filter.
    ClearFilters,
    /// Shows what was planted, or hides it.
    Truth,
    /// Starts from a preset.
    Preset(Preset),
    /// Runs the scenario again from scratch.
    RunAgain,
    /// Draws in a theme.
    Theme(ThemeName),
    /// Copies the link and says what it holds.
    Share,
    /// Prints the page.
    Print,
    /// Lists the shortcuts.
    Shortcuts,
}

/// What is done with a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelAct {
    /// Goes to it.
    Show,
    /// As large as the window.
    Full,
    /// Its figures as a table.
    Table,
    /// The statement behind it.
    Sql,
    /// Its figures as a file.
    Csv,
    /// Its picture as a file.
    Png,
}

impl PanelAct {
    const ALL: [Self; 6] = [
        Self::Show,
        Self::Full,
        Self::Table,
        Self::Sql,
        Self::Csv,
        Self::Png,
    ];

    /// The words that stand before the panel's title.
    const fn verb(self) -> &'static str {
        match self {
            Self::Show => "",
            Self::Full => "Full screen: ",
            Self::Table => "Table: ",
            Self::Sql => "SQL: ",
            Self::Csv => "Export CSV: ",
            Self::Png => "Export PNG: ",
        }
    }
}

/// A line of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is read.
    pub name: String,
    /// Where it belongs, or how it stands now: beside the name, in grey.
    pub hint: String,
    /// Other words it is found by; not shown.
    pub also: String,
    /// Whether it is listed before anything is typed.
    pub is_first: bool,
    /// What it does.
    pub command: Command,
}

impl Entry {
    fn new(name: impl Into<String>, hint: impl Into<String>, command: Command) -> Self {
        Self {
            name: name.into(),
            hint: hint.into(),
            also: String::new(),
            is_first: false,
            command,
        }
    }

    fn also(mut self, words: impl Into<String>) -> Self {
        self.also = words.into();
        self
    }

    fn first(mut self, is_first: bool) -> Self {
        self.is_first = is_first;
        self
    }
}

/// What the palette is asked about.
#[derive(Debug, Clone)]
pub struct Here<'a> {
    /// The dashboard one is on; `None` on the workbench.
    pub dashboard: Option<Page>,
    /// The filters in force.
    pub filters: &'a Filters,
    /// The scenario in force.
    pub scenario: &'a Scenario,
    /// Whether planted values are shown.
    pub is_truth_shown: bool,
}

/// Every entry, those of the page one is on first.
#[must_use]
pub fn entries(here: &Here) -> Vec<Entry> {
    let mut list = Vec::new();
    list.extend(here.dashboard.iter().flat_map(|page| panels(*page, true)));
    list.extend(pages::all().map(|page| {
        Entry::new(
            page.name,
            format!("Page · g {}", page.key),
            Command::Go(page.route),
        )
        .also(format!("go open {}", page.also))
        .first(true)
    }));
    list.extend(actions(here));
    let others = Page::ALL
        .into_iter()
        .filter(|page| Some(*page) != here.dashboard);
    list.extend(others.flat_map(|page| panels(page, false)));
    list.extend(filters(here.filters));
    list.extend(Preset::ALL.map(|preset| {
        let is_base = here.scenario.base() == preset;
        let hint = if is_base {
            "Preset · in use"
        } else {
            "Preset"
        };
        Entry::new(preset.label(), hint, Command::Preset(preset)).also(format!(
            "scenario {} {}",
            preset.key(),
            preset.help()
        ))
    }));
    list
}

fn panels(page: Page, is_here: bool) -> impl Iterator<Item = Entry> {
    PanelAct::ALL.into_iter().flat_map(move |act| {
        page.panels().iter().map(move |panel| {
            Entry::new(
                format!("{}{}", act.verb(), panel.title),
                page.title(),
                Command::Panel(page, panel.id, act),
            )
            .also(format!("{} {} {}", panel.id, panel.form, panel.model))
            .first(is_here && act == PanelAct::Show)
        })
    })
}

fn actions(here: &Here) -> Vec<Entry> {
    let action = |name: &str, hint: &str, also: &str, command| {
        Entry::new(name, hint, command).also(also).first(true)
    };
    vec![
        action("Share this page", "s", "copy link url", Command::Share),
        action("Print this page", "", "pdf report paper", Command::Print),
        action(
            "Light theme",
            "Theme",
            "bright day",
            Command::Theme(ThemeName::Light),
        ),
        action(
            "Dark theme",
            "Theme",
            "night",
            Command::Theme(ThemeName::Dark),
        ),
        action(
            if here.is_truth_shown {
                "Hide the truth"
            } else {
                "Show the truth"
            },
            "Filter",
            "planted annotations",
            Command::Truth,
        ),
        action(
            if here.filters.compare {
                "Stop comparing"
            } else {
                "Compare with the period before"
            },
            "Filter",
            "previous",
            Command::Compare,
        ),
        action(
            "Clear all filters",
            "Filter",
            "reset everyone",
            Command::ClearFilters,
        ),
        action(
            "Run again from scratch",
            "Scenario",
            "restart rebuild",
            Command::RunAgain,
        ),
        action("Shortcuts", "?", "keyboard help", Command::Shortcuts),
    ]
}

fn filters(filters: &Filters) -> impl Iterator<Item = Entry> {
    let ranges = Range::PRESETS.map(|range| {
        let hint = if filters.range == range {
            "Days · in use"
        } else {
            "Days"
        };
        Entry::new(range.label(), hint, Command::Range(range)).also("range period filter")
    });
    let values = Dimension::ALL.into_iter().flat_map(move |dimension| {
        dimension.values().iter().map(move |value| {
            let label = dimension.label();
            let hint = if filters.values(dimension).contains(value) {
                format!("{label} · chosen")
            } else {
                label.to_owned()
            };
            Entry::new(
                format!("{label}: {}", value_label(dimension, value)),
                hint,
                Command::Filter(dimension, value),
            )
            .also(format!("filter only {value}"))
        })
    });
    ranges.into_iter().chain(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(dashboard: Option<Page>) -> Vec<Entry> {
        let scenario = Scenario::default();
        let filters = Filters::new(scenario.starts_on(), scenario.as_of());
        entries(&Here {
            dashboard,
            filters: &filters,
            scenario: &scenario,
            is_truth_shown: false,
        })
    }

    #[test]
    fn every_page_panel_filter_value_preset_theme_share_and_export_is_there() {
        let list = list(Some(Page::Churn));
        let has = |command: Command| {
            let count = list.iter().filter(|entry| entry.command == command).count();
            assert_eq!(count, 1, "{command:?}");
        };
        for page in pages::all() {
            has(Command::Go(page.route));
        }
        for page in Page::ALL {
            for panel in page.panels() {
                for act in PanelAct::ALL {
                    has(Command::Panel(page, panel.id, act));
                }
            }
        }
        for dimension in Dimension::ALL {
            for value in dimension.values() {
                has(Command::Filter(dimension, value));
            }
        }
        for preset in Preset::ALL {
            has(Command::Preset(preset));
        }
        for range in Range::PRESETS {
            has(Command::Range(range));
        }
        has(Command::Theme(ThemeName::Light));
        has(Command::Theme(ThemeName::Dark));
        has(Command::Share);
        has(Command::Print);
    }

    #[test]
    fn the_page_one_is_on_comes_first_and_is_listed_before_anything_is_typed() {
        let list = list(Some(Page::Churn));
        assert!(matches!(
            list[0].command,
            Command::Panel(Page::Churn, _, PanelAct::Show)
        ));
        let first: Vec<Page> = list
            .iter()
            .filter(|entry| entry.is_first)
            .filter_map(|entry| match entry.command {
                Command::Panel(page, _, _) => Some(page),
                _ => None,
            })
            .collect();
        assert_eq!(first.len(), Page::Churn.panels().len());
        assert!(first.iter().all(|page| *page == Page::Churn));
    }
}
