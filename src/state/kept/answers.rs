//! Answers to the statements that pages asked, so that the next visit draws before the engine is there: one
//! file, an index and the answers behind it, each an Arrow IPC file as the engine gave it.

use std::collections::BTreeMap;

/// Bytes of the number that the file begins with: the length of its index.
const LENGTH_BYTES: usize = 8;

/// An answer of more bytes is not kept: its statement is asked again.
pub const LONGEST_ANSWER: usize = 256 << 10;

/// Bytes of all answers.
pub const MOST_ANSWERS: usize = 12 << 20;

/// Answers by their statement.
#[derive(Debug, Default)]
pub struct Answers {
    bytes: Vec<u8>,
    /// Where each begins and ends.
    places: BTreeMap<String, (usize, usize)>,
}

impl Answers {
    /// Reads a file of answers; none where it is not one.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let (length, _) = bytes.split_first_chunk::<LENGTH_BYTES>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let mut at = LENGTH_BYTES.checked_add(length)?;
        let index = bytes.get(LENGTH_BYTES..at)?;
        let index: Vec<(String, usize)> = serde_json::from_slice(index).ok()?;
        let mut places = BTreeMap::new();
        for (statement, length) in index {
            let end = at.checked_add(length)?;
            places.insert(statement, (at, end));
            at = end;
        }
        (at == bytes.len()).then_some(Self { bytes, places })
    }

    /// The answer to a statement.
    #[must_use]
    pub fn of(&self, statement: &str) -> Option<&[u8]> {
        let (begin, end) = *self.places.get(statement)?;
        self.bytes.get(begin..end)
    }

    /// The statements that are answered.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }
}

/// A file of answers.
#[must_use]
pub fn file_of(answers: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let index: Vec<(&str, usize)> = answers
        .iter()
        .map(|(statement, answer)| (statement.as_str(), answer.len()))
        .collect();
    // Texts and numbers are always written.
    let index = serde_json::to_vec(&index).unwrap_or_default();
    let mut bytes = (index.len() as u64).to_le_bytes().to_vec();
    bytes.extend(index);
    answers.values().for_each(|answer| bytes.extend(answer));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_by_their_statement() {
        let answers = BTreeMap::from([
            ("select 1".to_owned(), vec![1, 2, 3]),
            ("select ‘ä’".to_owned(), Vec::new()),
        ]);
        let read = Answers::read(file_of(&answers)).unwrap();
        assert_eq!(read.of("select 1"), Some(&[1, 2, 3][..]));
        assert_eq!(read.of("select ‘ä’"), Some(&[][..]));
        assert_eq!(read.of("select 2"), None);
        assert_eq!(read.statements().count(), 2);
        assert!(Answers::read(file_of(&BTreeMap::new())).is_some());
    }

    #[test]
    fn what_is_no_file_of_answers_is_none() {
        let file = file_of(&BTreeMap::from([("select 1".to_owned(), vec![1, 2, 3])]));
        for length in 0..file.len() {
            assert!(Answers::read(file[..length].to_vec()).is_none(), "{length}");
        }
        let mut longer = file.clone();
        longer.push(0);
        assert!(Answers::read(longer).is_none());
        let mut huge = file;
        huge[..LENGTH_BYTES].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(Answers::read(huge).is_none());
    }
}
