//! Statements of panels: `.sql` files in the models' own Jinja, with functions for the filters.
//!
//! A statement may name what a model may (`ref`, `var`, the project's macros), and besides (a `var` has the value
//! that the models were built with, [`Filters::vars`]):
//!
//! | name | gives |
//! | --- | --- |
//! | `days(column)` | the days of `column` lie in the range |
//! | `months(column)` | the months of `column`, as first days, are touched by the range |
//! | `users(alias, but=[…])` | the rows of `alias` are of users who match the filters; those named in `but` do not act |
//! | `signups(alias, but=[…])` | the same, by the plan chosen at signup |
//! | `chosen(dimension, column)` | `column` holds a chosen value of one dimension |
//! | `quoted(word)` | a word of the data as a literal |
//! | `has_users`, `values.plan` … | whether only some users are meant; the chosen values |
//! | `first_day`, `last_day`, `first_month`, `last_month` | the range |
//! | `starts_on`, `as_of` | the history |
//! | `is_compared`, `days_before(column)` | whether the filters compare; the days of `column` lie in the period before |
//!
//! Dates come as `2025-12-31`: write `date '{{ last_day }}'`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use minijinja::value::{Kwargs, Value};
use minijinja::{Error, ErrorKind};

use super::filters::{Dimension, Filters};
use crate::transformation::{Compiler, Manifest};
use crate::warehouse::{failing_sql, literal};

/// The SQL of a statement's file, beside the source file that names it: `statement!("signups.sql", filters)`,
/// with values of the panel's own as `statement!("steps.sql", filters, window_days = 7)`, and for a statement
/// that depends on no filters as `statement!("columns.sql", table = "marts.dim_users")`.
macro_rules! statement {
    ($file:literal $(, $name:ident = $value:expr)+ $(,)?) => {
        $crate::state::statement::unfiltered_sql(
            $file,
            include_str!($file),
            [$((stringify!($name), minijinja::value::Value::from($value))),*],
        )
    };
    ($file:literal, $filters:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::state::statement::statement_sql(
            $file,
            include_str!($file),
            $filters,
            [$((stringify!($name), minijinja::value::Value::from($value))),*],
        )
    };
}
pub(crate) use statement;

