//! The steps of one pass: rows → values by day → values by period.

use crate::declared::{Aggregation, Choice, PeriodAggregation};
use crate::expression::quoted;
use crate::passes::{Pass, PassKind, Running};
use crate::source::{Source, in_range};
use crate::steps::{Steps, conditions, indented, same};
use crate::{Filter, Grain, Request, Window};

/// Adds the steps of a pass; the last one is called `pass_<place>`.
pub(crate) fn pass_sql(
    place: usize,
    pass: &Pass<'_>,
    source: &Source,
    request: &Request,
    steps: &mut Steps,
) {
    let writer = Writer {
        name: format!("pass_{place}"),
        pass,
        source,
        request,
    };
    match pass.kind {
        PassKind::Plain => writer.plain(steps),
        PassKind::Balance(choice) => writer.balance(choice, steps),
        PassKind::Running(running) if running.is_distinct => writer.distinct(running, steps),
        PassKind::Running(running) => writer.running(running, steps),
    }
}

struct Writer<'a> {
    name: String,
    pass: &'a Pass<'a>,
    source: &'a Source,
    request: &'a Request,
}

impl Writer<'_> {
    /// The columns of the request's dimensions.
    fn groups(&self) -> Vec<(String, String)> {
        let names = self.request.dimensions.iter().enumerate();
        names
            .map(|(place, name)| (format!("k{place}"), self.source.column(name)))
            .collect()
    }

    fn group_items(&self) -> Vec<String> {
        let groups = self.groups().into_iter();
        groups
            .map(|(key, column)| format!("{column} as {key}"))
            .collect()
    }

    fn keys(&self) -> Vec<String> {
        self.groups().into_iter().map(|(key, _)| key).collect()
    }

    /// When a row counts.
    fn time(&self) -> String {
        later("facts.metric_time", self.pass.offset)
    }

    /// Which rows count, whenever they were.
    fn row_conditions(&self) -> Vec<String> {
        let own = self.pass.conditions.iter();
        let own =
            own.map(|condition| format!("({})", condition.sql(|name| self.source.column(name))));
        let asked = self
            .request
            .filters
            .iter()
            .map(|filter| among(&self.source.column(&filter.dimension), filter));
        own.chain(asked).collect()
    }

    fn values(&self) -> Vec<String> {
        let measures = self.pass.measures.iter().enumerate();
        let values = measures.map(|(place, measure)| {
            let aggregation = if self.source.is_summed {
                Aggregation::Sum
            } else {
                measure.aggregation
            };
            format!(
                "{} as v{place}",
                aggregated(aggregation, &format!("facts.m{place}"))
            )
        });
        values.collect()
    }

    fn plain(&self, steps: &mut Steps) {
        let time = self.time();
        let (from, to) = (self.request.from.as_ref(), self.request.to.as_ref());
        let mut wanted = in_range(&time, self.source.base, from, to);
        if self.request.grain.is_some() {
            wanted.push(format!("{time} is not null"));
        }
        if self.pass.offset.is_some() {
            // Nothing is said of days to come.
            wanted.push(format!("{time} <= (select max(date_day) from days)"));
        }
        wanted.extend(self.row_conditions());
        let period = self
            .request
            .grain
            .map(|grain| format!("{} as metric_time", grain.start_of(&time)));
        let keys: Vec<String> = period.into_iter().chain(self.group_items()).collect();
        let sql = select(
            &keys,
            &self.values(),
            &format!("{}{}", self.source.from, conditions(&wanted)),
        );
        steps.add(&self.name, sql);
    }

    /// A balance is taken on the calendar's last (or first) day of a period, even if the last row is older: a
    /// customer who has left by then counts nothing.
    fn balance(&self, choice: Choice, steps: &mut Steps) {
        let base = self.source.base;
        let (function, word) = match choice {
            Choice::Min => ("min", "first"),
            Choice::Max => ("max", "last"),
        };
        let ends = format!("{word}_{base}s");
        let (from, to) = (self.request.from.as_ref(), self.request.to.as_ref());
        let range = conditions(&in_range("date_day", Grain::Day, from, to));
        let period = self
            .request
            .grain
            .map(|grain| format!("{} as metric_time", grain.start_of("date_day")));
        let date = format!("{function}({}) as base_date", base.start_of("date_day"));
        let period: Vec<String> = period.into_iter().collect();
        steps.add(&ends, select(&period, &[date], &format!("days{range}")));
        let period = self.request.grain.map(|_| format!("{ends}.metric_time"));
        let keys: Vec<String> = period.into_iter().chain(self.group_items()).collect();
        let from = format!(
            "{}\n\ninner join {ends}\n    on {} = {ends}.base_date{}",
            self.source.from,
            base.start_of(&self.time()),
            conditions(&self.row_conditions()),
        );
        steps.add(&self.name, select(&keys, &self.values(), &from));
    }

    /// Adds the days (or months) over which values run.
    fn add_base_dates(&self, steps: &mut Steps) -> String {
        let name = format!("all_{}s", self.source.base);
        let date = self.source.base.start_of("date_day");
        steps.add(
            &name,
            format!("select distinct {date} as base_date\n\nfrom days"),
        );
        name
    }

    /// Adds up to which day rows can matter.
    fn until(&self) -> Vec<String> {
        let known = "facts.metric_time is not null".to_owned();
        let range = in_range(
            "facts.metric_time",
            self.source.base,
            None,
            self.request.to.as_ref(),
        );
        std::iter::once(known)
            .chain(range)
            .chain(self.row_conditions())
            .collect()
    }

    fn running(&self, running: Running, steps: &mut Steps) {
        let dates = self.add_base_dates(steps);
        let name = &self.name;
        let base = self.source.base.start_of("facts.metric_time");
        // What came before the first day counts on it, where everything so far is counted.
        let date = if running.window.is_none() && running.to_date.is_none() {
            format!("greatest({base}, (select min(base_date) from {dates}))")
        } else {
            base
        };
        let mut keys = vec![format!("{date} as base_date")];
        keys.extend(self.group_items());
        let from = format!("{}{}", self.source.from, conditions(&self.until()));
        steps.add(
            format!("{name}_by_date"),
            select(&keys, &self.values(), &from),
        );
        let keys = self.keys();
        let on = self.run_over(running, &dates);
        let joined = self.with_groups(&dates, &format!("{name}_by_date"), &on, steps);
        let again = |place: usize| {
            let aggregation = match self.pass.measures[place].aggregation {
                aggregation @ (Aggregation::Min | Aggregation::Max) if !self.source.is_summed => {
                    aggregation
                }
                _ => Aggregation::Sum,
            };
            aggregated(aggregation, &format!("{name}_by_date.v{place}"))
        };
        let is_additive = |place: usize| {
            self.source.is_summed
                || !matches!(
                    self.pass.measures[place].aggregation,
                    Aggregation::Min | Aggregation::Max
                )
        };
        let mut columns = vec![format!("{dates}.base_date")];
        columns.extend(keys.iter().map(|key| format!("{name}_groups.{key}")));
        let is_window = running.window.is_none() && running.to_date.is_none();
        let values = (0..self.pass.measures.len()).map(|place| {
            let value = if is_window {
                format!("{} over ({})", again(place), self.so_far(&dates))
            } else {
                again(place)
            };
            let value = if is_additive(place) {
                format!("coalesce({value}, 0)")
            } else {
                value
            };
            format!("{value} as v{place}")
        });
        let values: Vec<String> = values.collect();
        let sql = if is_window {
            columns.extend(values);
            format!("select\n    {}\n\nfrom {joined}", columns.join(",\n    "))
        } else {
            select(&columns, &values, &joined)
        };
        steps.add(format!("{name}_running"), sql);
        self.by_period(running, steps);
    }

    /// When a value of `by_date` counts for a date.
    fn run_over(&self, running: Running, dates: &str) -> Vec<String> {
        let row = format!("{}_by_date.base_date", self.name);
        let date = format!("{dates}.base_date");
        match (running.window, running.to_date) {
            (Some(window), _) => vec![
                format!("{row} <= {date}"),
                format!("{row} > {date} - {}", window.interval()),
            ],
            (None, Some(grain)) => vec![
                format!("{row} <= {date}"),
                format!("{row} >= {}", grain.start_of(&date)),
            ],
            (None, None) => vec![format!("{row} = {date}")],
        }
    }

    /// Every date, for every group there is, with what counts for it.
    fn with_groups(&self, dates: &str, rows: &str, on: &[String], steps: &mut Steps) -> String {
        let keys = self.keys();
        let mut on = on.to_vec();
        let mut from = dates.to_owned();
        if !keys.is_empty() {
            let groups = format!("{}_groups", self.name);
            steps.add(
                &groups,
                format!("select distinct {}\n\nfrom {rows}", keys.join(", ")),
            );
            from = format!("{from}\n\ncross join {groups}");
            on.extend(
                keys.iter()
                    .map(|key| same(&format!("{groups}.{key}"), &format!("{rows}.{key}"), key)),
            );
        }
        format!(
            "{from}\n\nleft join {rows}\n    on {}",
            on.join("\n    and ")
        )
    }

    /// Counts distinct members over a moving window exactly, without joining each day to its window. Being active
    /// on a day keeps a member in for the length of the window, or until the member's next active day starts a new
    /// stay. Stays of a member never overlap, so the members who are in are the stays begun less the stays ended.
    fn distinct(&self, running: Running, steps: &mut Steps) {
        let dates = self.add_base_dates(steps);
        let (name, keys) = (&self.name, self.keys());
        let mut items = vec![format!(
            "{} as base_date",
            self.source.base.start_of("facts.metric_time")
        )];
        items.extend(self.group_items());
        items.push("facts.m0 as member".to_owned());
        let mut wanted = self.until();
        wanted.push("facts.m0 is not null".to_owned());
        let rows = format!(
            "select distinct\n    {}\n\nfrom {}{}",
            items.join(",\n    "),
            self.source.from,
            conditions(&wanted)
        );
        steps.add(format!("{name}_members"), rows);

        let listed = keys
            .iter()
            .map(|key| format!("{key},\n    "))
            .collect::<String>();
        let by_member: Vec<&str> = keys.iter().map(String::as_str).chain(["member"]).collect();
        let by_member = by_member.join(", ");
        let changes = match running.window {
            Some(window) => {
                let end = later("base_date", Some(window));
                let stays = format!(
                    "select\n    base_date as starts_on,\n    {listed}least(\n        {end},\n        coalesce(\n            lead(base_date) over (partition by {by_member} order by base_date),\n            {end}\n        )\n    ) as ends_on\n\nfrom {name}_members"
                );
                steps.add(format!("{name}_stays"), stays);
                format!(
                    "select\n    starts_on as base_date,\n    {listed}1 as change\n\nfrom {name}_stays\n\nunion all\n\nselect\n    ends_on as base_date,\n    {listed}-1 as change\n\nfrom {name}_stays"
                )
            }
            None => {
                let group = format!("\n\ngroup by {by_member}");
                format!(
                    "select\n    min(base_date) as base_date,\n    {listed}1 as change\n\nfrom {name}_members{group}"
                )
            }
        };
        // What changed before the first day counts on it.
        let first = format!(
            "greatest(changes.base_date, (select min(base_date) from {dates})) as base_date"
        );
        let mut columns = vec![first];
        columns.extend(keys.iter().map(|key| format!("changes.{key}")));
        let from = format!("(\n\n{}\n\n) as changes", indented(&changes));
        steps.add(
            format!("{name}_changes"),
            select(
                &columns,
                &["sum(changes.change) as change".to_owned()],
                &from,
            ),
        );

        let rows = format!("{name}_changes");
        let on = [format!("{rows}.base_date = {dates}.base_date")];
        let joined = self.with_groups(&dates, &rows, &on, steps);
        let mut columns = vec![format!("{dates}.base_date")];
        columns.extend(keys.iter().map(|key| format!("{name}_groups.{key}")));
        let so_far = self.so_far(&dates);
        columns.push(format!(
            "coalesce(sum({rows}.change) over ({so_far}), 0) as v0"
        ));
        steps.add(
            format!("{name}_running"),
            format!("select\n    {}\n\nfrom {joined}", columns.join(",\n    ")),
        );
        self.by_period(running, steps);
    }

    /// Everything of a group up to a date.
    fn so_far(&self, dates: &str) -> String {
        let groups = self
            .keys()
            .into_iter()
            .map(|key| format!("{}_groups.{key}", self.name));
        let groups: Vec<String> = groups.collect();
        let by = if groups.is_empty() {
            String::new()
        } else {
            format!("partition by {} ", groups.join(", "))
        };
        format!("{by}order by {dates}.base_date")
    }

    /// Which of a period's dates counts.
    fn by_period(&self, running: Running, steps: &mut Steps) {
        let name = &self.name;
        let date = later("base_date", self.pass.offset);
        let mut wanted = in_range(
            &date,
            self.source.base,
            self.request.from.as_ref(),
            self.request.to.as_ref(),
        );
        if self.pass.offset.is_some() {
            wanted.push(format!(
                "{date} <= (select max(base_date) from all_{}s)",
                self.source.base
            ));
        }
        let period = self
            .request
            .grain
            .map(|grain| format!("{} as metric_time", grain.start_of(&date)));
        let keys: Vec<String> = period.into_iter().chain(self.keys()).collect();
        let values = (0..self.pass.measures.len()).map(|place| match running.period {
            PeriodAggregation::First => format!("min_by(v{place}, base_date) as v{place}"),
            PeriodAggregation::Last => format!("max_by(v{place}, base_date) as v{place}"),
            PeriodAggregation::Average => format!("avg(v{place}) as v{place}"),
        });
        let values: Vec<String> = values.collect();
        let from = format!("{name}_running{}", conditions(&wanted));
        steps.add(name, select(&keys, &values, &from));
    }
}

