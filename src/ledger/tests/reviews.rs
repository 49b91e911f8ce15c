//! Reviews as recorded facts: the list moves by them alone, and earlier answers keep their bytes.

use guanxi_projections::event::own::IndustryRated;
use guanxi_projections::id::Alias;
use guanxi_projections::money::Amount;
use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::text::{FreeText, Label};

use super::super::{
    AdjustmentAsked, Evaluation, LedgerError, PolicyChoice, ReviewAsked, SubmitError as Submitting,
};
use super::*;
use crate::clock::Clock as _;

fn actor() -> Actor {
    Actor::new("tester").unwrap()
}

fn id(account: &str) -> AccountId {
    AccountId::new(account).unwrap()
}

fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

/// Ten accounts; the first ordered most.
fn portfolio() -> Stage {
    let stage = Stage::new();
    for (place, account) in "abcdefghij".chars().enumerate() {
        let account = account.to_string();
        stage.tell(opened(&format!("open-{account}"), &account));
        for order in 0..3 {
            bought(&stage, &account, &format!("{account}{order}"), 1_000 - 90 * place);
        }
    }
    stage
}

fn bought(stage: &Stage, account: &str, id: &str, amount: usize) {
    let data = json!({ "order": id, "amount": { "amount": amount.to_string(), "currency": "CNY" } });
    stage.tell(event(&format!("order-{id}"), account, "order.placed", "2026-03-01T09:00:00Z", &data));
}

fn text(answer: impl serde::Serialize) -> String {
    serde_json::to_string(&answer).unwrap()
}

fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

impl Stage {
    fn hold(&self, as_of: &str) -> Result<String, Submitting> {
        let when = Some(as_of.parse().unwrap());
        let answer = self.ledger().hold_review(&actor(), when, None, |_, _| ())?;
        let members = answer.members.iter().map(|line| format!("{} {}", line.account, line.rule.as_str()));
        let exits = answer.exits.iter().map(|line| format!("-{} {}", line.account, line.rule.as_str()));
        Ok(members.chain(exits).collect::<Vec<_>>().join(", "))
    }

    /// The key accounts, by the list and by each account.
    fn key_accounts(&self, as_of: &str) -> Vec<String> {
        let asked = asked(as_of, "2099-01-01");
        let list = self.ledger().key_list(&asked).unwrap();
        let mut listed: Vec<String> = list.members.iter().map(|line| line.account.to_string()).collect();
        listed.sort();
        let rows = self.ledger().all_accounts(&asked, |_, _| ()).unwrap().accounts;
        let members = rows.iter().filter(|row| row.key_account).map(|row| row.account.to_string());
        assert_eq!(members.collect::<Vec<_>>(), listed);
        listed
    }

    /// Everything that can be asked of the portfolio, at coordinates.
    fn everything(&self, as_of: &str, known_at: &str, policy: &PolicyChoice) -> Vec<String> {
        let asked = Asked { policy: policy.clone(), ..asked(as_of, known_at) };
        let ledger = self.ledger();
        let review = ReviewAsked { asked: asked.clone(), percent: None };
        let mut answers = vec![
            text(ledger.all_accounts(&asked, |_, _| ()).unwrap()),
            text(ledger.key_list(&asked).unwrap()),
            text(ledger.reviews(&asked).unwrap()),
            text(ledger.review(&review, |_, _| ()).unwrap()),
            text(ledger.experience(&id("a"), &asked).unwrap()),
            text(ledger.group(&id("a"), &asked).unwrap()),
        ];
        for account in "abcdefghij".chars() {
            let answer = ledger.account(&id(&account.to_string()), &asked).unwrap();
            answers.push(ledger.to_json(&answer).unwrap());
        }
        answers
    }

    fn known_at(&self) -> String {
        self.ledger().head().last_recorded_at.unwrap().to_string()
    }

    fn adopt(&self, from: &str, to: &str) -> u32 {
        let text = DEFAULT_TOML.replacen(from, to, 1);
        let policy = Policy::from_toml(&text).unwrap();
        self.clock.advance_micros(60_000_000);
        self.ledger().adopt(&actor(), (&text, &policy), label("a board decision")).unwrap().version
    }
}

