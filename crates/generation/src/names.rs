//! What people are called, by country.

use std::borrow::Cow;

use super::random::Stream;

/// Given names by gender, and family names.
#[derive(Debug)]
pub(super) struct Names {
    women: &'static [&'static str],
    men: &'static [&'static str],
    families: &'static [&'static str],
    /// Whether a woman's family name has an ending of its own, as in Wiśniewski and Wiśniewska.
    has_feminine_endings: bool,
}

/// Somebody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FullName {
    /// Given name.
    pub(super) given: &'static str,
    /// Family name.
    pub(super) family: Cow<'static, str>,
}

impl Names {
    /// Draws a name: half of all people are women.
    pub(super) fn draw(&self, stream: &mut Stream) -> FullName {
        let is_woman = stream.chance(0.5);
        let given = if is_woman { self.women } else { self.men };
        let given = given[stream.below(given.len())];
        let family = self.families[stream.below(self.families.len())];
        FullName {
            given,
            family: self.family_of(family, is_woman),
        }
    }

    fn family_of(&self, family: &'static str, is_woman: bool) -> Cow<'static, str> {
        let stem = family
            .strip_suffix('i')
            .filter(|stem| stem.ends_with("sk") || stem.ends_with("ck"));
        match stem {
            Some(stem) if is_woman && self.has_feminine_endings => Cow::Owned(format!("{stem}a")),
            _ => Cow::Borrowed(family),
        }
    }
}

/// Appends a name in lower-case ASCII letters.
pub(super) fn push_ascii(text: &mut String, name: &str) {
    for letter in name.chars() {
        let plain = match letter {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'Å' => 'a',
            'ç' => 'c',
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'É' => 'e',
            'í' => 'i',
            'ł' | 'Ł' => 'l',
            'ń' | 'ñ' => 'n',
            'ó' | 'ö' | 'õ' => 'o',
            'ś' => 's',
            'ú' | 'ü' => 'u',
            'ż' | 'ź' => 'z',
            other => other.to_ascii_lowercase(),
        };
        if plain.is_ascii_lowercase() {
            text.push(plain);
        }
    }
}

pub(super) static ENGLISH: Names = Names {
    women: &[
        "Mary",
        "Patricia",
        "Jennifer",
        "Linda",
        "Elizabeth",
        "Barbara",
        "Susan",
        "Jessica",
        "Sarah",
        "Karen",
        "Emily",
        "Olivia",
        "Grace",
        "Amelia",
        "Isla",
        "Chloe",
        "Hannah",
        "Zoe",
        "Laura",
        "Megan",
        "Rachel",
        "Natalie",
        "Rebecca",
        "Sophie",
    ],
    men: &[
        "James", "Robert", "John", "Michael", "David", "William", "Richard", "Joseph", "Thomas",
        "Charles", "Daniel", "Matthew", "Andrew", "Oliver", "Jack", "Ethan", "Samuel", "Ryan",
        "Benjamin", "Adam", "Luke", "Nathan", "Peter", "George",
    ],
    families: &[
        "Smith", "Johnson", "Williams", "Brown", "Jones", "Miller", "Davis", "Wilson", "Anderson",
        "Taylor", "Thomas", "Moore", "Martin", "Lee", "Thompson", "White", "Harris", "Clark",
        "Lewis", "Walker", "Hall", "Young", "King", "Wright", "Scott", "Green", "Baker", "Adams",
        "Nelson", "Hill", "Campbell", "Mitchell", "Roberts", "Carter", "Murphy", "Evans", "Turner",
        "Parker", "Collins", "Stewart", "Morris", "Rogers", "Reed", "Cook", "Bell", "Cooper",
        "Ward", "Gray",
    ],
    has_feminine_endings: false,
};
pub(super) static GERMAN: Names = Names {
    women: &[
        "Anna",
        "Lena",
        "Marie",
        "Sophie",
        "Laura",
        "Julia",
        "Katharina",
        "Sabine",
        "Eva",
        "Johanna",
        "Franziska",
        "Claudia",
        "Miriam",
        "Nina",
    ],
    men: &[
        "Lukas",
        "Felix",
        "Jonas",
        "Paul",
        "Maximilian",
        "Tim",
        "Jan",
        "Stefan",
        "Sven",
        "Matthias",
        "Tobias",
        "Philipp",
        "Moritz",
        "Florian",
    ],
    families: &[
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
        "Krüger",
        "Hofmann",
        "Lange",
        "Vogel",
        "Keller",
        "Günther",
        "Winkler",
        "Albrecht",
    ],
    has_feminine_endings: false,
};
pub(super) static DUTCH: Names = Names {
    women: &[
        "Sanne", "Emma", "Lotte", "Fleur", "Iris", "Femke", "Anouk", "Marit", "Eline", "Roos",
    ],
    men: &[
        "Daan", "Sem", "Bram", "Thijs", "Jeroen", "Maarten", "Lars", "Ruben", "Joost", "Niels",
    ],
    families: &[
        "de Vries",
        "Jansen",
        "Visser",
        "Bakker",
        "Smit",
        "Meijer",
        "de Boer",
        "Mulder",
        "de Groot",
        "Bos",
        "Vos",
        "Peters",
        "Hendriks",
        "van Dijk",
        "van den Berg",
        "Dekker",
        "Brouwer",
        "de Wit",
    ],
    has_feminine_endings: false,
};
pub(super) static FRENCH: Names = Names {
    women: &[
        "Camille", "Léa", "Manon", "Chloé", "Inès", "Julie", "Claire", "Sophie", "Émilie",
        "Mathilde", "Élise", "Margaux",
    ],
    men: &[
        "Lucas", "Hugo", "Louis", "Gabriel", "Arthur", "Nicolas", "Antoine", "Thomas", "Julien",
        "Maxime", "Baptiste", "Étienne",
    ],
    families: &[
        "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy",
        "Moreau", "Simon", "Laurent", "Lefèvre", "Michel", "Garcia", "Roux", "Fournier", "Girard",
        "Mercier", "Blanc",
    ],
    has_feminine_endings: false,
};
pub(super) static INDIAN: Names = Names {
    women: &[
        "Priya", "Ananya", "Diya", "Isha", "Neha", "Pooja", "Kavya", "Meera", "Shreya", "Nisha",
        "Divya", "Aditi",
    ],
    men: &[
        "Aarav", "Vivaan", "Arjun", "Rohan", "Rahul", "Vikram", "Sanjay", "Amit", "Karthik",
        "Nikhil", "Suresh", "Aditya",
    ],
    families: &[
        "Sharma", "Patel", "Singh", "Kumar", "Gupta", "Reddy", "Iyer", "Nair", "Mehta", "Shah",
        "Joshi", "Rao", "Das", "Kapoor", "Bose", "Chopra", "Menon", "Verma", "Desai", "Pillai",
    ],
    has_feminine_endings: false,
};
pub(super) static PORTUGUESE: Names = Names {
    women: &[
        "Ana", "Beatriz", "Mariana", "Larissa", "Camila", "Juliana", "Letícia", "Fernanda",
        "Carolina", "Luísa",
    ],
    men: &[
        "Pedro", "Lucas", "Gabriel", "Rafael", "Thiago", "Bruno", "João", "Felipe", "Gustavo",
        "André",
    ],
    families: &[
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
        "Araújo",
        "Barbosa",
        "Conceição",
        "Teixeira",
    ],
    has_feminine_endings: false,
};
pub(super) static SPANISH: Names = Names {
    women: &[
        "Lucía", "Sofía", "Paula", "Carmen", "Valeria", "Elena", "Isabel", "Marta", "Adriana",
        "Daniela",
    ],
    men: &[
        "Hugo",
        "Martín",
        "Daniel",
        "Alejandro",
        "Diego",
        "Javier",
        "Carlos",
        "Andrés",
        "Pablo",
        "Sergio",
    ],
    families: &[
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
        "Núñez",
        "Ortega",
        "Castillo",
        "Vargas",
    ],
    has_feminine_endings: false,
};
pub(super) static NORDIC: Names = Names {
    women: &[
        "Anna", "Maria", "Elin", "Sara", "Ingrid", "Astrid", "Linnéa", "Maja", "Ebba", "Åsa",
    ],
    men: &[
        "Erik", "Lars", "Karl", "Johan", "Nils", "Oskar", "Anders", "Gustav", "Björn", "Viktor",
    ],
    families: &[
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
        "Sjöberg",
        "Åkesson",
        "Holm",
        "Nyström",
    ],
    has_feminine_endings: false,
};
pub(super) static JAPANESE: Names = Names {
    women: &[
        "Yui", "Hina", "Sakura", "Aoi", "Yuki", "Emi", "Haruka", "Misaki", "Naoko", "Rina",
    ],
    men: &[
        "Haruto", "Sota", "Yuto", "Ren", "Kenji", "Takumi", "Daiki", "Hiroshi", "Kenta", "Shota",
    ],
    families: &[
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
        "Hayashi",
        "Shimizu",
        "Abe",
        "Inoue",
    ],
    has_feminine_endings: false,
};
pub(super) static SINGAPOREAN: Names = Names {
    women: &[
        "Mei Hui", "Li Ting", "Jia Yi", "Xin Yi", "Rachel", "Michelle", "Grace", "Hui Min",
        "Wan Ting", "Cheryl",
    ],
    men: &[
        "Wei Ming",
        "Jun Jie",
        "Kai Wen",
        "Zhi Hao",
        "Marcus",
        "Jason",
        "Desmond",
        "Wei Jie",
        "Boon Keng",
        "Kelvin",
    ],
    families: &[
        "Tan", "Lim", "Lee", "Ng", "Wong", "Chua", "Goh", "Ong", "Teo", "Koh", "Chan", "Ho", "Low",
        "Sim",
    ],
    has_feminine_endings: false,
};
pub(super) static POLISH: Names = Names {
    women: &[
        "Zofia",
        "Julia",
        "Maja",
        "Agnieszka",
        "Ewa",
        "Katarzyna",
        "Magdalena",
        "Joanna",
        "Małgorzata",
        "Aleksandra",
    ],
    men: &[
        "Jan",
        "Jakub",
        "Piotr",
        "Tomasz",
        "Marek",
        "Michał",
        "Paweł",
        "Krzysztof",
        "Łukasz",
        "Mateusz",
    ],
    families: &[
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
        "Dąbrowski",
        "Kozłowski",
        "Jankowski",
        "Piotrowski",
        "Grabowski",
        "Pawłowski",
    ],
    has_feminine_endings: true,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_family_names_follow_the_gender() {
        let of = |family, is_woman| POLISH.family_of(family, is_woman).into_owned();
        assert_eq!(of("Wiśniewski", true), "Wiśniewska");
        assert_eq!(of("Wiśniewski", false), "Wiśniewski");
        assert_eq!(of("Nowak", true), "Nowak");
        assert_eq!(ENGLISH.family_of("Polanski", true), "Polanski");
    }

    #[test]
    fn every_letter_of_a_name_reaches_the_address() {
        for names in [
            &ENGLISH,
            &GERMAN,
            &DUTCH,
            &FRENCH,
            &INDIAN,
            &PORTUGUESE,
            &SPANISH,
            &NORDIC,
            &JAPANESE,
            &SINGAPOREAN,
            &POLISH,
        ] {
            for name in [names.women, names.men, names.families].concat() {
                let mut text = String::new();
                push_ascii(&mut text, name);
                let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
                assert_eq!(text.len(), letters, "{name} became {text}");
            }
        }
    }
}
