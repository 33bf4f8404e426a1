//! What may be said of few people (decision 0123).

use crate::components::format::{ValueFormat, change, share};
use crate::components::kpi::Kpi;
use crate::results::shares::{FEWEST_FOR_A_CLAIM, Share};

/// Opacity of what few people stand behind.
pub const PALE: f64 = 0.3;

/// Said instead of a comparison where no group has enough people: `Too few people to compare: the
/// largest segment has 14.`
#[must_use]
pub fn too_few(people: &str, group: &str, largest: i64) -> String {
    format!(
        "Too few {people} to compare: the largest {group} has {}.",
        ValueFormat::Count.full(largest as f64)
    )
}

/// What a pale mark means, where one of the chart's marks is of fewer `people` than a claim needs: `Pale:
/// fewer than 20 signups.` `behind` are the people behind each mark; nobody's is not drawn.
#[must_use]
pub fn pale(behind: &[i64], people: &str) -> Option<String> {
    let is_pale = |one: &i64| *one > 0 && !is_enough(*one);
    { behind.iter() }
        .any(is_pale)
        .then(|| format!("Pale: fewer than {FEWEST_FOR_A_CLAIM} {people}."))
}

/// "larger " before the groups that a sentence ranges over, where it leaves some out.
#[must_use]
pub const fn larger(left_out: bool) -> &'static str {
    if left_out { "larger " } else { "" }
}

/// An amount in a sentence, where there may be none: `$412`, `nothing`.
#[must_use]
pub fn money_or_nothing(cents: i64) -> String {
    match cents {
        0 => "nothing".to_owned(),
        cents => ValueFormat::Money.short(cents as f64),
    }
}

/// A number in a sentence, where there may be none: `1,234`, `none`.
#[must_use]
pub fn count_or_none(number: i64) -> String {
    match number {
        0 => "none".to_owned(),
        number => ValueFormat::Count.full(number as f64),
    }
}

/// A share with its people in a sentence: `3 of 14`, `none of 14`.
#[must_use]
pub fn counts_or_none(of: Share) -> String {
    match of.part {
        0 => format!("none of {}", ValueFormat::Count.full(of.whole as f64)),
        _ => counts(of),
    }
}

/// Fails where a sentence counts nothing in figures: "rose from $0 to $0", "0 of 0", "−100%".
#[cfg(test)]
pub fn assert_in_words(said: &str) {
    let is_of_nothing = |word: &&str| {
        let figure = word.trim_matches(|letter: char| "(),;:.%$+−±~pp".contains(letter));
        let is_zero = figure.chars().all(|letter| "0.".contains(letter));
        (is_zero && figure.contains('0')) || word.starts_with("−100%")
    };
    let found = said.split_whitespace().find(is_of_nothing);
    assert_eq!(found, None, "{said}");
}

/// Whether enough people stand behind a rate for a sentence to name it.
#[must_use]
pub const fn is_enough(people: i64) -> bool {
    people >= FEWEST_FOR_A_CLAIM
}

/// A share with its people, for a sentence that makes no claim: `3 of 14`.
#[must_use]
pub fn counts(of: Share) -> String {
    format!(
        "{} of {}",
        ValueFormat::Count.full(of.part as f64),
        ValueFormat::Count.full(of.whole as f64)
    )
}

/// The fewest people of whom a headline gives a share without its counts.
pub const FEWEST_WITHOUT_COUNTS: i64 = 100;

/// A share as a sentence below a headline has it: in percent, or counted where few stand behind it:
/// `9.1%`, `1 of 11`. `None` of nobody.
#[must_use]
pub fn share_or_counts(of: Share) -> Option<String> {
    let rate = of.rate()?;
    Some(if of.is_enough() {
        share(rate)
    } else {
        counts(of)
    })
}

/// A share of `people` as a headline has it: `23.1% of signups`, `22.7% of signups (5 of 22)`, and of
/// a handful `3 of 8 signups`. `None` of nobody.
#[must_use]
pub fn share_of(of: Share, people: &str) -> Option<String> {
    let rate = share(of.rate()?);
    Some(if !of.is_enough() {
        format!("{} {people}", counts(of))
    } else if of.whole < FEWEST_WITHOUT_COUNTS {
        format!("{rate} of {people} ({})", counts(of))
    } else {
        format!("{rate} of {people}")
    })
}

