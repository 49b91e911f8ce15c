//! What is odd about a history, as the view lists it.

use super::*;

#[track_caller]
fn finds(events: &[(&str, EventType, Value)], expected: &Value) {
    let mut opened = vec![("2026-01-01", EventType::AccountOpened, json!({ "name": "Acme" }))];
    opened.extend(events.iter().cloned());
    let last = events.iter().map(|(time, ..)| *time).max().unwrap();
    let view = view(&told(&opened), last);
    assert_eq!(&serde_json::to_value(view.anomalies).unwrap(), expected);
}

fn money(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "CNY" })
}

fn order(id: &str, amount: &str) -> Value {
    json!({ "order": id, "amount": money(amount) })
}

#[test]
fn an_identifier_used_twice_is_an_anomaly() {
    let need = || json!({ "need": "n", "text": "AAAA" });
    finds(
        &[
            ("2026-01-02", EventType::OrderPlaced, order("a", "1")),
            ("2026-01-03", EventType::OrderPlaced, order("a", "1")),
            ("2026-01-04", EventType::NeedStated, need()),
            ("2026-01-05", EventType::NeedStated, need()),
        ],
        &json!([
            { "kind": "duplicate", "positions": [2], "to": "order", "id": "a" },
            { "kind": "duplicate", "positions": [4], "to": "need", "id": "n" },
        ]),
    );
}

#[test]
fn an_event_that_changes_nothing_is_an_anomaly() {
    let promise = || json!({ "commitment": "c" });
    let moved = |due: &str| json!({ "commitment": "c", "due": due });
    let idle = |positions: &[u64], to: &str, id: &str| json!({ "kind": "without_effect", "positions": positions, "to": to, "id": id });
    finds(
        &[
            ("2026-01-02", EventType::BidSubmitted, json!({ "bid": "b" })),
            ("2026-01-03", EventType::BidWon, json!({ "bid": "b" })),
            ("2026-01-04", EventType::BidLost, json!({ "bid": "b" })),
            (
                "2026-01-05",
                EventType::CommitmentMade,
                json!({ "commitment": "c", "by": "us", "due": "2026-01-10" }),
            ),
            ("2026-01-09", EventType::CommitmentMoved, moved("2026-01-12")),
            ("2026-01-14", EventType::CommitmentMoved, moved("2026-01-20")),
            ("2026-01-15", EventType::CommitmentKept, promise()),
            ("2026-01-16", EventType::CommitmentBroken, promise()),
            ("2026-01-17", EventType::IssueRaised, json!({ "issue": "i", "severity": "minor" })),
            ("2026-01-18", EventType::IssueReopened, json!({ "issue": "i" })),
            ("2026-01-19", EventType::IssueResolved, json!({ "issue": "i" })),
            ("2026-01-20", EventType::IssueResolved, json!({ "issue": "i" })),
            ("2026-01-21", EventType::IssueReopened, json!({ "issue": "i" })),
        ],
        &json!([idle(&[3], "bid", "b"), idle(&[6, 8], "commitment", "c"), idle(&[10, 12], "issue", "i"),]),
    );
}

#[test]
fn what_ends_before_it_begins_is_an_anomaly() {
    let early = |position: u64, to: &str, id: &str| json!({ "kind": "ends_before_start", "positions": [position], "to": to, "id": id });
    finds(
        &[
            (
                "2026-02-02",
                EventType::CommitmentMade,
                json!({ "commitment": "c", "by": "us", "due": "2026-02-01" }),
            ),
            (
                "2026-02-02T09:00",
                EventType::CommitmentMade,
                json!({ "commitment": "d", "by": "us", "due": "2026-02-02" }),
            ),
            (
                "2026-02-03",
                EventType::ContractSigned,
                json!({ "contract": "k", "starts": "2026-05-01", "expires": "2026-04-30" }),
            ),
            (
                "2026-02-04",
                EventType::ContractSigned,
                json!({ "contract": "l", "starts": "2026-05-01", "expires": "2026-05-01" }),
            ),
            (
                "2026-02-05",
                EventType::InvoiceIssued,
                json!({ "invoice": "v", "amount": money("1"), "due": "2026-02-04" }),
            ),
            (
                "2026-02-06",
                EventType::IssueRaised,
                json!({ "issue": "i", "severity": "minor", "due": "2026-02-05" }),
            ),
        ],
        &json!([
            early(1, "commitment", "c"),
            early(3, "contract", "k"),
            early(5, "invoice", "v"),
            early(6, "issue", "i")
        ]),
    );
}

