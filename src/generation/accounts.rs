//! Companies: who works where, and under which address.
//!
//! An account is one company. Its members share name, domain, country, industry and size. The
//! first of them to sign up owns it and, if anybody pays, the subscription; the others were
//! invited. Accounts live within one block of users, so a block needs nothing from another.
//!
//! Nothing but industry, names and addresses is decided here: an account is put together from
//! people whose country and size agree, so that every other draw stays what it was.

mod company;
mod mailbox;

use super::billing::{Change, TRIAL_DAYS};
use super::calendar::DAY;
use super::life::Life;
use super::people::COUNTRIES;
use super::plan::USERS_PER_BLOCK;
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

/// Seats that were paid for, [`from`, `to`).
#[derive(Debug, Clone, Copy)]
struct Paid {
    from: i64,
    to: i64,
    seats: i32,
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
    may_be_invited: bool,
    paid: std::ops::Range<usize>,
}

/// The users of one block, in order of signup.
#[derive(Debug, Default)]
pub(super) struct Roll {
    entries: Vec<Entry>,
    paid: Vec<Paid>,
}

struct Account {
    owner: usize,
    members: i32,
}

impl Roll {
    /// Adds a user; users come in order of signup.
    pub(super) fn add(&mut self, life: &Life) {
        let first = self.paid.len();
        self.paid.extend(
            life.periods
                .iter()
                .filter(|period| period.change != Change::Trial)
                .map(|period| Paid {
                    from: period.started_at,
                    to: period.ended_at.unwrap_or(i64::MAX),
                    seats: period.contract.seats,
                }),
        );
        self.entries.push(Entry {
            user_id: life.user_id,
            signed_up_at: life.signed_up_at,
            country: life.person.country,
            company_size: life.person.company_size,
            industry: life.person.industry,
            is_on_trial: life.trial_type > 0,
            // Who has a trial or a plan of their own owns an account.
            may_be_invited: life.trial_type == 0 && life.converts_at.is_none(),
            paid: first..self.paid.len(),
        });
    }

    /// How many members an account of this owner may have when somebody signs up at `instant`;
    /// 0 when nobody is invited then. No plan ever has fewer seats than people who were let in.
    fn room(&self, owner: &Entry, instant: i64) -> i32 {
        let paid = &self.paid[owner.paid.clone()];
        let ahead = paid.iter().filter(|paid| instant < paid.to);
        let seats = ahead.map(|paid| paid.seats).min();
        if paid
            .iter()
            .any(|paid| paid.from <= instant && instant < paid.to)
        {
            return seats.unwrap_or(0);
        }
        let is_before_paying = paid.first().is_none_or(|first| instant < first.from);
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

    /// Hands on each user of a block, in order of signup.
    pub(super) fn assign(&self, block: u64, roll: &Roll, mut take: impl FnMut(&Member)) {
        let (accounts, account_of) = self.group(roll);
        let mut companies: Vec<_> = accounts
            .iter()
            .enumerate()
            .map(|(index, account)| {
                let owner = &roll.entries[account.owner];
                let account_id = block * USERS_PER_BLOCK + index as u64 + 1;
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
        for (entry, &index) in roll.entries.iter().zip(&account_of) {
            let owner = &roll.entries[accounts[index].owner];
            let (account_id, company, is_consumer, style, taken) = &mut companies[index];
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

    /// The accounts of a block in order of their owners, and the account of each user.
    fn group(&self, roll: &Roll) -> (Vec<Account>, Vec<usize>) {
        let mut accounts: Vec<Account> = Vec::new();
        let mut account_of = Vec::with_capacity(roll.entries.len());
        let mut alike = vec![Vec::new(); COUNTRIES.len() * COMPANY_SIZES.len()];
        let mut free: Vec<f64> = Vec::new();
        for (index, entry) in roll.entries.iter().enumerate() {
            let there = &mut alike[entry.country * COMPANY_SIZES.len() + entry.company_size];
            let mut stream = self.invitations.stream(entry.user_id);
            if entry.may_be_invited && stream.chance(INVITED_SHARE[entry.company_size]) {
                free.clear();
                free.extend(there.iter().map(|&account: &usize| {
                    let Account { owner, members } = accounts[account];
                    let room = roll.room(&roll.entries[owner], entry.signed_up_at);
                    f64::from((room - members).max(0))
                }));
                if free.iter().any(|&places| places > 0.0) {
                    let account = there[stream.pick(&free)];
                    accounts[account].members += 1;
                    account_of.push(account);
                    continue;
                }
            }
            there.push(accounts.len());
            account_of.push(accounts.len());
            accounts.push(Account {
                owner: index,
                members: 1,
            });
        }
        (accounts, account_of)
    }
}
