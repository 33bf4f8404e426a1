//! The page's sentences where there is little or nothing to say.

mod handful;
mod nothing;
