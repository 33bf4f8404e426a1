//! Who people are: names, countries, companies.

use super::random::Stream;

/// A country people sign up from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Country {
    /// Relative number of signups.
    pub(super) weight: f64,
    /// Hours its clocks are ahead of UTC, summer time left out.
    pub(super) utc_offset_hours: i64,
    first_names: &'static [&'static str],
    last_names: &'static [&'static str],
}

const fn country(weight: f64, utc_offset_hours: i64, names: Names) -> Country {
    Country {
        weight,
        utc_offset_hours,
        first_names: names.0,
        last_names: names.1,
    }
}

type Names = (&'static [&'static str], &'static [&'static str]);

/// The countries, in the order of `vocabulary::COUNTRY_CODES`.
pub(super) const COUNTRIES: [Country; 16] = [
    country(0.38, -6, ENGLISH),
    country(0.11, 0, ENGLISH),
    country(0.09, 1, GERMAN),
    country(0.06, -5, ENGLISH),
    country(0.06, 1, FRENCH),
    country(0.07, 5, INDIAN),
    country(0.04, 10, ENGLISH),
    country(0.04, -3, PORTUGUESE),
    country(0.03, 1, GERMAN),
    country(0.03, 1, SPANISH),
    country(0.02, 1, NORDIC),
    country(0.02, 9, JAPANESE),
    country(0.015, 1, POLISH),
    country(0.015, 8, SINGAPOREAN),
    country(0.01, -6, SPANISH),
    country(0.01, 0, ENGLISH),
];

