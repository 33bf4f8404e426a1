//! Runs the flow for the scenario in the URL.

use std::rc::Rc;

use arrow_array::RecordBatch;
use leptos::prelude::*;

use super::Status;
use crate::parameters::{Notice, Scenario};
use crate::warehouse::WarehouseError;

/// The last complete result: a modelled warehouse and what it was made from.
#[derive(Clone, PartialEq)]
pub struct Dataset {
    /// The run that made it.
    pub revision: u64,
    /// What it was made from.
    pub scenario: Rc<Scenario>,
    /// Hash of all raw rows, 16 hexadecimal digits.
    pub fingerprint: Rc<str>,
}

impl Dataset {
    /// Runs a read-only statement on the modelled warehouse.
    ///
    /// # Errors
    /// As [`crate::warehouse::Warehouse::query`].
    pub async fn query(&self, _sql: &str) -> Result<Vec<RecordBatch>, WarehouseError> {
        Err(WarehouseError::Cancelled)
    }
}

/// Handle on the one pipeline of the page; copied freely, provided as context.
#[derive(Clone, Copy)]
pub struct Pipeline {
    /// The scenario of the URL.
    pub scenario: Signal<Scenario>,
    /// What could not be used of the URL.
    pub notices: Signal<Vec<Notice>>,
    /// How far the current run has come.
    pub status: ReadSignal<Status>,
    /// The last complete result; older than `scenario` while a run is under way.
    pub dataset: ReadSignal<Option<Dataset>, LocalStorage>,
}

impl Pipeline {
    /// Writes a scenario to the URL, which starts a run; the caller debounces.
    pub fn set_scenario(self, _scenario: &Scenario) {}

    /// Cancels the run under way; the last complete dataset stays.
    pub fn cancel(self) {}

    /// Runs the current scenario again from scratch, with new workers.
    pub fn restart(self) {}
}
