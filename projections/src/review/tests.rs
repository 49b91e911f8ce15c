//! Scenes of reviews, one after the other: each rule in a case that it decides, worked out by hand.
//!
//! Ten accounts and half of them key accounts: five seats, members stay up to rank ceil(6.25) = 7, challengers enter up
//! to rank floor(4) = 4 in any case.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::event::EventType;
use crate::policy::Policy;
use crate::story::{Story, at};
use crate::time::Zone;

/// Reviews month after month, each recorded as it was proposed.
struct Scene {
    ledger: Story,
    month: u32,
    percent: Amount,
}

impl Scene {
    fn new(percent: &str) -> Self {
        Self { ledger: Story::default(), month: 0, percent: Amount::new(percent).unwrap() }
    }

    fn today(&self) -> Timestamp {
        at(&format!("{}-{:02}-15", 2026 + self.month / 12, 1 + self.month % 12))
    }

    fn list(&self) -> KeyList {
        KeyList::from_history(&self.ledger.effective(self.today()), Zone::named("UTC").unwrap())
    }

    /// Puts the accounts in the order of their scores, reviews them and records it.
    fn hold(&mut self, ranking: &[&str]) -> Proposal {
        let list = self.list();
        let candidate = |(place, name): (usize, &&str)| Candidate {
            account: AccountId::new(*name).unwrap(),
            score: 100.0 - place as f64,
            sales: 0.0,
        };
        let candidates: Vec<Candidate> = ranking.iter().enumerate().map(candidate).collect();
        let policy = Policy::default_policy().review;
        let (as_of, percent) = (self.today(), self.percent);
        let proposal =
            Ballot { candidates: &candidates, list: &list, as_of, percent, policy: &policy }.propose();
        let data = json!({ "as_of": as_of, "percent": percent, "seats": proposal.seats,
            "members": proposal.members, "exits": proposal.exits });
        self.ledger.tell(as_of, EventType::ReviewHeld, data);
        self.month += 1;
        proposal
    }

    /// What a review finds: members by rank, then who leaves, each with its rule.
    fn review(&mut self, ranking: &str) -> String {
        let proposal = self.hold(&ranking.split_whitespace().collect::<Vec<_>>());
        let members = proposal.members.iter().map(|m| format!("{}{} {}", m.account, m.rank, m.rule.as_str()));
        let exits = proposal.exits.iter().map(|exit| format!("-{} {}", exit.account, exit.rule.as_str()));
        members.chain(exits).collect::<Vec<_>>().join(", ")
    }

    /// The same three times, after which its members have settled.
    fn settled(ranking: &str) -> Self {
        let mut scene = Self::new("50");
        for _ in 0..3 {
            scene.review(ranking);
        }
        scene
    }

    fn pin(&mut self, event_type: EventType, account: &str, until: &str) {
        let data = json!({ "account": account, "until": until, "reason": "r" });
        let today = self.today();
        self.ledger.tell(today, event_type, data);
    }

    fn changes(&self) -> Vec<String> {
        let list = self.list();
        let said = |change: &crate::key_list::Change| {
            let json: Value = serde_json::to_value(change).unwrap();
            let word = |field: &str| json[field].as_str().unwrap().to_owned();
            format!("{} {} {} {}", &word("as_of")[..7], word("account"), word("change"), word("rule"))
        };
        list.changes().iter().map(said).collect()
    }
}

const ALL: &str = "a b c d e f g h i j";

#[test]
fn the_first_review_fills_the_seats_from_the_top() {
    let found = Scene::new("50").review(ALL);
    assert_eq!(found, "a1 challenged, b2 challenged, c3 challenged, d4 challenged, e5 filled");
}

#[test]
fn members_stay_within_the_wider_band() {
    let found = Scene::settled(ALL).review("a b c d f g e h i j");
    assert_eq!(found, "a1 stayed, b2 stayed, c3 stayed, d4 stayed, e7 stayed", "f, at 5, finds no free seat");
}

#[test]
fn members_beyond_it_fall_out_and_the_best_of_the_others_fills_their_seat() {
    let found = Scene::settled(ALL).review("a b c d f g h e i j");
    assert_eq!(found, "a1 stayed, b2 stayed, c3 stayed, d4 stayed, f5 filled, -e fell_out");
}

