//! The scenario's text form: canonical, total, and never a panic.

use metricflow::parameters::{Kind, PARAMETERS, Preset, Reason, Scenario};
use proptest::prelude::*;

fn check(query: &str, canonical: &str, notices: &[&str]) {
    let (scenario, given) = Scenario::from_query(query);
    assert_eq!(
        scenario.to_query(),
        canonical,
        "canonical text of {query:?}"
    );
    let given: Vec<String> = given.iter().map(ToString::to_string).collect();
    assert_eq!(given, notices, "notices of {query:?}");
}

#[test]
fn queries_have_one_canonical_text() {
    check("", "", &[]);
    check("?preset=demo", "", &[]);
    check("churn=4", "", &[]);
    check("churn=5.50&seed=7", "seed=7&churn=5.5", &[]);
    check("preset=full&users=50000", "preset=full", &[]);
    check(
        "seed=18446744073709551615",
        "seed=18446744073709551615",
        &[],
    );
    check(
        "as_of=2024-02-29&trial=freemium",
        "as_of=2024-02-29&trial=freemium",
        &[],
    );
    check("growth=-5", "growth=-5", &[]);
    check(
        "preset=TINY&trial=Freemium",
        "preset=tiny&trial=freemium",
        &[],
    );
    check("theme=dark&churn=3", "churn=3", &[]);
}

#[test]
fn a_bad_value_falls_back_and_says_why() {
    check(
        "churn=99&seed=1",
        "seed=1",
        &["churn = 99 lies outside 0.5 to 15; shown now: 4."],
    );
    check(
        "users=many",
        "",
        &["users = “many” is not a number; shown now: 10000."],
    );
    check(
        "churn=4.05&seed=1",
        "seed=1",
        &["churn = “4.05” is not a number with at most 1 digit after the point; shown now: 4."],
    );
    check(
        "users=100.5",
        "",
        &["users = “100.5” is not a whole number; shown now: 10000."],
    );
    check(
        "users=NaN",
        "",
        &["users = “NaN” is not a number; shown now: 10000."],
    );
    check(
        "colour=red",
        "",
        &["“colour” is not a parameter; it was left out."],
    );
    check(
        "churn=5&churn=6",
        "churn=5",
        &["“churn” is given more than once in the link; 5 was used and “6” left out."],
    );
    check(
        "as_of=2025-02-30",
        "",
        &["as_of = “2025-02-30” is not a date such as 2025-12-31; shown now: 2025-12-31."],
    );
}

#[test]
fn an_empty_channel_mix_is_refused() {
    let query = PARAMETERS
        .iter()
        .filter(|specification| specification.key.starts_with("mix_"))
        .map(|specification| format!("{}=0", specification.key))
        .collect::<Vec<_>>()
        .join("&");
    let (scenario, notices) = Scenario::from_query(&query);
    assert_eq!(scenario, Scenario::default());
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].reason, Reason::EmptyMix);
}

#[test]
fn declarations_are_sound() {
    let mut keys: Vec<&str> = PARAMETERS
        .iter()
        .map(|specification| specification.key)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), PARAMETERS.len(), "keys are unique");
    for preset in Preset::ALL {
        let scenario = Scenario::preset(preset);
        for specification in PARAMETERS {
            let key = specification.key;
            assert!(
                specification.allows(scenario.steps(specification.parameter)),
                "{key}"
            );
            assert!(
                specification.help.ends_with('.') && !specification.label.is_empty(),
                "{key}"
            );
        }
        assert_eq!(
            Scenario::from_query(&scenario.to_query()),
            (scenario, vec![])
        );
    }
}

/// Any value of any parameter, allowed ones and their neighbours.
fn pair() -> impl Strategy<Value = String> {
    let values = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        (-200_i32..20_000).prop_map(|number| (f64::from(number) / 10.0).to_string()),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "\\PC{0,12}",
        Just("freemium".to_owned()),
        Just("%".to_owned()),
        Just("%ff%00".to_owned()),
    ];
    let keys = prop_oneof![
        8 => prop::sample::select(PARAMETERS).prop_map(|specification| specification.key.to_owned()),
        1 => Just("preset".to_owned()),
        1 => "\\PC{0,6}",
    ];
    (keys, values).prop_map(|(key, value)| format!("{key}={value}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_query_gives_a_valid_scenario(
        query in prop_oneof![
            3 => prop::collection::vec(pair(), 0..12).prop_map(|pairs| pairs.join("&")),
            1 => "\\PC{0,80}",
            1 => any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        ]
    ) {
        let (scenario, notices) = Scenario::from_query(&query);
        for specification in PARAMETERS {
            prop_assert!(specification.allows(scenario.steps(specification.parameter)));
        }
        prop_assert!(scenario.mix_weights().iter().any(|&weight| weight > 0.0));
        for notice in notices {
            prop_assert!(notice.to_string().len() < 600);
        }
        let canonical = scenario.to_query();
        prop_assert_eq!(Scenario::from_query(&canonical), (scenario, vec![]));
    }

    #[test]
    fn every_allowed_value_survives_its_text(specification in prop::sample::select(PARAMETERS), pick in any::<i64>()) {
        let steps = match specification.kind {
            Kind::Number { min, max, .. } | Kind::Date { min, max } => min + pick.rem_euclid(max - min + 1),
            Kind::Seed => pick,
            Kind::Choice(options) => pick.rem_euclid(options.len() as i64),
        };
        prop_assert_eq!(specification.read(&specification.write(steps)), Ok(steps));
    }
}
