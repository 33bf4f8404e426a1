//! One user's life: everything that is decided before a single event is written.

use parameters::{Parameter, Scenario};

use super::billing::{
    AddOn, Billing, Books, Change, Contract, Customer, Interval, Outlook, Period, Price, Product,
    Standing, Stretch, TRIAL_DAYS,
};
use super::calendar::{Calendar, DAY, HOUR, SECOND, epoch_day};
use super::hazard::Hazard;
use super::lapse;
use super::marketing::{LONGEST_PATH, Marketing, Touch};
use super::payments::{Ledger, Payment};
use super::people::{Person, size_weights};
use super::personas::{Persona, intensity_variance};
use super::random::{Purpose, Stream};
use super::satisfaction::{Path, rate_pull};
use super::signup::{LEADING_SHARE, Signups, launch_day};

/// Hours within which an activated user connects an integration and creates a report.
pub(super) const ACTIVATION_HOURS: i64 = 168;
/// Spread of the log of days to convert.
const CONVERSION_SIGMA: f64 = 0.45;
/// Spread of the log of the days until a free user falls asleep, and their median.
const DORMANCY_SIGMA: f64 = 1.6;
const DORMANCY_DAYS: [f64; 2] = [26.0, 70.0];
/// How much more active people are who activate, in logs.
const ACTIVATION_PULL: f64 = 0.35;
/// Heaviest user, in standard deviations of the log of activity.
const HEAVIEST: f64 = 2.5;
/// Mean days after the launch at which an adopter takes up the new feature.
const ADOPTION_DAYS: f64 = 45.0;
/// Days of the experiment's history, and days at the end that it leaves out.
const EXPERIMENT_DAYS: i64 = 365;
const EXPERIMENT_QUIET_DAYS: i64 = 30;

/// Everything about lives that is decided once for a scenario.
#[derive(Debug, Clone)]
pub(super) struct Lives {
    pub(super) signups: Signups,
    pub(super) marketing: Marketing,
    pub(super) billing: Billing,
    end: i64,
    separation: f64,
    tail: f64,
    /// Activation rates of control and treatment.
    pub(super) activation: [f64; 2],
    /// First and last day of the experiment.
    pub(super) experiment_days: [i64; 2],
    leading_trial: usize,
    size_weights: [f64; 5],
    days_to_convert: f64,
    pub(super) launched_at: Option<i64>,
    pub(super) feature_at: Option<i64>,
    purposes: Purposes,
}

#[derive(Debug, Clone)]
struct Purposes {
    signup: Purpose,
    country: Purpose,
    person: Purpose,
    channels: Purpose,
    touches: Purpose,
    persona: Purpose,
    activity: Purpose,
    experiment: Purpose,
    activation: Purpose,
    offer: Purpose,
    conversion: Purpose,
    satisfaction: Purpose,
    dormancy: Purpose,
    adoption: Purpose,
    payments: Purpose,
    lapse: Purpose,
}

/// One user, in buffers that the next one takes over.
#[derive(Debug, Clone, Default)]
pub(super) struct Life {
    pub(super) user_id: u64,
    pub(super) signed_up_at: i64,
    pub(super) person: Person,
    pub(super) channel: u8,
    pub(super) touches: Vec<Touch>,
    pub(super) persona: Option<Persona>,
    /// Arm of the experiment, as key of `vocabulary::VARIANTS`.
    pub(super) variant: Option<u8>,
    pub(super) is_activated: bool,
    /// Instants of the first integration and of the first report of an activated user.
    pub(super) activates_at: [i64; 2],
    /// Whether a user who did not activate lacks the integration rather than the report.
    pub(super) lacks_integration: bool,
    pub(super) trial_type: usize,
    /// Key of `vocabulary::INITIAL_PLANS`.
    pub(super) initial_plan: u8,
    pub(super) converts_at: Option<i64>,
    pub(super) path: Path,
    pub(super) periods: Vec<Period>,
    /// In order of their start, of a stay each.
    pub(super) add_ons: Vec<AddOn>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) outlooks: Vec<Outlook>,
    pub(super) payments: Vec<Payment>,
    pub(super) standing: Standing,
    pub(super) dormant_at: i64,
    pub(super) adopts_at: Option<i64>,
    pub(super) log_activity: f64,
    /// When access ends with a trial; `None` on the free plan.
    pub(super) trial_ends_at: Option<i64>,
    /// Visits of somebody whose trial has lapsed, in time's order.
    pub(super) lapsed_visits: Vec<i64>,
}

