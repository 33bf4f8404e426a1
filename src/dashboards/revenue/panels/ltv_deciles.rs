//! Can we predict who will pay?

use crate::dashboards::claims::{count_or_none, money_or_nothing};
use crate::dashboards::prelude::*;
use crate::results::revenue::LtvDecile;

/// Hold-out users whose year is over, in tenths of their predicted value; the lowest first.
pub struct LtvDeciles;

impl Source for LtvDeciles {
    type Row = LtvDecile;
    type Options = ();
    const COMPARED_ON: Option<Basis> = None;
    const LEARNED: Option<Model> = Some(Model::Ltv);

    fn sql(filters: &Filters, (): &()) -> String {
        statement!("ltv_deciles.sql", filters, decile = 0)
    }
}

impl Panel for LtvDeciles {
    const SPEC: PanelSpec = PanelSpec {
        id: "ltv-deciles",
        title: "Can we predict who will pay?",
        unit: "Mean revenue in the year after a user’s first 30 days, US dollars. Hold-out users, by decile of the prediction",
        form: "grouped column chart",
        model: "ml.ltv_predictions",
        defined_by: "ltv_prediction",
        acts: USER_FILTERS,
        plan: PlanOf::Signup,
        click: "",
        rows: "the users in the decile, with predicted and actual revenue",
        span: "span-12",
        keys: &[("Predicted", "accent"), ("Actual", "slate")],
    };
    const TICKS: ValueFormat = MONEY;
    type Source = Self;
    type Options = ();

    fn answer(view: &View<'_, Self>) -> Option<String> {
        sentence(&view.rows)
    }

    fn figure(view: &View<'_, Self>, theme: &'static Theme) -> Figure {
        let filters = view.filters.clone();
        let rows: Vec<LtvDecile> = view.rows.clone();
        Plot::of_names(&rows, MONEY, theme, |row| row.decile.to_string())
            .headed(|row| format!("Decile {}", row.decile))
            .axis_name("decile")
            .room(48.0)
            .series(
                Series::bars("Predicted", theme.accent, 34, |row: &LtvDecile| {
                    row.mean_predicted_cents
                })
                .told_as("Predicted, mean"),
            )
            .series(
                Series::bars("Actual", theme.slate, 34, |row: &LtvDecile| {
                    row.mean_actual_cents
                })
                .told_as("Actual, mean"),
            )
            .line("Users", |row| Some(COUNT.full(row.users as f64)))
            .line("Actual, total", |row| {
                Some(whole_dollars(row.actual_cents as f64))
            })
            .marks_from_last()
            .mark(move |row| users_of(row, &filters))
            .figure()
    }
}

/// The users of a tenth.
fn users_of(row: &LtvDecile, filters: &Filters) -> PanelMark {
    let (decile, filters) = (row.decile, filters.clone());
    let label = format!("Decile {decile} by predicted value");
    PanelMark::new(format!("tenth-{decile}"), label).summed(
        ("user", "users"),
        row.actual_cents,
        "actual_cents",
        move || statement!("ltv_deciles.sql", &filters, decile = decile),
    )
}

/// Can we predict who will pay?
#[must_use]
pub fn sentence(rows: &[LtvDecile]) -> Option<String> {
    let (low, high) = (rows.first()?, rows.last()?);
    let users: i64 = rows.iter().map(|row| row.users).sum();
    let actual: i64 = rows.iter().map(|row| row.actual_cents).sum();
    let predicted: f64 = rows
        .iter()
        .map(|row| row.mean_predicted_cents * row.users as f64)
        .sum();
    if rows.len() < 2 || actual == 0 {
        return Some(format!(
            "{} hold-out users paid {} in total, too little to judge the model.",
            capital(&count_or_none(users)).replace("None", "No"),
            money_or_nothing(actual)
        ));
    }
    // Who pays most, of a handful, is chance.
    let largest = rows.iter().map(|row| row.users).max()?;
    if !is_enough(high.users.min(low.users)) {
        return Some(too_few("hold-out users", "decile", largest));
    }
    let mut sentence = format!(
        "The top decile was predicted to pay {} per user and paid {}, {} of all {} users’ revenue; the bottom decile paid {}",
        MONEY.short(high.mean_predicted_cents),
        MONEY.short(high.mean_actual_cents),
        share(high.actual_cents as f64 / actual as f64),
        COUNT.full(users as f64),
        MONEY.short(low.mean_actual_cents),
    );
    let bias = relative_change(predicted, actual as f64);
    if let Some(bias) = bias.filter(|bias| bias.abs() >= 0.0005) {
        let side = if bias < 0.0 { "too low" } else { "too high" };
        sentence.push_str(&format!(
            ". Overall, predictions were {} {side}",
            share(bias.abs())
        ));
    }
    sentence.push('.');
    Some(sentence)
}
