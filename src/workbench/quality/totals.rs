//! How many tests said what, by layer or by kind.

use leptos::prelude::*;

use super::checks::Totals;

/// A table of totals with bars; a row filters the list below.
#[component]
pub fn TotalsTable(
    /// The question it answers.
    title: &'static str,
    /// What its rows are.
    head: &'static str,
    /// Names and totals.
    rows: Memo<Vec<(String, Totals)>>,
    /// The row that filters.
    chosen: Memo<String>,
    /// A row was chosen; empty when the chosen one was clicked again.
    on_choose: Callback<String>,
) -> impl IntoView {
    let body = move || {
        let rows = rows.get();
        // Not a memo of its own: where an effect reads a memo's memo first and it stays as it was, the
        // effect misses the change of the memo itself (reactive_graph 0.2).
        let most = rows.iter().map(|(_, totals)| totals.all).max();
        let most = most.unwrap_or_default().max(1) as f64;
        let rows = rows.into_iter().map(|(name, totals)| {
            let (pressed, asked) = (name.clone(), name.clone());
            let bar = |class: &'static str, number: usize| {
                (number > 0).then(|| {
                    let width = format!("{:.2}%", number as f64 / most * 100.0);
                    view! { <span class=class style:width=width></span> }
                })
            };
            let figure = |number: usize| if number == 0 { String::new() } else { number.to_string() };
            view! {
                <tr>
                    <th scope="row">
                        <button
                            aria-pressed=move || (chosen.get() == pressed).to_string()
                            data-testid=format!("total-{name}")
                            on:click=move |_| {
                                let is_chosen = chosen.get_untracked() == asked;
                                on_choose.run(if is_chosen { String::new() } else { asked.clone() });
                            }
                        >
                            {name.clone()}
                        </button>
                    </th>
                    <td class="bars" aria-hidden="true">
                        {bar("failed", totals.failed)} {bar("warned", totals.warned)}
                        {bar("waiting", totals.waiting + totals.skipped)} {bar("passed", totals.passed)}
                    </td>
                    <td class="number down">{figure(totals.failed)}</td>
                    <td class="number">{figure(totals.warned)}</td>
                    <td class="number">{figure(totals.passed)}</td>
                    <td class="number muted">{totals.all}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <section class="totals">
            <h2>{title}</h2>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{head}</th>
                        <td></td>
                        <th scope="col" class="number">
                            "fail"
                        </th>
                        <th scope="col" class="number">
                            "warn"
                        </th>
                        <th scope="col" class="number">
                            "pass"
                        </th>
                        <th scope="col" class="number">
                            "all"
                        </th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </section>
    }
}