#[test]
fn the_list_moves_by_reviews_alone() {
    let mut stage = portfolio();
    assert_eq!(stage.key_accounts("2026-05-01"), Vec::<String>::new());
    assert_eq!(stage.hold("2026-04-01T00:00:00Z").unwrap(), "a challenged, b filled");
    assert_eq!(stage.key_accounts("2026-05-01"), ["a", "b"]);
    assert_eq!(stage.key_accounts("2026-03-31"), Vec::<String>::new(), "before the review nobody was on it");

    let grown = event(
        "big",
        "j",
        "order.placed",
        "2026-04-02T00:00:00Z",
        &json!({ "order": "big", "amount": { "amount": "900000", "currency": "CNY" } }),
    );
    stage.tell(grown);
    stage.ledger().pin(&actor(), &id("i"), "2026-12-31".parse().unwrap(), label("strategic")).unwrap();
    stage
        .ledger()
        .unpin(&actor(), &id("b"), Some("2026-12-31".parse().unwrap()), label("in dispute"))
        .unwrap();
    let rows = stage.ledger().all_accounts(&Asked::default(), |_, _| ()).unwrap().accounts;
    assert_eq!(
        rows.iter().find(|row| row.rank == Some(1)).unwrap().account,
        id("j"),
        "the ranking does move"
    );
    assert_eq!(stage.key_accounts("2026-06-02"), ["a", "b"]);

    stage.clock.advance_micros(60_000_000);
    let proposed = stage.ledger().review(&ReviewAsked::default(), |_, _| ()).unwrap();
    assert_eq!(proposed.seats, 2);
    assert_eq!(stage.key_accounts("2026-06-02"), ["a", "b"], "a proposal moves nothing");
    let now = stage.clock.now().to_string();
    assert_eq!(stage.hold(&now).unwrap(), "j challenged, i pinned, -a displaced, -b unpinned");
    assert_eq!(stage.key_accounts("2026-06-02"), ["i", "j"]);
    assert_eq!(stage.key_accounts("2026-05-31"), ["a", "b"], "the list of that time stands");
    let (list, known_at) = (stage.key_accounts("2026-06-02"), stage.known_at());
    let before = stage.everything("2026-06-02", &known_at, &PolicyChoice::Current);
    stage.reopen();
    assert_eq!(stage.key_accounts("2026-06-02"), list);
    assert_eq!(stage.everything("2026-06-02", &known_at, &PolicyChoice::Current), before, "after a restart");
}

#[test]
fn reviews_follow_one_another_and_none_is_of_the_future() {
    let stage = portfolio();
    stage.hold("2026-04-01T00:00:00Z").unwrap();
    for earlier in ["2026-04-01T00:00:00Z", "2026-03-31"] {
        let error = stage.hold(earlier).unwrap_err();
        assert!(matches!(error, Submitting::Ledger(LedgerError::ReviewOutOfOrder { .. })), "{error}");
    }
    let error = stage.hold("2026-12-31").unwrap_err();
    assert!(matches!(error, Submitting::Ledger(LedgerError::NotYet(_))), "{error}");
    stage.hold("2026-04-01T00:00:01Z").unwrap();
}

#[test]
fn earlier_answers_keep_their_bytes_whatever_is_decided_later() {
    let mut stage = portfolio();
    stage.hold("2026-04-01T00:00:00Z").unwrap();
    let (as_of, known_at) = ("2026-05-01", stage.known_at());
    let choices = [PolicyChoice::Current, PolicyChoice::Then, PolicyChoice::Version(1)];
    let ask = |stage: &Stage| choices.clone().map(|policy| stage.everything(as_of, &known_at, &policy));
    let before = ask(&stage);

    stage.adopt("sales = 0.40\npotential = 0.25", "sales = 0.25\npotential = 0.40");
    stage.ledger().pin(&actor(), &id("i"), "2026-12-31".parse().unwrap(), label("strategic")).unwrap();
    stage.hold("2026-05-15").unwrap();
    let rated = IndustryRated {
        industry: label("steel"),
        positives: 3,
        negatives: 0,
        reason: label("twenty years in it"),
    };
    stage.ledger().rate_industry(&actor(), rated).unwrap();
    stage.clock.advance_micros(60_000_000);
    let evaluation = Evaluation {
        account: id("a"),
        at: Some("2026-04-20".parse().unwrap()),
        findings: FreeText::new("quiet").unwrap(),
        adjust: vec![AdjustmentAsked {
            text: label("visit"),
            owner: alias("li.wei"),
            due: "2026-07-01".parse().unwrap(),
        }],
        done: Vec::new(),
    };
    stage.ledger().evaluate(&actor(), evaluation).unwrap();
    assert!(ask(&stage) == before);
    stage.reopen();
    assert!(ask(&stage) == before, "after a restart");
}

