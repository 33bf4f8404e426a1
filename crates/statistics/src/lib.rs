//! Statistics that models and pages share.

use libm::sqrt;

/// The fewest people or days behind a rate that is named as high, low, best or worst, or judged at all
/// (decision 0123).
pub const FEWEST_FOR_A_CLAIM: i64 = 20;

/// The normal quantile of a two-sided 95% interval.
const Z: f64 = 1.959_963_984_540_054;
/// Its square, rounded once: the square of the rounded quantile is 4 units of the last place larger.
const Z_SQUARED: f64 = 3.841_458_820_694_123_6;

/// Wilson's 95% interval of a rate seen in `trials`, which may be an effective number above 0.
///
/// # Source
/// Wilson (1927); decision 0123.
#[must_use]
pub fn wilson(rate: f64, trials: f64) -> [f64; 2] {
    score_interval(Z, Z_SQUARED, rate, trials)
}

/// Wilson's interval with another normal quantile than that of 95%.
///
/// # Source
/// Wilson (1927); decision 0153.
#[must_use]
pub fn wilson_with(quantile: f64, rate: f64, trials: f64) -> [f64; 2] {
    score_interval(quantile, quantile * quantile, rate, trials)
}

fn score_interval(quantile: f64, square: f64, rate: f64, trials: f64) -> [f64; 2] {
    let whole = trials + square;
    let centre = rate * trials + square / 2.0;
    let reach = quantile * sqrt(trials * rate * (1.0 - rate) + square / 4.0);
    [
        ((centre - reach) / whole).max(0.0),
        ((centre + reach) / whole).min(1.0),
    ]
}

/// Rows with a yes or a no that come in clusters: a customer's snapshots are seen several times, and
/// one leaver is in up to three of them. Sums over the clusters, which add up over groups.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Clustered {
    /// Rows.
    pub rows: f64,
    /// Rows with a yes.
    pub hits: f64,
    /// Sum of squares of the clusters' hits.
    pub hits_squared: f64,
    /// Sum of the clusters' hits times their rows.
    pub hits_by_rows: f64,
    /// Sum of squares of the clusters' rows.
    pub rows_squared: f64,
}

impl Clustered {
    /// With one more cluster.
    #[must_use]
    pub fn and(self, rows: f64, hits: f64) -> Self {
        Self {
            rows: self.rows + rows,
            hits: self.hits + hits,
            hits_squared: self.hits_squared + hits * hits,
            hits_by_rows: self.hits_by_rows + hits * rows,
            rows_squared: self.rows_squared + rows * rows,
        }
    }

    /// The number of independent rows that would tell as much of the share of hits: the rows over the
    /// design effect, which is the variance of the share by clusters over that of independent rows. Where
    /// all rows agree the variance tells nothing, and a cluster counts about once. Needs a row.
    ///
    /// # Source
    /// Kish (1965), Survey sampling; decision 0132.
    #[must_use]
    pub fn independent(self) -> f64 {
        let rate = self.hits / self.rows;
        let independent = self.rows * rate * (1.0 - rate);
        let effect = if independent > 0.0 {
            let errors = self.hits_squared - 2.0 * rate * self.hits_by_rows
                + rate * rate * self.rows_squared;
            errors / independent
        } else {
            self.rows_squared / self.rows
        };
        self.rows / effect.max(1.0)
    }

