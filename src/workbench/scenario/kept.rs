//! What is kept on this device, so that the next visit opens at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::format::{bytes, counted};
use crate::state::Pipeline;

/// The switch, the size and a button to delete.
#[component]
pub fn KeptView() -> impl IntoView {
    let pipeline = expect_context::<Pipeline>();
    let keeping = pipeline.keeper.keeping;
    spawn_local(pipeline.keeper.measure_copies());
    let size = move || {
        keeping.with(|keeping| {
            if keeping.is_refused {
                "This browser keeps nothing for this page, so every visit makes its data anew.".to_owned()
            } else if keeping.copies == 0 {
                "Nothing is kept yet. Results are kept once data tests and models that learn are done.".to_owned()
            } else {
                format!(
                    "{} kept, {}. Nothing leaves this device.",
                    counted(keeping.copies as u64, "scenario"),
                    bytes(keeping.bytes)
                )
            }
        })
    };
    let is_empty = Memo::new(move |_| keeping.with(|keeping| keeping.copies == 0));
    view! {
        <section data-testid="kept" aria-label="Kept on this device">
            <h2>"Next visit"</h2>
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="keep-results"
                    prop:checked=move || keeping.with(|keeping| keeping.is_on)
                    on:change=move |event| pipeline.keeper.set_keeping(event_target_checked(&event))
                />
                <span>"Keep results on this device"</span>
            </label>
            <p class="estimate" data-testid="kept-size">
                {size}
            </p>
            <div class="row">
                <button
                    class="button"
                    data-testid="delete-kept"
                    disabled=move || is_empty.get()
                    on:click=move |_| pipeline.keeper.delete_copies()
                >
                    "Delete"
                </button>
            </div>
        </section>
    }
}
