//! What a fold reads beside the events, at random: policy, rates, epoch, own sample, fit, key account.

use std::collections::BTreeMap;
use std::sync::Arc;

use guanxi_projections::account::{AccountState, AccountView};
use guanxi_projections::directives::KeyAccountView;
use guanxi_projections::epoch::{Case, Counts, Epoch, Fit, Sample};
use guanxi_projections::event::EventType;
use guanxi_projections::id::{AccountId, TraitName};
use guanxi_projections::image::Image;
use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::profile::Profile;
use guanxi_projections::projection::fold;
use guanxi_projections::rates::Rates;
use guanxi_projections::setting::Setting;
use guanxi_projections::text::Label;
use guanxi_projections::time::{Timestamp, When, Zone};
use serde_json::json;
use toml::Value;

use super::generate::Chance;
use super::told::Told;

/// What holds beside the events.
pub(crate) struct Beside {
    pub(crate) policy: Policy,
    rates: Rates,
    /// The same for dollars: from when on, and how many CNY.
    pub(super) dollars: Vec<(Timestamp, f64)>,
    pub(super) epoch: Epoch,
    pub(super) own: Option<Sample>,
    pub(super) fit: Option<Fit>,
    pub(super) key_account: KeyAccountView,
}

impl Beside {
    pub(crate) fn random(policies: &[Policy], chance: &mut Chance) -> Self {
        let policy = policies[chance.below(policies.len())].clone();
        let dollars: Vec<(When, String)> = (0..chance.below(3))
            .map(|_| {
                let year = ["1899", "2023", "2024", "2025"][chance.below(4)];
                let date = format!("{year}-0{}-01", 1 + chance.below(9)).parse().unwrap();
                (date, format!("{}.{}", 5 + chance.below(3), chance.below(10)))
            })
            .collect();
        let fit = chance.once_in(3).then(|| Fit {
            horizon_days: policy.outlook.horizon_days,
            b0: chance.share() * 4.0 - 3.0,
            b_s: chance.share() * 2.0,
            b_m: chance.share(),
            b_l: chance.share(),
            m0: 1.0 + chance.share() * 5_000.0,
        });
        Self {
            policy,
            rates: rates(&dollars),
            dollars: dollars
                .iter()
                .map(|(date, rate)| {
                    let When::Day(day) = date else { unreachable!("they are days") };
                    (Zone::default().start_of(*day), rate.parse().unwrap())
                })
                .collect(),
            epoch: epoch(chance),
            own: chance.once_in(2).then(|| own(chance)),
            fit,
            key_account: KeyAccountView { member: chance.once_in(2), ..KeyAccountView::default() },
        }
    }

    /// With the default policy.
    pub(crate) fn usual(chance: &mut Chance) -> Self {
        Self::random(&[Policy::default_policy()], chance)
    }

    pub(crate) fn setting<'p>(&'p self, image: &'p Image) -> Setting<'p> {
        Setting {
            policy: &self.policy,
            zone: Zone::default(),
            rates: &self.rates,
            names: image.names(),
            epoch: &self.epoch,
            own: self.own.as_ref(),
            fit: self.fit.as_ref(),
            key_account: self.key_account,
        }
    }

    pub(crate) fn fold(&self, image: &Image, as_of: Timestamp, known_at: Timestamp) -> AccountView {
        let state = AccountState::new(AccountId::new("acme").unwrap(), self.setting(image));
        fold(state, image, as_of, known_at)
    }
}

fn rates(dollars: &[(When, String)]) -> Rates {
    let mut ledger = Told::default();
    for (date, rate) in dollars {
        let data = json!({ "from": "USD", "to": "CNY", "rate": rate, "date": date });
        ledger.tell(Timestamp::MIN, EventType::RateSet, data);
    }
    let effective = guanxi_projections::history::effective(ledger.recorded(), Timestamp::MAX, Timestamp::MAX);
    Rates::from_history(&effective, Zone::default())
}

pub(super) const INDUSTRIES: [&str; 3] = ["steel", "food", "paper"];

