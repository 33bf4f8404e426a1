//! Notes on time axes: launches, campaigns and price rises, and, with the truth shown, what was
//! planted.

use chrono::NaiveDate;

use crate::components::chart_notes::ChartNote;
use crate::components::format::{ValueFormat, day, month_long};
use crate::components::tooltip::Tooltip;
use crate::state::{AnomalyKind, Happening, HappeningKind, Switches};

/// What a panel measures, and so which planted days can be seen in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Events and sessions.
    Usage,
    /// Charges and what was paid back.
    Payments,
    /// The same, where planted days have marks of their own.
    MarkedPayments,
    /// Subscriptions, signups and the like: nothing with a date is planted in them.
    Contracts,
}

/// A note: its letter, its place on the axis, and what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// `A`, `B`, …, or a number where letters do not reach.
    pub letter: String,
    /// Position along the axis.
    pub place: usize,
    /// What happened.
    pub happening: Happening,
}

/// More notes than this are numbered.
const LETTERS: usize = 26;
/// At most this many notes are written out.
const TOLD: usize = 12;

/// The notes of an axis whose places begin on `starts`, the last of which ends on `to`.
#[must_use]
pub fn notes(
    all: &[Happening],
    switches: Switches,
    subject: Subject,
    starts: &[NaiveDate],
    to: NaiveDate,
) -> Vec<Note> {
    let is_shown = |kind: HappeningKind| match kind {
        HappeningKind::Anomaly(..) => switches.truth && subject == Subject::Payments,
        HappeningKind::MonthMissing | HappeningKind::MonthDoubled => {
            switches.truth && matches!(subject, Subject::Payments | Subject::MarkedPayments)
        }
        HappeningKind::MissingDay => switches.truth && subject == Subject::Usage,
        HappeningKind::ProductLaunch
        | HappeningKind::FeatureLaunch
        | HappeningKind::PriceRise(_)
        | HappeningKind::Campaign(_) => switches.notes,
    };
    let placed: Vec<(usize, Happening)> = all
        .iter()
        .filter(|one| is_shown(one.kind) && one.first <= to)
        .filter_map(|one| {
            let after = starts.partition_point(|start| *start <= one.first);
            Some((after.checked_sub(1)?, *one))
        })
        .collect();
    let names = names(all, switches);
    placed
        .into_iter()
        .map(|(place, happening)| Note {
            letter: { names.iter() }
                .find(|(named, _)| *named == happening)
                .map_or_else(String::new, |(_, name)| name.clone()),
            place,
            happening,
        })
        .collect()
}

/// The letter of everything that any panel may note: one happening has one letter on all of them,
/// whatever their axes hold.
fn names(all: &[Happening], switches: Switches) -> Vec<(Happening, String)> {
    let noted: Vec<Happening> = { all.iter().copied() }
        .filter(|one| {
            if one.kind.is_planted() {
                switches.truth
            } else {
                switches.notes
            }
        })
        .collect();
    let is_lettered = noted.len() <= LETTERS;
    { noted.into_iter().enumerate() }
        .map(|(position, happening)| {
            let name = match u8::try_from(position) {
                Ok(letter) if is_lettered => char::from(b'A' + letter).to_string(),
                _ => (position + 1).to_string(),
            };
            (happening, name)
        })
        .collect()
}

/// The marks of notes on an axis of `places`: what would overlap stands together.
#[must_use]
pub fn marks(notes: &[Note], places: usize) -> Vec<ChartNote> {
    // A letter takes about a fortieth of the narrowest chart's width.
    let least_gap = places.div_ceil(40);
    let mut marks: Vec<ChartNote> = Vec::new();
    for note in notes {
        let is_planted = note.happening.kind.is_planted();
        match marks.last_mut() {
            Some(last) if note.place < last.place + least_gap => {
                last.label.push_str(&note.letter);
                last.is_planted &= is_planted;
            }
            _ => marks.push(ChartNote {
                place: note.place,
                label: note.letter.clone(),
                is_planted,
            }),
        }
    }
    marks
}

/// The notes in words, to stand below a chart; `None` without notes.
#[must_use]
pub fn words(notes: &[Note]) -> Option<String> {
    let told: Vec<String> = notes
        .iter()
        .take(TOLD)
        .map(|note| {
            let happening = &note.happening;
            format!(
                "{}: {}, {}",
                note.letter,
                told(happening.kind),
                dated(happening)
            )
        })
        .collect();
    let more = match notes.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    (!told.is_empty()).then(|| format!("{}{more}.", told.join("; ")))
}

/// The tooltip of a place with the notes there.
#[must_use]
pub fn told_in(tooltip: Tooltip, notes: &[Note], place: usize) -> Tooltip {
    let here = notes.iter().filter(|note| note.place == place);
    here.fold(tooltip, |tooltip, note| {
        let happening = &note.happening;
        tooltip.line(
            format!("{}: {}", note.letter, told(happening.kind)),
            dated(happening),
        )
    })
}

/// What happened, in words.
#[must_use]
pub fn told(kind: HappeningKind) -> String {
    match kind {
        HappeningKind::ProductLaunch => "Product launch".to_owned(),
        HappeningKind::FeatureLaunch => "New feature ships".to_owned(),
        HappeningKind::PriceRise(percent) => {
            format!("Price rise of {percent}%")
        }
        HappeningKind::Campaign(_) => "Campaign’s peak".to_owned(),
        HappeningKind::Anomaly(kind, factor) => format!("{} (planted)", befell(kind, factor)),
        HappeningKind::MissingDay => "No event recorded (planted)".to_owned(),
        HappeningKind::MonthMissing => "No payment delivered (planted)".to_owned(),
        HappeningKind::MonthDoubled => "Payments delivered twice (planted)".to_owned(),
    }
}