    /// The 95% interval of the share of hits: Wilson's for as many independent rows; everything from 0 to
    /// 1 without a row.
    ///
    /// # Source
    /// Dean & Pagano (2015), intervals for proportions in clustered data; decision 0132.
    #[must_use]
    pub fn interval(self) -> [f64; 2] {
        if self.rows <= 0.0 {
            return [0.0, 1.0];
        }
        wilson(self.hits / self.rows, self.independent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACROS: &str = include_str!("../../../sql/macros/statistics.sql");
    /// Statements of the Truth page with intervals of shares; those of learned models are of the cards.
    const STATEMENTS: [&str; 2] = [
        include_str!("../../../src/workbench/truth/sql/rates.sql"),
        include_str!("../../../src/workbench/truth/sql/hazards.sql"),
    ];

    fn words(sql: &str) -> String {
        sql.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the macros for both ends write.
    fn wilson_sql(part: &str, whole: &str) -> [String; 2] {
        ["wilson_lower", "wilson_upper"].map(|name| {
            let (_, rest) = MACROS
                .split_once(&format!("macro {name}(part, whole) -%}}"))
                .unwrap();
            let (body, _) = rest.split_once("{%- endmacro %}").unwrap();
            let sql = body.replace("{{ part }}", part);
            words(&sql.replace("{{ whole }}", whole))
        })
    }

    #[test]
    fn the_truth_page_has_no_other_interval_of_a_share() {
        let expected = wilson_sql("(rate * trials)", "trials");
        for statement in STATEMENTS {
            let statement = words(statement);
            for sql in &expected {
                assert!(statement.contains(sql), "{statement}");
            }
            assert!(!statement.contains("1.92 "), "{statement}");
        }
    }

    /// statsmodels 0.15: `proportion_confint(part, whole, method="wilson")`; the numbers in the SQL
    /// are those of Rust.
    #[test]
    fn the_constants_of_the_sql_are_those_of_rust() {
        let [lower, upper] = wilson_sql("p", "n");
        for number in [Z, Z_SQUARED / 2.0, Z_SQUARED / 4.0, Z_SQUARED] {
            for sql in [&lower, &upper] {
                assert!(sql.contains(&number.to_string()), "{number} in {sql}");
            }
        }
        let [low, high] = wilson(37.0 / 120.0, 120.0);
        assert!((low - 0.232_727_37).abs() < 1e-8 && (high - 0.395_829_98).abs() < 1e-8);
    }

    #[test]
    fn a_cluster_counts_as_often_as_its_rows_differ() {
        let [once, thrice] = [1.0, 3.0].map(|size| {
            let all = (0..60).fold(Clustered::default(), |all, place| {
                all.and(size, if place % 4 == 0 { size } else { 0.0 })
            });
            all.interval()
        });
        // Rows that repeat each other tell nothing new: 60 customers, whether once or three times each.
        assert_eq!(once, wilson(0.25, 60.0));
        assert!((once[0] - thrice[0]).abs() < 1e-12 && (once[1] - thrice[1]).abs() < 1e-12);
        let nobody = (0..20).fold(Clustered::default(), |all, _| all.and(3.0, 0.0));
        assert_eq!(nobody.interval(), wilson(0.0, 20.0));
        assert_eq!(Clustered::default().interval(), [0.0, 1.0]);
    }

    /// A random number from 0 to 1, and the state after it (Steele and others 2014, SplitMix64).
    fn next(state: &mut u64) -> f64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = *state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Customers leave with a planted risk of 5% a month and are seen at six dates, a month apart, with
    /// what became of them within three months. The share has a known expectation: 1 - 0.95³.
    #[test]
    fn overlapping_windows_are_covered() {
        const WORLDS: u32 = 2_000;
        let truth = 1.0 - 0.95_f64.powi(3);
        let (mut state, mut robust, mut naive) = (14, 0, 0);
        for _ in 0..WORLDS {
            let all = (0..150).fold(Clustered::default(), |all, _| {
                let mut months = 0;
                while months < 9 && next(&mut state) >= 0.05 {
                    months += 1;
                }
                // Seen at 0 to 5 while a customer; a yes where the loss follows within three months.
                let seen = months.min(5) + 1;
                let hits = (0..seen).filter(|date| months < date + 3).count();
                all.and(f64::from(seen as u32), f64::from(hits as u32))
            });
            let holds = |[lower, upper]: [f64; 2]| u32::from(lower <= truth && truth <= upper);
            robust += holds(all.interval());
            naive += holds(wilson(all.hits / all.rows, all.rows));
        }
        let share = |hits: u32| f64::from(hits) / f64::from(WORLDS);
        assert!((0.93..=0.97).contains(&share(robust)), "{}", share(robust));
        assert!(share(naive) < 0.85, "{}", share(naive));
    }
}