#[test]
fn a_policy_change_moves_figures_under_current_alone() {
    let stage = portfolio();
    let hashes = |policy: &PolicyChoice| {
        let asked = Asked { policy: policy.clone(), ..asked("2026-05-01", "2099-01-01") };
        "abcdefghij"
            .chars()
            .map(|account| stage.ledger().account(&id(&account.to_string()), &asked).unwrap().state_hash)
            .collect::<Vec<_>>()
    };
    let shown = hashes(&PolicyChoice::Current);
    assert_eq!(hashes(&PolicyChoice::Then), shown);
    let version = stage.adopt("sales = 0.40\npotential = 0.25", "sales = 0.25\npotential = 0.40");
    assert_eq!(version, 2);
    assert_eq!(hashes(&PolicyChoice::Then), shown, "what was shown");
    assert_eq!(hashes(&PolicyChoice::Version(1)), shown);
    let moved = hashes(&PolicyChoice::Current);
    assert!(moved.iter().zip(&shown).all(|(moved, shown)| moved != shown));
    assert_eq!(hashes(&PolicyChoice::Version(2)), moved);
    let in_force = |as_of: &str| {
        let asked = Asked { policy: PolicyChoice::Then, ..asked(as_of, "2099-01-01") };
        stage.ledger().policy(&asked).unwrap().version
    };
    assert_eq!((in_force("2026-05-31"), in_force("2026-06-02")), (1, 2));
}

#[test]
fn a_policy_takes_the_next_number_and_must_say_something_new() {
    let stage = portfolio();
    let default = Policy::default_policy();
    let error = stage.ledger().adopt(&actor(), (DEFAULT_TOML, &default), label("again")).unwrap_err();
    assert!(matches!(error, Submitting::Ledger(LedgerError::PolicyUnchanged(1))), "{error}");
    let text = DEFAULT_TOML.replacen("version = 1", "version = 9", 1).replacen(
        "green_from = 70",
        "green_from = 75",
        1,
    );
    let policy = Policy::from_toml(&text).unwrap();
    let before = stage.known_at();
    let preview = stage.ledger().preview_policy(&policy, |_, _| ()).unwrap();
    assert_eq!((preview.version, preview.accounts, stage.known_at()), (2, 10, before));
    assert_eq!(preview.differences.len(), 1);
    let adopted = stage.ledger().adopt(&actor(), (&text, &policy), label("stricter")).unwrap();
    assert_eq!((adopted.version, adopted.renumbered_from), (2, Some(9)));
    assert_eq!(adopted.differences[0].field, "health.colour.green_from");
    let list = stage.ledger().policies(None).unwrap().policies;
    let said: Vec<_> =
        list.iter().map(|p| (p.version, p.current, p.reason.as_ref().map(Label::as_str))).collect();
    assert_eq!(said, [(1, false, None), (2, true, Some("stricter"))]);
    let named = stage.ledger().named_policy(&Asked::default()).unwrap();
    assert!(named.text.contains("# To change a value, adopt a new policy"), "comments are kept");
    assert_eq!(named.policy, Policy { version: 2, ..policy });
}

