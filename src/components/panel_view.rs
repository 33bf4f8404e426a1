//! How a panel is opened: as the URL spells it.

/// What of a panel is open over the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PanelView {
    /// The panel alone, as large as the window.
    Full,
    /// The statement behind it.
    Sql,
    /// The rows behind one of its marks, by the mark's key.
    Rows(String),
}

impl PanelView {
    /// The view of a panel as text: `mrr`, `mrr.sql`, `mrr.rows.2025-12`.
    #[must_use]
    pub fn to_key(&self, panel: &str) -> String {
        match self {
            Self::Full => panel.to_owned(),
            Self::Sql => format!("{panel}.sql"),
            Self::Rows(mark) => format!("{panel}.rows.{mark}"),
        }
    }

    /// Reads such a text; `None` when it speaks of another panel or says nothing known.
    #[must_use]
    pub fn of_panel(panel: &str, key: &str) -> Option<Self> {
        match key.strip_prefix(panel)? {
            "" => Some(Self::Full),
            ".sql" => Some(Self::Sql),
            rest => Some(Self::Rows(rest.strip_prefix(".rows.")?.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_reads_back_from_its_key() {
        for view in [
            PanelView::Full,
            PanelView::Sql,
            PanelView::Rows("2025-12.churn".to_owned()),
        ] {
            assert_eq!(PanelView::of_panel("mrr", &view.to_key("mrr")), Some(view));
        }
        assert_eq!(PanelView::of_panel("mrr", "mrr-by-plan"), None);
        assert_eq!(PanelView::of_panel("mrr", "arr"), None);
    }
}
