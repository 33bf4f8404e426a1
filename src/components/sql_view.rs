//! A statement, in colours, to be copied or kept.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser::{copy_text, download_text};
use super::sql_text::pieces;

/// A statement with its copy and download buttons.
#[component]
pub fn SqlView(
    /// The statement.
    sql: Signal<String>,
    /// Names the file, without its ending.
    file_name: Signal<String>,
) -> impl IntoView {
    const COPY: &str = "Copy";
    let (label, set_label) = signal(COPY);
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = copy_text(&sql.get_untracked()).await;
            set_label.set(if is_copied {
                "Copied"
            } else {
                "Select and copy"
            });
            set_timeout(move || set_label.set(COPY), Duration::from_secs(2));
        });
    };
    let save = move |_| {
        let name = format!("{}.sql", file_name.get_untracked());
        download_text(&name, "application/sql", &sql.get_untracked());
    };
    let text = move || {
        sql.with(|sql| {
            pieces(sql.trim())
                .into_iter()
                .map(|(token, text)| view! { <span class=token.class()>{text.to_owned()}</span> })
                .collect_view()
        })
    };
    view! {
        <div class="sql-tools">
            <button class="text-button" aria-live="polite" on:click=copy>
                {label}
            </button>
            <button class="text-button" on:click=save>
                "Download"
            </button>
        </div>
        <pre class="sql" tabindex="0" data-testid="sql">
            <code>{text}</code>
        </pre>
    }
}