#[test]
fn evaluations_carry_on_what_is_not_done() {
    let stage = portfolio();
    let adjust = |text: &str, due: &str| AdjustmentAsked {
        text: label(text),
        owner: alias("li.wei"),
        due: due.parse().unwrap(),
    };
    let evaluate = |at: &str, adjust: Vec<AdjustmentAsked>, done: &[&str]| {
        stage.clock.advance_micros(60_000_000);
        let evaluation = Evaluation {
            account: id("a"),
            at: Some(at.parse().unwrap()),
            findings: FreeText::new("found").unwrap(),
            adjust,
            done: done.iter().map(|text| label(text)).collect(),
        };
        let evaluated = stage.ledger().evaluate(&actor(), evaluation)?;
        Ok::<_, Submitting>(evaluated.standing.iter().map(|line| line.text.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(
        evaluate("2026-04-01", vec![adjust("visit", "2026-04-15"), adjust("call", "2026-05-15")], &[])
            .unwrap(),
        ["visit", "call"]
    );
    assert_eq!(
        evaluate("2026-04-10", vec![adjust("price", "2026-05-20")], &["call"]).unwrap(),
        ["visit", "price"]
    );
    let error = evaluate("2026-04-20", Vec::new(), &["call"]).unwrap_err();
    assert!(matches!(error, Submitting::Ledger(LedgerError::AdjustmentUnknown(..))), "{error}");
    let review = stage.ledger().review(&ReviewAsked::default(), |_, _| ()).unwrap();
    let overdue: Vec<_> =
        review.overdue.iter().map(|line| (line.account.as_str(), line.adjustment.as_str())).collect();
    assert_eq!(overdue, [("a", "visit"), ("a", "price")]);
    assert_eq!(
        review.overdue[0].owner.as_ref().map(|owner| owner.as_str().to_owned()),
        Some("li.wei".to_owned())
    );
}

/// A record has at most 65,535 bytes: a list of thousands of accounts takes several, which are one review.
#[test]
fn a_review_of_thousands_is_recorded_in_parts_that_fit_and_reads_back_whole() {
    const ACCOUNTS: usize = 2_500;
    let mut stage = Stage::new();
    // Long names, so that the list has half a megabyte.
    let account = |number: usize| format!("{number:04}-{}", "x".repeat(150));
    let opened = |number: usize| opened(&format!("o{number}"), &account(number));
    for first in (0..ACCOUNTS).step_by(500) {
        stage.submit((first..first + 500).map(opened).collect(), Unit::Whole).unwrap();
    }
    stage.clock.advance_micros(60_000_000);
    let percent = |text| Some(Amount::new(text).unwrap());
    let when = |text: &str| Some(text.parse().unwrap());
    let review = |stage: &Stage, when, percent| {
        stage.ledger().hold_review(&actor(), when, percent, |_, _| ()).unwrap()
    };
    let held = review(&stage, when("2026-05-01"), percent("100"));
    assert_eq!((held.members.len(), held.seats), (ACCOUNTS, u32::try_from(ACCOUNTS).unwrap()));
    assert!(held.recorded.len() >= 7, "{:?}", held.recorded);
    let log = &stage.ledger().log;
    for position in &held.recorded {
        let bytes = log.record(*position).unwrap().unwrap().frame.len();
        assert!(bytes <= 65_535 && bytes > 1_000, "the record at {position} has {bytes} bytes");
    }
    let listed = |stage: &Stage, as_of| {
        let list = stage.ledger().key_list(&asked(as_of, "2099-01-01")).unwrap();
        let lines = list.members.iter().map(|line| (line.account.to_string(), line.member.rank));
        (list.review.map(|held| held.seats), lines.collect::<std::collections::BTreeSet<_>>())
    };
    let (seats, list) = listed(&stage, "2026-05-02");
    let proposed = held.members.iter().map(|line| (line.account.to_string(), line.now.rank.unwrap()));
    assert_eq!((seats, list.clone()), (Some(held.seats), proposed.collect()));
    // Members stay in their first reviews; then all but a tenth go, and the exits take several records too.
    let days = ["2026-05-05", "2026-05-10", "2026-05-15", "2026-05-20"].into_iter();
    let mut held_next = days.map(|day| review(&stage, when(day), percent("10")));
    let next = held_next.find(|next| !next.exits.is_empty()).unwrap();
    assert!(next.recorded.len() >= 6 && next.exits.len() > 2_000, "{:?}", next.recorded);
    let after = listed(&stage, "2026-05-21");
    assert_eq!(after.1.len(), ACCOUNTS - next.exits.len());
    stage.reopen();
    assert_eq!((listed(&stage, "2026-05-02").1, listed(&stage, "2026-05-21")), (list, after));
}