fn epoch(chance: &mut Chance) -> Epoch {
    let v0 = chance.once_in(2).then(|| 10.0 + chance.share() * 5_000.0);
    let counts = |chance: &mut Chance| -> Counts { [chance.below(7), chance.below(7)].map(|n| n as u32) };
    let industries: BTreeMap<String, Counts> =
        INDUSTRIES.iter().map(|industry| ((*industry).to_owned(), counts(chance))).collect();
    let totals = industries.values().fold([1, 1], |sum: Counts, n| [sum[0] + n[0], sum[1] + n[1]]);
    let regions = BTreeMap::from([("east".to_owned(), totals)]);
    let named = |name: &str| TraitName::new(name).unwrap();
    Epoch {
        m0: chance.once_in(3).then(|| 1.0 + chance.share() * 9_000.0),
        v0,
        v1: v0.map(|v0| v0 * (1.0 + 20.0 * chance.share())),
        win_rate: chance.once_in(2).then(|| chance.share()),
        ordered: Arc::new(chance.once_in(2).then(|| AccountId::new("friend").unwrap()).into_iter().collect()),
        traits: BTreeMap::from([(named("industry"), industries), (named("region"), regions)]),
        totals,
        industries: chance
            .once_in(2)
            .then(|| (Label::new("steel").unwrap(), counts(chance)))
            .into_iter()
            .collect(),
        ..Epoch::default()
    }
}

fn own(chance: &mut Chance) -> Sample {
    let industry = Label::new(INDUSTRIES[chance.below(3)].to_owned()).unwrap();
    Sample {
        rates: Vec::new(),
        amounts: 0.0,
        gap_days: None,
        won: 0,
        lost: 0,
        ordered: false,
        case: [None, Some(Case::Good), Some(Case::Other)][chance.below(3)],
        profile: Profile { industry: Some(industry), ..Profile::default() },
    }
}

/// The default policy and others, each valid, with every table changed at random.
pub(crate) fn policies(chance: &mut Chance) -> Vec<Policy> {
    let mut policies = vec![Policy::default_policy()];
    for _ in 0..24 {
        let mut text: Value = toml::from_str(DEFAULT_TOML).unwrap();
        let mut policy = Policy::default_policy();
        for path in tables(&text) {
            let before = text.clone();
            change(table(&mut text, &path), chance);
            match Policy::from_toml(&toml::to_string(&text).unwrap()) {
                Ok(valid) => policy = valid,
                Err(_) => text = before,
            }
        }
        policies.push(policy);
    }
    policies
}

/// The paths of all tables of numbers.
fn tables(value: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (name, inner) in value.as_table().into_iter().flatten().filter(|(_, inner)| inner.is_table()) {
        found.push(vec![name.clone()]);
        let below = tables(inner).into_iter();
        found.extend(below.map(|path| [vec![name.clone()], path].concat()));
    }
    found
}

fn table<'a>(value: &'a mut Value, path: &[String]) -> &'a mut toml::Table {
    path.iter().fold(value, |value, name| value.get_mut(name).unwrap()).as_table_mut().unwrap()
}

fn change(table: &mut toml::Table, chance: &mut Chance) {
    let weighs = |table: &toml::Table| -> f64 { table.values().filter_map(Value::as_float).sum() };
    let are_weights = table.len() > 1 && (weighs(table) - 1.0).abs() < 1e-9;
    for (_, value) in table.iter_mut() {
        let factor = [0.5, 0.9, 1.0, 1.1, 1.7][chance.below(5)];
        match value {
            Value::Float(number) => *number *= factor,
            Value::Integer(number) if *number > 2 => *number = (*number as f64 * factor).ceil() as i64,
            _ => {}
        }
    }
    let whole = weighs(table);
    if are_weights {
        let numbers = table.iter_mut().filter_map(|(_, value)| match value {
            Value::Float(number) => Some(number),
            _ => None,
        });
        numbers.for_each(|number| *number /= whole);
    }
}
