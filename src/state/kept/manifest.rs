//! What a kept copy consists of, and whether what comes back is just that.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::parameters::Scenario;

/// Rises with each change of what a copy consists of; copies of another format are not read.
const FORMAT: u32 = 1;

/// Whose copy it is: one scenario's, made by one version of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyKey {
    version: String,
    scenario: String,
}

impl CopyKey {
    /// The key of a scenario; none for a program without a version, as a development build is.
    #[must_use]
    pub fn new(version: &str, scenario: &Scenario) -> Option<Self> {
        (!version.is_empty()).then(|| Self {
            version: version.to_owned(),
            scenario: scenario.to_query(),
        })
    }

    /// Its name in the store.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}{}", Self::beginning(&self.version), self.scenario)
    }

    /// How the names of all copies of a version begin.
    #[must_use]
    pub fn beginning(version: &str) -> String {
        format!("{version}?")
    }

    /// The version of the program.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its name within the copy.
    pub name: String,
    /// Its length as it is stored, which is compressed.
    pub bytes: u64,
    /// Its length when it is unpacked.
    pub unpacked: u64,
    /// XXH3 of what is stored, 32 hexadecimal digits.
    pub checksum: String,
}

impl KeptFile {
    /// Describes a file by what is stored of it.
    #[must_use]
    pub fn of(name: &str, stored: &[u8], unpacked: u64) -> Self {
        Self {
            name: name.to_owned(),
            bytes: stored.len() as u64,
            unpacked,
            checksum: checksum(stored),
        }
    }
}

/// A table whose rows are a file of the same name, an Arrow IPC stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptTable {
    /// Its name with its schema.
    pub relation: String,
    /// Its columns: names and the engine's types.
    pub columns: Vec<(String, String)>,
    /// Its rows.
    pub rows: u64,
}

/// What a copy consists of. A copy without one is no copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyManifest {
    format: u32,
    version: String,
    scenario: String,
    /// Of the dataset that the copy was made of.
    pub fingerprint: String,
    /// Its tables.
    pub tables: Vec<KeptTable>,
    /// Its files, those of its tables among them.
    pub files: Vec<KeptFile>,
}

/// Why a copy can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CopyFault {
    /// Something of it is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// Its manifest was changed or cut.
    #[error("its manifest is damaged")]
    Manifest,
    /// It is of another scenario, version or format.
    #[error("it is another's")]
    Foreign,
    /// A file was changed or cut.
    #[error("{0} is damaged")]
    Damaged(String),
}

impl CopyManifest {
    /// Of a copy without files.
    #[must_use]
    pub fn new(key: &CopyKey, fingerprint: &str) -> Self {
        Self {
            format: FORMAT,
            version: key.version.clone(),
            scenario: key.scenario.clone(),
            fingerprint: fingerprint.to_owned(),
            tables: Vec::new(),
            files: Vec::new(),
        }
    }

    /// As it is stored: behind a checksum of its own.
    #[must_use]
    pub fn sealed(&self) -> String {
        // A struct of texts and numbers is always written.
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{}\n{text}", checksum(text.as_bytes()))
    }

    /// Reads what is stored under `key`.
    ///
    /// # Errors
    /// When it is not whole, or another copy's.
    pub fn open(stored: &str, key: &CopyKey) -> Result<Self, CopyFault> {
        let (sum, text) = stored.split_once('\n').ok_or(CopyFault::Manifest)?;
        if sum != checksum(text.as_bytes()) {
            return Err(CopyFault::Manifest);
        }
        let manifest: Self = serde_json::from_str(text).map_err(|_| CopyFault::Foreign)?;
        let is_own = manifest.format == FORMAT
            && manifest.version == key.version
            && manifest.scenario == key.scenario;
        if is_own {
            Ok(manifest)
        } else {
            Err(CopyFault::Foreign)
        }
    }

