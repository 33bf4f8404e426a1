//! What is open over the page, and the remark at its foot.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::panel_request::PanelRequests;

/// How long a remark stays.
const REMARK_STAYS: Duration = Duration::from_secs(4);

/// What is open over the page, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The command palette.
    Palette,
    /// The list of shortcuts.
    Shortcuts,
    /// What the link holds.
    Share,
}

/// The frame's own state; provided as context, copied freely.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// What is open over the page.
    pub(super) over: RwSignal<Option<Over>>,
    /// A remark at the foot of the window, gone after a while.
    pub(super) remark: RwSignal<Option<String>>,
    /// What is asked of panels.
    pub(super) requests: PanelRequests,
}

impl Frame {
    /// Provides it as context, and what is asked of panels besides.
    pub(super) fn provide() -> Self {
        let remark = RwSignal::new(None::<String>);
        let tell = Callback::new(move |words: String| {
            remark.set(Some(words.clone()));
            let is_same = move |shown: &Option<String>| shown.as_ref() == Some(&words);
            set_timeout(
                move || {
                    if remark.with_untracked(is_same) {
                        remark.set(None);
                    }
                },
                REMARK_STAYS,
            );
        });
        let frame = Self {
            over: RwSignal::new(None),
            remark,
            requests: PanelRequests::new(tell),
        };
        provide_context(frame);
        provide_context(frame.requests);
        frame
    }

    /// Closes what is open over the page.
    pub(super) fn close(self) {
        self.over.set(None);
    }
}