#[test]
fn members_stay_wherever_they_stand_in_their_first_two_reviews() {
    let mut scene = Scene::new("50");
    scene.review(ALL);
    let fallen = "a b c d f g h i j e";
    let kept = "a1 stayed, b2 stayed, c3 stayed, d4 stayed, e10 settling";
    assert_eq!((scene.review(fallen), scene.review(fallen)), (kept.to_owned(), kept.to_owned()));
    assert_eq!(scene.review(fallen), "a1 stayed, b2 stayed, c3 stayed, d4 stayed, f5 filled, -e fell_out");
}

#[test]
fn challengers_far_up_displace_the_worst_member() {
    let found = Scene::settled(ALL).review("a b f c d e g h i j");
    assert_eq!(found, "a1 stayed, b2 stayed, f3 challenged, c4 stayed, d5 stayed, -e displaced");
    let mut young = Scene::new("50");
    young.review(ALL);
    let found = young.review("a b f c d g h i j e");
    assert_eq!(found, "a1 stayed, b2 stayed, f3 challenged, c4 stayed, d5 stayed, -e displaced");
}

#[test]
fn fewer_seats_are_left_to_the_best_members() {
    let found = Scene::settled(ALL).review("a b c d e f");
    assert_eq!(found, "a1 stayed, b2 stayed, c3 stayed, -d displaced, -e fell_out");
}

#[test]
fn who_may_not_be_a_key_account_leaves() {
    let found = Scene::settled(ALL).review("b c d e f g h i j");
    assert_eq!(found, "b1 stayed, c2 stayed, d3 stayed, e4 stayed, f5 filled, -a ineligible");
}

#[test]
fn a_pinned_account_holds_a_seat_until_its_date_and_falls_by_the_rules_after_it() {
    let mut scene = Scene::settled(ALL);
    scene.pin(EventType::AccountPinned, "j", "2026-06-30");
    let found = scene.review(ALL);
    assert_eq!(found, "a1 stayed, b2 stayed, c3 stayed, d4 stayed, j10 pinned, -e displaced");
    for _ in 0..2 {
        assert!(scene.review(ALL).contains("j10 pinned"), "in May and June");
    }
    assert_eq!(scene.review(ALL), "a1 stayed, b2 stayed, c3 stayed, d4 stayed, e5 filled, -j fell_out");
}

#[test]
fn an_account_pinned_off_the_list_leaves_its_seat_to_the_next() {
    let mut scene = Scene::settled(ALL);
    scene.pin(EventType::AccountUnpinned, "a", "2026-04-30");
    let found = scene.review(ALL);
    assert_eq!(found, "b2 stayed, c3 stayed, d4 stayed, e5 stayed, f6 filled, -a unpinned");
    assert_eq!(scene.review(ALL), "a1 challenged, b2 stayed, c3 stayed, d4 stayed, e5 stayed, -f displaced");
}

#[test]
fn a_later_decision_replaces_a_pin() {
    let mut scene = Scene::settled(ALL);
    scene.pin(EventType::AccountPinned, "j", "2026-12-31");
    scene.pin(EventType::AccountUnpinned, "j", "2026-04-14");
    assert_eq!(scene.review(ALL), "a1 stayed, b2 stayed, c3 stayed, d4 stayed, e5 stayed");
}

#[test]
fn more_pins_than_seats_make_a_longer_list() {
    let mut scene = Scene::new("10");
    scene.pin(EventType::AccountPinned, "i", "2026-12-31");
    scene.pin(EventType::AccountPinned, "j", "2026-12-31");
    assert_eq!(scene.review(ALL), "i9 pinned, j10 pinned");
}

#[test]
fn a_pin_moves_nothing_between_reviews() {
    let mut scene = Scene::settled(ALL);
    let before = scene.list();
    scene.pin(EventType::AccountPinned, "j", "2026-12-31");
    scene.pin(EventType::AccountUnpinned, "a", "2026-12-31");
    assert_eq!((scene.list().members(), scene.list().changes()), (before.members(), before.changes()));
}

