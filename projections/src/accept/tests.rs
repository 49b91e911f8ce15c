use serde_json::{Value, json};

use super::*;
use crate::wire::parse;

const NOW: &str = "2026-03-02T12:00:00Z";

#[expect(clippy::needless_pass_by_value, reason = "the tests read better without a borrow at each call")]
fn draft(event_type: &str, time: &str, precision: &str, data: Value) -> Draft {
    let value = json!({"specversion":"1.0","id":"1","source":"crm","type":event_type,"subject":"acme",
        "time":time,"timeprecision":precision,"data":data});
    parse(&value).unwrap()
}

fn judged(event_type: &str, time: &str, precision: &str, data: Value) -> Result<(), (Rule, String)> {
    accept(&draft(event_type, time, precision, data), NOW.parse().unwrap(), Zone::default())
        .map_err(|rejection| (rejection.rule, rejection.pointer))
}

#[track_caller]
fn data_judged(event_type: &str, data: Value, expected: Option<(Rule, &str)>) {
    let outcome = judged(event_type, NOW, "instant", data);
    assert_eq!(outcome.err(), expected.map(|(rule, pointer)| (rule, pointer.to_owned())));
}

#[test]
fn the_ledgers_own_types_and_streams_are_refused() {
    data_judged("period.closed", json!({"until":"2026-01-31"}), Some((Rule::OwnType, "/type")));
    let mut note = draft("note.taken", NOW, "instant", json!({"text":"x"}));
    note.heading.account = crate::id::AccountId::ledger();
    let rejection = accept(&note, NOW.parse().unwrap(), Zone::default()).unwrap_err();
    assert_eq!((rejection.rule, rejection.pointer.as_str()), (Rule::OwnType, "/subject"));
}

#[test]
fn only_a_planned_meeting_may_lie_in_the_future() {
    let meeting = || json!({"channel":"call","ours":[],"customer":[]});
    assert_eq!(judged("meeting.held", "2026-03-02T12:05:00Z", "instant", meeting()), Ok(()));
    let future = Err((Rule::Future, "/time".to_owned()));
    assert_eq!(judged("meeting.held", "2026-03-02T12:05:00.000001Z", "instant", meeting()), future);
    assert_eq!(judged("meeting.planned", "2027-01-01T00:00:00Z", "instant", meeting()), Ok(()));
}

#[test]
fn the_running_day_and_month_have_happened() {
    let note = || json!({"text":"x"});
    let future = Err((Rule::Future, "/time".to_owned()));
    // In Shanghai it is 20:00 on 2 March.
    assert_eq!(judged("note.taken", "2026-03-02T23:59:59+08:00", "day", note()), Ok(()));
    assert_eq!(judged("note.taken", "2026-03-03T00:00:00+08:00", "day", note()), future);
    assert_eq!(judged("note.taken", "2026-03-31T23:59:59+08:00", "month", note()), Ok(()));
    assert_eq!(judged("note.taken", "2026-04-01T00:00:00+08:00", "month", note()), future);
    assert_eq!(judged("note.taken", "2027-01-31T23:59:59+08:00", "month", note()), future);
}

#[test]
fn due_and_expiry_dates_may_lie_in_the_future() {
    data_judged("commitment.made", json!({"commitment":"W","by":"us","due":"2030-01-01"}), None);
    data_judged(
        "contract.signed",
        json!({"contract":"C","starts":"2030-01-01","expires":"2031-01-01"}),
        None,
    );
}

#[test]
fn an_assessment_has_a_value_or_the_potentials_wallet() {
    let wallet = || json!({"amount":"1","currency":"CNY"});
    let refused = |pointer| Some((Rule::Contradiction, pointer));
    let judge = |data, expected| data_judged("assessment.made", data, expected);
    judge(json!({"dimension":"service","value":0.5,"reason":"x"}), None);
    judge(json!({"dimension":"potential","value":0.5,"reason":"x"}), None);
    judge(json!({"dimension":"potential","wallet":wallet(),"reason":"x"}), None);
    judge(json!({"dimension":"potential","reason":"x"}), refused("/data"));
    judge(
        json!({"dimension":"potential","value":0.5,"wallet":wallet(),"reason":"x"}),
        refused("/data/wallet"),
    );
    judge(json!({"dimension":"service","wallet":wallet(),"reason":"x"}), refused("/data/wallet"));
}

#[test]
fn a_feedback_says_something() {
    data_judged("feedback.given", json!({"csat":5}), None);
    data_judged("feedback.given", json!({"nps":0}), None);
    data_judged("feedback.given", json!({"contact":"acme-cto"}), Some((Rule::NothingSaid, "/data")));
}

#[test]
fn objectives_of_a_plan_are_distinct() {
    let objective = |name: &str| json!({"objective":name,"measure":"m","target":1,"due":"2027-01-01"});
    let plan = |names: [&str; 3]| json!({"plan":"A","objectives":names.map(objective)});
    data_judged("plan.set", plan(["a", "b", "c"]), None);
    data_judged(
        "plan.set",
        plan(["a", "b", "a"]),
        Some((Rule::Contradiction, "/data/objectives/2/objective")),
    );
}

#[test]
fn a_correction_says_something() {
    let correction = |data: Value| {
        let mut whole = json!({"target":{"position":1},"reason":"typo"});
        whole.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
        whole
    };
    data_judged("event.corrected", correction(json!({"time":NOW})), None);
    data_judged("event.corrected", correction(json!({"data":{}})), None);
    data_judged("event.corrected", correction(json!({})), Some((Rule::NothingSaid, "/data")));
    let no_object = Some((Rule::InvalidValue, "/data/data"));
    data_judged("event.corrected", correction(json!({"data":7})), no_object);
}

#[test]
fn a_correction_is_judged_like_its_target() {
    let judge = |target, data: Value| {
        let draft = draft("event.corrected", NOW, "instant", data);
        let Event::EventCorrected(correction) = draft.event else { panic!("a correction") };
        accept_correction(target, &correction, NOW.parse().unwrap(), Zone::default())
            .map_err(|rejection| (rejection.rule, rejection.pointer))
    };
    let whole = |data: Value| json!({"target":{"position":1},"reason":"typo","data":data});
    let later = || json!({"target":{"position":1},"reason":"typo","time":"2027-01-01T00:00:00Z"});
    let order = judge(EventType::IssueResolved, whole(json!({"issue":"T-1"}))).unwrap().unwrap();
    assert_eq!(order.event_type(), EventType::IssueResolved);
    let refused = |rule, pointer: &str| Err((rule, pointer.to_owned()));
    assert_eq!(
        judge(EventType::IssueResolved, whole(json!({}))),
        refused(Rule::MissingField, "/data/data/issue")
    );
    assert_eq!(judge(EventType::FeedbackGiven, whole(json!({}))), refused(Rule::NothingSaid, "/data/data"));
    assert_eq!(judge(EventType::NoteTaken, later()), refused(Rule::Future, "/data/time"));
    assert_eq!(judge(EventType::MeetingPlanned, later()), Ok(None));
    assert_eq!(judge(EventType::EventRetracted, later()), refused(Rule::TargetIsCorrection, "/data/target"));
}