/// A select that groups by its first columns.
fn select(keys: &[String], values: &[String], from: &str) -> String {
    let items = [keys, values].concat().join(",\n    ");
    let group = if keys.is_empty() {
        String::new()
    } else {
        let places: Vec<String> = (1..=keys.len()).map(|place| place.to_string()).collect();
        format!("\n\ngroup by {}", places.join(", "))
    };
    format!("select\n    {items}\n\nfrom {from}{group}")
}

fn aggregated(aggregation: Aggregation, column: &str) -> String {
    match aggregation {
        Aggregation::Sum => format!("sum({column})"),
        Aggregation::SumBoolean => format!("sum(case when {column} then 1 else 0 end)"),
        Aggregation::Count => format!("count({column})"),
        Aggregation::CountDistinct => format!("count(distinct {column})"),
        Aggregation::Average => format!("avg({column})"),
        Aggregation::Median => format!("median({column})"),
        Aggregation::Min => format!("min({column})"),
        Aggregation::Max => format!("max({column})"),
    }
}

/// A date so much later.
fn later(date: &str, offset: Option<Window>) -> String {
    match offset {
        Some(window) => format!("cast({date} + {} as date)", window.interval()),
        None => date.to_owned(),
    }
}

/// Whether a column has one of a filter's values.
pub(crate) fn among(column: &str, filter: &Filter) -> String {
    if filter.values.is_empty() {
        return "false".to_owned();
    }
    let values: Vec<String> = filter.values.iter().map(|value| quoted(value)).collect();
    format!("{column} in ({})", values.join(", "))
}
