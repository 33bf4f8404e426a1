//! Faults planted in the raw rows, for the data tests to find.
//!
//! A defect works on the columns of one table in one block, after all of them are written: clean
//! rows keep their bytes, tables it does not name keep all of theirs, and any part can still be
//! made alone. Which rows it hits is decided by a stream of their own key, so a larger share hits
//! the same rows and more.

mod draft;
mod fault;
mod keys;
mod money;
mod people;
mod periods;
mod usage;

use arrow_array::builder::StringBuilder;

use parameters::{Parameter, Scenario, Unit};

use super::arrow::Values;
use super::calendar::{DAY, epoch_day};
use super::random::{Purpose, Stream};
use super::tables::{Table, TableSet};
use draft::Draft;
use fault::{Active, Fault, Scope};

/// A kind of fault.
struct Defect {
    /// The parameter that says how much of it; 0 for none.
    parameter: Parameter,
    /// The tables it is planted in.
    tables: &'static [Table],
    /// Plants it in one table of one block, and says how many rows it changed, added or removed.
    plant: fn(&Fault, &mut Draft) -> u64,
}

const fn defect(
    parameter: Parameter,
    tables: &'static [Table],
    plant: fn(&Fault, &mut Draft) -> u64,
) -> Defect {
    Defect {
        parameter,
        tables,
        plant,
    }
}

use Table::{AdSpend, Events, MarketingTouches, Payments, Sessions, Subscriptions, Users};

/// Every kind, in the order in which they are planted.
const DEFECTS: &[Defect] = &[
    defect(Parameter::DefectEarly, &[Sessions, Events], usage::early),
    defect(Parameter::DefectLate, &[Events], usage::late),
    defect(Parameter::DefectOutside, &[Events], usage::outside),
    defect(Parameter::DefectTimeZone, &[Sessions], usage::time_zone),
    defect(Parameter::DefectForeign, &[Sessions], usage::foreign),
    defect(
        Parameter::DefectMissingDays,
        &[Sessions, Events],
        usage::missing_days,
    ),
    defect(Parameter::DefectTruncated, &[Events], usage::truncated),
    defect(
        Parameter::DefectUnknown,
        &[Events, Payments],
        people::unknown,
    ),
    defect(Parameter::DefectEmails, &[Users], people::emails),
    defect(Parameter::DefectImbalance, &[Users], people::imbalance),
    defect(
        Parameter::DefectTouches,
        &[MarketingTouches],
        people::touches,
    ),
    defect(Parameter::DefectOverlap, &[Subscriptions], periods::overlap),
    defect(
        Parameter::DefectBackwards,
        &[Subscriptions],
        periods::backwards,
    ),
    defect(Parameter::DefectPrice, &[Subscriptions], periods::price),
    defect(Parameter::DefectReason, &[Subscriptions], periods::reason),
    defect(
        Parameter::DefectNegative,
        &[Payments, MarketingTouches, AdSpend],
        money::negative,
    ),
    defect(Parameter::DefectCurrency, &[Payments], money::currency),
    defect(Parameter::DefectRetries, &[Payments], money::retries),
    defect(
        Parameter::DefectFailureCode,
        &[Payments],
        money::failure_code,
    ),
    defect(Parameter::DefectRefundSize, &[Payments], money::refund_size),
    defect(
        Parameter::DefectRefundOrphan,
        &[Payments],
        money::refund_orphan,
    ),
    defect(
        Parameter::DefectMonthMissing,
        &[Payments],
        money::month_missing,
    ),
    defect(
        Parameter::DefectMonthDoubled,
        &[Payments],
        money::month_doubled,
    ),
    defect(Parameter::DefectReplay, &[Payments], money::replay),
    defect(Parameter::DefectSpend, &[AdSpend], money::spend),
    // What is lost can't be changed any more, so this comes after all that changes values.
    defect(Parameter::DefectNulls, &[Users, Payments], people::nulls),
    defect(
        Parameter::DefectOrphans,
        &[Sessions, Payments, MarketingTouches],
        keys::orphans,
    ),
    defect(
        Parameter::DefectDuplicates,
        &[
            Users,
            Sessions,
            Events,
            Subscriptions,
            Payments,
            MarketingTouches,
            AdSpend,
        ],
        keys::duplicates,
    ),
];

