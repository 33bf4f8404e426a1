//! The rows behind a mark: counted, sorted, paged, exported.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::marks::{PanelMark, RowsQuery};
use super::tables::table_of;
use crate::components::browser::download_csv;
use crate::components::error_panel::ErrorPanel;
use crate::components::format::count;
use crate::components::newest::use_newest;
use crate::components::sql_view::SqlView;
use crate::results::{Row, TextTable, csv_parts, row, without_sql};
use crate::state::{Dataset, MOST_EXPORTED, Pipeline};

/// Rows on a page.
const PAGE: usize = 50;

/// What the reader sees of the rows.
#[derive(Clone, Default)]
struct Answer {
    count_rows: i64,
    total: f64,
    page: TextTable,
}

row! {
    /// How many rows there are, and what they come to.
    struct Totals {
        count_rows: i64,
        total: f64,
    }
}

/// The rows behind one of a panel's marks; another one can be picked.
#[component]
pub fn DrillDown(
    /// The panel's marks.
    marks: Signal<Vec<PanelMark>, LocalStorage>,
    /// Whether the marks of the question asked now are still to come.
    is_waiting: Signal<bool, LocalStorage>,
    /// The mark whose rows are shown, by its key.
    #[prop(into)]
    mark: String,
    /// Names files, without their ending.
    file_name: Signal<String>,
    /// Called with the key of another mark.
    pick: Callback<String>,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let key = StoredValue::new(mark);
    let (sort, set_sort) = signal(None::<(usize, bool)>);
    let (page, set_page) = signal(0_usize);
    let query = Memo::new(move |_| {
        marks.with(|marks| {
            let mark = key.with_value(|key| marks.iter().find(|mark| mark.key == *key))?;
            mark.rows.clone()
        })
    });
    let answer = use_newest(move || {
        let dataset = pipeline.shown.get();
        let asked = query.get();
        let (sort, page) = (sort.get(), page.get());
        async move {
            let asked = asked?;
            let given = rows_of(&dataset?, &asked, sort, page).await;
            Some((asked, given))
        }
    });
    // What is shown is what the file holds, or there is no file yet.
    let is_current = move || {
        query.with(|asked| {
            answer.with(|answer| answer.as_ref().map(|(answered, _)| answered) == asked.as_ref())
        })
    };
    let can_save = move || !is_waiting.get() && query.read().is_some() && is_current();
    let saved = RwSignal::new(None::<String>);
    let save = move |_| {
        let (Some(dataset), Some(asked)) = (pipeline.shown.get_untracked(), query.get_untracked())
        else {
            return;
        };
        let name = key.with_value(|key| format!("{}_{key}_rows.csv", file_name.get_untracked()));
        spawn_local(async move {
            let remark = match dataset.all_rows(&asked.sql.text()).await {
                Ok(rows) => {
                    download_csv(&name, csv_parts(&rows.batches));
                    (rows.count > MOST_EXPORTED).then(|| {
                        format!(
                            "The file holds the first {} of {} rows; a spreadsheet takes no more.",
                            count(MOST_EXPORTED),
                            count(rows.count)
                        )
                    })
                }
                Err(message) => Some(format!("The rows could not be saved. {message}")),
            };
            // The dialog may be closed by now.
            drop(saved.try_set(remark));
        });
    };
    let options = move || {
        let options = marks.get().into_iter().filter(|mark| mark.rows.is_some());
        options
            .map(|mark| {
                let is_chosen = key.with_value(|key| mark.key == *key);
                view! {
                    <option value=mark.key selected=is_chosen>
                        {mark.label}
                    </option>
                }
            })
            .collect_view()
    };
    let told = move || match answer.get() {
        Some((query, Ok(answer))) => {
            let agrees = (answer.total - query.value).abs() <= 0.5;
            let remark = if agrees { ", as the chart shows" } else { "" };
            let told = view! {
                <p
                    class="answer"
                    data-testid="rows-told"
                    data-count=answer.count_rows.to_string()
                    data-total=answer.total.to_string()
                    data-value=query.value.to_string()
                >
                    {query.told(answer.count_rows, answer.total)}
                    {remark}
                    "."
                </p>
            };
            Some(told.into_any())
        }
        Some((_, Err(_))) => None,
        None => Some(
            view! {
                <p class="answer">
                    <span class="skeleton"></span>
                </p>
            }
            .into_any(),
        ),
    };
    let body = move || {
        if query.read().is_none() && !is_waiting.get() {
            return view! { <p class="empty">"This mark does not exist under these filters. Choose another."</p> }
                .into_any();
        }
        match answer.get() {
            None => view! { <span class="skeleton block"></span> }.into_any(),
            Some((_, Err(message))) => view! {
                <ErrorPanel
                    what="The rows could not be loaded."
                    message
                    advice="The chart still works."
                />
            }
            .into_any(),
            Some((_, Ok(answer))) => {
                view! { <RowsTable page=answer.page sort set_sort set_page /> }.into_any()
            }
        }
    };
    let pager = move || {
        let answer = answer.get()?.1.ok()?;
        let rows = usize::try_from(answer.count_rows).unwrap_or(0);
        let pages = rows.div_ceil(PAGE).max(1);
        let shown = page.get();
        let first = (shown * PAGE + 1).min(rows);
        let last = ((shown + 1) * PAGE).min(rows);
        Some(view! {
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
        })
    };
    let sql = Signal::derive(move || {
        query
            .get()
            .map(|query| query.sql.text())
            .unwrap_or_default()
    });
    view! {
        <div class="drill-head">
            <label>
                <span class="label">"Rows behind"</span>
                <select
                    class="select"
                    data-testid="rows-mark"
                    on:change=move |event| pick.run(event_target_value(&event))
                >
                    {options}
                </select>
            </label>
            <button
                class="text-button"
                data-testid="rows-csv"
                disabled=move || !can_save()
                on:click=save
            >
                "CSV"
            </button>
        </div>
        {move || saved.get().map(|words| view! { <p class="remark" role="status">{words}</p> })}
        {told}
        {body}
        {pager}
        <details class="drill-sql">
            <summary>"SQL"</summary>
            <SqlView sql file_name />
        </details>
    }
}

