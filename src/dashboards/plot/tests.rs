//! What follows from what a panel says.
