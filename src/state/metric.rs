//! Questions about metrics, under the filters of a page.
//!
//! A metric is declared once, in `sql/models/…__metrics.yml`; [`metrics`] compiles a question about it to one
//! statement. Which dimension a filter goes by is the metric's own: the plan of a signup is the one chosen then.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use metrics::{
    Day, Filter, MetricsError, Project, Request, Settings, Tables, compile, rows_behind,
};
use serde_json::Value;

use super::filters::{Dimension, Filters};
use super::statement::statement;
use crate::transformation::{Manifest, declared_metrics};
use crate::warehouse::{failing_sql, literal};

/// What the page has of dbt's own tables under another name.
const UNDER_ANOTHER_NAME: [(&str, &str); 1] = [("time_spine", "marts.fct_daily_active_users")];

/// A question about one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    metric: &'static str,
    by: Option<Dimension>,
    kept: Option<Dimension>,
}

impl Ask {
    /// What is the metric over the range?
    #[must_use]
    pub const fn metric(metric: &'static str) -> Self {
        Self {
            metric,
            by: None,
            kept: None,
        }
    }

    /// Split by a dimension, the largest first. All its values stay in view although the filters choose some: a click on one
    /// filters the other panels.
    #[must_use]
    pub const fn by(mut self, dimension: Dimension) -> Self {
        self.by = Some(dimension);
        self.kept = Some(dimension);
        self
    }

    /// The statement: a row a group, its columns named by the dimension and the metric.
    #[must_use]
    pub fn sql(&self, filters: &Filters) -> String {
        written(filters, |project| {
            let (request, dimension) = self.request(project, filters)?;
            let sql = compile(project, &request, Tables::Page)?;
            Ok(match (&dimension, self.by) {
                (Some(called), Some(by)) => with_all_values(&sql, called, by, self.metric),
                _ => sql,
            })
        })
    }

    /// The statement of the rows behind one value of the dimension.
    #[must_use]
    pub fn rows_sql(&self, filters: &Filters, value: &str) -> String {
        written(filters, |project| {
            let (mut request, dimension) = self.request(project, filters)?;
            request.dimensions.clear();
            request.order.clear();
            request.filters.extend(dimension.map(|dimension| Filter {
                dimension,
                values: vec![value.to_owned()],
            }));
            rows_behind(project, &request)
        })
    }

    /// The request, and what it calls the dimension that it is split by.
    fn request(
        &self,
        project: &Project,
        filters: &Filters,
    ) -> Result<(Request, Option<String>), MetricsError> {
        let model = project.measured_on(self.metric)?;
        let meta = model.first().map(|model| &model.meta);
        let name_of = |dimension: Dimension| {
            let key = match dimension {
                Dimension::Size => "company_size",
                other => other.key(),
            };
            meta.and_then(|meta| meta.filters.get(key)).cloned()
        };
        let chosen = Dimension::ALL
            .into_iter()
            .filter(|one| Some(*one) != self.kept);
        let chosen = chosen.filter(|one| !filters.values(*one).is_empty());
        let by = self.by.and_then(name_of);
        let request = Request {
            metrics: vec![self.metric.to_owned()],
            dimensions: by.iter().cloned().collect(),
            filters: chosen
                .filter_map(|one| {
                    let values = filters.values(one).iter();
                    Some(Filter {
                        dimension: name_of(one)?,
                        values: values.map(|value| (*value).to_owned()).collect(),
                    })
                })
                .collect(),
            from: Some(Day::new(&filters.from.to_string())?),
            to: Some(Day::new(&filters.to.to_string())?),
            ..Request::default()
        };
        Ok((request, by))
    }
}

/// The answer with every value of the dimension, also those of which nothing was counted, and words as text: the
/// page's tables hold them as enums, which few readers of Arrow know.
fn with_all_values(sql: &str, called: &str, by: Dimension, metric: &str) -> String {
    let values = by.values().iter().map(|value| literal(value));
    statement!(
        "all_values.sql",
        counted = sql.trim_end(),
        called = called,
        values = values.collect::<Vec<_>>(),
        key = by.key(),
        metric = metric
    )
}

