//! The movements of MRR for any choice of users, as SQL shared by the pages that show them.

use crate::state::filters::{Dimension, Filters};

/// A statement of the movements of each month, without an order.
///
/// `months` limits the months, by `rows.date_month`. For everyone it reads the mart; for some users
/// the rollup. With a plan chosen, what came from other plans less what went to them is `transfer`
/// (docs/decisions/0022-plan-transfers.md).
#[must_use]
pub fn movements(filters: &Filters, months: &str) -> String {
    const AMOUNTS: [&str; 5] = ["new", "expansion", "reactivation", "contraction", "churn"];
    if !filters.has_users() {
        let columns: Vec<String> = ["opening"]
            .into_iter()
            .chain(AMOUNTS)
            .chain(["transfer", "closing"])
            .flat_map(|name| {
                [
                    format!("    {name}_mrr_cents"),
                    format!("    {name}_customers"),
                ]
            })
            .collect();
        return format!(
            "
select
    date_month,
{}

from marts.fct_mrr_waterfall as rows

where
    segment_type = 'all'
    and {months}
",
            columns.join(",\n")
        );
    }
    let now = filters
        .condition(Dimension::Plan, "rows.plan")
        .unwrap_or_else(|| "true".to_owned());
    let before = filters
        .condition(Dimension::Plan, "rows.previous_plan")
        .unwrap_or_else(|| "true".to_owned());
    let users = filters.users_sql_of(
        "rows",
        &[
            Dimension::Channel,
            Dimension::Country,
            Dimension::Size,
            Dimension::Segment,
        ],
    );
    let moved: Vec<String> = AMOUNTS
        .iter()
        .map(|name| {
            let is_moved = format!("is_now and movement = '{name}'");
            format!(
                "    cast(coalesce(sum(amount_cents) filter (where {is_moved}), 0) as bigint)
        as {name}_mrr_cents,
    cast(coalesce(sum(customers) filter (where {is_moved}), 0) as bigint) as {name}_customers"
            )
        })
        .collect();
    let sum = |column: &str, condition: &str| {
        format!("coalesce(sum({column}) filter (where {condition}), 0)")
    };
    // Few groups first: sixteen sums with a condition each over all rows would take three times as long.
    format!(
        "
with

grouped as (

    select
        rows.date_month,
        rows.movement,
        {now} as is_now,
        {before} as is_before,
        sum(rows.movement_amount_cents) as amount_cents,
        sum(rows.previous_mrr_cents) as previous_cents,
        sum(rows.mrr_cents) as mrr_cents,
        count(*) as customers,
        count(*) filter (where rows.previous_mrr_cents > 0) as customers_before,
        count(*) filter (where rows.mrr_cents > 0) as customers_after

    from rollups.mrr_months as rows

    where
        {months}
        and {users}

    group by all

)

select
    date_month,
    cast({opening} as bigint) as opening_mrr_cents,
    cast({opening_customers} as bigint) as opening_customers,
{moved},
    cast({arrived} - {opening} as bigint) as transfer_mrr_cents,
    cast({arrived_customers} - {opening_customers} as bigint) as transfer_customers,
    cast({closing} as bigint) as closing_mrr_cents,
    cast({closing_customers} as bigint) as closing_customers

from grouped

group by date_month
",
        opening = sum("previous_cents", "is_before"),
        opening_customers = sum("customers_before", "is_before"),
        arrived = sum("previous_cents", "is_now"),
        arrived_customers = sum("customers_before", "is_now"),
        closing = sum("mrr_cents", "is_now"),
        closing_customers = sum("customers_after", "is_now"),
        moved = moved.join(",\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::movements;
    use crate::state::filters::{Dimension, Filters};

    #[test]
    fn everyone_is_read_from_the_mart_and_some_from_the_rollup() {
        let day = |text: &str| text.parse().unwrap();
        let filters = Filters::new(day("2024-01-01"), day("2025-12-31"));
        assert!(movements(&filters, "true").contains("marts.fct_mrr_waterfall"));
        let some = movements(&filters.toggled(Dimension::Plan, "starter"), "true");
        assert!(some.contains("rollups.mrr_months"));
        assert!(some.contains("rows.previous_plan = cast('starter'"));
    }
}