async fn rows_of(
    dataset: &Dataset,
    query: &RowsQuery,
    sort: Option<(usize, bool)>,
    page: usize,
) -> Result<Answer, String> {
    let ask = async |sql: String| {
        dataset
            .query(&sql)
            .await
            .map_err(|error| without_sql(&error))
    };
    let totals = ask(query.totals_sql()).await?;
    let rows = ask(query.page_sql(sort, PAGE, page * PAGE)).await?;
    let totals = Totals::read_all(&totals).map_err(|error| error.to_string())?;
    let totals = totals.first();
    Ok(Answer {
        page: TextTable::new(&rows),
        count_rows: totals.map_or(0, |totals| totals.count_rows),
        total: totals.map_or(0.0, |totals| totals.total),
    })
}

/// A page of rows whose headings sort.
#[component]
fn RowsTable(
    page: TextTable,
    sort: ReadSignal<Option<(usize, bool)>>,
    set_sort: WriteSignal<Option<(usize, bool)>>,
    set_page: WriteSignal<usize>,
) -> impl IntoView {
    let table = table_of(&page);
    let numeric: Vec<bool> = table
        .columns
        .iter()
        .map(|column| column.is_number)
        .collect();
    let class = |is_number: bool| if is_number { "number" } else { "" };
    let headings = table
        .columns
        .into_iter()
        .enumerate()
        .map(|(position, column)| {
            let place = position + 1;
            let order = move || match sort.get() {
                Some((sorted, true)) if sorted == place => "descending",
                Some((sorted, false)) if sorted == place => "ascending",
                _ => "none",
            };
            // Figures begin with the largest, words with the first.
            let turn = move |_| {
                set_page.set(0);
                set_sort.update(|sort| {
                    *sort = Some(match *sort {
                        Some((sorted, is_descending)) if sorted == place => (place, !is_descending),
                        _ => (place, column.is_number),
                    });
                });
            };
            let sign = move || match order() {
                "descending" => " ↓",
                "ascending" => " ↑",
                _ => "",
            };
            view! {
                <th scope="col" class=class(column.is_number) aria-sort=order>
                    <button class="heading-button" on:click=turn>
                        {column.name}
                        <span aria-hidden="true">{sign}</span>
                    </button>
                </th>
            }
        });
    let headings = headings.collect_view();
    let body = table.rows.into_iter().map(|row| {
        let cells = row.into_iter().zip(&numeric);
        let cells = cells
            .map(|(cell, is_number)| view! { <td class=class(*is_number)>{cell}</td> })
            .collect_view();
        view! { <tr>{cells}</tr> }
    });
    let body = body.collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Rows behind the mark">
            <table class="data-table" data-testid="rows">
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
