//! A headline figure with its change and its history.

use leptos::prelude::*;

use super::kpi::Kpi;
use super::sparkline_path::{HEIGHT, WIDTH, sparkline_path};

/// A tile of the strip at a page's top; a skeleton while there is no figure.
#[component]
pub fn KpiTile(
    /// Names the tile in test ids: `kpi-<id>`.
    id: &'static str,
    /// What is measured.
    label: &'static str,
    /// How it is measured, shown on hover.
    #[prop(into)]
    definition: Signal<String>,
    /// The figure, once it is there.
    #[prop(into)]
    kpi: Signal<Option<Kpi>, LocalStorage>,
) -> impl IntoView {
    let body = move || match kpi.get() {
        None => view! {
            <span class="figure">
                <span class="skeleton"></span>
            </span>
            <span class="delta"></span>
            <span class="skeleton sparkline"></span>
        }
        .into_any(),
        Some(kpi) => {
            let path = sparkline_path(&kpi.history, kpi.is_running);
            let delta = kpi.delta.map(|delta| {
                let class = match delta.is_good {
                    None => "",
                    Some(true) => "up",
                    Some(false) => "down",
                };
                view! {
                    <span class=class>{delta.text}</span>
                    " "
                    <span class="against">{delta.against}</span>
                }
            });
            view! {
                <span class="figure" class:few=kpi.is_few title=kpi.full data-value=kpi.raw>
                    {kpi.text}
                    {kpi.unit.map(|unit| view! { <span class="unit">{unit}</span> })}
                </span>
                <span class="delta">
                    {delta}
                    {kpi.note.map(|note| view! { " " <span class="against">{note}</span> })}
                </span>
                // A figure without a history needs no room for one.
                {(!kpi.history.is_empty())
                    .then(|| {
                        view! {
                            <svg
                                class="sparkline"
                                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                                preserveAspectRatio="none"
                                aria-hidden="true"
                            >
                                <path class="area" d=path.area></path>
                                <path class="line" d=path.line></path>
                                <path class="line running" d=path.tail></path>
                            </svg>
                        }
                    })}
            }
            .into_any()
        }
    };
    view! {
        <div class="tile" data-testid=format!("kpi-{id}")>
            <span class="label" title=move || definition.get()>{label}</span>
            {body}
        </div>
    }
}