/// Puts the people behind a share on its tile: a handful is counted, paled and set against nothing;
/// fewer than a hundred are counted below the figure.
#[must_use]
pub fn counted(mut kpi: Kpi, of: Share) -> Kpi {
    if of.whole < FEWEST_WITHOUT_COUNTS && of.whole > 0 {
        kpi.full = format!("{} ({})", kpi.full, counts(of));
        kpi.note = Some(counts(of));
    }
    if of.whole > 0 && !of.is_enough() {
        kpi.text = counts(of);
        kpi.note = None;
        kpi.is_few = true;
        kpi.delta = None;
    }
    kpi
}

/// Pales the tile of a mean over a handful, and sets it against nothing.
#[must_use]
pub fn paled(mut kpi: Kpi, people: i64) -> Kpi {
    if !is_enough(people) {
        kpi.is_few = true;
        kpi.delta = None;
    }
    kpi
}

/// The 95% interval of the change of a count of events, such as signups, that come one by one:
/// `[-0.4, 1.9]` for 13 after 10; `None` where nothing was before.
///
/// Where both periods have the same rate, each of all events falls into the later one with a chance of
/// one half: the share of the later one has Wilson's interval, and the ratio is its odds.
///
/// # Source
/// Przyborowski and Wilenski (1940); decision 0149.
#[must_use]
pub fn change_interval(now: i64, before: i64) -> Option<[f64; 2]> {
    if before <= 0 {
        return None;
    }
    let of_all = Share::new(now, now + before).interval()?;
    Some(of_all.map(|share| share / (1.0 - share) - 1.0))
}

/// Whether a count of events may have changed by chance alone.
#[must_use]
pub fn is_within_chance(now: i64, before: i64) -> bool {
    change_interval(now, before).is_some_and(|[lower, upper]| lower <= 0.0 && 0.0 <= upper)
}

/// Said of a change that is within chance.
pub const WITHIN_CHANCE: &str = "within chance";

/// Sets a handful on the tile of a count of people against nothing.
#[must_use]
pub fn of_people(mut kpi: Kpi, now: i64, before: i64) -> Kpi {
    if kpi.delta.is_some() && !is_enough(now.min(before)) {
        kpi.delta = None;
        kpi.note = Some(TOO_FEW.to_owned());
    }
    kpi
}

/// Said instead of a change between handfuls.
pub const TOO_FEW: &str = "too few to compare";

/// Says on the tile of a count of events how sure its change is: a handful is set against nothing, and
/// what may be chance is neither good nor bad.
#[must_use]
pub fn of_events(mut kpi: Kpi, now: i64, before: i64) -> Kpi {
    let Some(delta) = &mut kpi.delta else {
        return kpi;
    };
    if !is_enough(now.min(before)) {
        kpi.delta = None;
        kpi.note = Some(TOO_FEW.to_owned());
        return kpi;
    }
    if is_within_chance(now, before) {
        delta.is_good = None;
        delta.against = format!("{}, {WITHIN_CHANCE}", delta.against);
    }
    if let Some([lower, upper]) = change_interval(now, before) {
        let (lower, upper) = (change(lower), change(upper));
        kpi.full = format!(
            "{}; change {lower} to {upper} with 95% confidence",
            kpi.full
        );
    }
    kpi
}

/// A share's 95% interval for a tooltip: `12.1% to 19.4%`; `None` of nobody.
#[must_use]
pub fn interval(of: Share) -> Option<String> {
    of.interval().map(ends)
}

/// Both ends of an interval of a share: `12.1% to 19.4%`.
#[must_use]
pub fn ends([lower, upper]: [f64; 2]) -> String {
    let percent = |rate: f64| ValueFormat::Percent.full(rate);
    format!("{} to {}", percent(lower), percent(upper))
}

