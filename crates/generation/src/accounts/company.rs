//! Names and domains of companies.

use crate::random::Stream;
use crate::vocabulary::INDUSTRIES;

/// Names of companies are counted through in steps that reach each of them once.
#[derive(Debug, Clone)]
pub(super) struct Companies {
    first: u64,
}

/// What a company is called.
#[derive(Debug)]
pub(super) struct Company {
    /// With its legal form.
    pub(super) name: String,
    /// Below `.example`, which is reserved; see docs/decisions/0126-reserved-addresses.md.
    pub(super) domain: String,
}

/// Names that differ.
const NAMES: u64 = (FIRST.len() * SECOND.len() * TRADES_EACH) as u64;
/// Near the golden section of [`NAMES`] and without a common divisor, so that neighbours differ.
const STEP: u64 = 29097;

impl Companies {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            first: Stream::new(seed, "company names", 0).bits() % NAMES,
        }
    }

    /// The name of an account. No two accounts of a scenario share a domain.
    pub(super) fn name(&self, account_id: u64, industry: usize, legal_form: &str) -> Company {
        let number = (account_id % NAMES * STEP + self.first) % NAMES;
        let (number, first) = digit(number, FIRST.len());
        let (number, second) = digit(number, SECOND.len());
        let (_, trade) = digit(number, TRADES_EACH);
        let trade = TRADES[industry][trade];
        let mut name = format!("{}{} {trade}", FIRST[first], SECOND[second]);
        let mut domain = format!(
            "{}{}-{}",
            FIRST[first],
            SECOND[second],
            trade.to_lowercase()
        );
        if let Some(letter) = name.get_mut(..1) {
            letter.make_ascii_uppercase();
        }
        // Once all names are taken, each comes again with a region, and then with more of them.
        let mut rest = account_id / NAMES;
        while rest > 0 {
            rest -= 1;
            let (next, region) = digit(rest, REGIONS.len());
            name.push(' ');
            name.push_str(REGIONS[region]);
            domain.push('-');
            domain.push_str(&REGIONS[region].to_lowercase());
            rest = next;
        }
        domain.push_str(".example");
        name.push(' ');
        name.push_str(legal_form);
        Company { name, domain }
    }
}

const fn digit(number: u64, base: usize) -> (u64, usize) {
    (number / base as u64, (number % base as u64) as usize)
}

const FIRST: &[&str] = &[
    "amber", "apex", "arbor", "aspen", "atlas", "aurora", "beacon", "birch", "blue", "bold",
    "brass", "bright", "bronze", "calm", "cedar", "cinder", "civic", "clear", "cloud", "cobalt",
    "copper", "coral", "crest", "crystal", "dawn", "delta", "drift", "eagle", "early", "ember",
    "ever", "fair", "fable", "falcon", "field", "flint", "fox", "frost", "gold", "grand",
    "granite", "green", "harbor", "hazel", "high", "hollow", "humble", "iron", "ivory", "jade",
    "juniper", "keen", "kind", "lark", "laurel", "lumen", "lunar", "maple", "marble", "meadow",
    "merit", "mint", "mosaic", "noble", "north", "nova", "oak", "ocean", "olive", "onyx", "opal",
    "open", "orchard", "pearl", "pine", "polar", "prime", "quartz", "quick", "raven", "red",
    "ridge", "river", "royal", "sable", "sage", "silver", "sky", "solid", "spring", "steel",
    "still", "stone", "summit", "swift", "tall", "terra", "tidal", "timber", "true", "urban",
    "velvet", "vivid", "west", "wild", "willow", "zen",
];
const SECOND: &[&str] = &[
    "arc", "bay", "beam", "bend", "bloom", "bridge", "brook", "burst", "cast", "cliff", "cove",
    "craft", "crown", "dale", "dock", "fall", "fern", "fleet", "flow", "ford", "forge", "gate",
    "glade", "grove", "haven", "heart", "hill", "hive", "hold", "lake", "lane", "lift", "light",
    "line", "link", "loop", "mark", "mill", "mind", "path", "peak", "point", "port", "rise",
    "root", "shore", "spark", "stack", "star", "vale", "wave", "well", "wing", "works", "yard",
];
const TRADES_EACH: usize = 8;
/// What companies of an industry call their trade, in the order of `vocabulary::INDUSTRIES`. No
/// word stands twice.
const TRADES: [[&str; TRADES_EACH]; INDUSTRIES.len()] = [
    [
        "Software",
        "Systems",
        "Technologies",
        "Cloud",
        "Apps",
        "Platforms",
        "Networks",
        "Computing",
    ],
    [
        "Store",
        "Goods",
        "Market",
        "Supply",
        "Outfitters",
        "Retail",
        "Commerce",
        "Home",
    ],
    [
        "Capital",
        "Finance",
        "Bank",
        "Insurance",
        "Payments",
        "Advisors",
        "Credit",
        "Wealth",
    ],
    [
        "Health",
        "Care",
        "Clinics",
        "Medical",
        "Therapeutics",
        "Diagnostics",
        "Pharma",
        "Dental",
    ],
    [
        "Academy",
        "Learning",
        "School",
        "Education",
        "Training",
        "College",
        "Tutors",
        "Courses",
    ],
    [
        "Media",
        "Press",
        "Studios",
        "Publishing",
        "Broadcast",
        "Films",
        "Radio",
        "Magazine",
    ],
    [
        "Manufacturing",
        "Machines",
        "Tools",
        "Components",
        "Plastics",
        "Metals",
        "Robotics",
        "Packaging",
    ],
    [
        "Agency",
        "Consulting",
        "Creative",
        "Partners",
        "Design",
        "Communications",
        "Marketing",
        "Strategy",
    ],
];
const REGIONS: &[&str] = &[
    "North",
    "South",
    "East",
    "West",
    "Central",
    "Pacific",
    "Atlantic",
    "Nordic",
    "Alpine",
    "Coastal",
    "Valley",
    "Lakeside",
    "Riverside",
    "Highland",
    "Midland",
    "Metro",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_accounts_share_a_domain() {
        let companies = Companies::new(777);
        let mut domains = BTreeSet::new();
        let count = 3 * NAMES;
        for account_id in 1..=count {
            let industry = (account_id % 8) as usize;
            let company = companies.name(account_id, industry, "Ltd");
            assert!(company.domain.is_ascii() && company.name.is_ascii());
            assert!(domains.insert(company.domain), "{}", company.name);
        }
        assert_eq!(domains.len() as u64, count);
    }
}
