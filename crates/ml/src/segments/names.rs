//! Names of segments, said by their profiles.

use super::features::FACTORS;

/// What people who lead in each family are called, in the order of the families.
const LEADERS: [&str; FACTORS] = ["Explorers", "Collaborators", "Integrators", "Analysts"];
/// A share must be so many times the usual one to name a segment.
const LEADS_FROM: f64 = 1.3;

/// Names the segments: after the family that stands out most, or after two where one name would
/// stand for two segments; all-rounders where none stands out.
pub(super) fn name_segments(shares: &[[f64; FACTORS]], usual: &[f64; FACTORS]) -> Vec<String> {
    let ranked: Vec<Vec<(usize, f64)>> = shares
        .iter()
        .map(|shares| {
            let mut times: Vec<(usize, f64)> = (0..FACTORS)
                .map(|family| {
                    (
                        family,
                        if usual[family] > 0.0 {
                            shares[family] / usual[family]
                        } else {
                            1.0
                        },
                    )
                })
                .collect();
            times.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            times
        })
        .collect();
    let short = |times: &[(usize, f64)]| {
        if times[0].1 >= LEADS_FROM {
            LEADERS[times[0].0].to_owned()
        } else {
            "All-rounders".to_owned()
        }
    };
    let shorts: Vec<String> = ranked.iter().map(|times| short(times)).collect();
    let mut names: Vec<String> = Vec::with_capacity(shares.len());
    for (times, name) in ranked.iter().zip(&shorts) {
        let is_shared = shorts.iter().filter(|other| *other == name).count() > 1;
        let full = if !is_shared {
            name.clone()
        } else if times[0].1 < LEADS_FROM {
            format!(
                "All-rounders, rather {}",
                LEADERS[times[0].0].to_lowercase()
            )
        } else {
            format!("{name} and {}", LEADERS[times[1].0].to_lowercase())
        };
        let twins = names
            .iter()
            .filter(|other| other.starts_with(&full))
            .count();
        names.push(if twins == 0 {
            full
        } else {
            format!("{full} {}", twins + 1)
        });
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_profiles_and_never_repeat() {
        let usual = [0.25; 4];
        let cases: &[(&[[f64; 4]], &[&str])] = &[
            (
                &[[0.1, 0.1, 0.7, 0.1], [0.25, 0.25, 0.24, 0.26]],
                &["Integrators", "All-rounders"],
            ),
            (
                &[
                    [0.5, 0.3, 0.1, 0.1],
                    [0.5, 0.1, 0.1, 0.3],
                    [0.1, 0.1, 0.1, 0.7],
                ],
                &[
                    "Explorers and collaborators",
                    "Explorers and analysts",
                    "Analysts",
                ],
            ),
            (
                &[[0.25; 4], [0.25, 0.27, 0.24, 0.24], [0.25; 4]],
                &[
                    "All-rounders, rather explorers",
                    "All-rounders, rather collaborators",
                    "All-rounders, rather explorers 2",
                ],
            ),
        ];
        for (shares, expected) in cases {
            assert_eq!(&name_segments(shares, &usual), expected);
        }
    }
}
