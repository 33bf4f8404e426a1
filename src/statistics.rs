//! Statistics that models and pages share, in Rust and as SQL.

use libm::sqrt;

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
    let whole = trials + Z_SQUARED;
    let centre = rate * trials + Z_SQUARED / 2.0;
    let reach = Z * sqrt(trials * rate * (1.0 - rate) + Z_SQUARED / 4.0);
    [
        ((centre - reach) / whole).max(0.0),
        ((centre + reach) / whole).min(1.0),
    ]
}

/// SQL of both ends of Wilson's 95% interval of `part` out of `whole`: what the dbt project's macros
/// `wilson_lower` and `wilson_upper` write.
#[must_use]
pub fn wilson_sql(part: &str, whole: &str) -> [String; 2] {
    let end = |sign: char| {
        format!(
            "({part} + 1.9207294103470618 {sign} 1.959963984540054 * sqrt(
            {part} * ({whole} - {part}) / nullif({whole}, 0) + 0.9603647051735309
        )) / ({whole} + 3.8414588206941236)"
        )
    };
    [
        format!(
            "greatest(\n        cast(0 as double),\n        {}\n    )",
            end('-')
        ),
        format!(
            "least(\n        cast(1 as double),\n        {}\n    )",
            end('+')
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACROS: &str = include_str!("../sql/macros/statistics.sql");
    /// Statements of the Truth page with intervals of shares.
    const STATEMENTS: [&str; 3] = [
        include_str!("workbench/truth/sql/rates.sql"),
        include_str!("workbench/truth/sql/hazards.sql"),
        include_str!("workbench/truth/sql/learned.sql"),
    ];

    fn words(sql: &str) -> String {
        sql.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn body_of(name: &str) -> &'static str {
        let (_, rest) = MACROS
            .split_once(&format!("macro {name}(part, whole) -%}}"))
            .unwrap();
        rest.split_once("{%- endmacro %}").unwrap().0
    }

    #[test]
    fn the_page_writes_what_the_macros_write() {
        let written = wilson_sql("{{ part }}", "{{ whole }}");
        for (name, sql) in ["wilson_lower", "wilson_upper"].into_iter().zip(written) {
            assert_eq!(words(&sql), words(body_of(name)));
        }
    }

    #[test]
    fn the_truth_page_has_no_other_interval_of_a_share() {
        let expected = wilson_sql("(rate * trials)", "trials").map(|sql| words(&sql));
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
}
