//! Stage 1, **parameters**: the [`Scenario`] that alone determines every row.
//!
//! Each [`Parameter`] is declared once, in [`PARAMETERS`], with its key, label, unit, range,
//! default and help; the form, the URL, the validation and the documents all read that one table.
//! Values are whole numbers of the parameter's smallest step, so two equal scenarios are equal
//! bit for bit and have one text form.

mod declaration;
mod kind;
mod notice;
mod preset;
mod query;
mod scenario;

pub use declaration::{CHANNELS, PARAMETERS, Parameter, Specification};
pub use kind::{Group, Kind, Unit};
pub use notice::{Notice, Reason};
pub use preset::Preset;
pub use query::{MOST_USERS, PAGE_KEYS, SHARED_KEYS};
pub use scenario::{Scenario, TrialType};
