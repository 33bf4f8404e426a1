//! Data tests that fail after an edit, in words.

use crate::components::format::count;

/// How many tests fail and of which models: the head of the page counts this model's alone.
#[must_use]
pub fn failing_words(nodes: &[Option<String>], name: &str) -> String {
    let verb = if nodes.len() == 1 {
        "1 data test fails now".to_owned()
    } else {
        format!("{} data tests fail now", count(nodes.len() as u64))
    };
    let own = nodes
        .iter()
        .filter(|node| node.as_deref() == Some(name))
        .count();
    let mut others: Vec<&str> = nodes
        .iter()
        .filter_map(Option::as_deref)
        .filter(|node| *node != name)
        .collect();
    others.sort_unstable();
    others.dedup();
    let of_project = nodes.iter().filter(|node| node.is_none()).count();
    let mut whose = Vec::new();
    if own > 0 {
        whose.push(format!("{} of this model", count(own as u64)));
    }
    if !others.is_empty() {
        whose.push(format!("on {}", others.join(", ")));
    }
    if of_project > 0 {
        whose.push(format!("{} of the project", count(of_project as u64)));
    }
    format!("{verb}: {}", whose.join("; "))
}

#[cfg(test)]
mod tests {
    use super::failing_words;

    #[test]
    fn words_say_whose_tests_fail() {
        let node = |name: &str| Some(name.to_owned());
        assert_eq!(
            failing_words(&[node("fct_mrr")], "fct_mrr"),
            "1 data test fails now: 1 of this model"
        );
        let nodes = [node("dim_users"), node("fct_mrr"), None, node("dim_users")];
        assert_eq!(
            failing_words(&nodes, "fct_mrr"),
            "4 data tests fail now: 1 of this model; on dim_users; 1 of the project"
        );
        assert_eq!(
            failing_words(&[node("b"), node("a")], "fct_mrr"),
            "2 data tests fail now: on a, b"
        );
    }
}
