//! Companies: who works where, and under which address.
//!
//! An account is one company. Its members share name, domain, country, industry and size. The
//! first of them to sign up owns it and, if anybody pays, the subscription; the others were
//! invited. Accounts live within one block of users, so a block needs nothing from another.
//!
//! Nothing but industry, names and addresses is decided here, and whose plan a user works on: an
//! account is put together from people whose country and size agree, so that every other draw
//! stays what it was.

mod company;
mod mailbox;

use std::ops::Range;

use super::access::{Access, Allowed, Held};
use super::billing::TRIAL_DAYS;
use super::calendar::DAY;
use super::life::Life;
use super::people::COUNTRIES;
use super::random::Purpose;
use super::vocabulary::COMPANY_SIZES;
use company::Companies;
use mailbox::{Consumers, Style};

/// Share of people on the free plan who come to a company that is there already, if it has room,
/// by company size.
const INVITED_SHARE: [f64; COMPANY_SIZES.len()] = [0.40, 0.60, 0.75, 0.85, 0.90];
/// Members of an account that does not pay.
const FREE_MEMBERS: i32 = 3;
/// Days within which somebody on the free plan invites colleagues.
const FREE_DAYS: i64 = 180;
/// Share of accounts of one member that write from a consumer's mailbox, by company size.
const CONSUMER_SHARE: [f64; COMPANY_SIZES.len()] = [0.50, 0.06, 0.0, 0.0, 0.0];

/// How accounts are drawn in one scenario.
#[derive(Debug, Clone)]
pub(super) struct Accounts {
    invitations: Purpose,
    accounts: Purpose,
    names: Purpose,
    companies: Companies,
}

/// One user's place in an account.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// Key of the account.
    pub(super) account_id: u64,
    /// Name of the account.
    pub(super) account_name: &'a str,
    /// Key of `vocabulary::INDUSTRIES`.
    pub(super) industry: u8,
    /// Given and family name.
    pub(super) full_name: &'a str,
    /// Address that nobody else has.
    pub(super) email: &'a str,
}

/// What decides in which account a user is.
#[derive(Debug)]
struct Entry {
    user_id: u64,
    signed_up_at: i64,
    country: usize,
    company_size: usize,
    industry: usize,
    is_on_trial: bool,
    /// What this user's own plans allow.
    held: Range<usize>,
    /// The account, as index.
    account: usize,
}

#[derive(Debug, Clone, Copy)]
struct Account {
    /// Who owns it, as index of an entry.
    owner: usize,
    members: i32,
}

/// The users of one block who have signed up so far, and their accounts.
#[derive(Debug)]
pub(super) struct Roll {
    entries: Vec<Entry>,
    held: Vec<Held>,
    /// In order of their owners.
    accounts: Vec<Account>,
    /// Accounts of a country and a company size.
    alike: Vec<Vec<usize>>,
    free: Vec<f64>,
}

impl Default for Roll {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            held: Vec::new(),
            accounts: Vec::new(),
            alike: vec![Vec::new(); COUNTRIES.len() * COMPANY_SIZES.len()],
            free: Vec::new(),
        }
    }
}

impl Roll {
    /// What the user who was placed last may do: whoever was invited does what the account's plan
    /// allows.
    pub(super) fn allowed(&self, life: &Life) -> Allowed<'_> {
        let account = self
            .entries
            .last()
            .map(|entry| self.accounts[entry.account]);
        let held = account.map(|account| self.entries[account.owner].held.clone());
        Allowed {
            held: &self.held[held.unwrap_or_default()],
            otherwise: if life.trial_ends_at.is_none() {
                Access::Free
            } else {
                Access::Ended
            },
        }
    }

    /// How many members an account of this owner may have when somebody signs up at `instant`;
    /// 0 when nobody is invited then. No plan ever has fewer seats than people who were let in.
    fn room(&self, owner: &Entry, instant: i64) -> i32 {
        let paid = || {
            self.held[owner.held.clone()]
                .iter()
                .filter(|held| !held.is_trial)
        };
        let ahead = paid().filter(|held| instant < held.to);
        let seats = ahead.map(|held| held.seats).min();
        if paid().any(|held| held.from <= instant && instant < held.to) {
            return seats.unwrap_or(0);
        }
        let is_before_paying = paid().next().is_none_or(|first| instant < first.from);
        let days = if owner.is_on_trial {
            TRIAL_DAYS
        } else {
            FREE_DAYS
        };
        if is_before_paying && instant - owner.signed_up_at < days * DAY {
            seats.unwrap_or(FREE_MEMBERS).min(FREE_MEMBERS)
        } else {
            0
        }
    }
}