#[test]
fn the_list_keeps_every_entry_and_exit_with_its_rule() {
    let mut scene = Scene::new("20");
    for ranking in ["a b c d e f g h i j", "c a b d e f g h i j", "c a b d e f g h i j"] {
        scene.review(ranking);
    }
    let told = [
        "2026-01 a entered challenged",
        "2026-01 b entered filled",
        "2026-02 c entered challenged",
        "2026-02 b left displaced",
    ];
    assert_eq!(scene.changes(), told);
    let list = scene.list();
    let member = list.members().get(&AccountId::new("a").unwrap()).unwrap();
    assert_eq!((member.reviews, member.rank, member.since), (3, 2, at("2026-01-15")));
}

/// A list of thousands does not fit into one record.
#[test]
fn a_review_in_several_events_is_one_review() {
    let mut ledger = Story::default();
    let member = |account: &str, rank: u32| json!({ "account": account, "rank": rank, "score": 1.0, "rule": "filled" });
    let mut part = |month: u32, members: Value, exits: Value| {
        let as_of = at(&format!("2026-0{month}-15"));
        let data = json!({ "as_of": as_of, "percent": "20", "seats": 2, "members": members, "exits": exits });
        ledger.tell(as_of, EventType::ReviewHeld, data);
    };
    part(1, json!([member("a", 1)]), json!([]));
    part(1, json!([member("b", 2)]), json!([]));
    part(2, json!([member("b", 1)]), json!([]));
    part(2, json!([member("c", 2)]), json!([{ "account": "a", "rule": "fell_out" }]));
    let list = KeyList::from_history(&ledger.effective(Timestamp::MAX), Zone::named("UTC").unwrap());
    let seated: Vec<_> =
        list.members().iter().map(|(account, m)| (account.as_str(), m.rank, m.reviews)).collect();
    assert_eq!(seated, [("b", 1, 2), ("c", 2, 1)]);
    assert_eq!(list.changes().len(), 4);
}

#[test]
fn seats_are_exact_where_floating_point_is_not() {
    let percent = |text| Amount::new(text).unwrap();
    assert_eq!(seats(percent("20"), 0), 0);
    assert_eq!(seats(percent("20"), 1), 1);
    assert_eq!(seats(percent("0.00000001"), 1), 1);
    assert_eq!(seats(percent("100"), 4_000_000_000), 4_000_000_000);
    // .07 of 100 is 7.000000000000001 in floating point.
    for (percent_of, eligible, exact) in [("7", 100, 7), ("14", 50, 7), ("28", 25, 7), ("0.7", 1000, 7)] {
        assert_eq!(seats(percent(percent_of), eligible), exact);
    }
    // .8 of 10 seats are 8, of 9 seats 7.2: the band of challengers is rounded down, 1.25 of 9 up, to 12.
    assert_eq!(times(percent("0.8"), 10, 1), (8, false));
    assert_eq!(times(percent("0.8"), 9, 1), (7, true));
    assert_eq!(times(percent("1.25"), 9, 1), (11, true));
}

proptest! {
    /// Whatever happened before, the list has as many members as there are seats, and nobody leaves without a rule.
    #[test]
    fn a_list_is_as_long_as_its_seats(
        reviews in prop::collection::vec(prop::collection::vec(0_u8..40, 1..40), 1..8),
        percent in 1_u32..=100,
    ) {
        let mut scene = Scene::new(&percent.to_string());
        for ranking in reviews {
            let mut names: Vec<String> = Vec::new();
            for account in ranking {
                let name = format!("a{account}");
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let before = scene.list();
            let Proposal { seats, members, exits } = scene.hold(&names);
            prop_assert_eq!(members.len(), seats as usize);
            prop_assert_eq!(u64::from(seats), (u64::from(percent) * names.len() as u64).div_ceil(100));
            let stays = |account: &AccountId| members.iter().any(|member| member.account == *account);
            let leaves = |account: &AccountId| exits.iter().any(|exit| exit.account == *account);
            for account in before.members().keys() {
                prop_assert!(stays(account) != leaves(account), "{}", account);
            }
            let fell = members.iter().filter(|member| member.rule == ListRule::Settling);
            for member in fell {
                prop_assert!(before.members()[&member.account].reviews <= 2);
            }
        }
    }
}
