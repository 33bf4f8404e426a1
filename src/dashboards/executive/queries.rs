//! What the page asks the modelled warehouse.
