//! The portfolio by its definitions.

use serde_json::json;

use super::*;
use crate::directives::KeyAccountView;
use crate::epoch::Epoch;
use crate::event::EventType;
use crate::measure::Measure;
use crate::movement::{Between, Change, Stood, movement};
use crate::rates::Rates;
use crate::setting::Setting;
use crate::stage::Stage;
use crate::story::{Story, at, person};
use crate::time::Zone;

/// Accounts `a0`, `a1`, ... with their stories; the second one is a key account.
fn standings(stories: &[Story], as_of: &str) -> Vec<Standing> {
    let (policy, rates, epoch) = (
        Policy::default_policy(),
        Rates::none(),
        Epoch { v0: Some(100.0), v1: Some(900.0), ..Epoch::default() },
    );
    let stand = |(place, story): (usize, &Story)| {
        let image = story.image();
        let key_account = KeyAccountView { member: place == 1, ..KeyAccountView::default() };
        let setting = Setting {
            policy: &policy,
            zone: Zone::named("UTC").unwrap(),
            rates: &rates,
            names: image.names(),
            epoch: &epoch,
            own: None,
            fit: None,
            key_account,
        };
        let account = AccountId::new(format!("a{place}")).unwrap();
        Standing::of(&account, &image, setting, None, (at(as_of), Timestamp::MAX))
    };
    stories.iter().enumerate().filter_map(stand).collect()
}

fn opened() -> Story {
    let mut story = Story::default();
    story.opened(at("2026-01-01"));
    story
}

/// Two alike without orders, one with orders, one closed.
fn stories() -> Vec<Story> {
    let mut stories = vec![opened(), opened(), opened(), opened()];
    stories[1].order(at("2026-01-10"), "o", "500").order(at("2026-02-10"), "p", "500");
    stories[1].tell(
        at("2026-01-05"),
        EventType::TeamAssigned,
        json!({ "person": person(1), "role": "owner" }),
    );
    let data = json!({ "commitment": "v", "by": "us", "due": "2026-02-01", "critical": true });
    stories[1].tell(at("2026-01-20"), EventType::CommitmentMade, data);
    stories[1].tell(at("2026-01-20"), EventType::EffortSpent, json!({ "hours": 8.0 }));
    stories[3].closed(at("2026-02-01"));
    stories
}

fn whole(stories: &[Story], as_of: &str) -> PortfolioView {
    PortfolioView::of(&standings(stories, as_of), |_| true, &Policy::default_policy(), at(as_of))
}

#[test]
fn every_account_stands_somewhere() {
    let view = whole(&stories(), "2026-04-01");
    assert_eq!((view.accounts, view.eligible, view.key_accounts), (4, 3, 1));
    assert_eq!(view.funnel.iter().map(|line| line.accounts).sum::<usize>(), view.accounts);
    assert_eq!(view.matrix.iter().map(|line| line.accounts).sum::<usize>(), view.accounts);
    assert_eq!(view.colours.iter().map(|count| count.accounts).sum::<usize>(), view.accounts);
    for shares in
        [view.funnel.iter().map(|l| l.share).sum::<f64>(), view.matrix.iter().map(|l| l.share).sum()]
    {
        assert!((shares - 1.0).abs() < 1e-12);
    }
    let money: f64 = view.funnel.iter().map(|line| line.money).sum();
    assert!(money > 0.0 && (money - view.matrix.iter().map(|line| line.money).sum::<f64>()).abs() < 1e-9);
    let zeros = view.matrix.iter().flat_map(|line| [line.money, line.hours, line.cost]);
    assert!(zeros.chain([view.value.paid]).all(f64::is_sign_positive), "the sum of nothing is 0, not -0");
    let counts = |stage: Stage| view.funnel.iter().find(|line| line.stage == stage).unwrap().accounts;
    assert_eq!(Stage::ALL.map(counts), [2, 0, 1, 0, 1]);
    assert_eq!(view.unowned.len(), 2);
}

/// By definition: the share of eligible accounts below, plus half of those alike. Here 1 above 2 alike.
#[test]
fn a_percentile_is_the_mid_rank_among_eligible_accounts() {
    let view = whole(&stories(), "2026-04-01");
    let places: Vec<_> = view
        .ranking
        .iter()
        .map(|line| (line.account.as_str(), line.place.rank, line.place.percentile))
        .collect();
    let of = |below: f64, alike: f64| 100.0 * (below + alike / 2.0) / 3.0;
    assert_eq!(places, [("a1", 1, of(2.0, 1.0)), ("a0", 2, of(0.0, 2.0)), ("a2", 3, of(0.0, 2.0))]);
}

#[test]
fn a_filter_leaves_places_as_they_are() {
    let standings = standings(&stories(), "2026-04-01");
    let wanted = |standing: &Standing| standing.view.account.as_str() == "a2";
    let view = PortfolioView::of(&standings, wanted, &Policy::default_policy(), at("2026-04-01"));
    assert_eq!((view.accounts, view.ranking.len(), view.ranking[0].place.rank), (1, 1, 3));
    assert_eq!(view.effort[0].effort_share, Some(0.0), "of the effort for all accounts");
}

#[test]
fn risks_have_reasons_with_events() {
    let view = whole(&stories(), "2026-04-01");
    let line = &view.at_risk[0];
    assert_eq!((line.account.as_str(), line.key_account), ("a1", true));
    let broken =
        line.reasons.iter().find(|risk| matches!(risk.reason, RiskReason::CriticalPromiseOverdue { .. }));
    assert_eq!(broken.unwrap().events.len(), 1);
    assert!(line.reasons.iter().any(|risk| matches!(risk.reason, RiskReason::CoverageLow { .. })));
    let load = &view.load[0];
    assert_eq!((load.owned, load.key_accounts, load.promises_open, load.promises_overdue), (1, 1, 1, 1));
}

