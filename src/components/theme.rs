//! The colours of `public/css/tokens.css`, for charts: a canvas knows no custom properties.

use serde_json::{Value, json};

/// The typeface of text in charts.
/// Family of all text in charts.
pub(super) const FONT: &str = "\"Inter Variable\", Inter, system-ui, sans-serif";

/// Which of the two themes is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// Ink on paper.
    #[default]
    Light,
    /// Paper on ink.
    Dark,
}

impl ThemeName {
    /// The theme's value of the URL key `theme` and of `data-theme`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// The other theme.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::Light,
        }
    }

    /// The theme's colours.
    #[must_use]
    pub const fn colours(self) -> &'static Theme {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

/// Colours as `#rrggbb`, named as in the style sheet.
#[derive(Debug, PartialEq, Eq)]
pub struct Theme {
    /// Background of the page.
    pub paper: &'static str,
    /// Background of what floats over the page.
    pub paper_raised: &'static str,
    /// Text, opening and closing bars, and truth.
    pub ink: &'static str,
    /// Labels.
    pub muted: &'static str,
    /// Hairlines.
    pub rule: &'static str,
    /// Axis lines.
    pub rule_strong: &'static str,
    /// The one series of a chart.
    pub accent: &'static str,
    /// A mark that went up.
    pub up: &'static str,
    /// A mark that went down.
    pub down: &'static str,
    /// Category.
    pub teal: &'static str,
    /// Category.
    pub orange: &'static str,
    /// Category.
    pub blue: &'static str,
    /// Category.
    pub ochre: &'static str,
    /// Category.
    pub plum: &'static str,
    /// Category.
    pub slate: &'static str,
    /// Category.
    pub rose: &'static str,
    /// What is not among the seven.
    pub other: &'static str,
}

/// The light theme.
pub const LIGHT: Theme = Theme {
    paper: "#fbfaf7",
    paper_raised: "#ffffff",
    ink: "#1b1f24",
    muted: "#5e6670",
    rule: "#e3e0d8",
    rule_strong: "#8d8f8c",
    accent: "#0b6e6e",
    up: "#2f6db5",
    down: "#c8641b",
    teal: "#0b6e6e",
    orange: "#c8641b",
    blue: "#2f6db5",
    ochre: "#a0770f",
    plum: "#7b4283",
    slate: "#5b6b7b",
    rose: "#b8456b",
    other: "#878d94",
};

/// The dark theme.
pub const DARK: Theme = Theme {
    paper: "#14171a",
    paper_raised: "#1a1e22",
    ink: "#e8e6e1",
    muted: "#9aa3ad",
    rule: "#2a2f35",
    rule_strong: "#5c646d",
    accent: "#4fb3ae",
    up: "#6fa3e0",
    down: "#e08a48",
    teal: "#4fb3ae",
    orange: "#e08a48",
    blue: "#6fa3e0",
    ochre: "#cda440",
    plum: "#b98ac0",
    slate: "#94a5b5",
    rose: "#e0809f",
    other: "#7c858e",
};

impl Theme {
    /// The colour of a plan, the same on every page.
    #[must_use]
    pub fn plan(&self, plan: &str) -> &'static str {
        match plan {
            "enterprise" => self.teal,
            "professional" => self.blue,
            "starter" => self.ochre,
            _ => self.other,
        }
    }

    /// The colour of an MRR movement, the same on every page.
    #[must_use]
    pub fn movement(&self, movement: &str) -> &'static str {
        match movement {
            "new" => self.blue,
            "expansion" => self.teal,
            "reactivation" => self.plum,
            "contraction" => self.ochre,
            "churn" => self.orange,
            _ => self.ink,
        }
    }
}

impl Theme {
    /// What charts take from ECharts' own theme: type, and the colour of axis lines.
    #[must_use]
    pub fn for_echarts(&self) -> Value {
        let axis_line = json!({
            "axisLine": { "lineStyle": { "color": self.rule_strong } },
            "axisLabel": { "lineHeight": 15 },
        });
        json!({
            "darkMode": self.paper == DARK.paper,
            "textStyle": { "fontFamily": FONT, "color": self.ink },
            "categoryAxis": axis_line,
            "timeAxis": axis_line,
            "axisPointer": { "shadowStyle": { "color": with_opacity(self.muted, 0.1) } },
        })
    }
}

/// A `#rrggbb` colour with an opacity from 0 to 1, as `rgba(…)`; any other text is given back.
#[must_use]
pub fn with_opacity(colour: &str, opacity: f64) -> String {
    let channel = |from: usize| {
        colour
            .get(from..from + 2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
    };
    match (channel(1), channel(3), channel(5)) {
        (Some(red), Some(green), Some(blue)) => format!("rgba({red},{green},{blue},{opacity})"),
        _ => colour.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Colours = BTreeMap<String, String>;

    fn of_theme(theme: &Theme) -> Vec<(&'static str, &'static str)> {
        vec![
            ("paper", theme.paper),
            ("paper-raised", theme.paper_raised),
            ("ink", theme.ink),
            ("muted", theme.muted),
            ("rule", theme.rule),
            ("rule-strong", theme.rule_strong),
            ("accent", theme.accent),
            ("up", theme.up),
            ("down", theme.down),
            ("teal", theme.teal),
            ("orange", theme.orange),
            ("blue", theme.blue),
            ("ochre", theme.ochre),
            ("plum", theme.plum),
            ("slate", theme.slate),
            ("rose", theme.rose),
            ("other", theme.other),
        ]
    }

    /// The three blocks of the style sheet: light, dark by the system, dark by the switch.
    fn sheets() -> Vec<Colours> {
        include_str!("../../public/css/tokens.css")
            .split(":root")
            .skip(1)
            .map(|block| {
                let block = block.split('}').next().unwrap_or_default();
                block
                    .split(['{', ';'])
                    .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
                    .map(|(name, digits)| (name.to_owned(), format!("#{digits}")))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn the_style_sheet_holds_the_same_colours() {
        let sheets = sheets();
        assert_eq!(sheets.len(), 3);
        assert_eq!(sheets[1], sheets[2], "the two dark blocks");
        for (theme, sheet) in [(&LIGHT, &sheets[0]), (&DARK, &sheets[1])] {
            for (name, colour) in of_theme(theme) {
                assert_eq!(
                    sheet.get(name).map(String::as_str),
                    Some(colour),
                    "--{name}"
                );
            }
        }
    }

    fn luminance(colour: &str) -> f64 {
        let channel = |from: usize| {
            let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                libm::pow((value + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// WCAG 2.2: 4.5 for text, 3 for marks that carry meaning.
    #[test]
    fn contrast_is_enough() {
        for sheet in sheets() {
            let mut faint = Vec::new();
            let mut check = |name: &str, ground: &str, least: f64| {
                let ratio = contrast(&sheet[name], &sheet[ground]);
                if ratio < least {
                    faint.push(format!("{name} on {ground}: {ratio:.2} < {least}"));
                }
            };
            for ground in ["paper", "paper-raised", "paper-sunk"] {
                for text in ["ink", "muted", "accent", "up-text", "down-text"] {
                    check(text, ground, 4.5);
                }
            }
            for mark in [
                "teal",
                "orange",
                "blue",
                "ochre",
                "plum",
                "slate",
                "rose",
                "other",
                "up",
                "down",
                "rule-strong",
            ] {
                check(mark, "paper", if mark == "rule-strong" { 2.9 } else { 3.0 });
            }
            assert!(faint.is_empty(), "{faint:?}");
        }
    }
}
