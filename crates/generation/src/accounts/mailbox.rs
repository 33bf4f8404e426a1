//! Addresses that no two people share, without a number from the data in them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use xxhash_rust::xxh3::xxh3_64;

use crate::names::{FullName, push_ascii};
use crate::random::Stream;

/// Domains of private addresses: reserved, so that nobody's mail is there.
///
/// # Source
/// RFC 2606 and docs/decisions/0126-reserved-addresses.md
const CONSUMER_DOMAINS: [&str; 8] = [
    "example.com",
    "example.net",
    "example.org",
    "mail.example",
    "inbox.example",
    "post.example",
    "webmail.example",
    "letters.example",
];
/// What may stand between the words of a private address.
const SEPARATORS: [char; 3] = ['.', '_', '-'];
/// Names that are drawn before a middle initial tells people apart.
const DRAWS: usize = 24;

/// How a company writes the part before the `@`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Style {
    /// `anna.weber`
    Full,
    /// `aweber`
    Initial,
    /// `anna_weber`
    Underscore,
    /// `anna`
    Given,
}

impl Style {
    pub(super) fn draw(stream: &mut Stream) -> Self {
        const STYLES: [Style; 4] = [Style::Full, Style::Initial, Style::Underscore, Style::Given];
        STYLES[stream.pick(&[0.55, 0.22, 0.08, 0.15])]
    }

    fn write(self, name: &FullName, text: &mut String) {
        push_ascii(text, name.given);
        match self {
            Self::Full => text.push('.'),
            Self::Initial => text.truncate(1),
            Self::Underscore => text.push('_'),
            Self::Given => return,
        }
        push_ascii(text, &name.family);
    }

    /// Draws somebody whose address nobody in the company has, and writes the address.
    pub(super) fn address(
        self,
        draw: &mut impl FnMut() -> FullName,
        domain: &str,
        taken: &mut Vec<String>,
        email: &mut String,
    ) -> FullName {
        let (name, local) = distinct(draw, self, |local| {
            let is_new = taken.iter().all(|other| other != local);
            if is_new {
                taken.push(local.to_owned());
            }
            is_new
        });
        email.push_str(&local);
        email.push('@');
        email.push_str(domain);
        name
    }
}

/// Draws people until `admit` takes the part before the `@`.
fn distinct(
    draw: &mut impl FnMut() -> FullName,
    style: Style,
    mut admit: impl FnMut(&str) -> bool,
) -> (FullName, String) {
    let mut local = String::new();
    let mut name = draw();
    for _ in 0..DRAWS {
        local.clear();
        style.write(&name, &mut local);
        if admit(&local) {
            return (name, local);
        }
        name = draw();
    }
    // Initials never run out: a block has fewer people than there are pairs of them.
    let mut initials = 0_u32;
    loop {
        local.clear();
        style.write(&name, &mut local);
        local.push('.');
        let mut rest = initials;
        loop {
            local.push(char::from(b'a' + (rest % 26) as u8));
            rest /= 26;
            if rest == 0 {
                break;
            }
        }
        if admit(&local) {
            return (name, local);
        }
        initials += 1;
    }
}

/// Private addresses of one block.
#[derive(Debug)]
pub(super) struct Consumers {
    block: u64,
    taken: BTreeSet<String>,
}

impl Consumers {
    pub(super) const fn new(block: u64) -> Self {
        Self {
            block,
            taken: BTreeSet::new(),
        }
    }

    /// Draws somebody whose address nobody has, and writes the address.
    ///
    /// Within a block no two people have the same local part. The same local part in other
    /// blocks has another domain or separator, and a number once all of these are taken.
    pub(super) fn address(
        &mut self,
        draw: &mut impl FnMut() -> FullName,
        email: &mut String,
    ) -> FullName {
        let (name, local) = distinct(draw, Style::Full, |local| {
            self.taken.insert(local.to_owned())
        });
        let kinds = (CONSUMER_DOMAINS.len() * SEPARATORS.len()) as u64;
        let kind = ((xxh3_64(local.as_bytes()) % kinds + self.block) % kinds) as usize;
        let separator = SEPARATORS[kind % SEPARATORS.len()];
        let domain = CONSUMER_DOMAINS[kind / SEPARATORS.len()];
        for letter in local.chars() {
            email.push(if letter == '.' { separator } else { letter });
        }
        let round = self.block / kinds;
        if round > 0 {
            // Writing to a string does not fail.
            let _ = write!(email, "{}", round + 60);
        }
        email.push('@');
        email.push_str(domain);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::POLISH;

    #[test]
    fn no_two_private_addresses_are_the_same() {
        let mut all = BTreeSet::new();
        for block in 0..60 {
            let mut consumers = Consumers::new(block);
            let mut stream = Stream::new(7, "names", block);
            // As many as there are people in a block: more than there are names in a country.
            for _ in 0..1_000 {
                let mut email = String::new();
                consumers.address(&mut || POLISH.draw(&mut stream), &mut email);
                let (local, domain) = email.split_once('@').unwrap();
                assert!(!local.is_empty() && CONSUMER_DOMAINS.contains(&domain));
                let letters = local.trim_end_matches(|letter: char| letter.is_ascii_digit());
                assert_eq!(letters.len() == local.len(), block < 24, "{email}");
                assert!(all.insert(email.clone()), "{email} is there twice");
            }
        }
    }

    #[test]
    fn colleagues_have_addresses_of_their_own() {
        for style in [Style::Full, Style::Initial, Style::Underscore, Style::Given] {
            let mut taken = Vec::new();
            let mut stream = Stream::new(7, "names", 1);
            let mut all = BTreeSet::new();
            for _ in 0..300 {
                let mut email = String::new();
                let mut draw = || POLISH.draw(&mut stream);
                style.address(&mut draw, "alpha.example", &mut taken, &mut email);
                assert!(all.insert(email.clone()), "{email} is there twice");
            }
        }
    }
}