/// What of a life is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) touches: bool,
    pub(super) payments: bool,
    pub(super) add_ons: bool,
    pub(super) outlooks: bool,
}

impl Lives {
    pub(super) fn new(scenario: &Scenario, calendar: &Calendar) -> Self {
        let signups = Signups::new(scenario, calendar);
        let hazard = Hazard::new(scenario, &signups);
        let control = scenario.fraction(Parameter::ActivationRate);
        let tail = scenario.number(Parameter::ActivityTail);
        let lift = scenario.fraction(Parameter::ExperimentLift);
        let last_day = calendar.first_day + calendar.days as i64 - 1;
        let seed = scenario.seed();
        let purpose = |name| Purpose::new(seed, name);
        Self {
            marketing: Marketing::new(scenario),
            billing: Billing::new(scenario, calendar, hazard),
            signups,
            end: calendar.end(),
            separation: scenario.number(Parameter::PersonaSeparation),
            tail: (tail * tail - known_spread(tail, control)).max(0.01).sqrt(),
            activation: [control, (control * (1.0 + lift)).clamp(0.0, 0.98)],
            experiment_days: [
                (last_day - EXPERIMENT_DAYS + 1).max(calendar.first_day),
                last_day - EXPERIMENT_QUIET_DAYS,
            ],
            leading_trial: scenario.trial_type() as usize,
            size_weights: size_weights(scenario),
            days_to_convert: scenario.number(Parameter::DaysToConvert),
            launched_at: launch_day(scenario, calendar).map(|day| (calendar.first_day + day) * DAY),
            feature_at: feature_day(scenario).map(|day| day * DAY),
            purposes: Purposes {
                signup: purpose("signup"),
                country: purpose("country"),
                person: purpose("person"),
                channels: purpose("channels"),
                touches: purpose("touches"),
                persona: purpose("persona"),
                activity: purpose("activity"),
                experiment: purpose("experiment"),
                activation: purpose("activation"),
                offer: purpose("offer"),
                conversion: purpose("conversion"),
                satisfaction: purpose("satisfaction"),
                dormancy: purpose("dormancy"),
                adoption: purpose("adoption"),
                payments: purpose("payments"),
                lapse: purpose("lapsed trials"),
            },
        }
    }

    /// Lives the life of user number `user_id`, from 1 on.
    pub(super) fn live(&self, user_id: u64, wanted: Wanted, life: &mut Life) {
        let streams = &self.purposes;
        life.user_id = user_id;
        life.signed_up_at = self
            .signups
            .instant(user_id - 1, &mut streams.signup.stream(user_id));
        let signed_up_at = life.signed_up_at;
        let country = self
            .signups
            .country(signed_up_at, &mut streams.country.stream(user_id));
        life.person = Person::draw(
            country,
            &self.size_weights,
            &mut streams.person.stream(user_id),
        );
        let persona = Persona::draw(self.separation, &mut streams.persona.stream(user_id));
        life.persona = Some(persona);

        let (channels, count) = self
            .marketing
            .channels(&mut streams.channels.stream(user_id));
        life.channel = channels[count - 1];
        let effect = self.marketing.effect(&channels[..count]);
        if wanted.touches {
            self.touch(&channels, count, life);
            self.marketing.price(&mut life.touches);
        }
        self.activate(life);
        self.offer(life);
        self.convert(effect, life);
        life.path.restart(
            signed_up_at,
            self.end,
            &mut streams.satisfaction.stream(user_id),
        );
        self.subscribe(wanted, life);

        let mut activity = streams.activity.stream(user_id);
        let pull = if life.is_activated {
            ACTIVATION_PULL
        } else {
            0.0
        };
        life.log_activity =
            self.tail * activity.normal().min(HEAVIEST) + persona.intensity() + pull;
        let mut dormancy = streams.dormancy.stream(user_id);
        let median = DORMANCY_DAYS[usize::from(life.is_activated)];
        let days = dormancy.log_normal(median, DORMANCY_SIGMA);
        let asleep_at = signed_up_at + (days.min(5_000.0) * DAY as f64) as i64;
        life.dormant_at = asleep_at.max(life.converts_at.unwrap_or(asleep_at));
        self.lapse(life);
        let mut adoption = streams.adoption.stream(user_id);
        let adopts = adoption.chance(persona.adoption());
        let delay = (adoption.exponential() * ADOPTION_DAYS * DAY as f64) as i64;
        life.adopts_at = self
            .feature_at
            .filter(|_| adopts)
            .map(|launch| launch.max(signed_up_at) + delay);
    }

