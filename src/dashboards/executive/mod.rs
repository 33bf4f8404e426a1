//! Executive growth: is the company growing, and what holds it back?

pub mod answers;
pub mod charts;
pub mod drivers;
pub mod queries;
