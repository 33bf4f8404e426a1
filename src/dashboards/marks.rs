//! The marks of a chart: what a click on one filters, and the rows that stand behind it.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::components::format::ValueFormat;
use crate::state::filters::{Dimension, Filters, Range};
use crate::state::statement::statement;

/// A statement that is written when somebody asks for it: a chart has many marks, and few of them are opened.
#[derive(Clone)]
pub struct Sql(Arc<dyn Fn() -> String + Send + Sync>);

impl Sql {
    /// The statement that `write` gives.
    #[must_use]
    pub fn new(write: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// The statement.
    #[must_use]
    pub fn text(&self) -> String {
        (self.0)()
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::new(move || text.clone())
    }
}

impl PartialEq for Sql {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

/// A mark, by its place in a panel's own order.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelMark {
    /// Names it in links: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Names it for readers: "Churn, December 2025".
    pub label: String,
    /// What a click on it limits the page to.
    pub filter: Option<MarkFilter>,
    /// The rows behind it.
    pub rows: Option<RowsQuery>,
}

impl PanelMark {
    /// A mark that a click does nothing with yet.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            filter: None,
            rows: None,
        }
    }

    /// A click limits the page to users with one value of a dimension.
    #[must_use]
    pub fn only(mut self, dimension: Dimension, value: &str) -> Self {
        self.filter = Some(MarkFilter::Only(dimension, value.to_owned()));
        self
    }

    /// The rows behind it are counted; `sql` gives them, without an order.
    #[must_use]
    pub fn counted(
        mut self,
        noun: (&'static str, &'static str),
        value: i64,
        sql: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        self.rows = Some(RowsQuery::counted(Sql::new(sql), noun, value as f64));
        self
    }

    /// The rows behind it have a `column` of cents that adds up to `cents`; `sql` gives them, without an order.
    #[must_use]
    pub fn summed(
        mut self,
        noun: (&'static str, &'static str),
        cents: i64,
        column: &'static str,
        sql: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        let sql = Sql::new(sql);
        self.rows = Some(RowsQuery::summed(
            sql,
            noun,
            cents as f64,
            column,
            ValueFormat::Money,
        ));
        self
    }
}

/// What a click on a mark limits the page to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkFilter {
    /// Users with one value of a dimension.
    Only(Dimension, String),
    /// Some days.
    Days(NaiveDate, NaiveDate),
}

impl MarkFilter {
    /// The filters after the click.
    #[must_use]
    pub fn set(&self, filters: Filters) -> Filters {
        match self {
            Self::Only(dimension, value) => filters.with_only(*dimension, value),
            Self::Days(from, to) => filters.with_days(*from, *to),
        }
    }

    /// Whether the filters are so already.
    #[must_use]
    pub fn is_set(&self, filters: &Filters) -> bool {
        match self {
            Self::Only(dimension, value) => filters.values(*dimension) == [value.as_str()],
            Self::Days(from, to) => {
                matches!(filters.range, Range::Custom(..))
                    && (filters.from, filters.to) == (*from, *to)
            }
        }
    }
}

/// The rows behind a mark, and what they must add up to.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsQuery {
    /// The statement, without an order: the reader sorts.
    pub sql: Sql,
    /// What one row is, and what many are: `("customer", "customers")`.
    pub noun: (&'static str, &'static str),
    /// What the mark shows.
    pub value: f64,
    /// How the rows make it up.
    pub measure: Measure,
}

/// How rows make up a mark's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Their number.
    Count,
    /// The sum of a column, written in a format.
    Sum(&'static str, ValueFormat),
}

impl RowsQuery {
    /// Rows that are counted.
    #[must_use]
    pub fn counted(sql: impl Into<Sql>, noun: (&'static str, &'static str), value: f64) -> Self {
        Self {
            sql: sql.into(),
            noun,
            value,
            measure: Measure::Count,
        }
    }

    /// Rows whose `column` is added up.
    #[must_use]
    pub fn summed(
        sql: impl Into<Sql>,
        noun: (&'static str, &'static str),
        value: f64,
        column: &'static str,
        format: ValueFormat,
    ) -> Self {
        Self {
            sql: sql.into(),
            noun,
            value,
            measure: Measure::Sum(column, format),
        }
    }

    /// The statement that gives the number of rows and what they add up to.
    #[must_use]
    pub fn totals_sql(&self) -> String {
        let column = match self.measure {
            Measure::Count => None,
            Measure::Sum(column, _) => Some(column),
        };
        statement!("rows_totals.sql", rows = self.sql.text(), column = column)
    }

    /// The statement of one page of rows, sorted by the column at a position, from 1.
    #[must_use]
    pub fn page_sql(&self, sort: Option<(usize, bool)>, limit: usize, offset: usize) -> String {
        let (column, is_descending) = sort.unwrap_or((1, false));
        statement!(
            "rows_page.sql",
            rows = self.sql.text(),
            column = column,
            is_descending = is_descending,
            limit = limit,
            offset = offset
        )
    }

    /// What the rows come to, in words.
    #[must_use]
    pub fn told(&self, count_rows: i64, total: f64) -> String {
        let noun = if count_rows == 1 {
            self.noun.0
        } else {
            self.noun.1
        };
        let count = ValueFormat::Count.full(count_rows as f64);
        match self.measure {
            Measure::Count => format!("{count} {noun}"),
            Measure::Sum(_, format) => format!("{count} {noun}, {} in all", format.full(total)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_sets_what_it_names_and_knows_it_again() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let filters = Filters::new(day("2022-01-01"), day("2025-12-31"));
        for filter in [
            MarkFilter::Only(Dimension::Channel, "referral".to_owned()),
            MarkFilter::Days(day("2025-03-01"), day("2025-03-31")),
        ] {
            assert!(!filter.is_set(&filters));
            assert!(filter.is_set(&filter.set(filters.clone())), "{filter:?}");
        }
    }

    #[test]
    fn rows_are_told_with_what_they_add_up_to() {
        let query = |measure| RowsQuery {
            sql: "select 1 as amount_cents".to_owned().into(),
            noun: ("customer", "customers"),
            value: 0.0,
            measure,
        };
        assert_eq!(query(Measure::Count).told(1, 1.0), "1 customer");
        let summed = query(Measure::Sum("amount_cents", ValueFormat::Money));
        assert_eq!(
            summed.told(37, -1_234_500.0),
            "37 customers, −$12,345 in all"
        );
        assert!(summed.totals_sql().contains("sum(amount_cents)"));
        assert!(
            summed
                .page_sql(Some((2, true)), 50, 100)
                .ends_with("order by 2 desc nulls last, 1\nlimit 50 offset 100")
        );
    }
}
