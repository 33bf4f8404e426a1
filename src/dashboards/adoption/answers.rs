//! The sentences that answer the page's questions, computed from its rows.

use chrono::NaiveDate;

use super::charts::active_days::POWER_DAYS;
use super::charts::feature_heatmap::group_name;
use super::charts::segment_profiles::{MEASURES, parts, times_usual};
use super::charts::time_to_adopt::days_text;
use super::charts::{rfm, segment_map};
use crate::components::format::{ValueFormat, capital, counted, month_long, share};
use crate::dashboards::claims::{
    WITHIN_CHANCE, counts, counts_or_none, is_enough, share_of, share_or_counts, too_few,
};
use crate::dashboards::periods::{in_month, is_over, month_so_far};
use crate::results::adoption::{
    ActiveDays, AdoptionMonth, FeatureAge, FeatureGroup, FeatureWeek, MapPoint, RfmSegment,
    SegmentProfile, StickinessMonth, TimeToAdopt,
};
use crate::results::periods::Periodic;
use crate::results::shares::Share;

fn count(value: i64) -> String {
    ValueFormat::Count.full(value as f64)
}

/// A measure's name inside a sentence; abbreviations keep their capitals.
fn in_sentence(name: &str) -> String {
    if name.starts_with("MRR") {
        name.to_owned()
    } else {
        name.to_lowercase()
    }
}

fn points(difference: f64) -> String {
    ValueFormat::Percent.difference(difference)
}

/// A share of some users, counted.
#[must_use]
pub(super) fn of_users(share: f64, users: i64) -> Share {
    Share::new(libm::round(share * users as f64) as i64, users)
}

/// How many weeks a mean is of: "the last four weeks".
fn span_of(weeks: usize) -> String {
    match weeks {
        0 | 1 => "the last week".to_owned(),
        more => format!(
            "the last {} weeks",
            ["two", "three", "four"][(more - 2).min(2)]
        ),
    }
}

/// One sentence on the whole page.
#[must_use]
pub fn page(months: &[AdoptionMonth], weeks: &[FeatureWeek], as_of: NaiveDate) -> Option<String> {
    let last = months.last()?;
    let named = month_so_far(last.month, as_of);
    // Of a few days' users a large share comes every day: a running month's is no figure to lead with.
    let mut sentence = if is_over(last.month, as_of) && is_enough(last.users) {
        format!(
            "{named}: {} of the month’s {} users are active on an average day",
            share(last.stickiness),
            count(last.users),
        )
    } else if last.users == 0 {
        format!("{named}: nobody was active")
    } else {
        format!(
            "{named}: {}",
            counted(last.users.unsigned_abs(), "active user")
        )
    };
    // Of the month's users, before a sentence on those of a week: each share names its own whole.
    if let Some(launched) = last.launched_share.filter(|_| last.users > 0) {
        let used = of_users(launched, last.users);
        let used = match used.part {
            0 => "nobody".to_owned(),
            _ => share_of(used, "users active in the month").unwrap_or_default(),
        };
        sentence.push_str(&format!("; {used} used the newest feature"));
    }
    if let Some(leader) = leader(weeks) {
        sentence.push_str(&format!(
            "; {} is the most used feature, by {} of weekly active users on average over {}",
            leader.feature,
            share(leader.rate),
            span_of(leader.weeks)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// How much a feature is used over its last weeks, and was over its first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Use<'a> {
    feature: &'a str,
    /// Its users of those active, over the last weeks together.
    rate: f64,
    /// The same over the first.
    earlier: f64,
    /// How many weeks both are of, four at most.
    weeks: usize,
    /// Whether enough people were active in each of those weeks.
    is_enough: bool,
    /// Its users of those active in a mean week of the last ones, and of the first.
    of: [Share; 2],
}

impl Use<'_> {
    /// ", within chance" where both shares may be the same: weeks of the same people count once.
    fn chance(&self) -> String {
        let [now, before] = self.of;
        chance(now, before)
    }
}

/// ", within chance" where the difference of two shares may be none.
fn chance(now: Share, before: Share) -> String {
    if now.may_equal(before) {
        format!(", {WITHIN_CHANCE}")
    } else {
        String::new()
    }
}

/// Each feature's use over its last four weeks and over its first four, most used first.
fn uses(rows: &[FeatureWeek]) -> Vec<Use<'_>> {
    let mut features: Vec<(&str, Vec<&FeatureWeek>)> = Vec::new();
    for row in rows {
        if features
            .last()
            .is_none_or(|(feature, _)| *feature != row.feature)
        {
            features.push((&row.feature, Vec::new()));
        }
        if let Some((_, weeks)) = features.last_mut() {
            weeks.push(row);
        }
    }
    let mean = |weeks: &[&FeatureWeek]| -> f64 {
        let users: i64 = weeks.iter().map(|week| week.users).sum();
        let active: i64 = weeks.iter().map(|week| week.active_users).sum();
        if active == 0 {
            0.0
        } else {
            users as f64 / active as f64
        }
    };
    let mean_week = |weeks: &[&FeatureWeek]| -> Share {
        let of = |value: fn(&FeatureWeek) -> i64| {
            let sum: i64 = weeks.iter().map(|week| value(week)).sum();
            sum / weeks.len().max(1) as i64
        };
        Share::new(of(|week| week.users), of(|week| week.active_users))
    };
    let mut uses: Vec<Use<'_>> = features
        .iter()
        .map(|(feature, weeks)| {
            let count = weeks.len().min(4);
            let (first, last) = (&weeks[..count], &weeks[weeks.len() - count..]);
            Use {
                feature,
                rate: mean(last),
                earlier: mean(first),
                of: [last, first].map(mean_week),
                weeks: count,
                is_enough: first
                    .iter()
                    .chain(last)
                    .all(|week| is_enough(week.active_users)),
            }
        })
        .collect();
    uses.sort_by(|one, other| {
        other
            .rate
            .total_cmp(&one.rate)
            .then(one.feature.cmp(other.feature))
    });
    uses
}

/// The most used feature; none where too few people are active for a ranking.
fn leader(rows: &[FeatureWeek]) -> Option<Use<'_>> {
    let leader = uses(rows).first().copied();
    leader.filter(|leader| leader.rate > 0.0 && is_enough(largest_week(rows)))
}

