//! What clicks cost.

use std::collections::BTreeMap;

use metricflow::generation::{Table, vocabulary};
use metricflow::parameters::CHANNELS;

use crate::check;
use crate::generation::{DAY, NULL};

#[test]
fn a_click_costs_what_its_campaign_pays_that_day() {
    check(|data| {
        let (spend, touches) = (
            data.table(Table::AdSpend),
            data.table(Table::MarketingTouches),
        );
        let campaigns = vocabulary::CAMPAIGNS;
        let last_day = data.end() / DAY - 1;
        let mut bills = BTreeMap::new();
        for row in 0..spend.rows() {
            let get = |name: &str| spend.get(name)[row];
            let (day, campaign, clicks) = (get("spend_date"), get("campaign"), get("clicks"));
            assert!(day <= last_day);
            let channel = CHANNELS[get("channel") as usize];
            assert!(campaigns[campaign as usize].starts_with(channel));
            assert!(clicks >= 0 && get("cost_cents") >= 0);
            assert!(get("impressions") == NULL || get("impressions") >= clicks);
            assert!(clicks > 0 || get("cost_cents") == 0);
            let bill = (clicks, get("cost_cents"));
            let before = bills.insert((day, campaign), bill);
            assert_eq!(before, None, "one row a day and campaign");
        }
        assert!(!bills.is_empty());
        let (none, impression) = (
            touches.key("campaign", "none"),
            touches.key("touch_type", "impression"),
        );
        let mut clicked: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        let mut own = 0;
        for row in 0..touches.rows() {
            let get = |name: &str| touches.get(name)[row];
            let campaign = get("campaign");
            if campaign == none || get("touch_type") == impression {
                assert_eq!(get("cost_cents"), 0);
                continue;
            }
            let day = get("touched_at").div_euclid(DAY);
            let (clicks, cost) = bills[&(day, campaign)];
            assert_eq!(
                get("cost_cents") * clicks,
                cost,
                "every click has the price of the day"
            );
            *clicked.entry((day, campaign)).or_default() += 1;
            own += get("cost_cents");
        }
        for (key, clicks) in clicked {
            assert!(
                clicks <= bills[&key].0,
                "clicks of signups are among all clicks"
            );
        }
        let all: i64 = bills.values().map(|(_, cost)| cost).sum();
        assert!(
            own * 20 < all,
            "most clicks are of people who never sign up"
        );
    });
}
