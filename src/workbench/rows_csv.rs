//! All rows of a statement as a CSV file.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::browser::download_csv;
use crate::components::format::count;
use crate::results::csv_parts;
use crate::state::{AllRows, MOST_EXPORTED, Pipeline};

/// A button that saves all rows of a statement, and what came of it.
#[component]
pub fn RowsCsv(
    /// The statement.
    #[prop(into)]
    sql: Signal<String>,
    /// Names the file.
    #[prop(into)]
    file: Signal<String>,
) -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let outcome = RwSignal::new(None::<String>);
    let is_saving = RwSignal::new(false);
    let save = move |_| {
        let Some(dataset) = pipeline.dataset.get_untracked() else {
            return;
        };
        is_saving.set(true);
        outcome.set(Some("Writing the file …".to_owned()));
        spawn_local(async move {
            let rows = dataset.all_rows(&sql.get_untracked()).await;
            // The reader may have gone to another page meanwhile.
            let tell = |words: String| drop(outcome.try_set(Some(words)));
            match rows {
                Ok(rows) => {
                    let name = file
                        .try_get_untracked()
                        .unwrap_or_else(|| "rows.csv".to_owned());
                    download_csv(&name, csv_parts(&rows.batches));
                    tell(saved(&rows));
                }
                Err(message) => tell(format!("The rows could not be saved. {message}")),
            }
            let _ = is_saving.try_set(false);
        });
    };
    view! {
        <span class="label" role="status" data-testid="rows-csv-outcome">
            {outcome}
        </span>
        <button
            class="text-button"
            data-testid="rows-csv"
            title="Save all rows as CSV"
            disabled=move || is_saving.get() || pipeline.dataset.with(Option::is_none)
            on:click=save
        >
            "CSV"
        </button>
    }
}

fn saved(rows: &AllRows) -> String {
    if rows.count > MOST_EXPORTED {
        format!(
            "Saved the first {} of {} rows; a spreadsheet takes no more.",
            count(MOST_EXPORTED),
            count(rows.count)
        )
    } else if rows.count == 1 {
        "Saved 1 row.".to_owned()
    } else {
        format!("Saved all {} rows.", count(rows.count))
    }
}