    /// First instant after the history.
    pub(super) const fn end(&self) -> i64 {
        self.end
    }

    /// Only what brought user number `user_id`, without the prices.
    pub(super) fn path(&self, user_id: u64, life: &mut Life) {
        let streams = &self.purposes;
        life.user_id = user_id;
        life.signed_up_at = self
            .signups
            .instant(user_id - 1, &mut streams.signup.stream(user_id));
        let (channels, count) = self
            .marketing
            .channels(&mut streams.channels.stream(user_id));
        self.touch(&channels, count, life);
    }

    fn touch(&self, channels: &[u8; LONGEST_PATH], count: usize, life: &mut Life) {
        let mut stream = self.purposes.touches.stream(life.user_id);
        self.marketing.touches(
            &channels[..count],
            life.signed_up_at,
            self.launched_at,
            &mut stream,
            &mut life.touches,
        );
    }

    fn activate(&self, life: &mut Life) {
        let day = life.signed_up_at.div_euclid(DAY);
        let in_experiment = self.experiment_days[0] <= day && day <= self.experiment_days[1];
        let is_treated = self.purposes.experiment.stream(life.user_id).chance(0.5);
        life.variant = in_experiment.then_some(u8::from(is_treated));
        let mut stream = self.purposes.activation.stream(life.user_id);
        let rate = self.activation[usize::from(in_experiment && is_treated)];
        life.is_activated = stream.chance(rate);
        let mut hours = |median| stream.log_normal(median, 1.2).clamp(0.1, 65.0);
        let first = hours(6.0);
        let second = first + hours(14.0);
        let [integration, report] = if stream.chance(0.55) {
            [first, second]
        } else {
            [second, first]
        };
        let after = |hours: f64| life.signed_up_at + (hours * HOUR as f64) as i64;
        life.activates_at = [after(integration), after(report)];
        life.lacks_integration = stream.chance(0.7);
    }

    fn offer(&self, life: &mut Life) {
        let mut stream = self.purposes.offer.stream(life.user_id);
        let draw = stream.uniform();
        let other = usize::from(draw >= LEADING_SHARE + 0.5 * (1.0 - LEADING_SHARE));
        life.trial_type = if draw < LEADING_SHARE {
            self.leading_trial
        } else {
            (self.leading_trial + 1 + other) % 3
        };
        life.trial_ends_at = (life.trial_type > 0).then_some(life.signed_up_at + TRIAL_DAYS * DAY);
        let plan = Billing::plan(life.person.company_size, &mut stream);
        life.initial_plan = if life.trial_type == 0 {
            0
        } else {
            plan as u8 + 1
        };
    }

    fn convert(&self, effect: f64, life: &mut Life) {
        let mut stream = self.purposes.conversion.stream(life.user_id);
        let probability = self
            .marketing
            .conversion(life.trial_type, life.is_activated, effect);
        let converts = stream.chance(probability);
        let days = stream.log_normal(self.days_to_convert, CONVERSION_SIGMA);
        let delay = self.delay(days, life.trial_type, &mut stream);
        life.converts_at = converts.then_some(life.signed_up_at + delay);
    }

