//! The first event of an account is its opening, and while anything of it stands, its opening stands: once.

use guanxi_projections::rejection::Rule;

use super::*;

/// A ledger whose account was opened and whose opening was retracted.
fn taken_back() -> Stage {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(retract("r", "acme", &named("o")));
    stage
}

#[test]
fn an_account_is_opened_first_and_once() {
    let stage = Stage::new();
    stage.breaks(Rule::AccountUnknown, april("a", "acme"));
    stage.tell(opened("o", "acme"));
    stage.breaks(Rule::AccountExists, opened("o2", "acme"));
    stage.tell(april("a", "acme"));
    assert_eq!(stage.events("acme"), 2);
}

#[test]
fn an_opening_is_retracted_only_when_alone() {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(april("a", "acme"));
    stage.breaks(Rule::OpeningNotAlone, retract("r", "acme", &named("o")));
    stage.tell(retract("ra", "acme", &named("a")));
    stage.tell(retract("r", "acme", &named("o")));
    stage.breaks(Rule::AccountUnknown, april("b", "acme"));
    assert_eq!(stage.events("acme"), 0);
}

#[test]
fn another_opening_takes_the_account_up_again() {
    // The refused order made the ledger remember the account as not open, and the second opening did not make it
    // forget.
    let stage = taken_back();
    stage.breaks(Rule::AccountUnknown, april("a", "acme"));
    stage.tell(opened("o2", "acme"));
    stage.breaks(Rule::AccountExists, opened("o3", "acme"));
    stage.tell(april("a", "acme"));
    assert_eq!(stage.events("acme"), 2);
}

#[test]
fn retracting_the_retraction_takes_it_up_again() {
    let mut stage = taken_back();
    stage.breaks(Rule::AccountUnknown, april("a", "acme"));
    stage.tell(retract("rr", "acme", &named("r")));
    stage.tell(april("a", "acme"));
    stage.reopen();
    assert_eq!(stage.events("acme"), 2);
}

#[test]
fn an_opening_is_not_lost_behind_other_events_by_a_chain_of_retractions() {
    // Retracting the retraction of the retraction of an opening was not seen to retract the opening.
    let stage = taken_back();
    stage.tell(retract("rr", "acme", &named("r")));
    stage.tell(april("a", "acme"));
    stage.breaks(Rule::OpeningNotAlone, retract("rrr", "acme", &named("rr")));
}

#[test]
fn nothing_stands_again_in_an_account_that_is_not_open() {
    // The retraction of an order could be taken back after the opening was gone.
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(april("a", "acme"));
    stage.tell(retract("ra", "acme", &named("a")));
    stage.tell(retract("r", "acme", &named("o")));
    stage.breaks(Rule::AccountUnknown, retract("rra", "acme", &named("ra")));
    stage.tell(retract("rr", "acme", &named("r")));
    stage.tell(retract("rra", "acme", &named("ra")));
    assert_eq!(stage.events("acme"), 2);
}

#[test]
fn two_openings_never_stand_together() {
    // The first opening could be brought back beside the second; then neither was alone.
    let stage = taken_back();
    stage.tell(opened("o2", "acme"));
    stage.breaks(Rule::AccountExists, retract("rr", "acme", &named("r")));
    stage.tell(retract("r2", "acme", &named("o2")));
    stage.tell(retract("rr", "acme", &named("r")));
    assert_eq!(stage.events("acme"), 1);
}

#[test]
fn a_batch_is_judged_in_its_order() {
    // Events after a retraction of the opening in one batch were recorded in an account that was not open.
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    let (index, refused) = stage.refused(vec![retract("r", "acme", &named("o")), april("a", "acme")]);
    assert_eq!((index, rule_of(&refused)), (1, Rule::AccountUnknown));
    let (index, refused) = stage.refused(vec![april("a", "acme"), retract("r", "acme", &named("o"))]);
    assert_eq!((index, rule_of(&refused)), (1, Rule::OpeningNotAlone));
    let (index, refused) =
        stage.refused(vec![opened("p", "beta"), retract("rp", "beta", &named("p")), april("a", "beta")]);
    assert_eq!((index, rule_of(&refused)), (2, Rule::AccountUnknown));
    let batch = vec![
        april("a", "acme"),
        retract("ra", "acme", &named("a")),
        retract("r", "acme", &named("o")),
        opened("o2", "acme"),
        april("b", "acme"),
    ];
    stage.submit(batch, Unit::Whole).unwrap();
    assert_eq!(stage.events("acme"), 2);
}

#[test]
fn events_each_for_itself_are_judged_in_their_order_too() {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    let drafts = vec![
        retract("r", "acme", &named("o")),
        april("a", "acme"),
        opened("o2", "acme"),
        april("b", "acme"),
        retract("r2", "acme", &named("o2")),
        opened("o3", "acme"),
    ];
    let receipts = stage.submit(drafts, Unit::Each).unwrap();
    let expected = ["1", "account-unknown", "2", "3", "opening-not-alone", "account-exists"];
    assert_eq!(fates(&receipts), expected);
}

#[test]
fn an_expected_count_holds_for_a_retracted_opening_too() {
    // The retraction's own expectation took the place of the caller's.
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    let mut submission = submission(vec![retract("r", "acme", &named("o"))], Unit::Whole);
    submission.expected_count = Some(7);
    let error = stage.ledger().submit(&submission).unwrap_err();
    let SubmitError::Refused { refused, .. } = error else { panic!("{error}") };
    assert_eq!(refused, Refused::PreconditionFailed { expected: 7, actual: 1 });
    submission.expected_count = Some(1);
    stage.ledger().submit(&submission).unwrap();
}
