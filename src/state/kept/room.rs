//! How much of the device copies may take, and which of them goes first.

/// The share of what the browser grants this site.
const SHARE_OF_QUOTA: u64 = 10;

/// Most bytes of all copies, whatever the browser grants.
const MOST_BYTES: u64 = 512 << 20;

/// Most bytes where the browser says nothing of its quota.
const MOST_BYTES_UNTOLD: u64 = 64 << 20;

/// A copy of another version is not opened again, once nobody has the older page open.
const FORGOTTEN_AFTER_MS: f64 = 7.0 * 24.0 * 3_600_000.0;

/// A copy in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCopy {
    /// Its name, as [`super::CopyKey::name`] gives it.
    pub name: String,
    /// Bytes of its files.
    pub bytes: u64,
    /// When it was last written or opened, in milliseconds since 1970; for the order of going only.
    pub used_ms: f64,
}

/// Bytes that all copies together may take.
#[must_use]
pub fn most_bytes(quota: Option<u64>) -> u64 {
    quota.map_or(MOST_BYTES_UNTOLD, |quota| {
        (quota / SHARE_OF_QUOTA).min(MOST_BYTES)
    })
}

/// The copies to delete before one of `bytes` named `name` is written, so that all take at most `most`;
/// none where it would not fit alone. Copies of other versions go first, then the least recently used.
#[must_use]
pub fn to_delete(
    stored: &[StoredCopy],
    name: &str,
    bytes: u64,
    most: u64,
    now_ms: f64,
) -> Option<Vec<String>> {
    if bytes > most {
        return None;
    }
    let version = |name: &str| name.split('?').next().unwrap_or_default().to_owned();
    let own = version(name);
    let is_own = |copy: &StoredCopy| version(&copy.name) == own;
    let mut others: Vec<&StoredCopy> = stored.iter().filter(|copy| copy.name != name).collect();
    others.sort_by(|one, other| {
        let by_use = one.used_ms.total_cmp(&other.used_ms);
        is_own(one).cmp(&is_own(other)).then(by_use)
    });
    let mut taken = others
        .iter()
        .fold(bytes, |sum, copy| sum.saturating_add(copy.bytes));
    let mut going = Vec::new();
    for copy in others {
        let is_forgotten = !is_own(copy) && now_ms - copy.used_ms > FORGOTTEN_AFTER_MS;
        if taken > most || is_forgotten {
            taken = taken.saturating_sub(copy.bytes);
            going.push(copy.name.clone());
        }
    }
    Some(going)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(name: &str, bytes: u64, used_ms: f64) -> StoredCopy {
        StoredCopy {
            name: name.to_owned(),
            bytes,
            used_ms,
        }
    }

    #[test]
    fn the_least_recently_used_goes_and_other_versions_before_it() {
        let stored = [
            copy("new?a", 30, 50.0),
            copy("new?b", 30, 10.0),
            copy("old?a", 30, 90.0),
        ];
        let going = |bytes, most| to_delete(&stored, "new?c", bytes, most, 100.0);
        assert_eq!(going(10, 100), Some(vec![]));
        assert_eq!(going(20, 100), Some(vec!["old?a".to_owned()]));
        let two = vec!["old?a".to_owned(), "new?b".to_owned()];
        assert_eq!(going(60, 100), Some(two));
        assert_eq!(going(101, 100), None);
        // The copy that is replaced takes no room beside the new one.
        let replaced = to_delete(&stored, "new?a", 40, 100, 100.0);
        assert_eq!(replaced, Some(vec![]));
    }

    #[test]
    fn a_copy_of_another_version_goes_after_a_week() {
        let stored = [copy("new?a", 30, 0.0), copy("old?a", 30, 0.0)];
        let week = 7.0 * 24.0 * 3_600_000.0;
        let going = |now_ms| to_delete(&stored, "new?c", 10, 1_000, now_ms).unwrap();
        assert_eq!(going(week - 1.0), Vec::<String>::new());
        assert_eq!(going(week + 1.0), ["old?a"]);
    }

    #[test]
    fn copies_take_a_tenth_of_the_quota_at_most() {
        assert_eq!(most_bytes(Some(1_000_000)), 100_000);
        assert_eq!(most_bytes(Some(u64::MAX)), 512 << 20);
        assert_eq!(most_bytes(None), 64 << 20);
    }
}