const ENGLISH: Names = (
    &[
        "James",
        "Mary",
        "Robert",
        "Patricia",
        "John",
        "Jennifer",
        "Michael",
        "Linda",
        "David",
        "Elizabeth",
        "William",
        "Barbara",
        "Richard",
        "Susan",
        "Joseph",
        "Jessica",
        "Thomas",
        "Sarah",
        "Charles",
        "Karen",
        "Daniel",
        "Emily",
        "Matthew",
        "Olivia",
        "Andrew",
        "Grace",
        "Oliver",
        "Amelia",
        "Jack",
        "Isla",
        "Ethan",
        "Chloe",
        "Samuel",
        "Hannah",
        "Ryan",
        "Zoe",
    ],
    &[
        "Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Wilson", "Anderson",
        "Taylor", "Thomas", "Moore", "Martin", "Lee", "Thompson", "White", "Harris", "Clark",
        "Lewis", "Walker", "Hall", "Young", "King", "Wright", "Scott", "Green", "Baker", "Adams",
        "Nelson", "Hill", "Campbell", "Mitchell", "Roberts", "Carter", "Murphy", "Evans",
    ],
);
const GERMAN: Names = (
    &[
        "Lukas",
        "Anna",
        "Felix",
        "Lena",
        "Jonas",
        "Marie",
        "Paul",
        "Sophie",
        "Maximilian",
        "Laura",
        "Tim",
        "Julia",
        "Jan",
        "Katharina",
        "Stefan",
        "Sabine",
        "Sven",
        "Eva",
        "Daan",
        "Sanne",
    ],
    &[
        "Müller",
        "Schmidt",
        "Schneider",
        "Fischer",
        "Weber",
        "Meyer",
        "Wagner",
        "Becker",
        "Schulz",
        "Hoffmann",
        "Koch",
        "Richter",
        "Klein",
        "Wolf",
        "Neumann",
        "Braun",
        "Jansen",
        "Visser",
        "de Vries",
        "Bakker",
    ],
);
const FRENCH: Names = (
    &[
        "Camille", "Lucas", "Léa", "Hugo", "Manon", "Louis", "Chloé", "Gabriel", "Inès", "Arthur",
        "Julie", "Nicolas", "Claire", "Antoine", "Sophie", "Thomas",
    ],
    &[
        "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy",
        "Moreau", "Simon", "Laurent", "Lefèvre", "Michel", "Garcia", "Roux",
    ],
);
const INDIAN: Names = (
    &[
        "Aarav", "Priya", "Vivaan", "Ananya", "Arjun", "Diya", "Rohan", "Isha", "Rahul", "Neha",
        "Vikram", "Pooja", "Sanjay", "Kavya", "Amit", "Meera",
    ],
    &[
        "Sharma", "Patel", "Singh", "Kumar", "Gupta", "Reddy", "Iyer", "Nair", "Mehta", "Shah",
        "Joshi", "Rao", "Das", "Kapoor", "Bose", "Chopra",
    ],
);
const PORTUGUESE: Names = (
    &[
        "Ana", "Pedro", "Beatriz", "Lucas", "Mariana", "Gabriel", "Larissa", "Rafael", "Camila",
        "Thiago", "Juliana", "Bruno",
    ],
    &[
        "Silva",
        "Santos",
        "Oliveira",
        "Souza",
        "Pereira",
        "Costa",
        "Rodrigues",
        "Almeida",
        "Ferreira",
        "Carvalho",
        "Gomes",
        "Ribeiro",
    ],
);
const SPANISH: Names = (
    &[
        "Lucía",
        "Hugo",
        "Sofía",
        "Martín",
        "Paula",
        "Daniel",
        "Carmen",
        "Alejandro",
        "Valeria",
        "Diego",
        "Elena",
        "Javier",
        "Isabel",
        "Carlos",
    ],
    &[
        "García",
        "Fernández",
        "González",
        "Rodríguez",
        "López",
        "Martínez",
        "Sánchez",
        "Pérez",
        "Gómez",
        "Ruiz",
        "Hernández",
        "Torres",
        "Ramírez",
        "Flores",
    ],
);
const NORDIC: Names = (
    &[
        "Erik", "Anna", "Lars", "Maria", "Karl", "Elin", "Johan", "Sara", "Nils", "Ingrid",
        "Oskar", "Astrid",
    ],
    &[
        "Andersson",
        "Johansson",
        "Karlsson",
        "Nilsson",
        "Eriksson",
        "Larsson",
        "Olsson",
        "Persson",
        "Svensson",
        "Lindberg",
        "Berg",
        "Lund",
    ],
);
const JAPANESE: Names = (
    &[
        "Haruto", "Yui", "Sota", "Hina", "Yuto", "Sakura", "Ren", "Aoi", "Kenji", "Yuki", "Takumi",
        "Emi",
    ],
    &[
        "Sato",
        "Suzuki",
        "Takahashi",
        "Tanaka",
        "Watanabe",
        "Ito",
        "Yamamoto",
        "Nakamura",
        "Kobayashi",
        "Kato",
        "Yoshida",
        "Mori",
    ],
);
const POLISH: Names = (
    &[
        "Jan",
        "Zofia",
        "Jakub",
        "Julia",
        "Piotr",
        "Maja",
        "Tomasz",
        "Agnieszka",
        "Marek",
        "Ewa",
    ],
    &[
        "Nowak",
        "Kowalski",
        "Wiśniewski",
        "Wójcik",
        "Kamiński",
        "Lewandowski",
        "Zieliński",
        "Szymański",
        "Mazur",
        "Krawczyk",
    ],
);
const SINGAPOREAN: Names = (
    &[
        "Wei", "Mei", "Jun", "Hui", "Kai", "Li Ting", "Ravi", "Aisha", "Marcus", "Rachel",
    ],
    &[
        "Tan", "Lim", "Lee", "Ng", "Wong", "Chua", "Goh", "Ong", "Teo", "Koh",
    ],
);

const COMPANY_FIRST: &[&str] = &[
    "north", "blue", "bright", "clear", "ever", "fox", "green", "high", "iron", "jet", "kind",
    "lumen", "maple", "nova", "oak", "pine", "quick", "river", "silver", "true", "urban", "vivid",
    "west", "zen",
];
const COMPANY_LAST: &[&str] = &[
    "works", "labs", "media", "soft", "data", "care", "goods", "bank", "school", "studio", "forge",
    "point", "path", "field", "craft", "stack",
];
/// Domains of private addresses: reserved, so that nobody's mail is there.
///
/// # Source
/// RFC 2606 and docs/decisions/0126-reserved-addresses.md
const PERSONAL_DOMAINS: &[&str] = &["example.com", "example.net", "example.org", "mail.example"];

