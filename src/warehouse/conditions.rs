//! Conditions on a column.

use chrono::NaiveDate;

use super::literal;

/// The days of `column` lie in a range, both ends with it.
#[must_use]
pub fn between_sql(column: &str, first: NaiveDate, last: NaiveDate) -> String {
    format!("{column} between date '{first}' and date '{last}'")
}

/// `column`, an enum of the words `all`, holds one of `chosen`; `None` where none is chosen.
///
/// Words are compared by their codes, as the enum's own type or as bits of a mask: against plain
/// words the engine would write out the text of every row first, which takes three times as long.
#[must_use]
pub fn is_one_of_sql(column: &str, chosen: &[&str], all: &[&str]) -> Option<String> {
    match chosen {
        [] => None,
        [one] => {
            let words: Vec<String> = all.iter().map(|word| literal(word)).collect();
            Some(format!(
                "{column} = cast({} as enum ({}))",
                literal(one),
                words.join(", ")
            ))
        }
        some => {
            let codes = some
                .iter()
                .filter_map(|word| all.iter().position(|other| other == word));
            let mask = codes.fold(0_u64, |mask, code| mask | 1 << code);
            Some(format!(
                "({mask} >> enum_code({column})) & 1 = 1 /* {} */",
                some.join(", ")
            ))
        }
    }
}