fn largest_week(rows: &[FeatureWeek]) -> i64 {
    rows.iter().map(|row| row.active_users).max().unwrap_or(0)
}

/// Which features do people take up, week by week?
#[must_use]
pub fn over_time(rows: &[FeatureWeek]) -> Option<String> {
    let uses = uses(rows);
    let leader = *uses.first()?;
    if !is_enough(largest_week(rows)) {
        return Some(too_few("people", "week", largest_week(rows)));
    }
    if leader.rate == 0.0 {
        return Some(format!("No feature was used in {}.", span_of(leader.weeks)));
    }
    let mut sentence = format!(
        "{} leads: on average over {}, {} of weekly active users used it",
        leader.feature,
        span_of(leader.weeks),
        share(leader.rate)
    );
    let gain = |one: &Use<'_>| one.rate - one.earlier;
    // A first week of a handful is no beginning to measure from.
    let changed = || uses.iter().filter(|one| one.is_enough);
    let grown = changed()
        .max_by(|one, other| gain(one).total_cmp(&gain(other)))
        .filter(|one| gain(one) >= 0.005);
    let has_grown = grown.is_some();
    if let Some(one) = grown {
        sentence.push_str(&format!(
            "; {} gained the most, {} to {}{}",
            one.feature,
            points(gain(one)),
            share(one.rate),
            one.chance()
        ));
    }
    let lost = changed().min_by(|one, other| gain(one).total_cmp(&gain(other)));
    if let Some(one) = lost.filter(|one| gain(one) <= -0.01) {
        sentence.push_str(&format!(
            "{} {} lost most, {}{}",
            if has_grown { "," } else { ";" },
            one.feature,
            points(gain(one)),
            one.chance()
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Which features do people take up, since they first could?
#[must_use]
pub fn since_start(rows: &[FeatureAge]) -> Option<String> {
    let last = rows.iter().map(|row| row.weeks).max()?;
    let at = |weeks: i64| rows.iter().filter(move |row| row.weeks == weeks);
    let eligible = at(last).map(|row| row.eligible).max()?;
    if !is_enough(eligible) {
        return Some(format!(
            "Too few people to compare: only {} have been observed for {last} weeks.",
            count(eligible)
        ));
    }
    // A feature of a handful is neither the best nor the worst.
    let at = |weeks: i64| at(weeks).filter(|row| is_enough(row.eligible));
    let best = at(last).max_by(|one, other| one.rate.total_cmp(&other.rate))?;
    let first = at(0).find(|row| row.feature == best.feature)?;
    let worst = at(last).min_by(|one, other| one.rate.total_cmp(&other.rate))?;
    let mut sentence = format!(
        "{} reaches {} of eligible users within {last} weeks, {} on the first day",
        best.feature,
        share(best.rate),
        share(first.rate),
    );
    if worst.feature != best.feature {
        sentence.push_str(&format!(
            "; {} reaches only {}",
            worst.feature,
            share(worst.rate)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Which groups use what? `earlier` names the days that are set against: "the 28 days to 30 Sep 2025".
#[must_use]
pub fn feature_groups(
    rows: &[FeatureGroup],
    before: &[FeatureGroup],
    earlier: &str,
) -> Option<String> {
    let everyone = rows.iter().filter(|row| row.group == "everyone");
    let top = everyone.max_by(|one, other| {
        one.rate
            .total_cmp(&other.rate)
            .then(other.feature.cmp(&one.feature))
    })?;
    if !is_enough(top.active_users) {
        return Some(format!(
            "Too few people to compare: only {} were active.",
            count(top.active_users)
        ));
    }
    let mut sentence = if top.users == 0 {
        "No feature is used by active users".to_owned()
    } else {
        format!(
            "{} is used by {} of active users",
            top.feature,
            share(top.rate)
        )
    };
    // Groups of a few users say nothing.
    let groups: Vec<&FeatureGroup> = rows
        .iter()
        .filter(|row| row.group != "everyone" && is_enough(row.active_users))
        .collect();
    let mut widest: Option<(&FeatureGroup, &FeatureGroup)> = None;
    for high in &groups {
        for low in groups.iter().filter(|low| low.feature == high.feature) {
            let is_wider =
                widest.is_none_or(|(one, other)| high.rate - low.rate > one.rate - other.rate);
            let used = |row: &FeatureGroup| Share::new(row.users, row.active_users);
            if is_wider && used(high).is_clearly_above(used(low)) {
                widest = Some((high, low));
            }
        }
    }
    if let Some((high, low)) = widest {
        sentence.push_str(&format!(
            "; groups differ most on {}: {} of {} and {} of {}",
            high.feature,
            share(high.rate),
            group_name(&high.group),
            share(low.rate),
            group_name(&low.group),
        ));
    }
    sentence.push('.');
    if let Some((feature, [then, now])) = most_changed(rows, before)
        && let (Some(from), Some(to)) = (then.rate(), now.rate())
        && from != to
    {
        sentence.push_str(&format!(
            " {feature} changed most: {} in {earlier}, {} now{}.",
            share(from),
            share(to),
            chance(now, then)
        ));
    }
    Some(sentence)
}

/// The feature whose share of everyone changed most, with what it was and is; none without a period
/// before.
fn most_changed<'a>(
    rows: &'a [FeatureGroup],
    before: &[FeatureGroup],
) -> Option<(&'a str, [Share; 2])> {
    // What a handful did before is nothing to measure from.
    let everyone = rows
        .iter()
        .filter(|row| row.group == "everyone" && is_enough(row.active_users));
    let changes = everyone.filter_map(|row| {
        let same = |other: &&FeatureGroup| other.group == row.group && other.feature == row.feature;
        let earlier = before
            .iter()
            .find(same)
            .filter(|earlier| is_enough(earlier.active_users))?;
        let used = |row: &FeatureGroup| Share::new(row.users, row.active_users);
        Some((row.feature.as_str(), [used(earlier), used(row)]))
    });
    changes.max_by(|one, other| {
        let by = |change: &(&str, [Share; 2])| {
            let [then, now] = change.1.map(|used| used.rate().unwrap_or_default());
            (now - then).abs()
        };
        by(one).total_cmp(&by(other)).then(other.0.cmp(one.0))
    })
}

/// How often do they come back? By the last month that is over: in fewer days fewer people come, so that
/// an average day brings more of them.
#[must_use]
pub fn stickiness(
    rows: &[StickinessMonth],
    before: &[StickinessMonth],
    as_of: NaiveDate,
) -> Option<String> {
    let has_whole = rows.iter().any(|row| row.is_complete(as_of));
    let judged = |row: &&StickinessMonth| !has_whole || row.is_complete(as_of);
    let mut everyone = rows
        .iter()
        .filter(judged)
        .filter(|row| row.group == "everyone");
    let first = everyone.next()?;
    let last = everyone.next_back().unwrap_or(first);
    // The period before where it is compared, or else the range's first month.
    let mut everyone_before = before.iter().filter(|row| row.group == "everyone");
    let first = everyone_before.next_back().unwrap_or(first);
    if !is_enough(last.users) {
        return Some(format!(
            "Too few people for a rate: {} were active {}.",
            count(last.users),
            in_month(last.month, as_of)
        ));
    }
    let mut sentence = format!(
        "{} {}, {} of the month’s users were active on an average day",
        if has_whole { "In" } else { "So far in" },
        month_long(last.month),
        share(last.stickiness)
    );
    if last.month != first.month && is_enough(first.users) {
        sentence.push_str(&format!(
            ", {} on {}",
            points(last.stickiness - first.stickiness),
            month_long(first.month)
        ));
    }
    let of_month: Vec<&StickinessMonth> = rows
        .iter()
        .filter(|row| row.group != "everyone" && row.month == last.month && is_enough(row.users))
        .collect();
    let best = { of_month.iter() }
        .max_by(|one, other| one.stickiness.total_cmp(&other.stickiness))
        // The only one of enough people is not the most frequent of any.
        .filter(|_| of_month.len() > 1);
    if let Some(best) = best {
        let groups = rows
            .iter()
            .filter(|row| row.group != "everyone" && row.month == last.month && row.users > 0);
        let of_which = if groups.count() > of_month.len() {
            " of the larger groups"
        } else {
            ""
        };
        sentence.push_str(&format!(
            "; {} return most often{of_which}, {}",
            group_name(&best.group),
            share(best.stickiness)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// Is it a habit?
#[must_use]
pub fn active_days(rows: &[ActiveDays]) -> Option<String> {
    let total: i64 = rows.iter().map(|row| row.users).sum();
    if total == 0 {
        return None;
    }
    let power: i64 = rows
        .iter()
        .filter(|row| row.days >= POWER_DAYS)
        .map(|row| row.users)
        .sum();
    let mut so_far = 0;
    let middle = rows.iter().find(|row| {
        so_far += row.users;
        2 * so_far >= total
    })?;
    let half = match middle.days {
        1 => "half of them came on a single day".to_owned(),
        days => format!("half of them came on {days} days or fewer"),
    };
    if !is_enough(total) {
        return Some(format!(
            "{} active users came on {POWER_DAYS} days or more: too few people for a rate.",
            capital(&counts_or_none(Share::new(power, total)))
        ));
    }
    if power == 0 {
        return Some(format!(
            "None of {} active users came on {POWER_DAYS} days or more; {half}.",
            count(total)
        ));
    }
    Some(format!(
        "{} of {} active users came on {POWER_DAYS} days or more, {}; {half}.",
        count(power),
        count(total),
        share(power as f64 / total as f64),
    ))
}

/// How long until people find it?
#[must_use]
pub fn time_to_adopt(rows: &[TimeToAdopt], within: u32) -> Option<String> {
    let mut taken: Vec<&TimeToAdopt> = rows.iter().filter(|row| row.adopters > 0).collect();
    let rarest = taken.clone();
    // Half of a handful says little of how long it takes.
    let largest = taken.iter().map(|row| row.adopters).max()?;
    taken.retain(|row| is_enough(row.adopters));
    let (Some(quick), Some(slow)) = (taken.first(), taken.last()) else {
        return Some(format!(
            "Too few people to compare: {} at most adopted a feature within {within} days.",
            count(largest)
        ));
    };
    let half = |row: &TimeToAdopt| row.median.map(days_text).unwrap_or_default();
    let eligible = taken.iter().map(|row| row.eligible).max()?;
    if !is_enough(eligible) {
        return Some(format!(
            "Too few people to compare: only {} have been observed for {within} days.",
            count(eligible)
        ));
    }
    let mut sentence = format!(
        "Of those who adopt {} within {within} days, half do so within {}",
        quick.feature,
        half(quick)
    );
    if slow.feature != quick.feature {
        sentence.push_str(&format!("; {} takes {}", slow.feature, half(slow)));
    }
    let least = rarest
        .iter()
        .filter(|row| is_enough(row.eligible))
        .min_by(|one, other| one.share.total_cmp(&other.share));
    if let Some(least) = least.filter(|_| rarest.len() > 1) {
        sentence.push_str(&format!(
            "; only {} adopt {} within {within} days",
            share(least.share),
            least.feature
        ));
    }
    sentence.push('.');
    Some(sentence)
}

/// What kinds of users are there?
#[must_use]
pub fn segment_map(rows: &[MapPoint]) -> Option<String> {
    let segments = segment_map::segments(rows);
    let size = |segment: &str| rows.iter().filter(|row| row.segment == segment).count();
    let largest = segments.iter().max_by_key(|segment| size(segment))?;
    let of_all = Share::new(size(largest) as i64, rows.len() as i64);
    let of_all = share_or_counts(of_all)?;
    if !is_enough(rows.len() as i64) {
        return Some(format!(
            "Too few people to compare: the largest segment, {largest}, has {of_all}."
        ));
    }
    Some(match segments.len() {
        1 => format!(
            "All {} users shown belong to one segment: {largest}.",
            count(rows.len() as i64)
        ),
        kinds => format!(
            "{kinds} segments. The largest is {largest}, {of_all} of the {} users shown.",
            count(rows.len() as i64)
        ),
    })
}

/// What makes each segment different?
#[must_use]
pub fn segment_profiles(rows: &[SegmentProfile]) -> Option<String> {
    let (everyone, segments) = parts(rows)?;
    let mut strongest: Option<(&str, &str, f64)> = None;
    let with_enough = || segments.iter().filter(|segment| is_enough(segment.users));
    if with_enough().next().is_none() {
        let largest = segments.iter().map(|segment| segment.users).max()?;
        return Some(too_few("people", "segment", largest));
    }
    // One alone stands out from nobody.
    if let (Some(only), None) = (with_enough().next(), with_enough().nth(1)) {
        return Some(format!(
            "Only one segment has enough people to describe: {}, {}.",
            only.segment,
            count(only.users)
        ));
    }
    for segment in with_enough() {
        for measure in &MEASURES {
            let times = times_usual(segment, everyone, measure).unwrap_or(0.0);
            if strongest.is_none_or(|(.., most)| times > most) {
                strongest = Some((&segment.segment, measure.0, times));
            }
        }
    }
    let (segment, measure, times) = strongest?;
    let richest = with_enough().max_by(|one, other| one.mrr_cents.total_cmp(&other.mrr_cents))?;
    let richest = if richest.mrr_cents == 0.0 {
        "None brings MRR".to_owned()
    } else {
        let mrr = ValueFormat::Money.short(richest.mrr_cents);
        format!("{} bring the most MRR per user, {mrr}", richest.segment)
    };
    Some(format!(
        "{segment} stand out most, with {times:.1} times the average in {}. {richest}.",
        in_sentence(measure),
    ))
}

/// Which customers carry the revenue?
#[must_use]
pub fn rfm(rows: &[RfmSegment]) -> Option<String> {
    let mrr: i64 = rows.iter().map(|row| row.mrr_cents).sum();
    let customers: i64 = rows.iter().map(|row| row.customers).sum();
    let top = rows.iter().max_by_key(|row| row.mrr_cents)?;
    if mrr == 0 {
        return None;
    }
    if !is_enough(customers) {
        return Some(format!(
            "Too few customers to compare: there are {}.",
            count(customers)
        ));
    }
    let of_mrr = share(top.mrr_cents as f64 / mrr as f64);
    let of_all = |row: &RfmSegment| Share::new(row.customers, customers);
    let name = rfm::name(&top.segment);
    let mut sentence = if is_enough(top.customers) {
        let of_customers = share_of(of_all(top), "customers")?;
        format!("{name} are {of_customers} and bring {of_mrr} of MRR")
    } else {
        format!(
            "The most MRR, {of_mrr}, comes from {} customers (“{name}”), too few to tell what such customers are worth",
            counts(of_all(top))
        )
    };
    let fading = rows.iter().find(|row| row.segment == "cannot_lose");
    let fading = fading.filter(|row| row.segment != top.segment);
    if let Some(fading) = fading.filter(|row| is_enough(row.customers)) {
        sentence.push_str(&format!(
            "; {} of the highest-paying customers have almost stopped visiting, worth {} MRR",
            count(fading.customers),
            ValueFormat::Money.short(fading.mrr_cents as f64)
        ));
    }
    sentence.push('.');
    Some(sentence)
}

#[cfg(test)]
mod handful;
#[cfg(test)]
mod nothing;
