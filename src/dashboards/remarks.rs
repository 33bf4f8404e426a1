//! Remarks under charts.

/// Remarks as one; `None` without any.
#[must_use]
pub fn joined<const N: usize>(remarks: [Option<String>; N]) -> Option<String> {
    let told: Vec<String> = remarks.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}
