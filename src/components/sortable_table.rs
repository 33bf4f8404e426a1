//! Rows as they lie in the warehouse, ordered by a click on a heading.

use leptos::prelude::*;

use super::table::Table;
use super::table_sort::{Sort, sorted};

/// A table whose headings order it.
#[component]
pub fn SortableTable(
    /// What it shows; an empty cell is null.
    table: Table,
    /// What it is called, for those who don't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let sort = RwSignal::new(None::<Sort>);
    let numeric: Vec<bool> = table
        .columns
        .iter()
        .map(|column| column.is_number)
        .collect();
    let class = |is_number: bool| if is_number { "number" } else { "" };
    let headings = table
        .columns
        .iter()
        .enumerate()
        .map(|(column, heading)| {
            let order = move || match sort.get() {
                Some(sort) if sort.column == column && sort.is_descending => "descending",
                Some(sort) if sort.column == column => "ascending",
                _ => "none",
            };
            view! {
                <th scope="col" class=class(heading.is_number) aria-sort=order>
                    <button on:click=move |_| sort.update(|sort| *sort = Sort::clicked(*sort, column))>
                        {heading.name.clone()}
                    </button>
                </th>
            }
        })
        .collect_view();
    let table = StoredValue::new(table);
    let body = move || {
        table.with_value(|table| {
            sorted(table, sort.get())
                .into_iter()
                .map(|row| {
                    let cells = table.rows[row].iter().zip(&numeric);
                    let cells = cells.map(|(cell, is_number)| {
                        if cell.is_empty() {
                            view! { <td class="null">"null"</td> }.into_any()
                        } else {
                            view! { <td class=class(*is_number)>{cell.clone()}</td> }.into_any()
                        }
                    });
                    view! { <tr>{cells.collect_view()}</tr> }
                })
                .collect_view()
        })
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="data-table sortable">
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
