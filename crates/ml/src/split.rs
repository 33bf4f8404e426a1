//! On which side of a split a user or a row is.

/// A number below 1000 that depends on the user and the seed only, so that a user stays on one side
/// whatever else there is.
///
/// # Source
/// SplitMix64's finaliser (Steele, Lea & Flood, 2014).
pub(super) fn split_bucket(user: i64, seed: u64) -> u64 {
    let mut hash = (user as u64) ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (hash ^ (hash >> 31)) % 1_000
}

/// Whether each of so many rows is one of some.
pub(super) fn are_among(count: usize, rows: &[usize]) -> Vec<bool> {
    let mut are_among = vec![false; count];
    for &row in rows {
        are_among[row] = true;
    }
    are_among
}

/// The name of the part that each of so many rows is in; empty for none.
pub(super) fn part_names(count: usize, parts: &[(&'static str, &[usize])]) -> Vec<&'static str> {
    let mut names = vec![""; count];
    for (name, rows) in parts {
        for &row in *rows {
            names[row] = name;
        }
    }
    names
}
