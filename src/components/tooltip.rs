//! What a tooltip says; the chart binding turns it into nodes.

/// A compact table beside a mark.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tooltip {
    /// The mark's own name: a month, a channel.
    pub heading: String,
    /// One line a figure.
    pub lines: Vec<TooltipLine>,
    /// A remark under the figures ("incomplete month"); may be empty.
    pub remark: String,
}

/// One figure of a tooltip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooltipLine {
    /// Colour of the mark it belongs to, if any.
    pub colour: Option<&'static str>,
    /// What the figure is.
    pub name: String,
    /// The figure, written out.
    pub value: String,
    /// Whether it sums up the lines above.
    pub is_total: bool,
}

impl Tooltip {
    /// An empty table under `heading`.
    #[must_use]
    pub fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            ..Self::default()
        }
    }

    /// Adds a figure that belongs to a mark.
    #[must_use]
    pub fn mark(
        mut self,
        colour: &'static str,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.push(Some(colour), name.into(), value.into(), false);
        self
    }

    /// Adds a figure without a mark.
    #[must_use]
    pub fn line(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.push(None, name.into(), value.into(), false);
        self
    }

    /// Adds a sum of the lines above.
    #[must_use]
    pub fn total(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.push(None, name.into(), value.into(), true);
        self
    }

    /// Adds a remark; the last one given stands.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }

    fn push(&mut self, colour: Option<&'static str>, name: String, value: String, is_total: bool) {
        self.lines.push(TooltipLine {
            colour,
            name,
            value,
            is_total,
        });
    }
}
