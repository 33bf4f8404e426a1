//! `docs/dashboards.md` lists exactly the panels that the pages declare.
//!
//! `UPDATE_DOCS=1 cargo test --test dashboards_doc` writes it anew.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::fmt::Write as _;

use metricflow::dashboards::pages::Page;
use metricflow::dashboards::spec::{Acts, PanelSpec};
use metricflow::state::filters::Dimension;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dashboards.md");

const HEAD: &str = "# The panels of the six dashboards

What each panel declares in `src/dashboards/<page>/panels/`; `tests/dashboards_doc.rs` writes and checks this list. A panel’s test id is
`panel-` and its id; its statement, table, CSV and full screen are behind its buttons. Filters: range (R), plan (P), channel (C), country (L),
company size (S), segment (G); B: set against the period before, where the reader compares. A filter that is set and does not act is said
below the panel, and so is which plan a plan filter goes by. How a page is chosen to look stands in the link: `docs/decisions/0100-compare-and-notes.md`.
";

fn filters(panel: &PanelSpec) -> String {
    let letters = [
        (Acts::Days, "R"),
        (Acts::On(Dimension::Plan), "P"),
        (Acts::On(Dimension::Channel), "C"),
        (Acts::On(Dimension::Country), "L"),
        (Acts::On(Dimension::Size), "S"),
        (Acts::On(Dimension::Segment), "G"),
        (Acts::Compare, "B"),
    ];
    let acting = letters.iter().filter(|(act, _)| panel.acts.contains(act));
    let letters: Vec<&str> = acting.map(|(_, letter)| *letter).collect();
    letters.join(" ")
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

fn document() -> String {
    let mut document = HEAD.to_owned();
    for page in Page::ALL {
        let head =
            "| test id | question | chart | model | filters | plan | click | rows behind a mark |";
        write!(
            document,
            "\n## {}\n\n{head}\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
            page.title()
        )
        .unwrap();
        for panel in page.panels() {
            writeln!(
                document,
                "| `panel-{}` | {} | {} | {} | {} | {} | {} | {} |",
                panel.id,
                panel.title,
                panel.form,
                panel.model,
                filters(panel),
                or_dash(panel.plan.words()),
                or_dash(panel.click),
                or_dash(panel.rows),
            )
            .unwrap();
        }
    }
    document
}

#[test]
fn the_list_of_panels_is_true() {
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PATH, &document).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap();
    assert_eq!(
        written, document,
        "docs/dashboards.md is out of date; UPDATE_DOCS=1 writes it anew"
    );
}
