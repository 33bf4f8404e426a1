//! From the signup to the first payment.

use metricflow::generation::Table;
use metricflow::parameters::Parameter;

use crate::generation::{DAY, Dataset};
use crate::line::Sums;

pub(crate) fn funnel(data: &Dataset, sums: &mut Sums, delays: &mut Vec<f64>) {
    let users = data.table(Table::Users);
    let truth = data.table(Table::TruthUsers);
    let treatment = users.key("experiment_variant", "treatment");
    let names = ["freemium to paid", "opt-in to paid", "opt-out to paid"];
    let touches = data.table(Table::MarketingTouches);
    let mut lengths = vec![0.0; users.rows()];
    for &user in touches.get("user_id") {
        lengths[user as usize - 1] += 1.0;
    }
    for (row, &length) in lengths.iter().enumerate() {
        let activated = truth.get("is_activated")[row] as f64;
        let name = if users.get("experiment_variant")[row] == treatment {
            "activation, treatment"
        } else {
            "activation"
        };
        sums.add(name, activated, 1.0);
        let trial_type = users.get("trial_type")[row] as usize;
        sums.add(
            names[trial_type],
            truth.get("will_convert")[row] as f64,
            1.0,
        );
        sums.add(
            "organic share",
            f64::from(u8::from(users.get("channel")[row] == 0)),
            1.0,
        );
        sums.add("touches", length, 1.0);
        sums.add("touches squared", length * length, 1.0);
    }
    let periods = data.platform();
    let new = periods.key("change_type", "new");
    let wait = (data.scenario.number(Parameter::DaysToConvert) * 10.0) as i64;
    for row in 0..periods.rows() {
        let signed_up_at = users.get("signed_up_at")[periods.get("user_id")[row] as usize - 1];
        if periods.get("change_type")[row] == new && signed_up_at < data.end() - wait * DAY {
            delays.push((periods.get("started_at")[row] - signed_up_at) as f64 / DAY as f64);
        }
    }
}
