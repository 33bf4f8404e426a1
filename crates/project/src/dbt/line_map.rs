//! Which line of a model's file a compiled line came from.
//!
//! Each line of the file is marked at its end before it is rendered; a rendered line belongs to
//! the next mark in it or behind it. Marks stand outside of tags only, so the text is the same.

use super::jinja::this;
use super::{Compiler, Model, ProjectError};

/// Around a mark's number; private-use letters, which no model holds.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

impl Compiler {
    /// The line of the model's file, from 1, that each line of [`Compiler::model`] came from.
    ///
    /// # Errors
    /// [`ProjectError::Template`] as for [`Compiler::model`].
    pub fn model_lines(&self, model: &Model) -> Result<Vec<usize>, ProjectError> {
        let marked = marked(&model.raw_sql);
        let (rendered, _) =
            self.renderer()
                .render_untrimmed(&model.path, &marked, &this(&model.relation()))?;
        Ok(lines(&rendered))
    }
}

/// The text with a mark at the end of each line that ends outside of a tag.
fn marked(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + text.len() / 8);
    let mut closing: Option<&str> = None;
    let count = text.lines().count();
    for (index, line) in text.lines().enumerate() {
        let mut rest = line;
        loop {
            match closing {
                Some(end) => match rest.split_once(end) {
                    Some((_, after)) => {
                        rest = after;
                        closing = None;
                    }
                    None => break,
                },
                None => match first_tag(rest) {
                    Some((after, end)) => {
                        rest = after;
                        closing = Some(end);
                    }
                    None => break,
                },
            }
        }
        marked.push_str(line);
        // Behind `-%}` the mark would keep white space that the tag takes away.
        let takes_space = line.trim_end().ends_with("-%}") || line.trim_end().ends_with("-}}");
        let mut below = text.lines().skip(index + 1).map(str::trim_start);
        let next = below.find(|line| !line.is_empty()).unwrap_or_default();
        let is_taken = next.starts_with("{%-") || next.starts_with("{{-");
        if closing.is_none() && !takes_space && !is_taken {
            marked.push_str(&format!("{OPEN}{}{CLOSE}", index + 1));
        }
        if index + 1 < count {
            marked.push('\n');
        }
    }
    marked
}

/// What stands behind the first opening of a tag, and what closes it.
fn first_tag(text: &str) -> Option<(&str, &'static str)> {
    [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
        .into_iter()
        .filter_map(|(open, close)| text.find(open).map(|at| (at, &text[at + 2..], close)))
        .min_by_key(|(at, _, _)| *at)
        .map(|(_, rest, close)| (rest, close))
}

/// The source line of each line of a marked rendering, whose outer white space is trimmed.
fn lines(rendered: &str) -> Vec<usize> {
    let mut of_lines: Vec<(bool, Option<usize>)> = rendered
        .split('\n')
        .map(|line| {
            let number = line
                .split_once(OPEN)
                .and_then(|(_, rest)| rest.split_once(CLOSE))
                .and_then(|(number, _)| number.parse().ok());
            (without_marks(line).trim().is_empty(), number)
        })
        .collect();
    let mut next = None;
    for (_, number) in of_lines.iter_mut().rev() {
        next = number.or(next);
        *number = next;
    }
    let last = of_lines.iter().filter_map(|(_, number)| *number).max();
    let filled = of_lines.iter().rposition(|(is_blank, _)| !is_blank);
    of_lines
        .iter()
        .take(filled.map_or(0, |at| at + 1))
        .skip_while(|(is_blank, _)| *is_blank)
        .map(|(_, number)| number.or(last).unwrap_or(1))
        .collect()
}

fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        plain.push_str(before);
        rest = after.split_once(CLOSE).map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendered_line_belongs_to_the_next_mark() {
        let text = "{{ config(\n    materialized='table'\n) }}\n\nselect\n    {{ many }}\nfrom a";
        let marked = marked(text);
        assert_eq!(without_marks(&marked), text);
        // Rendered by hand: the configuration leaves nothing, `many` becomes two lines.
        let tag = "{{ config(\n    materialized='table'\n) }}";
        let rendered = marked
            .replace(tag, "")
            .replace("{{ many }}", "one,\n    two");
        assert_eq!(lines(&rendered), [5, 6, 6, 7]);
    }
}
