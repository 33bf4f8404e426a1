//! Who still comes after a trial that nobody paid for: a look or two, a win-back, and a visit to
//! buy. These visits are planted one by one, because access is gone and no rate applies.

use parameters::{Scenario, TrialType};

use super::calendar::{DAY, HOUR, SECOND};
use super::random::Stream;
use super::signup::LEADING_SHARE;

/// Share of lapsed trials that look in once, and twice; mean and most days until they do.
const LOOKS_IN: [f64; 2] = [0.30, 0.20];
const LOOKS_IN_DAYS: [f64; 2] = [5.0, 28.0];
/// Share of lapsed trials that a win-back brings to the site once; its median, least and most days.
const WON_BACK: f64 = 0.06;
const WIN_BACK_DAYS: [f64; 3] = [110.0, 31.0, 1_500.0];
const WIN_BACK_SIGMA: f64 = 0.6;
/// Minutes before the first bill at which somebody without access comes to buy.
const BUYS_MINUTES: [f64; 2] = [4.0, 55.0];
/// Most visits after a trial lapsed: two looks, a win-back, and one to buy.
pub(super) const LAPSED_VISITS: usize = 4;

/// Writes the visits of a user whose trial ended at `ended_at` into an empty list, in time's
/// order. Somebody who pays at `buys_at` has access from then on, and needs no planted visit.
pub(super) fn visits(
    ended_at: i64,
    buys_at: Option<i64>,
    stream: &mut Stream,
    into: &mut Vec<i64>,
) {
    let looks = stream.pick(&[1.0 - LOOKS_IN[0] - LOOKS_IN[1], LOOKS_IN[0], LOOKS_IN[1]]);
    let [mean, most] = LOOKS_IN_DAYS;
    let look_days = [(); 2].map(|()| (stream.exponential() * mean).min(most));
    let is_won_back = stream.chance(WON_BACK);
    let [median, least, most] = WIN_BACK_DAYS;
    let win_back_days = stream.log_normal(median, WIN_BACK_SIGMA).clamp(least, most);
    let minutes = stream.between(BUYS_MINUTES[0], BUYS_MINUTES[1]);
    // A visit is about the time of day at which the trial began.
    let mut after = |days: f64| {
        let hours = 1.0 + 3.0 * stream.uniform();
        ended_at + days as i64 * DAY + (hours * HOUR as f64) as i64
    };
    let looks_at = look_days.map(&mut after);
    let won_back_at = after(win_back_days);
    into.extend(&looks_at[..looks]);
    into.extend(is_won_back.then_some(won_back_at));
    if let Some(buys_at) = buys_at {
        into.retain(|&at| at < buys_at);
        into.push((buys_at - (minutes * 60.0 * SECOND as f64) as i64).max(ended_at));
    }
    into.sort_unstable();
}

/// Visits to expect of a user, lapsed or not. Looks that a purchase cuts short are counted whole.
pub(super) fn expected_visits(scenario: &Scenario) -> f64 {
    let leading = scenario.trial_type() as usize;
    let of_a_lapsed_trial = LOOKS_IN[0] + 2.0 * LOOKS_IN[1] + WON_BACK;
    // The first type is the free plan, which does not end.
    let trials = TrialType::ALL.iter().enumerate().skip(1);
    trials
        .map(|(index, trial_type)| {
            let share = if index == leading {
                LEADING_SHARE
            } else {
                0.5 * (1.0 - LEADING_SHARE)
            };
            share * (1.0 - scenario.fraction(trial_type.conversion())) * of_a_lapsed_trial
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::random::Purpose;
    use super::*;

    fn all_visits(buys_at: Option<i64>) -> impl Iterator<Item = Vec<i64>> {
        let purpose = Purpose::new(1, "lapsed trials");
        (0..20_000).map(move |user| {
            let mut found = Vec::new();
            visits(0, buys_at, &mut purpose.stream(user), &mut found);
            found
        })
    }

    #[test]
    fn visits_are_as_many_as_planted() {
        let (mut looked, mut won_back, mut sum) = (0, 0, 0);
        for found in all_visits(None) {
            assert!(found.is_sorted() && found.len() < LAPSED_VISITS);
            let looks = found.iter().filter(|&&at| at < 30 * DAY).count();
            looked += usize::from(looks > 0);
            won_back += found.len() - looks;
            sum += found.len();
        }
        let share = |count: usize| count as f64 / 20_000.0;
        assert!((share(looked) - 0.50).abs() < 0.0125, "{}", share(looked));
        assert!(
            (share(won_back) - 0.06).abs() < 0.006,
            "{}",
            share(won_back)
        );
        assert!((share(sum) - 0.76).abs() < 0.02, "{}", share(sum));
    }

    #[test]
    fn a_buyer_comes_within_the_hour_and_not_without_access_again() {
        let buys_at = 3 * DAY;
        for found in all_visits(Some(buys_at)) {
            assert!(found.is_sorted());
            let last = found.last().copied().unwrap();
            assert!((buys_at - HOUR..buys_at).contains(&last));
        }
        // The visit of somebody who buys a minute after the trial's end is not before that end.
        assert!(all_visits(Some(60 * SECOND)).all(|found| found == [0]));
    }
}
