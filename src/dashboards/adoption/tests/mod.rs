//! What the page says of a handful, and of nothing.

mod handful;
mod nothing;