/// The range of several rates: `12% to 19%`.
#[must_use]
pub fn range(lowest: f64, highest: f64) -> String {
    format!("{} to {}", share(lowest), share(highest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handful_is_counted() {
        let of = |part, whole| share_of(Share::new(part, whole), "signups").unwrap_or_default();
        assert_eq!(of(3, 8), "3 of 8 signups");
        assert_eq!(of(5, 22), "22.7% of signups (5 of 22)");
        assert_eq!(of(231, 1_000), "23.1% of signups");
        assert_eq!(of(0, 0), "");
        let below = |part, whole| share_or_counts(Share::new(part, whole));
        assert_eq!(below(3, 8).unwrap_or_default(), "3 of 8");
        assert_eq!(below(5, 22).unwrap_or_default(), "22.7%");
        assert_eq!(below(0, 0), None);
    }

    #[test]
    fn a_pale_mark_is_explained_where_there_is_one() {
        assert_eq!(pale(&[20, 300], "signups"), None);
        assert_eq!(pale(&[0, 300], "signups"), None);
        assert_eq!(
            pale(&[19, 300], "signups").unwrap(),
            "Pale: fewer than 20 signups."
        );
    }

    /// statsmodels 0.15: `confint_poisson_2indep(now, 1, before, 1, method="score", compare="ratio")`,
    /// which is found by a search and exact to five digits.
    #[test]
    fn the_interval_of_a_change_is_that_of_statsmodels() {
        for (now, before, lower, upper) in [
            (130, 100, 1.002_400_2, 1.685_953_3),
            (115, 100, 0.880_352_9, 1.502_238_4),
            (1_300, 1_000, 1.197_154_1, 1.411_681_3),
            (25, 20, 0.699_990_3, 2.232_173_8),
        ] {
            let [low, high] = change_interval(now, before).unwrap();
            assert!((low + 1.0 - lower).abs() < 2e-5, "{low}");
            assert!((high + 1.0 - upper).abs() < 2e-5, "{high}");
        }
        assert_eq!(change_interval(5, 0), None);
    }

    /// "+30%" stood in green on a tile for 13 signups after 10.
    #[test]
    fn a_change_within_chance_is_neither_good_nor_bad() {
        let tile = |now: i64, before: i64| {
            let kpi = Kpi::new(
                &[Some(now as f64)],
                Some(before as f64),
                ValueFormat::Count,
                "on the month",
            );
            of_events(kpi.unwrap(), now, before)
        };
        let few = tile(13, 10);
        assert_eq!(few.delta, None);
        assert_eq!(few.note.as_deref(), Some("too few to compare"));
        let chance = tile(115, 100);
        let delta = chance.delta.unwrap();
        assert_eq!(
            (delta.text.as_str(), delta.is_good, delta.against.as_str()),
            ("+15%", None, "on the month, within chance")
        );
        let clear = tile(1_300, 1_000).delta.unwrap();
        assert_eq!(
            (clear.is_good, clear.against.as_str()),
            (Some(true), "on the month")
        );
        let worse = tile(1_000, 1_300).delta.unwrap();
        assert_eq!(worse.is_good, Some(false));
    }

    /// "Recall 37.5%" stood on a tile for 3 of 8.
    #[test]
    fn a_tile_of_a_handful_is_counted_and_paled() {
        let tile = |part, whole| {
            let of = Share::new(part, whole);
            let kpi = Kpi::new(&[of.rate()], Some(0.5), ValueFormat::Percent, "")?;
            Some(counted(kpi, of))
        };
        let few = tile(3, 8).unwrap();
        assert_eq!((few.text.as_str(), few.is_few), ("3 of 8", true));
        assert_eq!(
            (few.full.as_str(), few.raw.as_str()),
            ("37.5% (3 of 8)", "0.375")
        );
        assert_eq!(few.delta, None);
        let some = tile(5, 22).unwrap();
        assert_eq!((some.text.as_str(), some.is_few), ("22.7%", false));
        assert_eq!(some.note.as_deref(), Some("5 of 22"));
        let many = tile(231, 1_000).unwrap();
        assert_eq!((many.note, many.is_few), (None, false));
        assert!(!tile(0, 0).unwrap().is_few);
        assert!(paled(some.clone(), 5).is_few && !paled(some, 22).is_few);
    }
}