/// The SQL of a statement.
///
/// Files are the program's own, so that only a fault in one fails, as the tests of panels would show. Its
/// message then comes from the engine, where every fault of a statement is reported.
#[must_use]
pub fn statement_sql<const COUNT: usize>(
    file: &str,
    source: &str,
    filters: &Filters,
    values: [(&'static str, Value); COUNT],
) -> String {
    let mut names = names(filters);
    names.extend(values.map(|(name, value)| (name.to_owned(), value)));
    rendered(file, source, &names, filters.vars())
}

/// The SQL of a statement that depends on no filters.
#[must_use]
pub fn unfiltered_sql<const COUNT: usize>(
    file: &str,
    source: &str,
    values: [(&'static str, Value); COUNT],
) -> String {
    let names = values.map(|(name, value)| (name.to_owned(), value));
    rendered(file, source, &BTreeMap::from(names), &Vars::new())
}

fn rendered(file: &str, source: &str, names: &BTreeMap<String, Value>, vars: &Vars) -> String {
    let sql = compiler(vars).and_then(|compiler| {
        let sql = compiler.statement(file, source, names);
        sql.map_err(|error| error.to_string())
    });
    sql.unwrap_or_else(|fault| failing_sql(&fault))
}

/// Values of vars that are not the project's own.
type Vars = BTreeMap<String, serde_json::Value>;

/// Two compilers at most: the project's own, and the one with the values that the reader set last.
const MOST_KEPT: usize = 2;

/// The project's compiler with these values of vars.
fn compiler(vars: &Vars) -> Result<Rc<Compiler>, String> {
    thread_local! {
        static COMPILERS: RefCell<Vec<(Vars, Rc<Compiler>)>> = const { RefCell::new(Vec::new()) };
    }
    COMPILERS.with_borrow_mut(|kept| {
        if let Some((_, compiler)) = kept.iter().find(|(of, _)| of == vars) {
            return Ok(Rc::clone(compiler));
        }
        let manifest = Manifest::embedded().map_err(|error| error.to_string())?;
        let compiler = Compiler::new(&manifest, vars).map_err(|error| error.to_string())?;
        let compiler = Rc::new(compiler);
        if kept.len() == MOST_KEPT {
            let oldest = kept.iter().position(|(of, _)| !of.is_empty());
            kept.remove(oldest.unwrap_or(0));
        }
        kept.push((vars.clone(), Rc::clone(&compiler)));
        Ok(compiler)
    })
}

/// What a statement may name of the filters.
fn names(filters: &Filters) -> BTreeMap<String, Value> {
    let of_filters = |ask: fn(&Filters, &str) -> String| {
        let filters = filters.clone();
        Value::from_function(move |column: String| ask(&filters, &column))
    };
    let of_users = |ask: fn(&Filters, &str, &[Dimension]) -> String| {
        let filters = filters.clone();
        Value::from_function(
            move |alias: String, kwargs: Kwargs| -> Result<String, Error> {
                let dimensions = all_but(
                    kwargs
                        .get::<Option<Vec<String>>>("but")?
                        .unwrap_or_default(),
                )?;
                kwargs.assert_all_used()?;
                Ok(ask(&filters, &alias, &dimensions))
            },
        )
    };
    let chosen = {
        let filters = filters.clone();
        move |dimension: String, column: String| -> Result<String, Error> {
            let condition = filters.condition(dimension_of(&dimension)?, &column);
            Ok(condition.unwrap_or_else(|| "true".to_owned()))
        }
    };
    let values = Dimension::ALL.map(|one| (one.key(), Value::from(filters.values(one).to_vec())));
    let names = [
        ("days", of_filters(Filters::days_sql)),
        ("months", of_filters(Filters::months_sql)),
        ("users", of_users(Filters::users_sql_of)),
        ("signups", of_users(Filters::signups_sql)),
        ("chosen", Value::from_function(chosen)),
        (
            "quoted",
            Value::from_function(|word: String| literal(&word)),
        ),
        ("values", Value::from_pairs(values)),
        ("has_users", Value::from(filters.has_users())),
        ("is_compared", Value::from(filters.compared().is_some())),
        (
            "days_before",
            of_filters(|filters, column| {
                let before = filters.compared();
                before.map_or_else(|| "false".to_owned(), |before| before.days_sql(column))
            }),
        ),
    ];
    let dates = [
        ("first_day", filters.from),
        ("last_day", filters.to),
        ("first_month", filters.first_month()),
        ("last_month", filters.last_month()),
        ("starts_on", filters.starts_on()),
        ("as_of", filters.as_of()),
    ];
    let dates = dates.map(|(name, day)| (name, Value::from(day.to_string())));
    let all = names.into_iter().chain(dates);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn all_but(but: Vec<String>) -> Result<Vec<Dimension>, Error> {
    let but = but.iter().map(|name| dimension_of(name));
    let but = but.collect::<Result<Vec<Dimension>, Error>>()?;
    let all = Dimension::ALL.into_iter();
    Ok(all.filter(|dimension| !but.contains(dimension)).collect())
}

fn dimension_of(name: &str) -> Result<Dimension, Error> {
    let mut all = Dimension::ALL.into_iter();
    all.find(|dimension| dimension.key() == name)
        .ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidOperation,
                format!("{name} is no dimension"),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters() -> Filters {
        let day = |text: &str| text.parse().unwrap();
        Filters::new(day("2024-01-01"), day("2025-12-15"))
    }

    fn sql(source: &str, filters: &Filters) -> String {
        statement_sql("test.sql", source, filters, [("count", Value::from(3))])
    }

    #[test]
    fn everyone_is_no_condition() {
        assert_eq!(
            sql(
                "select {{ count }} from {{ ref('fct_mrr') }} where {{ months('date_month') }} and {{ users('rows') }}",
                &filters()
            ),
            "select 3 from marts.fct_mrr where date_month between date '2025-01-01' and date '2025-12-01' and true"
        );
    }

    #[test]
    fn a_filter_acts_unless_it_is_left_out() {
        let filters = filters().toggled(Dimension::Plan, "starter");
        let all = sql("{{ users('rows') }}", &filters);
        assert!(
            all.starts_with("rows.plan = cast('starter' as enum ("),
            "{all}"
        );
        assert_eq!(sql("{{ users('rows', but=['plan']) }}", &filters), "true");
        let signups = sql("{{ signups('rows', but=['channel']) }}", &filters);
        assert!(signups.starts_with("rows.signup_plan = "), "{signups}");
        assert_eq!(sql("{{ chosen('channel', 'x') }}", &filters), "true");
        assert_eq!(
            sql(
                "{% if has_users %}{{ values.plan | join(', ') }}{% endif %}",
                &filters
            ),
            "starter"
        );
        assert_eq!(sql("{{ quoted(\"it's\") }}", &filters), "'it''s'");
    }

    #[test]
    fn the_period_before_is_named_where_it_is_asked_for() {
        let source = "{% if is_compared %}compared: {% endif %}{{ days_before('x') }}";
        let day = |text: &str| text.parse().unwrap();
        let mut filters = filters().with_days(day("2025-03-10"), day("2025-03-19"));
        assert_eq!(sql(source, &filters), "false");
        filters.compare = true;
        assert_eq!(
            sql(source, &filters),
            "compared: x between date '2025-02-28' and date '2025-03-09'"
        );
    }

    #[test]
    fn a_var_has_the_value_that_the_models_were_built_with() {
        let source = "{{ var('gross_margin') }}";
        let half = BTreeMap::from([("gross_margin".to_owned(), 0.4.into())]);
        let half = filters().with_vars(half);
        assert_eq!(sql(source, &filters()), "0.8");
        assert_eq!(sql(source, &half), "0.4");
        assert_eq!(
            sql(source, &half.clone().toggled(Dimension::Plan, "starter")),
            "0.4"
        );
        let mut compared = half.at("2024-01-01".parse().unwrap(), "2025-12-15".parse().unwrap());
        compared.compare = true;
        assert_eq!(sql(source, &compared.compared().unwrap()), "0.4");
        assert_eq!(sql(source, &filters()), "0.8");
    }

    /// The engine reports it, as it does any other fault of a statement.
    #[test]
    fn a_fault_is_a_statement_that_fails_with_it() {
        for source in [
            "{{ nothing }}",
            "{{ users('rows', but=['colour']) }}",
            "{{ ref('x') }}",
            "{% if %}",
        ] {
            let sql = sql(source, &filters());
            assert!(sql.starts_with("select error('"), "{sql}");
        }
    }
}
