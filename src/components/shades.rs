//! Colours between two others, and the text that reads on them.

use super::theme::Theme;

/// A colour at `share` of the way from `from` to `to`, both `#rrggbb`.
#[must_use]
pub fn mix(from: &str, to: &str, share: f64) -> String {
    let share = share.clamp(0.0, 1.0);
    let channel = |position: usize| {
        let (one, other) = (part(from, position), part(to, position));
        (one + (other - one) * share).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", channel(0), channel(1), channel(2))
}

/// Contrast that WCAG 2.2 asks of text.
const LEGIBLE: f64 = 4.5;

/// The theme's ink or paper, whichever reads better on `ground`; on middling grounds, where neither
/// reads well enough, black or white, one of which always does.
#[must_use]
pub fn legible(theme: &Theme, ground: &str) -> &'static str {
    let ground = luminance(ground);
    let contrast = |text: &str| {
        let text = luminance(text);
        (text.max(ground) + 0.05) / (text.min(ground) + 0.05)
    };
    let better = |one, other| {
        if contrast(one) >= contrast(other) {
            one
        } else {
            other
        }
    };
    let own = better(theme.ink, theme.paper);
    if contrast(own) >= LEGIBLE {
        own
    } else {
        better("#000000", "#ffffff")
    }
}

fn part(colour: &str, position: usize) -> f64 {
    let digits = colour.get(1 + 2 * position..3 + 2 * position);
    let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    f64::from(value.unwrap_or(0))
}

/// Relative luminance as WCAG 2.2 defines it.
fn luminance(colour: &str) -> f64 {
    let channel = |position: usize| {
        let value = part(colour, position) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            libm::pow((value + 0.055) / 1.055, 2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::theme::{DARK, LIGHT};

    #[test]
    fn colours_are_mixed_channel_by_channel() {
        assert_eq!(mix("#000000", "#ff8040", 0.5), "#804020");
        assert_eq!(mix("#102030", "#ffffff", -1.0), "#102030");
        assert_eq!(mix("#102030", "#ffffff", 2.0), "#ffffff");
    }

    #[test]
    fn text_reads_on_every_shade() {
        for theme in [&LIGHT, &DARK] {
            for step in 0..=20 {
                let ground = mix(theme.paper, theme.teal, f64::from(step) / 20.0);
                let text = luminance(legible(theme, &ground));
                let ground = luminance(&ground);
                let contrast = (text.max(ground) + 0.05) / (text.min(ground) + 0.05);
                assert!(contrast >= LEGIBLE, "step {step}: {contrast:.2}");
            }
        }
    }
}
