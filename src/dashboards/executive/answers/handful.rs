//! No claims from a handful.

use super::*;

#[test]
fn few_signups_lead_no_channel() {
    let row = |channel: &str, signups| ChannelSignups {
        channel: channel.to_owned(),
        signups,
        before: Some(1),
    };
    assert_eq!(
        signups_by_channel(&[row("email", 1)], "the 7 days before").unwrap(),
        "1 signup: too few people to compare channels."
    );
    let said = signups_by_channel(&[row("email", 30), row("partner", 9)], "the 7 days before");
    // What a handful did before is nothing to measure from.
    assert_eq!(said.unwrap(), "Email brought 76.9% of 39 signups.");
}