/// One pass over the facts reads at each point what a fold up to that point reads.
#[test]
fn points_equal_folds() {
    let stories = stories();
    let (policy, rates, epoch) = (Policy::default_policy(), Rates::none(), Epoch::default());
    let instants: Vec<Timestamp> =
        (0..40).map(|week| at("2025-12-25").plus_days(7.0 * f64::from(week))).collect();
    for story in &stories {
        let image = story.image();
        let setting = Setting {
            policy: &policy,
            zone: Zone::named("UTC").unwrap(),
            rates: &rates,
            names: image.names(),
            epoch: &epoch,
            own: None,
            fit: None,
            key_account: KeyAccountView::default(),
        };
        let read =
            |instants: &[Timestamp]| read_points(&image, setting, (instants, Timestamp::MAX), &Measure::ALL);
        let alone: Vec<_> = instants.iter().flat_map(|at| read(&[*at])).collect();
        assert_eq!(read(&instants), alone);
        assert_eq!(alone.iter().filter(|pulse| pulse.is_none()).count(), 1, "before the opening");
    }
}

fn stood(as_of: &str) -> Vec<Stood> {
    let standings = standings(&stories(), as_of);
    let places = places(standings.iter().map(|standing| (&standing.view, standing.eligible)));
    standings.into_iter().zip(places).map(|(standing, place)| Stood { view: standing.view, place }).collect()
}

fn moved(from: &str, to: &str) -> Vec<Option<crate::movement::MovementLine>> {
    let policy = Policy::default_policy().portfolio;
    let between = Between { from: at(from), to: at(to), known_at: Timestamp::MAX, policy: &policy };
    let (old, new) = (stood(from), stood(to));
    let stories = stories();
    let accounts = stories.iter().zip(old.iter().zip(&new));
    accounts.map(|(story, (old, new))| movement(Some(old), Some(new), &story.image(), &between)).collect()
}

#[test]
fn from_a_date_to_itself_nothing_moves() {
    assert!(moved("2026-04-01", "2026-04-01").iter().all(Option::is_none));
}

#[test]
fn backwards_is_the_mirror_of_forwards() {
    let (there, back) = (moved("2026-01-15", "2026-04-01"), moved("2026-04-01", "2026-01-15"));
    assert!(there[1].is_some() && there[3].is_some());
    for (there, back) in there.iter().zip(&back) {
        let kinds = |line: &Option<crate::movement::MovementLine>| {
            let changes = line.iter().flat_map(|line| line.changes.clone());
            changes.map(|change| serde_json::to_value(change).unwrap()).collect::<Vec<_>>()
        };
        let (there, back) = (kinds(there), kinds(back));
        assert_eq!(there.len(), back.len());
        for (there, back) in there.iter().zip(&back) {
            assert_eq!(
                (&there["change"], &there["from"], &there["to"]),
                (&back["change"], &back["to"], &back["from"])
            );
            assert_eq!(there["transitions"], back["transitions"]);
        }
    }
    let churned = there[3].as_ref().unwrap();
    let Some(Change::Stage { to: Stage::Churn, transitions, .. }) = churned.changes.first() else {
        panic!("{churned:?}")
    };
    assert_eq!(transitions[0].events.len(), 1, "the closing");
}

/// Money of a group is summed; a filter that leaves one member shows the whole group.
#[test]
fn groups_come_to_the_sum_of_their_accounts() {
    let mut stories = stories();
    for (place, amount) in [(0, "40"), (2, "60")] {
        stories[place].order(at("2026-03-01"), "g", amount);
    }
    stories[2].tell(at("2026-01-02"), EventType::AccountUpdated, json!({ "parent": "a0" }));
    let view = whole(&stories, "2026-04-01");
    let group = &view.groups[0];
    let accounts: Vec<_> = group.accounts.iter().map(AccountId::as_str).collect();
    assert_eq!((view.groups.len(), group.head.as_str(), accounts), (1, "a0", vec!["a0", "a2"]));
    assert_eq!((group.total.orders, group.total.ordered), (2, 100.0));
    let standings = standings(&stories, "2026-04-01");
    let only = |account: &'static str| {
        let wanted = move |standing: &Standing| standing.view.account.as_str() == account;
        PortfolioView::of(&standings, wanted, &Policy::default_policy(), at("2026-04-01")).groups
    };
    assert_eq!(only("a2"), view.groups);
    assert_eq!(only("a1"), []);
}

/// A last meeting feeds engagement and coverage alike, and is named once.
#[test]
fn a_red_account_names_each_event_once() {
    let mut stories = stories();
    stories[0].met(at("2026-01-05"), "call");
    for id in ["x", "y", "z"] {
        let data = json!({ "commitment": id, "by": "us", "due": "2026-01-20", "critical": true });
        stories[0].tell(at("2026-01-06"), EventType::CommitmentMade, data);
        stories[0].tell(at("2026-01-21"), EventType::CommitmentBroken, json!({ "commitment": id }));
    }
    let view = whole(&stories, "2026-06-01");
    for risk in view.at_risk.iter().flat_map(|line| &line.reasons) {
        let mut positions: Vec<_> = risk.events.iter().map(|event| event.position).collect();
        positions.sort();
        positions.dedup();
        assert_eq!(positions.len(), risk.events.len(), "{risk:?}");
    }
    assert!(
        view.at_risk
            .iter()
            .flat_map(|line| &line.reasons)
            .any(|risk| matches!(risk.reason, RiskReason::ColourRed { .. }))
    );
}