/// The tables that a defect's parameter plants rows in; none for another parameter.
pub(super) fn tables_of(parameter: Parameter) -> TableSet {
    DEFECTS
        .iter()
        .find(|defect| defect.parameter == parameter)
        .map_or(TableSet::EMPTY, |defect| TableSet::of(defect.tables))
}

/// The defects that a scenario switches on.
#[derive(Debug, Clone)]
pub(super) struct Defects {
    scope: Scope,
    active: Vec<Active>,
}

/// Rows that one defect touched in one table of one block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planted {
    defect: usize,
    table: Table,
    rows: u64,
}

impl Defects {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let active = DEFECTS
            .iter()
            .enumerate()
            .filter(|(_, defect)| scenario.steps(defect.parameter) > 0)
            .map(|(index, defect)| {
                let specification = defect.parameter.specification();
                let is_share = specification.unit == Unit::Percent;
                Active {
                    index,
                    share: if is_share {
                        scenario.fraction(defect.parameter)
                    } else {
                        0.0
                    },
                    number: scenario.number(defect.parameter) as i64,
                    spans: spans(scenario, defect.parameter),
                    purpose: Purpose::new(scenario.seed(), specification.key),
                }
            })
            .collect();
        Self {
            scope: Scope {
                users: scenario.users() as i64,
                end: (epoch_day(scenario.as_of()) + 1) * DAY,
            },
            active,
        }
    }

    /// The tables that any defect is planted in.
    pub(super) fn tables(&self) -> TableSet {
        self.active.iter().fold(TableSet::EMPTY, |tables, active| {
            tables.union(TableSet::of(DEFECTS[active.index].tables))
        })
    }

    /// Plants every defect of `table` in the columns of a block whose users begin with
    /// `first_user`.
    pub(super) fn plant(
        &self,
        table: Table,
        (first_user, users): (u64, usize),
        values: &mut Vec<Values>,
        planted: &mut Vec<Planted>,
    ) {
        for active in &self.active {
            let defect = &DEFECTS[active.index];
            if !defect.tables.contains(&table) {
                continue;
            }
            let fault = Fault {
                active,
                scope: &self.scope,
                first_user: first_user as i64,
                users: users as i64,
            };
            let rows = (defect.plant)(&fault, &mut Draft::new(table, values));
            if rows > 0 {
                planted.push(Planted {
                    defect: active.index,
                    table,
                    rows,
                });
            }
        }
    }
}

/// The columns of `truth.defects`.
pub(super) fn truth(planted: &[Planted]) -> Vec<Values> {
    let (mut kinds, mut tables) = (StringBuilder::new(), StringBuilder::new());
    for planted in planted {
        kinds.append_value(DEFECTS[planted.defect].parameter.specification().key);
        tables.append_value(planted.table.qualified());
    }
    let rows = planted.iter().map(|planted| planted.rows as i64).collect();
    vec![
        Values::Text(kinds),
        Values::Text(tables),
        Values::Long(rows),
    ]
}

/// The days or months that a counting defect hits: one in each equal part of the history, without
/// its first and its last month, where little happens or is complete.
pub(super) fn spans(scenario: &Scenario, parameter: Parameter) -> Vec<(i64, i64)> {
    let count = scenario.steps(parameter) as u64;
    let months = scenario.steps(Parameter::Months) as u32;
    let month_start = |before_end: u32| epoch_day(scenario.month_before_end(before_end));
    let key = parameter.specification().key;
    let pick = |slots: u64, slot: u64| {
        let mut stream = Stream::new(scenario.seed(), key, slot);
        ((slot as f64 + stream.uniform()) * slots as f64 / count.min(slots) as f64) as u64
    };
    match parameter {
        Parameter::DefectMissingDays => {
            let (first, end) = (month_start(months - 2), month_start(0));
            let days = (end - first).max(0) as u64;
            (0..count.min(days))
                .map(|slot| first + pick(days, slot).min(days - 1) as i64)
                .map(|day| (day * DAY, (day + 1) * DAY))
                .collect()
        }
        Parameter::DefectMonthMissing | Parameter::DefectMonthDoubled => {
            let whole = u64::from(months - 2);
            (0..count.min(whole))
                .map(|slot| pick(whole, slot).min(whole - 1) as u32 + 1)
                .map(|before_end| {
                    let (first, end) = (month_start(before_end), month_start(before_end - 1));
                    (first * DAY, end * DAY)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}
