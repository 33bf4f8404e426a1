//! Rows of a statement as they lie in the warehouse.

use leptos::prelude::*;

use crate::components::error_panel::ErrorPanel;
use crate::components::newest::use_newest;
use crate::components::sortable_table::SortableTable;
use crate::components::table::{Table, TableColumn};
use crate::results::{ColumnKind, TextTable, without_sql};
use crate::state::Pipeline;
use crate::workbench::rows_csv::RowsCsv;

/// Runs a statement on the dataset that is shown, and shows what it returns.
#[component]
pub fn RowsView(
    /// The statement whose rows are shown.
    #[prop(into)]
    sql: Signal<String>,
    /// The statement whose rows the file holds: the same without its limit.
    #[prop(into)]
    every: Signal<String>,
    /// Names the CSV file and the test id.
    #[prop(into)]
    name: String,
    /// What the rows are, for those who don't see them, and above them.
    #[prop(into)]
    label: String,
    /// What is said when there is none.
    empty: &'static str,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let answer = use_newest(move || {
        let (dataset, sql) = (pipeline.dataset.get(), sql.get());
        async move {
            let answer = dataset?.query(&sql).await;
            Some(
                answer
                    .map(|batches| TextTable::new(&batches))
                    .map_err(|error| without_sql(&error)),
            )
        }
    });
    let file = Signal::stored(format!("{name}.csv"));
    let content = move || match answer.get() {
        None => match pipeline.why_no_data() {
            Some(why) => view! { <p class="empty">{why}</p> }.into_any(),
            None => view! { <span class="skeleton rows"></span> }.into_any(),
        },
        Some(Err(message)) => view! {
            <ErrorPanel
                what="These rows could not be loaded."
                message
                advice="The rest of the page still works."
            />
        }
        .into_any(),
        Some(Ok(text)) if text.rows.is_empty() => view! { <p class="empty">{empty}</p> }.into_any(),
        Some(Ok(text)) => {
            let table = shown(&text);
            view! {
                <div class="rows-head">
                    <span class="label">{label.clone()}</span>
                    <RowsCsv sql=every file />
                </div>
                <SortableTable table label=label.clone() />
            }
            .into_any()
        }
    };
    view! { <div class="rows-view" data-testid=format!("rows-{name}")>{content}</div> }
}

fn shown(text: &TextTable) -> Table {
    let columns = text.columns.iter().map(|column| TableColumn {
        name: column.name.clone(),
        is_number: column.kind == ColumnKind::Number,
    });
    let rows = text.rows.iter().map(|row| {
        let cells = row.iter().map(|cell| cell.clone().unwrap_or_default());
        cells.collect()
    });
    Table {
        columns: columns.collect(),
        rows: rows.collect(),
    }
}
