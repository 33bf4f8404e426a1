//! The driver tree: what the north star depends on.
