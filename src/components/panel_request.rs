//! What is asked of a panel from elsewhere on the page, such as the palette.

use leptos::prelude::*;

/// What a panel is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelRequest {
    /// Come into sight and take the keyboard.
    Show,
    /// Save its figures.
    Csv,
    /// Save its picture.
    Png,
}

/// The one request under way, and what became of it; provided as context by who asks.
#[derive(Clone, Copy)]
pub struct PanelRequests {
    asked: RwSignal<Option<(&'static str, PanelRequest)>>,
    /// Called with a sentence when a request could not be met.
    tell: Callback<String>,
}

impl PanelRequests {
    /// No request yet; `tell` is called with a sentence when one can't be met.
    #[must_use]
    pub fn new(tell: Callback<String>) -> Self {
        Self {
            asked: RwSignal::new(None),
            tell,
        }
    }

    /// Asks the panel called `id`, as soon as it is on the page and has its rows.
    pub fn ask(self, id: &'static str, request: PanelRequest) {
        self.asked.set(Some((id, request)));
    }

    /// What the panel called `id` is asked for, followed.
    pub(super) fn of(self, id: &str) -> Option<PanelRequest> {
        let (name, request) = self.asked.get()?;
        (name == id).then_some(request)
    }

    /// The request is met.
    pub(super) fn done(self) {
        self.asked.set(None);
    }

    /// Tells the reader why a request can't be met.
    pub(super) fn tell(self, why: String) {
        self.tell.run(why);
    }
}
