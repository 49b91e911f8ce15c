//! What may be corrected and retracted.

use guanxi_projections::rejection::Rule;

use super::*;

fn two_accounts() -> Stage {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(april("a", "acme"));
    stage.tell(opened("p", "beta"));
    stage
}

#[test]
fn targets_must_exist_on_the_same_account() {
    let stage = two_accounts();
    for target in [named("nowhere"), placed(Position(99)), placed(Position(3))] {
        stage.breaks(Rule::TargetUnknown, correct("c", "acme", &target));
        stage.breaks(Rule::TargetUnknown, retract("c", "acme", &target));
    }
    for target in [named("a"), placed(Position(1))] {
        stage.breaks(Rule::TargetForeign, correct("c", "beta", &target));
        stage.breaks(Rule::TargetForeign, retract("c", "beta", &target));
    }
}

#[test]
fn revisions_are_retracted_never_corrected() {
    let stage = two_accounts();
    stage.tell(correct("c", "acme", &named("a")));
    stage.tell(retract("r", "acme", &named("c")));
    stage.breaks(Rule::TargetIsCorrection, correct("c2", "acme", &named("c")));
    stage.breaks(Rule::TargetIsCorrection, correct("c2", "acme", &named("r")));
    stage.tell(retract("rr", "acme", &named("r")));
    let held =
        stage.ledger().account(&AccountId::new("acme").unwrap(), &asked("2026-03-15", "2099-01-01")).unwrap();
    assert_eq!(held.view.events, 2, "the order was moved to 1 March");
}

#[test]
fn an_event_of_the_same_batch_is_a_target_by_its_name() {
    let stage = two_accounts();
    let (index, refused) = stage.refused(vec![correct("c", "acme", &named("b")), april("b", "acme")]);
    assert_eq!((index, rule_of(&refused)), (0, Rule::TargetUnknown));
    let batch =
        vec![april("b", "acme"), correct("c", "acme", &named("b")), retract("r", "acme", &named("c"))];
    stage.submit(batch, Unit::Whole).unwrap();
    assert_eq!(stage.events("acme"), 3);
}

#[test]
fn a_refused_event_is_no_target() {
    // A revision was accepted for an event that was refused before it in the same submission.
    let stage = two_accounts();
    let drafts = vec![
        order("b", "acme", "2031-01-01T00:00:00Z"),
        correct("c", "acme", &named("b")),
        april("d", "acme"),
    ];
    let receipts = stage.submit(drafts, Unit::Each).unwrap();
    assert_eq!(fates(&receipts), ["future", "target-unknown", "3"]);
    let mut counted = submission(vec![april("e", "acme"), correct("f", "acme", &named("e"))], Unit::Each);
    counted.expected_count = Some(99);
    let receipts = stage.ledger().submit(&counted).unwrap();
    assert_eq!(fates(&receipts), ["precondition", "target-unknown"]);
}

#[test]
fn a_conflicting_event_does_not_hide_the_recorded_one() {
    // The target's account was read off the refused draft.
    let stage = two_accounts();
    let drafts = vec![april("a", "beta"), correct("c", "acme", &named("a"))];
    let receipts = stage.submit(drafts, Unit::Each).unwrap();
    assert_eq!(fates(&receipts), ["conflict 1", "3"]);
}
