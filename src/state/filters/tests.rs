use super::*;
use crate::transformation::{Compiler, Manifest};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(query: &str) -> (Filters, Vec<Notice>) {
    Filters::from_query(query, day("2022-01-01"), day("2025-12-31"))
}

fn query(filters: &Filters) -> String {
    let mut page = form_urlencoded::Serializer::new(String::new());
    page.extend_pairs(filters.to_pairs());
    page.finish()
}

#[test]
fn what_is_written_reads_back_the_same() {
    for text in [
        "",
        "?range=30d",
        "range=all&compare=previous",
        "range=6m&compare=weekdays",
        "from=2024-02-10&to=2024-05-01&plan=starter,enterprise",
        "channel=paid_search&country=GB,DE&size=1001,1-10&segment=power",
    ] {
        let (filters, notices) = read(text);
        assert_eq!(notices, [], "{text}");
        assert_eq!(read(&query(&filters)), (filters, vec![]), "{text}");
    }
}

#[test]
fn bad_values_are_dropped_and_told() {
    let (filters, notices) = read("plan=starter,gold&country=XX&range=soon&from=yesterday&size=");
    assert_eq!(filters.values(Dimension::Plan), ["starter"]);
    assert!(filters.values(Dimension::Country).is_empty());
    assert_eq!(filters.range, Range::Last12Months);
    let keys: Vec<&str> = notices.iter().map(|notice| notice.key.as_str()).collect();
    assert_eq!(keys, ["plan", "country", "range", "from", "size"]);
    let (filters, notices) = read("from=2031-01-01&to=2030-01-01");
    assert_eq!(filters.range, Range::Last12Months);
    assert_eq!(notices.len(), 1);
}

#[test]
fn notices_say_what_is_wrong_and_what_is_used() {
    let told = |text: &str| -> Vec<String> {
        let notices = read(text).1;
        notices.iter().map(ToString::to_string).collect()
    };
    let plans = "one of free, starter, professional, enterprise";
    for (text, expected) in [
        (
            "from=2025-12-01&to=2025-01-01",
            "from = 2025-12-01 is later than to = 2025-01-01; shown now: the last 12 months."
                .to_owned(),
        ),
        (
            "plan=starter,nope,gold",
            format!("plan = “nope, gold” is not {plans}; shown now: starter."),
        ),
        (
            "plan=nope",
            format!("plan = “nope” is not {plans}; shown now: everyone."),
        ),
        (
            "range=3m&from=2025-01-01&to=2025-06-30",
            "range = 3m was left out, because the link also holds from = 2025-01-01 and to = 2025-06-30."
                .to_owned(),
        ),
        (
            "to=2025-06-30&range=all",
            "range = all was left out, because the link also holds to = 2025-06-30.".to_owned(),
        ),
        (
            "range=3m&from=2025-12-01&to=2025-01-01",
            "from = 2025-12-01 is later than to = 2025-01-01; shown now: the last 3 months."
                .to_owned(),
        ),
        (
            "range=3m&from=yesterday",
            "from = “yesterday” is not a date such as 2025-12-31; shown now: the last 3 months."
                .to_owned(),
        ),
        (
            "from=yesterday&to=2025-06-30",
            "from = “yesterday” is not a date such as 2025-12-31; shown now: the first day."
                .to_owned(),
        ),
    ] {
        assert_eq!(told(text), [expected], "{text}");
    }
    let clamped = told("from=1999-01-01&to=2025-06-30");
    assert!(
        clamped.len() == 1 && clamped[0].starts_with("from = 1999-01-01 lies outside"),
        "{clamped:?}"
    );
}

#[test]
fn words_are_read_in_whatever_case() {
    for text in [
        "range=YTD",
        "compare=Previous",
        "segment=POWER",
        "plan= Starter",
    ] {
        let (filters, notices) = read(text);
        assert_eq!(notices, [], "{text}");
        assert!(!filters.is_usual(), "{text}");
    }
}

#[test]
fn no_text_of_the_link_reaches_the_sql() {
    for attack in [
        "'",
        "starter') or 1=1 --",
        "starter';drop table x",
        "%27",
        "\u{0}",
    ] {
        let mut page = form_urlencoded::Serializer::new(String::new());
        for dimension in Dimension::ALL {
            page.append_pair(dimension.key(), attack);
        }
        let (filters, notices) = read(&page.finish());
        assert_eq!(filters.users_sql("users"), "true", "{attack}");
        assert!(notices.len() >= Dimension::ALL.len(), "{attack}");
    }
}

#[test]
fn conditions_name_every_chosen_value() {
    let (filters, _) = read("plan=enterprise,starter&size=1001");
    assert_eq!(
        filters.users_sql("users"),
        "(10 >> enum_code(users.plan)) & 1 = 1 /* starter, enterprise */ \
         and users.size = cast('1001+' as enum ('1-10', '11-50', '51-200', '201-1000', '1001+'))"
    );
    assert_eq!(
        filters.users_sql_of("months", &[Dimension::Size]),
        "months.size = cast('1001+' as enum ('1-10', '11-50', '51-200', '201-1000', '1001+'))"
    );
    assert_eq!(
        filters.days_sql("date_day"),
        "date_day between date '2025-01-01' and date '2025-12-31'"
    );
}

/// Conditions go by the codes of the serving layer's enums, so these must list the same words in the same
/// order: those of the macro `words_of`.
#[test]
fn the_serving_layer_spells_every_dimension_as_the_filters_do() {
    let words = |dimension: Dimension| {
        let quoted: Vec<String> = dimension
            .values()
            .iter()
            .map(|value| format!("'{value}'"))
            .collect();
        quoted.join(", ")
    };
    let known: Vec<String> = Dimension::ALL.map(words).to_vec();
    let manifest = Manifest::embedded().unwrap();
    let compiler = Compiler::new(&manifest, &Default::default()).unwrap();
    let mut seen = 0;
    for model in manifest.serving() {
        let sql = compiler.model(model).unwrap();
        for declared in sql.split("as enum (").skip(1) {
            let list = declared.split(')').next().unwrap_or_default();
            let list = list.split_whitespace().collect::<Vec<_>>().join(" ");
            let first = list.split(", ").next().unwrap_or_default();
            if let Some(same) = known.iter().find(|words| words.starts_with(first)) {
                // A touch's next state goes on after the channels.
                assert!(list.starts_with(same.as_str()), "{}: {list}", model.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 10);
}

#[test]
fn ranges_stay_inside_the_history() {
    let (filters, _) = Filters::from_query("range=12m", day("2025-10-05"), day("2025-12-10"));
    assert_eq!(
        (filters.from, filters.to),
        (day("2025-10-05"), day("2025-12-10"))
    );
    assert_eq!(filters.months(), 3);
    let moved = read("range=ytd").0.at(day("2020-01-01"), day("2021-06-15"));
    assert_eq!(
        (moved.from, moved.to),
        (day("2021-01-01"), day("2021-06-15"))
    );
}

#[test]
fn a_click_sets_and_a_second_one_clears() {
    let filters = read("channel=direct").0;
    let set = filters.clone().toggled(Dimension::Channel, "email");
    assert_eq!(set.values(Dimension::Channel), ["direct", "email"]);
    assert_eq!(set.toggled(Dimension::Channel, "email"), filters);
    let only = filters.with_only(Dimension::Channel, "email");
    assert_eq!(only.values(Dimension::Channel), ["email"]);
    assert!(only.cleared().is_usual());
}