/// What befell the bills of a planted day, by the word that `truth.anomaly_days` has for it.
#[must_use]
pub fn befell_by_word(kind: &str, factor: f64) -> String {
    AnomalyKind::of_word(kind).map_or_else(|| kind.to_owned(), |kind| befell(kind, factor))
}

/// What befell the bills of a planted day, which were charged so many times what was agreed.
fn befell(kind: AnomalyKind, factor: f64) -> String {
    let times = |factor: f64| ValueFormat::Ratio.short(factor);
    match kind {
        AnomalyKind::DoubleCharge => "Bills collected twice".to_owned(),
        AnomalyKind::ProcessorFailure => "Payment processor fails".to_owned(),
        AnomalyKind::WrongPrice if factor > 1.0 => {
            format!("A plan’s prices times {}", times(factor))
        }
        AnomalyKind::WrongPrice => format!("A plan’s prices divided by {}", times(1.0 / factor)),
        AnomalyKind::Campaign => {
            let percent = (100.0 * (1.0 - factor)).round();
            format!("Offer of {percent}% off that finance did not announce")
        }
        AnomalyKind::Outage => "Billing does not run".to_owned(),
    }
}

fn dated(happening: &Happening) -> String {
    if happening.first == happening.last {
        day(happening.first)
    } else {
        month_long(happening.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::format::THIN_SPACE;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn on(day: &str, kind: HappeningKind) -> Happening {
        Happening {
            first: date(day),
            last: date(day),
            kind,
        }
    }

    fn all() -> Vec<Happening> {
        vec![
            on("2025-01-20", HappeningKind::Campaign(2.0)),
            on(
                "2025-02-14",
                HappeningKind::Anomaly(AnomalyKind::WrongPrice, 4.0),
            ),
            on("2025-03-01", HappeningKind::PriceRise(10)),
            on("2025-03-15", HappeningKind::FeatureLaunch),
            on(
                "2025-04-02",
                HappeningKind::Anomaly(AnomalyKind::WrongPrice, 0.25),
            ),
        ]
    }

    const SHOWN: Switches = Switches {
        truth: true,
        notes: true,
    };

    #[test]
    fn notes_stand_at_the_month_that_holds_them() {
        let months = ["2025-02-01", "2025-03-01", "2025-04-01"].map(date);
        let usual = notes(
            &all(),
            Switches::default(),
            Subject::Payments,
            &months,
            date("2025-04-30"),
        );
        let places: Vec<(&str, usize)> = usual
            .iter()
            .map(|note| (note.letter.as_str(), note.place))
            .collect();
        // The campaign, A, lies before the axis; nothing planted is shown.
        assert_eq!(places, [("B", 1), ("C", 1)]);
        assert_eq!(
            words(&usual).unwrap_or_default().replace(THIN_SPACE, " "),
            "B: Price rise of 10%, 1 Mar 2025; C: New feature ships, 15 Mar 2025."
        );
        let marks = marks(&usual, months.len());
        assert_eq!(marks.len(), 1);
        assert_eq!(
            (marks[0].label.as_str(), marks[0].is_planted),
            ("BC", false)
        );
    }

    #[test]
    fn planted_days_are_shown_with_the_truth_where_they_act() {
        let months = ["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"].map(date);
        let count =
            |switches, subject, to: &str| notes(&all(), switches, subject, &months, date(to)).len();
        assert_eq!(count(SHOWN, Subject::Payments, "2025-04-30"), 5);
        assert_eq!(count(SHOWN, Subject::Payments, "2025-04-01"), 4);
        assert_eq!(count(SHOWN, Subject::Contracts, "2025-04-30"), 3);
        let hidden = Switches {
            truth: true,
            notes: false,
        };
        assert_eq!(count(hidden, Subject::Payments, "2025-04-30"), 2);
        let told = notes(
            &all(),
            hidden,
            Subject::Payments,
            &months,
            date("2025-04-30"),
        );
        assert_eq!(
            words(&told).unwrap_or_default(),
            "A: A plan’s prices times 4 (planted), 14 Feb 2025; B: A plan’s prices divided by 4 (planted), 2 Apr 2025."
        );
        assert_eq!(words(&[]), None);
    }

    #[test]
    fn every_kind_of_planted_day_is_told_in_its_own_words() {
        let words = AnomalyKind::ALL.map(|kind| told(HappeningKind::Anomaly(kind, 0.8)));
        assert_eq!(
            words,
            [
                "Bills collected twice (planted)",
                "Payment processor fails (planted)",
                "A plan’s prices divided by 1.25 (planted)",
                "Offer of 20% off that finance did not announce (planted)",
                "Billing does not run (planted)",
            ]
        );
    }

    #[test]
    fn many_notes_are_numbered_and_not_all_told() {
        let start = date("2025-01-01");
        let days: Vec<NaiveDate> = start.iter_days().take(120).collect();
        let many: Vec<Happening> = days
            .iter()
            .step_by(4)
            .map(|day| Happening {
                first: *day,
                last: *day,
                kind: HappeningKind::Anomaly(AnomalyKind::DoubleCharge, 1.0),
            })
            .collect();
        let told = notes(&many, SHOWN, Subject::Payments, &days, date("2025-12-31"));
        assert_eq!(told.len(), 30);
        assert_eq!(told[29].letter, "30");
        assert!(words(&told).unwrap_or_default().ends_with("; and 18 more."));
        assert_eq!(marks(&told, days.len()).len(), 30);
    }
}