impl Accounts {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            invitations: Purpose::new(seed, "invitations"),
            accounts: Purpose::new(seed, "accounts"),
            names: Purpose::new(seed, "names"),
            companies: Companies::new(seed),
        }
    }

    /// Puts a user into an account; users come in order of signup.
    pub(super) fn place(&self, life: &Life, roll: &mut Roll) {
        let first = roll.held.len();
        roll.held.extend(life.periods.iter().map(Held::from));
        let person = &life.person;
        let alike = person.country * COMPANY_SIZES.len() + person.company_size;
        let account = self.invited_to(life, alike, roll).unwrap_or_else(|| {
            roll.alike[alike].push(roll.accounts.len());
            roll.accounts.push(Account {
                owner: roll.entries.len(),
                members: 0,
            });
            roll.accounts.len() - 1
        });
        roll.accounts[account].members += 1;
        roll.entries.push(Entry {
            user_id: life.user_id,
            signed_up_at: life.signed_up_at,
            country: person.country,
            company_size: person.company_size,
            industry: person.industry,
            is_on_trial: life.trial_type > 0,
            held: first..roll.held.len(),
            account,
        });
    }

    /// The account of those that are `alike` that invites this user.
    fn invited_to(&self, life: &Life, alike: usize, roll: &mut Roll) -> Option<usize> {
        // Who has a trial or a plan of their own owns an account.
        if life.trial_type > 0 || life.converts_at.is_some() {
            return None;
        }
        let mut stream = self.invitations.stream(life.user_id);
        if !stream.chance(INVITED_SHARE[life.person.company_size]) {
            return None;
        }
        let mut free = core::mem::take(&mut roll.free);
        free.clear();
        free.extend(roll.alike[alike].iter().map(|&account| {
            let Account { owner, members } = roll.accounts[account];
            let room = roll.room(&roll.entries[owner], life.signed_up_at);
            f64::from((room - members).max(0))
        }));
        let account = free
            .iter()
            .any(|&places| places > 0.0)
            .then(|| roll.alike[alike][stream.pick(&free)]);
        roll.free = free;
        account
    }

    /// Hands on each user of a block, in order of signup.
    pub(super) fn introduce(&self, block: u64, roll: &Roll, mut take: impl FnMut(&Member)) {
        let mut companies: Vec<_> = roll
            .accounts
            .iter()
            .map(|account| {
                let owner = &roll.entries[account.owner];
                // The owner's number: a company is what it is whoever else is in the block.
                let account_id = owner.user_id;
                let mut stream = self.accounts.stream(account_id);
                let share = CONSUMER_SHARE[owner.company_size];
                let is_consumer = stream.chance(share) && account.members == 1;
                let style = Style::draw(&mut stream);
                let company = self.companies.name(
                    account_id,
                    owner.industry,
                    COUNTRIES[owner.country].legal_form,
                );
                (account_id, company, is_consumer, style, Vec::new())
            })
            .collect();
        let mut consumers = Consumers::new(block);
        let (mut full_name, mut email) = (String::new(), String::new());
        for entry in &roll.entries {
            let owner = &roll.entries[roll.accounts[entry.account].owner];
            let (account_id, company, is_consumer, style, taken) = &mut companies[entry.account];
            let mut stream = self.names.stream(entry.user_id);
            let mut draw = || COUNTRIES[entry.country].names.draw(&mut stream);
            email.clear();
            let name = if *is_consumer {
                consumers.address(&mut draw, &mut email)
            } else {
                style.address(&mut draw, &company.domain, taken, &mut email)
            };
            full_name.clear();
            full_name.push_str(name.given);
            full_name.push(' ');
            full_name.push_str(&name.family);
            // Who works alone and writes from a private mailbox trades under their own name.
            let is_sole_trader = *is_consumer && entry.company_size == 0;
            take(&Member {
                account_id: *account_id,
                account_name: if is_sole_trader {
                    &full_name
                } else {
                    &company.name
                },
                industry: owner.industry as u8,
                full_name: &full_name,
                email: &email,
            });
        }
    }
}