#[test]
fn sums_above_what_they_are_set_against_are_anomalies_until_they_are_not() {
    let paid = |amount: &str| json!({ "invoice": "v", "amount": money(amount) });
    let returned = |order: Option<&str>, amount: &str| json!({ "order": order, "amount": money(amount) });
    let mut events = vec![
        ("2026-01-02", EventType::InvoiceIssued, json!({ "invoice": "v", "amount": money("10") })),
        ("2026-01-03", EventType::PaymentReceived, paid("10")),
        ("2026-01-04", EventType::PaymentReceived, paid("0.01")),
        ("2026-01-05", EventType::OrderPlaced, order("a", "5")),
        ("2026-01-06", EventType::OrderReturned, returned(Some("a"), "5")),
        ("2026-01-07", EventType::OrderReturned, returned(Some("a"), "1")),
        ("2026-01-08", EventType::OrderReturned, returned(None, "1")),
    ];
    let above_order = json!({ "kind": "returned_above_order", "positions": [6], "id": "a" });
    let above_invoice = json!({ "kind": "paid_above_invoice", "positions": [3], "id": "v" });
    let above_all = json!({ "kind": "returned_above_orders", "positions": [7], "currency": "CNY" });
    finds(&events, &json!([above_invoice.clone(), above_order.clone(), above_all]));
    events.push(("2026-01-09", EventType::OrderPlaced, order("b", "2")));
    finds(&events, &json!([above_invoice, above_order]));
}

#[test]
fn every_amount_that_is_converted_needs_a_rate() {
    let dollars = json!({ "amount": "1", "currency": "USD" });
    let concession =
        |cost: &Value| json!({ "concession": "x", "by": "us", "form": "price", "cost": cost, "reason": "r" });
    finds(
        &[
            ("2026-01-02", EventType::ConcessionGranted, concession(&dollars)),
            (
                "2026-01-03",
                EventType::AssessmentMade,
                json!({ "dimension": "potential", "wallet": dollars, "reason": "AAAA" }),
            ),
            ("2026-01-04", EventType::OpportunityOpened, json!({ "opportunity": "o", "amount": dollars })),
            ("2026-01-05", EventType::PaymentReceived, json!({ "amount": dollars })),
            ("2026-01-06", EventType::EffortSpent, json!({ "cost": dollars })),
            ("2026-01-07", EventType::BenefitConfirmed, json!({ "value": dollars })),
            ("2026-01-08", EventType::OrderPlaced, json!({ "order": "a", "amount": dollars })),
            ("2026-01-09", EventType::BidSubmitted, json!({ "bid": "b", "amount": dollars })),
        ],
        &json!([{ "kind": "no_rate", "positions": [1, 2, 3, 4, 5, 6, 7], "from": "USD", "to": "CNY" }]),
    );
}

#[test]
fn an_account_that_belongs_to_itself_and_events_after_a_merging_are_anomalies() {
    finds(
        &[
            ("2026-01-02", EventType::AccountUpdated, json!({ "parent": "acme" })),
            ("2026-01-03", EventType::AccountUpdated, json!({ "parent": "group" })),
            ("2026-01-04", EventType::AccountMerged, json!({ "into": "acme" })),
            ("2026-01-05", EventType::OrderPlaced, order("a", "1")),
            ("2026-01-06", EventType::OrderPlaced, order("b", "1")),
        ],
        &json!([
            { "kind": "names_itself", "positions": [1, 3] },
            { "kind": "after_merging", "positions": [4], "events": 2 },
        ]),
    );
}

#[test]
fn somebody_met_after_leaving_is_an_anomaly_unless_added_again() {
    let jo = person(3);
    let added = || json!({ "contact": jo, "name": "AAAA", "side": "customer", "role": "user" });
    let meeting = || json!({ "channel": "call", "ours": [], "customer": [jo] });
    finds(
        &[
            ("2026-01-02", EventType::ContactAdded, added()),
            ("2026-01-03", EventType::ContactLeft, json!({ "contact": jo })),
            ("2026-01-04", EventType::MeetingHeld, meeting()),
            ("2026-01-05", EventType::ContactLeft, json!({ "contact": jo })),
            ("2026-01-06", EventType::ContactAdded, added()),
            ("2026-01-07", EventType::MeetingHeld, meeting()),
        ],
        &json!([
            { "kind": "met_after_leaving", "positions": [3], "id": jo.to_string() },
            { "kind": "without_effect", "positions": [4], "to": "contact", "id": jo.to_string() },
        ]),
    );
}
