//! Submitting again, together, each for itself; limits and odd contents.

use guanxi_projections::rejection::Rule;

use super::*;

#[test]
fn submitting_again_changes_nothing() {
    let mut stage = Stage::new();
    stage.tell(opened("o", "acme"));
    let first = stage.tell(assigned("t", "acme", "li.wei"));
    let note = event("n", "acme", "note.taken", "2026-02-02T00:00:00Z", &json!({ "text": "rather quiet" }));
    stage.tell(note.clone());
    for _ in 0..2 {
        let (head, people) = (stage.ledger().head(), stage.people_bytes());
        let again = stage.tell(assigned("t", "acme", "li.wei"));
        assert_eq!((again.position, again.duplicate), (first.position, true));
        assert!(stage.tell(note.clone()).duplicate);
        assert!(stage.tell(opened("o", "acme")).duplicate);
        assert_eq!((stage.ledger().head(), stage.people_bytes()), (head, people));
        stage.reopen();
    }
}

#[test]
fn one_name_has_one_content() {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(april("a", "acme"));
    let (_, refused) = stage.refused(vec![order("a", "acme", "2026-04-02T00:00:00Z")]);
    assert_eq!(refused, Refused::Conflict { position: Position(1) });
    let (_, refused) = stage.refused(vec![assigned("o", "acme", "li.wei")]);
    assert_eq!(refused, Refused::Conflict { position: Position(0) });
}

#[test]
fn an_event_twice_in_one_batch_is_a_duplicate() {
    // The second of two equal openings was refused since the account was open by then.
    let stage = Stage::new();
    let batch = vec![opened("o", "acme"), april("a", "acme"), opened("o", "acme"), april("a", "acme")];
    let receipts = stage.submit(batch, Unit::Whole).unwrap();
    assert_eq!(fates(&receipts), ["0", "1", "duplicate 0", "duplicate 1"]);
}

#[test]
fn a_batch_is_all_or_nothing() {
    let stage = Stage::new();
    let (index, refused) = stage.refused(vec![opened("o", "acme"), april("a", "acme"), april("b", "beta")]);
    assert_eq!((index, rule_of(&refused)), (2, Rule::AccountUnknown));
    assert_eq!(stage.ledger().accounts(), []);
    assert!(!stage.tell(opened("o", "acme")).duplicate);
}

#[test]
fn each_for_itself_is_reported_each() {
    let stage = Stage::new();
    let drafts = vec![
        april("a", "acme"),
        opened("o", "acme"),
        opened("p", "acme"),
        order("x", "acme", "2031-01-01T00:00:00Z"),
        april("a", "acme"),
        order("a", "acme", "2026-04-02T00:00:00Z"),
        april("a", "acme"),
    ];
    let receipts = stage.submit(drafts, Unit::Each).unwrap();
    let expected = ["account-unknown", "0", "account-exists", "future", "1", "conflict 1", "duplicate 1"];
    assert_eq!(fates(&receipts), expected);
}

#[test]
fn the_expected_count_is_the_actual_one_or_nothing_happens() {
    let stage = Stage::new();
    let expecting = |count, drafts| {
        let mut submission = submission(drafts, Unit::Whole);
        submission.expected_count = Some(count);
        stage.ledger().submit(&submission)
    };
    let failed = |result: Result<_, SubmitError>| {
        let error = result.unwrap_err();
        let SubmitError::Refused { refused: Refused::PreconditionFailed { expected, actual }, index: 0 } =
            error
        else {
            panic!("{error}")
        };
        (expected, actual)
    };
    assert_eq!(failed(expecting(1, vec![opened("o", "acme")])), (1, 0));
    expecting(0, vec![opened("o", "acme"), april("a", "acme")]).unwrap();
    assert_eq!(failed(expecting(1, vec![april("b", "acme")])), (1, 2));
    expecting(2, vec![april("b", "acme"), april("c", "acme")]).unwrap();
    let again = expecting(2, vec![april("b", "acme"), april("c", "acme")]).unwrap();
    assert_eq!(fates(&again), ["duplicate 2", "duplicate 3"], "a retry is no failure");
}

#[test]
fn any_tidy_text_is_an_id() {
    let mut stage = Stage::new();
    for account in ["关系", "🏭 works", "a/b~c"] {
        stage.tell(opened(account, account));
        stage.tell(assigned(&format!("{account}🙂"), account, "李伟"));
    }
    stage.reopen();
    for account in ["关系", "🏭 works", "a/b~c"] {
        let answer = stage.ledger().account(&AccountId::new(account).unwrap(), &Asked::default()).unwrap();
        assert_eq!(answer.owner.unwrap().as_str(), "李伟");
        assert_eq!(answer.view.account.as_str(), account);
    }
}

#[test]
fn a_record_too_large_is_refused() {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    let updated = |id, traits| {
        let traits: serde_json::Map<String, Value> =
            (0..traits).map(|number| (format!("trait {number}"), "x".repeat(400).into())).collect();
        event(id, "acme", "account.updated", "2026-02-02T00:00:00Z", &json!({ "traits": traits }))
    };
    stage.breaks(Rule::TooLarge, updated("u", 200));
    stage.tell(updated("u", 140));
    stage.tell(april("a", "acme"));
}

#[test]
fn no_amount_is_negative() {
    let amount = json!({ "amount": "-1.00", "currency": "CNY" });
    let event = json!({
        "specversion": "1.0", "id": "a", "source": "test", "type": "order.placed", "subject": "acme",
        "time": NOW, "data": { "order": "a", "amount": amount },
    });
    let rejection = wire::parse(&event).unwrap_err();
    assert_eq!((rejection.rule, rejection.pointer.as_str()), (Rule::InvalidValue, "/data/amount/amount"));
}