    /// Time to conversion. Near the end of a trial, people wait for it; they are moved there from
    /// one side of the median only, so that the median stays.
    fn delay(&self, days: f64, trial_type: usize, stream: &mut Stream) -> i64 {
        let trial = TRIAL_DAYS as f64;
        let waits = if self.days_to_convert <= trial {
            (trial..trial + 8.0).contains(&days)
        } else {
            (trial - 8.0..trial).contains(&days)
        };
        let is_patient = stream.chance(0.7);
        if trial_type > 0 && waits && is_patient {
            return TRIAL_DAYS * DAY;
        }
        (days.clamp(0.02, 2_000.0) * DAY as f64) as i64
    }

    /// Plans the visits of somebody whose trial ends without a first bill.
    fn lapse(&self, life: &mut Life) {
        life.lapsed_visits.clear();
        let Some(ended_at) = life.trial_ends_at else {
            return;
        };
        let has_access = life.converts_at.is_some_and(|at| at <= ended_at);
        if !has_access && ended_at < self.end {
            let mut stream = self.purposes.lapse.stream(life.user_id);
            lapse::visits(
                ended_at,
                life.converts_at,
                &mut stream,
                &mut life.lapsed_visits,
            );
        }
    }

    fn subscribe(&self, wanted: Wanted, life: &mut Life) {
        life.periods.clear();
        life.add_ons.clear();
        life.stretches.clear();
        life.outlooks.clear();
        life.standing = Standing::default();
        let mut plan_stream = self.purposes.offer.stream(life.user_id);
        let _ = plan_stream.uniform();
        let plan = Billing::plan(life.person.company_size, &mut plan_stream);
        let converts_at = life.converts_at.filter(|&instant| instant < self.end);
        let mut has_lapsed = false;
        if let Some(trial_ends_at) = life.trial_ends_at {
            let ended_at = converts_at.map_or(trial_ends_at, |at| at.min(trial_ends_at));
            // A plan that follows at once is of the trial's subscription.
            has_lapsed = converts_at.is_some_and(|at| at > ended_at);
            life.periods.push(Period {
                subscription: 1,
                product: Product::Platform,
                contract: Contract {
                    plan,
                    seats: 1,
                    interval: Interval::Month,
                    discount: 0,
                },
                price: Price::default(),
                started_at: life.signed_up_at,
                ended_at: (ended_at < self.end).then_some(ended_at),
                change: Change::Trial,
                reason: None,
                cancellation: None,
                lost: None,
            });
        }
        let rules = wanted.payments.then_some(self.billing.payment_rules());
        let mut ledger = Ledger::new(
            rules,
            life.user_id,
            life.person.company_size,
            self.billing.methods(life.person.company_size),
            self.purposes.payments.stream(life.user_id),
            core::mem::take(&mut life.payments),
        );
        if let Some(converts_at) = converts_at {
            let customer = Customer {
                user_id: life.user_id,
                plan,
                company_size: life.person.company_size,
                converts_at,
            };
            life.standing = self.billing.run(
                &customer,
                &mut life.path,
                &mut Books {
                    subscriptions: u8::from(has_lapsed),
                    periods: &mut life.periods,
                    stretches: &mut life.stretches,
                    add_ons: wanted.add_ons.then_some(&mut life.add_ons),
                    outlooks: wanted.outlooks.then_some(&mut life.outlooks),
                    ledger: &mut ledger,
                },
            );
        }
        life.payments = ledger.finish();
    }
}

/// Variance of the log of activity that satisfaction, personas and activation bring; the rest of
/// the spread that the scenario asks for is each user's own.
fn known_spread(tail: f64, activation: f64) -> f64 {
    let pull = rate_pull(tail);
    pull * pull
        + intensity_variance()
        + ACTIVATION_PULL * ACTIVATION_PULL * activation * (1.0 - activation)
}

/// Instant of a user's first session: a few seconds into the product.
pub(super) fn first_session_at(life: &Life, stream: &mut Stream) -> i64 {
    life.signed_up_at + ((5.0 + 90.0 * stream.uniform()) * SECOND as f64) as i64
}

/// Day on which the new feature ships, since 1970-01-01; `None` without one.
pub(super) fn feature_day(scenario: &Scenario) -> Option<i64> {
    let months = scenario.number(Parameter::FeatureLaunch) as u32;
    (months > 0).then(|| epoch_day(scenario.month_before_end(months)) + 14)
}
