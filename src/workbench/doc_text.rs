//! A description from the project's YAML: paragraphs, `code`, **strong**, *stress*, lists and links.
//!
//! dbt shows descriptions as Markdown; this is the part of it that ours use. Links are shown as
//! text: the page never leads elsewhere.

/// A part of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list without order.
    List(Vec<Vec<Span>>),
}

/// A run of letters of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Plain.
    Text(String),
    /// Code.
    Code(String),
    /// Strong.
    Strong(String),
    /// Stressed.
    Stress(String),
}

/// Parses a description.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    let mut list: Vec<Vec<Span>> = Vec::new();
    for line in text.lines().chain([""]) {
        let line = line.trim();
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        if (line.is_empty() || item.is_some()) && !paragraph.is_empty() {
            blocks.push(Block::Paragraph(spans(&std::mem::take(&mut paragraph))));
        }
        if item.is_none() && !list.is_empty() {
            blocks.push(Block::List(std::mem::take(&mut list)));
        }
        match item {
            Some(item) => list.push(spans(item)),
            None if line.is_empty() => {}
            None => {
                if !paragraph.is_empty() {
                    paragraph.push(' ');
                }
                paragraph.push_str(line);
            }
        }
    }
    if !list.is_empty() {
        blocks.push(Block::List(list));
    }
    blocks
}

/// The first sentence, plain.
#[must_use]
pub fn first_sentence(text: &str) -> String {
    let text = text.trim();
    let end = text
        .match_indices(". ")
        .map(|(at, _)| at + 1)
        .next()
        .unwrap_or(text.len());
    text[..end]
        .replace('`', "")
        .replace('\n', " ")
        .trim()
        .to_owned()
}

fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let marks = [("`", "`"), ("**", "**"), ("[", "]("), ("*", "*")];
        let next = marks
            .iter()
            .enumerate()
            .filter_map(|(kind, (open, close))| {
                let at = rest.find(open)?;
                let inside = &rest[at + open.len()..];
                let end = inside.find(close).filter(|&end| end > 0)?;
                Some((at, kind, &inside[..end], &inside[end + close.len()..]))
            })
            .min_by_key(|(at, kind, _, _)| (*at, *kind));
        let Some((at, kind, inside, after)) = next else {
            spans.push(Span::Text(rest.to_owned()));
            break;
        };
        if at > 0 {
            spans.push(Span::Text(rest[..at].to_owned()));
        }
        spans.push(match kind {
            0 => Span::Code(inside.to_owned()),
            1 => Span::Strong(inside.to_owned()),
            2 => Span::Text(inside.to_owned()),
            _ => Span::Stress(inside.to_owned()),
        });
        rest = if kind == 2 {
            after.split_once(')').map_or("", |(_, behind)| behind)
        } else {
            after
        };
    }
    spans
}

#[cfg(target_arch = "wasm32")]
pub use shown::DocText;

/// Descriptions as elements.
#[cfg(target_arch = "wasm32")]
pub mod shown {
    use leptos::prelude::*;

    use super::{Block, Span, blocks};

    /// A description, drawn from elements.
    #[component]
    pub fn DocText(
        /// The description's source.
        #[prop(into)]
        text: String,
    ) -> impl IntoView {
        let spans = |spans: Vec<Span>| {
            spans
                .into_iter()
                .map(|span| match span {
                    Span::Text(text) => text.into_any(),
                    Span::Code(text) => view! { <code>{text}</code> }.into_any(),
                    Span::Strong(text) => view! { <strong>{text}</strong> }.into_any(),
                    Span::Stress(text) => view! { <em>{text}</em> }.into_any(),
                })
                .collect_view()
        };
        let blocks = blocks(&text)
            .into_iter()
            .map(|block| match block {
                Block::Paragraph(text) => view! { <p>{spans(text)}</p> }.into_any(),
                Block::List(items) => {
                    let items = items
                        .into_iter()
                        .map(|item| view! { <li>{spans(item)}</li> });
                    view! { <ul>{items.collect_view()}</ul> }.into_any()
                }
            })
            .collect_view();
        view! { <div class="doc-text">{blocks}</div> }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Span {
        Span::Text(text.to_owned())
    }

    #[test]
    fn what_our_descriptions_use_is_understood() {
        let parsed =
            blocks("One row a `month`.\nSee\n\n- **all**, *none*\n- [record](docs/x.md) 2 * 3\n");
        assert_eq!(
            parsed,
            [
                Block::Paragraph(vec![
                    text("One row a "),
                    Span::Code("month".to_owned()),
                    text(". See")
                ]),
                Block::List(vec![
                    vec![
                        Span::Strong("all".to_owned()),
                        text(", "),
                        Span::Stress("none".to_owned())
                    ],
                    vec![text("record"), text(" 2 * 3")],
                ]),
            ]
        );
    }

    #[test]
    fn the_first_sentence_ends_at_its_point() {
        assert_eq!(
            first_sentence("One row per `user`. Typed."),
            "One row per user."
        );
        assert_eq!(first_sentence("All"), "All");
        assert_eq!(blocks(""), []);
    }
}