/// What `write` makes of the project's metrics; its fault as a statement that fails with it.
fn written(
    filters: &Filters,
    write: impl FnOnce(&Project) -> Result<String, MetricsError>,
) -> String {
    let project = project(&filters.as_of().to_string(), filters.vars());
    let sql = project.and_then(|project| write(&project).map_err(|error| error.to_string()));
    sql.unwrap_or_else(|fault| failing_sql(&fault))
}

/// The project's metrics on the last day of data and with the values of vars that the reader set, read once
/// for each.
fn project(as_of: &str, set: &BTreeMap<String, Value>) -> Result<Rc<Project>, String> {
    type Kept = (String, BTreeMap<String, Value>, Rc<Project>);
    thread_local! {
        static PROJECT: RefCell<Option<Kept>> = const { RefCell::new(None) };
    }
    PROJECT.with_borrow_mut(|kept| {
        if let Some((day, vars, project)) = kept
            && day == as_of
            && vars == set
        {
            return Ok(Rc::clone(project));
        }
        let manifest = Manifest::embedded().map_err(|error| error.to_string())?;
        let models = manifest.models.iter();
        let models = models.map(|model| (model.name.clone(), model.relation()));
        let seeds = manifest.seeds.iter();
        let seeds = seeds.map(|seed| (seed.name.clone(), seed.relation()));
        let others =
            UNDER_ANOTHER_NAME.map(|(name, relation)| (name.to_owned(), relation.to_owned()));
        let vars = manifest.vars.iter().chain(set).map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        });
        let mut vars: BTreeMap<String, String> = vars.collect();
        vars.insert("as_of".to_owned(), as_of.to_owned());
        let settings = Settings {
            vars,
            relations: models.chain(seeds).chain(others).collect(),
        };
        let files = declared_metrics();
        let project = Project::from_json(files, &settings).map_err(|error| error.to_string())?;
        let project = Rc::new(project);
        *kept = Some((as_of.to_owned(), set.clone(), Rc::clone(&project)));
        Ok(project)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(query: &str) -> Filters {
        let day = |text: &str| text.parse().unwrap();
        Filters::from_query(query, day("2022-01-01"), day("2025-12-15")).0
    }

    const SIGNUPS: Ask = Ask::metric("signups").by(Dimension::Channel);

    #[test]
    fn a_filter_goes_by_the_metric_s_own_dimension() {
        let sql = SIGNUPS.sql(&filters("plan=starter&channel=email&country=DE"));
        assert!(sql.contains("facts.d1 in ('starter')"), "{sql}");
        assert!(sql.contains("facts.d2 in ('DE')"), "{sql}");
        // The channel stays in view.
        assert!(!sql.contains("in ('email')"), "{sql}");
        let of_some = SIGNUPS.sql(&filters("segment=power"));
        assert!(of_some.contains("from serving.srv_users"), "{of_some}");
    }

    #[test]
    fn the_rows_behind_a_group_are_of_that_group() {
        let sql = SIGNUPS.rows_sql(&filters("country=DE"), "email");
        assert!(sql.contains("facts.d0 in ('email')"), "{sql}");
        assert!(sql.contains("facts.d1 in ('DE')"), "{sql}");
    }

    #[test]
    fn a_metric_is_compiled_with_the_value_that_the_models_were_built_with() {
        for query in ["", "channel=email"] {
            let filters = filters(query);
            let ask = Ask::metric("payback_months");
            let usual = ask.sql(&filters);
            assert!(usual.contains("* 0.8"), "{usual}");
            let half = BTreeMap::from([("gross_margin".to_owned(), 0.4.into())]);
            let half = ask.sql(&filters.clone().with_vars(half));
            assert_eq!(half, usual.replace("* 0.8", "* 0.4"));
            assert_eq!(ask.sql(&filters), usual);
        }
    }

    #[test]
    fn a_metric_that_is_not_there_fails_as_a_statement() {
        let sql = Ask::metric("happiness").sql(&filters(""));
        assert!(sql.starts_with("select error('"), "{sql}");
    }
}
