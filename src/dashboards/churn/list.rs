//! The customers to call: sorted, paged, with reasons and, if wanted, their fate.

use std::cmp::Ordering;
use std::rc::Rc;

use leptos::prelude::*;

use super::reasons::reasons;
use crate::components::format::{ValueFormat, count, day, share, whole_dollars, words};
use crate::dashboards::fetched::Fetched;
use crate::results::churn::AtRisk;

/// Customers on a page.
const PAGE: usize = 10;

type Compare = fn(&AtRisk, &AtRisk) -> Ordering;

/// Columns that sort: heading, whether it holds figures, and the order from the first on.
const COLUMNS: [(&str, bool, Compare); 6] = [
    ("Customer", false, |one, other| one.name.cmp(&other.name)),
    ("Plan", false, |one, other| one.plan.cmp(&other.plan)),
    ("MRR", true, |one, other| {
        other.mrr_cents.cmp(&one.mrr_cents)
    }),
    ("Risk", true, |one, other| {
        other.probability.total_cmp(&one.probability)
    }),
    ("Expected loss", true, |one, other| {
        other.expected_cents.total_cmp(&one.expected_cents)
    }),
    ("Health", true, |one, other| one.health.cmp(&other.health)),
];
/// The column the list is sorted by at first.
const FIRST: usize = 4;

/// The list.
#[component]
pub fn AtRiskList(
    /// The customers.
    fetched: Signal<Option<Rc<Fetched<AtRisk>>>, LocalStorage>,
    /// Whether what became of them is shown.
    truth: Memo<bool>,
) -> impl IntoView {
    let (sort, set_sort) = signal((FIRST, false));
    let (page, set_page) = signal(0_usize);
    let headings = COLUMNS
        .into_iter()
        .enumerate()
        .map(|(place, (name, is_number, _))| {
            let order = move || match sort.get() {
                (sorted, _) if sorted != place => "none",
                // Figures begin with the largest, words with the first; health with the worst.
                (_, is_turned) if is_turned == (is_number && place != 5) => "ascending",
                _ => "descending",
            };
            let turn = move |_| {
                set_page.set(0);
                set_sort.update(|(sorted, is_turned)| {
                    *is_turned = *sorted == place && !*is_turned;
                    *sorted = place;
                });
            };
            let sign = move || match order() {
                "descending" => " ↓",
                "ascending" => " ↑",
                _ => "",
            };
            view! {
                <th scope="col" class=if is_number { "number" } else { "" } aria-sort=order>
                    <button class="heading-button" on:click=turn>
                        {name}
                        <span aria-hidden="true">{sign}</span>
                    </button>
                </th>
            }
        });
    let headings = headings.collect_view();
    let body = move || {
        let fetched = fetched.get()?;
        let (column, is_turned) = sort.get();
        let mut rows: Vec<&AtRisk> = fetched.rows.iter().collect();
        let compare = COLUMNS.get(column).map(|(.., compare)| *compare)?;
        rows.sort_by(|one, other| {
            let order = compare(one, other);
            let order = if is_turned { order.reverse() } else { order };
            order.then(one.user_id.cmp(&other.user_id))
        });
        let shown = rows.into_iter().skip(page.get() * PAGE).take(PAGE);
        let is_truth = truth.get();
        Some(shown.map(|row| customer(row, is_truth)).collect_view())
    };
    let pager = move || {
        let rows = fetched.get()?.rows.len();
        let pages = rows.div_ceil(PAGE).max(1);
        let shown = page.get().min(pages - 1);
        let (first, last) = ((shown * PAGE + 1).min(rows), ((shown + 1) * PAGE).min(rows));
        (pages > 1).then(|| {
            view! {
                <div class="pager">
                    <button
                        class="text-button"
                        disabled=shown == 0
                        on:click=move |_| set_page.update(|page| *page = page.saturating_sub(1))
                    >
                        "Previous"
                    </button>
                    <span>
                        {format!("{} – {} of {}", count(first as u64), count(last as u64), count(rows as u64))}
                    </span>
                    <button
                        class="text-button"
                        disabled={shown + 1 >= pages}
                        on:click=move |_| set_page.update(|page| *page += 1)
                    >
                        "Next"
                    </button>
                </div>
            }
        })
    };
    // A shorter list has fewer pages.
    Effect::new(move |_| {
        let rows = fetched.with(|fetched| fetched.as_ref().map_or(0, |fetched| fetched.rows.len()));
        if page.get_untracked() * PAGE >= rows.max(1) {
            set_page.set(0);
        }
    });
    view! {
        <div class="table-scroll at-risk" tabindex="0" role="region" aria-label="Customers at risk">
            <table class="data-table" data-testid="at-risk-list">
                <thead>
                    <tr>
                        {headings} <th scope="col">"Why"</th>
                        {move || truth.get().then(|| view! { <th scope="col">"Truth"</th> })}
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        {pager}
    }
}

fn customer(row: &AtRisk, is_truth: bool) -> AnyView {
    let why = reasons(row);
    let why = if why.is_empty() {
        "–".to_owned()
    } else {
        why.join(" · ")
    };
    let size = row
        .size
        .clone()
        .map(|size| format!("{} people", size.replace('-', "–")));
    let bar = format!("{:.1}%", row.probability * 100.0);
    let fate = is_truth.then(|| view! { <td class="fate">{fate(row)}</td> });
    view! {
        <tr data-user=row.user_id.to_string()>
            <td class="name">{row.name.clone()}</td>
            <td class="plan">
                {words(&row.plan)} " "
                {size.map(|size| view! { <span class="muted size">{size}</span> })}
            </td>
            <td class="number" data-name="MRR">
                {whole_dollars(row.mrr_cents as f64)}
            </td>
            <td class="number risk">
                <span class="risk-bar" style:width=bar aria-hidden="true"></span>
                <span>{ValueFormat::Percent.full(row.probability)}</span>
            </td>
            <td class="number" data-name="Expected loss">
                {whole_dollars(row.expected_cents)}
            </td>
            <td class="number" data-name="Health">
                {row.health.to_string()}
            </td>
            <td class="why">{why}</td>
            {fate}
        </tr>
    }
    .into_any()
}

/// What became of a customer, or would have by what was planted.
fn fate(row: &AtRisk) -> String {
    match (row.is_fate_known, row.churn_date, row.true_probability) {
        (true, Some(left), _) => format!("Churned on {}", day(left)),
        (true, None, _) => "Stayed".to_owned(),
        (false, Some(left), _) => format!("Churned on {} so far", day(left)),
        (false, None, Some(risk)) => format!("True risk {}", share(risk)),
        (false, None, None) => "–".to_owned(),
    }
}
