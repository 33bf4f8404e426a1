//! Light or dark: the link's word, else the reader's last choice, else the system's.
//!
//! `public/theme.js` applies the first two before the first paint.

use leptos::prelude::*;

use crate::components::browser::follow_media;
use crate::components::theme::ThemeName;
use crate::workbench::page_keys::use_page_keys;

const STORAGE_KEY: &str = "metricflow-theme";

/// What the reader chose; provided as context.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    /// Light or dark, where either was asked for.
    explicit: RwSignal<Option<ThemeName>>,
    /// What the system says.
    is_system_dark: Signal<bool>,
    /// Paper is white.
    pub(super) is_printing: RwSignal<bool>,
}

impl Choice {
    /// Draws in a theme from now on, and remembers it here; the link is the caller's.
    pub(super) fn remember(self, chosen: ThemeName) {
        self.explicit.set(Some(chosen));
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", chosen.key());
        }
        if let Some(storage) = window().local_storage().ok().flatten() {
            // Storage may be forbidden or full; the theme then holds for this page.
            let _ = storage.set_item(STORAGE_KEY, chosen.key());
        }
    }
}

/// Provides the theme in use as `Signal<ThemeName>`.
pub fn provide_theme() {
    let root = document().document_element();
    let given = root.and_then(|root| root.get_attribute("data-theme"));
    let choice = Choice {
        explicit: RwSignal::new(given.as_deref().and_then(ThemeName::from_key)),
        is_system_dark: follow_media("(prefers-color-scheme: dark)"),
        is_printing: RwSignal::new(false),
    };
    let theme = Signal::derive(move || {
        if choice.is_printing.get() {
            return ThemeName::Light;
        }
        let system = if choice.is_system_dark.get() {
            ThemeName::Dark
        } else {
            ThemeName::Light
        };
        choice.explicit.get().unwrap_or(system)
    });
    provide_context(choice);
    provide_context(theme);
}

/// Switches between light and dark, and remembers it here and in the link.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let theme = expect_context::<Signal<ThemeName>>();
    let keys = use_page_keys();
    let switch = move |_| {
        let chosen = theme.get_untracked().other();
        choice.remember(chosen);
        keys.replace(&[("theme", chosen.key())]);
    };
    let label = move || match theme.get() {
        ThemeName::Light => "Dark",
        ThemeName::Dark => "Light",
    };
    view! {
        <button
            class="text-button"
            data-testid="theme-switch"
            aria-label=move || format!("{} theme", label())
            on:click=switch
        >
            {label}
        </button>
    }
}
