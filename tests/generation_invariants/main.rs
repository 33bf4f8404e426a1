//! What holds for every row, whatever the scenario.

mod billing;
mod churn;
#[path = "../generation/mod.rs"]
mod generation;
mod marketing;
mod people;
mod usage;

use generation::{Dataset, scenario};

const SCENARIOS: [&str; 4] = [
    "users=2500&events=60",
    "preset=leaky&users=1500&events=40&reactivation=40&expansion=10&contraction=5&rise=20&annual=40&seed=5",
    "preset=enterprise&users=800&events=100&weekend=1&lead=90&seed=9",
    "users=1000&events=400&months=6&tail=2&trial=freemium&activation=80&seed=2",
];

fn check(invariant: impl Fn(&Dataset)) {
    for query in SCENARIOS {
        invariant(&Dataset::new(scenario(query)));
    }
}
