//! The dbt project in `sql/`: read and checked when the program is built, compiled to plain SQL
//! while it runs.
//!
//! `build.rs` reads the project and stops the build when it is broken; the program starts from the
//! manifest it wrote, since a YAML parser has no place in the page.

mod dbt;

pub use dbt::*;

impl Manifest {
    /// The project this program was built with.
    ///
    /// # Errors
    /// When the manifest that `build.rs` wrote can't be read, which no built program should show.
    pub fn embedded() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/manifest.json")))
    }
}

/// What the project's YAML files say of metrics, as one JSON object by their paths.
#[must_use]
pub const fn declared_metrics() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/metrics.json"))
}
