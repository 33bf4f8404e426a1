//! What segments are found in.

use crate::{Frame, Input, LearnError};

/// The families of events, in the order of the feature columns: column of the query, and what the
/// family is called in a profile.
pub const FAMILIES: [(&str, &str); 4] = [
    ("exploring", "clicks and searches"),
    ("collaborating", "comments, invites and files"),
    ("automating", "API, alert and integration use"),
    ("analysing", "dashboards, reports and exports"),
];

/// One row a user who ever did anything: events of each family, and all events. Page views and
/// settings count in no family: everybody has them alike.
pub(super) const USERS: Input = Input::of("users", include_str!("features.sql"));

/// Planted personas, for the score alone.
pub(super) const PERSONAS: Input = Input::of("personas", include_str!("personas.sql"));

/// Number of factors.
pub(super) const FACTORS: usize = FAMILIES.len();
/// A user's place among the factors.
pub(super) type Point = [f64; FACTORS];

/// Users and what each did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// Users, in rising order.
    pub user_ids: Vec<i64>,
    /// Events of each of [`FAMILIES`]: one row a user.
    pub family_events: Vec<[f64; FAMILIES.len()]>,
    /// All events of each user.
    pub events: Vec<f64>,
}

impl Features {
    /// Reads the rows of the query.
    ///
    /// # Errors
    /// [`LearnError`] when a column or a value is missing.
    pub fn read(frame: &Frame) -> Result<Self, LearnError> {
        let mut features = Self {
            user_ids: frame
                .required("user_id")?
                .iter()
                .map(|&id| id as i64)
                .collect(),
            family_events: vec![[0.0; FAMILIES.len()]; frame.rows()],
            events: frame.required("events")?.to_vec(),
        };
        for (family, (column, _)) in FAMILIES.iter().enumerate() {
            let counts = frame.required(column)?;
            for (row, &count) in features.family_events.iter_mut().zip(counts) {
                row[family] = count;
            }
        }
        Ok(features)
    }
}