/// Relative number of people by industry, in the order of `vocabulary::INDUSTRIES`.
const INDUSTRY_WEIGHTS: [f64; 8] = [0.26, 0.16, 0.12, 0.10, 0.09, 0.09, 0.08, 0.10];
/// Relative number of people by company size, in the order of `vocabulary::COMPANY_SIZES`.
pub(super) const SIZE_WEIGHTS: [f64; 5] = [0.36, 0.28, 0.20, 0.11, 0.05];
/// Median seats by company size: one team buys, not the company.
///
/// # Source
/// docs/decisions/0060-seats-and-costs.md
pub(super) const MEDIAN_SEATS: [f64; 5] = [2.2, 3.5, 5.5, 10.0, 18.0];
/// Relative choice of plans (starter, professional, enterprise) by company size.
pub(super) const PLAN_WEIGHTS: [[f64; 3]; 5] = [
    [0.68, 0.28, 0.04],
    [0.46, 0.44, 0.10],
    [0.26, 0.52, 0.22],
    [0.10, 0.48, 0.42],
    [0.04, 0.36, 0.60],
];

/// Traits of a person that the product does not change.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Person {
    pub(super) country: usize,
    pub(super) industry: usize,
    pub(super) company_size: usize,
    pub(super) is_verified: bool,
    first_name: usize,
    last_name: usize,
    domain: usize,
}

impl Person {
    pub(super) fn draw(country: usize, stream: &mut Stream) -> Self {
        let names = &COUNTRIES[country];
        let company_size = stream.pick(&SIZE_WEIGHTS);
        Self {
            country,
            industry: stream.pick(&INDUSTRY_WEIGHTS),
            company_size,
            is_verified: stream.chance(0.92),
            first_name: stream.below(names.first_names.len()),
            last_name: stream.below(names.last_names.len()),
            domain: stream.below(COMPANY_FIRST.len() * COMPANY_LAST.len()),
        }
    }

    /// Hours the person's clock is ahead of UTC.
    pub(super) const fn utc_offset_hours(&self) -> i64 {
        COUNTRIES[self.country].utc_offset_hours
    }

    /// Writes the full name into `text`.
    pub(super) fn write_name(&self, text: &mut String) {
        let country = &COUNTRIES[self.country];
        text.push_str(country.first_names[self.first_name]);
        text.push(' ');
        text.push_str(country.last_names[self.last_name]);
    }

    /// Writes an address that no other user has, for it holds the user's number.
    pub(super) fn write_email(&self, user_id: u64, text: &mut String) {
        use std::fmt::Write as _;
        let country = &COUNTRIES[self.country];
        push_ascii(text, country.first_names[self.first_name]);
        text.push('.');
        push_ascii(text, country.last_names[self.last_name]);
        // Writing to a string does not fail.
        let _ = write!(text, "{user_id}@");
        if self.company_size == 0 && self.domain.is_multiple_of(2) {
            text.push_str(PERSONAL_DOMAINS[self.domain / 2 % PERSONAL_DOMAINS.len()]);
        } else {
            text.push_str(COMPANY_FIRST[self.domain % COMPANY_FIRST.len()]);
            text.push_str(COMPANY_LAST[self.domain / COMPANY_FIRST.len()]);
            text.push_str(".example");
        }
    }
}

/// Appends a name in lower-case ASCII letters.
fn push_ascii(text: &mut String, name: &str) {
    for letter in name.chars() {
        let plain = match letter {
            'ä' | 'á' | 'ã' => 'a',
            'é' | 'è' | 'ê' => 'e',
            'í' => 'i',
            'ń' => 'n',
            'ó' | 'ö' => 'o',
            'ú' | 'ü' => 'u',
            'ś' => 's',
            'ł' => 'l',
            'ż' | 'ź' => 'z',
            other => other.to_ascii_lowercase(),
        };
        if plain.is_ascii_lowercase() {
            text.push(plain);
        }
    }
}