    /// Checks what is stored of a file.
    ///
    /// # Errors
    /// When it is none of this copy's, or not to the last bit.
    pub fn check(&self, name: &str, stored: &[u8]) -> Result<&KeptFile, CopyFault> {
        let file = self.file(name)?;
        if file.bytes == stored.len() as u64 && file.checksum == checksum(stored) {
            Ok(file)
        } else {
            Err(CopyFault::Damaged(name.to_owned()))
        }
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// When the copy has none of that name.
    pub fn file(&self, name: &str) -> Result<&KeptFile, CopyFault> {
        let file = self.files.iter().find(|file| file.name == name);
        file.ok_or_else(|| CopyFault::Missing(name.to_owned()))
    }

    /// A table, by its name with its schema.
    #[must_use]
    pub fn table(&self, relation: &str) -> Option<&KeptTable> {
        self.tables.iter().find(|table| table.relation == relation)
    }

    /// Bytes of all files as they are stored.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// XXH3 of some bytes.
fn checksum(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Parameter;

    fn key() -> CopyKey {
        CopyKey::new("0123abcd", &Scenario::default()).unwrap()
    }

    fn copy() -> (CopyManifest, Vec<(String, Vec<u8>)>) {
        let mut manifest = CopyManifest::new(&key(), "00112233aabbccdd");
        let mut files = Vec::new();
        for number in 0..12_u8 {
            let relation = format!("marts.table_{number}");
            let stored: Vec<u8> = (0..200_u8)
                .map(|at| at.wrapping_mul(number.wrapping_add(3)))
                .collect();
            manifest
                .files
                .push(KeptFile::of(&relation, &stored, stored.len() as u64));
            manifest.tables.push(KeptTable {
                relation: relation.clone(),
                columns: vec![("user_id".to_owned(), "BIGINT".to_owned())],
                rows: u64::from(number),
            });
            files.push((relation, stored));
        }
        (manifest, files)
    }

    #[test]
    fn a_link_s_spelling_does_not_matter_and_a_build_without_a_version_keeps_nothing() {
        let spelled = |query: &str| {
            let (scenario, _) = Scenario::from_query(query);
            CopyKey::new("v", &scenario).unwrap().name()
        };
        assert_eq!(
            spelled("?preset=demo&seed=7&page=2"),
            spelled("seed=7&preset=demo")
        );
        assert_ne!(spelled("preset=demo"), spelled("preset=tiny"));
        assert_ne!(spelled("preset=demo&seed=7"), spelled("preset=demo&seed=8"));
        assert_eq!(CopyKey::new("", &Scenario::default()), None);
    }

    #[test]
    fn a_manifest_comes_back_for_its_own_key_alone() {
        let (manifest, _) = copy();
        let sealed = manifest.sealed();
        assert_eq!(CopyManifest::open(&sealed, &key()), Ok(manifest.clone()));
        let other = Scenario::default().with(Parameter::EventsPerUser, 400);
        let others = [
            CopyKey::new("0123abcd", &other),
            CopyKey::new("another", &Scenario::default()),
        ];
        for other in others.into_iter().flatten() {
            assert_eq!(CopyManifest::open(&sealed, &other), Err(CopyFault::Foreign));
        }
        let older = CopyManifest {
            format: FORMAT + 1,
            ..manifest
        };
        assert_eq!(
            CopyManifest::open(&older.sealed(), &key()),
            Err(CopyFault::Foreign)
        );
    }

    /// A generator of its own: the same corruptions on every machine.
    fn next(state: &mut u64) -> usize {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        usize::try_from(*state >> 33).unwrap()
    }

    #[test]
    fn none_of_500_corruptions_is_read() {
        let (manifest, files) = copy();
        let sealed = manifest.sealed();
        let elsewhere = {
            let other = Scenario::default().with(Parameter::EventsPerUser, 400);
            let other = CopyKey::new("0123abcd", &other).unwrap();
            CopyManifest::new(&other, "00112233aabbccdd").sealed()
        };
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut kinds = [0; 8];
        for number in 0..500 {
            let (mut sealed, mut files) = (sealed.clone().into_bytes(), files.clone());
            let kind = number % 8;
            let at = next(&mut state) % files.len();
            let other = (at + 1 + next(&mut state) % (files.len() - 1)) % files.len();
            match kind {
                0 => {
                    let byte = next(&mut state) % files[at].1.len();
                    files[at].1[byte] ^= 1 << (next(&mut state) % 8);
                }
                1 => {
                    let length = next(&mut state) % files[at].1.len();
                    files[at].1.truncate(length);
                }
                2 => {
                    let moved = files[at].1.clone();
                    files[at].1 = std::mem::replace(&mut files[other].1, moved);
                }
                3 => drop(files.remove(at)),
                4 => {
                    let byte = next(&mut state) % sealed.len();
                    sealed[byte] ^= 1 << (next(&mut state) % 8);
                }
                5 => sealed.truncate(next(&mut state) % sealed.len()),
                6 => sealed = elsewhere.clone().into_bytes(),
                _ => files[at].1.push(0),
            }
            kinds[kind] += 1;
            let read = || {
                let text = String::from_utf8(sealed.clone()).map_err(|_| CopyFault::Manifest)?;
                let manifest = CopyManifest::open(&text, &key())?;
                for file in &manifest.files {
                    let stored = files.iter().find(|(name, _)| *name == file.name);
                    let stored = stored.ok_or_else(|| CopyFault::Missing(file.name.clone()))?;
                    manifest.check(&file.name, &stored.1)?;
                }
                Ok::<_, CopyFault>(())
            };
            assert!(
                read().is_err(),
                "corruption {number} of kind {kind} was read"
            );
        }
        assert!(kinds.iter().all(|count| *count > 60));
    }
}
