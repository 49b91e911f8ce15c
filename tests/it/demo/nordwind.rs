//! Nordwind, the rescued one: a rejected delivery, a champion who leaves, a promise put off; then the sponsor
//! steps in, the promise is kept, and orders come back. Much of the turn was recorded only weeks after.

use serde_json::json;

use super::habits::{GOOD, Habit, Phase};
use super::life::{Fate, Life};
use super::tale::{Recording, Tale, day};

pub(super) fn tell(tale: &mut Tale) {
    let mut life = Life::begin(tale, "nordwind", day("2023-10-12"), 4, None);
    good_years(&mut life);
    break_down(&mut life);
    turn(&mut life);
    back(&mut life);
}

fn good_years(life: &mut Life<'_>) {
    let habit = Habit { defects: 4, unkept: 6, give: 0, ..GOOD };
    let phases = [
        Phase { until: day("2024-05-01"), every: 34, amount: 58_000 },
        Phase { until: day("2025-01-20"), every: 29, amount: 84_000 },
    ];
    life.live(day("2023-10-25"), day("2025-01-20"), &habit, &phases);
    life.plan(day("2024-01-15"), 0.4, &[(90, 0.22), (240, 0.31)]);
    life.wallet(day("2024-02-20"), 2_400_000, "their order book for two wind farms");
    life.reference(day("2024-11-12"), "case_study", None);
    // Ten times too much, until the auditors looked.
    let order = life.name("order");
    let (typed, right) = (
        json!({ "order": order, "amount": life.money(760_000) }),
        json!({ "order": order, "amount": life.money(76_000) }),
    );
    let told = life.tell("order.placed", day("2025-01-22"), &typed).expect("before the end");
    life.deliver(day("2025-02-14"), day("2025-02-20"), &order, super::life::Quality::Good);
    let days = day("2025-11-12") - day("2025-01-23");
    life.tale.correct(
        "nordwind",
        &told,
        days,
        "a digit too many, found in the audit",
        &json!({ "data": right }),
    );
}

fn break_down(life: &mut Life<'_>) {
    let order = life.name("order");
    let amount = life.money(118_000);
    life.tell("order.placed", day("2025-02-24"), &json!({ "order": order, "amount": amount }));
    life.deliver(day("2025-03-14"), day("2025-03-10"), &order, super::life::Quality::Rejected);
    life.tell("order.returned", day("2025-04-02"), &json!({ "order": order, "amount": amount }));
    life.concede(day("2025-04-10"), "service", 9_000, "engineers on site for two weeks");
    life.concede(day("2025-05-22"), "price", 16_000, "compensation for the standstill");
    let champion = life.people[2].clone();
    life.lose(day("2025-05-16"), &champion);
    life.bid(day("2025-05-12"), 640_000, "Converters for the northern park", Some(false));
    life.order(day("2025-05-20"), 6_000, super::life::Quality::Good, 11);
    life.order(day("2025-08-12"), 9_000, super::life::Quality::Good, 4);
    for (date, channel) in
        [("2025-03-18", "call"), ("2025-04-09", "visit"), ("2025-06-25", "call"), ("2025-08-05", "message")]
    {
        life.meet(day(date), channel, 2, "the standstill");
    }
    life.feedback(day("2025-06-30"), 2, 3);
    life.note(day("2025-07-08"), "Kestrel has offered them a trial at half the price.");
}

/// The promise and the issue of the breakdown, and how they end: most of it recorded in October.
fn turn(life: &mut Life<'_>) {
    let issue = life.name("issue");
    let raised = json!({ "issue": issue, "severity": "critical", "due": "2025-03-24", "note": "converters trip at low wind" });
    life.tell("issue.raised", day("2025-03-17"), &raised);
    let retrofit = life.name("promise");
    let made = json!({
        "commitment": retrofit, "by": "us", "due": "2025-06-30", "critical": true,
        "text": "retrofit of 14 converters",
    });
    life.tell("commitment.made", day("2025-04-09"), &made);
    let moved = json!({ "commitment": retrofit, "due": "2025-09-15" });
    life.tell("commitment.moved", day("2025-06-25"), &moved);
    let report = life.promise(day("2025-07-15"), day("2025-08-29"), "report on the cause", Fate::Open);
    let data = json!({ "commitment": report });
    let broken = life.tell("commitment.broken", day("2025-09-02"), &data).expect("before the end");
    let days = day("2025-10-21") - day("2025-09-03");
    life.tale.retract(
        "nordwind",
        &broken,
        days,
        "the report had been sent, to an address of the one who left",
    );

    let late = |from: &str, recorded: &str| Recording::After(day(recorded) - day(from));
    life.tell_recorded("commitment.kept", day("2025-08-28"), late("2025-08-28", "2025-10-21"), &data);
    let minutes = late("2025-09-18", "2025-10-09");
    life.meet_recorded(day("2025-09-18"), "executive", 2, "what it takes to go on", minutes);
    let service = late("2025-09-24", "2025-10-20");
    life.tell_recorded("commitment.kept", day("2025-09-24"), service, &json!({ "commitment": retrofit }));
    life.tell_recorded(
        "issue.resolved",
        day("2025-09-24"),
        service,
        &json!({ "issue": issue, "note": "no more trips at low wind" }),
    );
    life.evaluate(
        day("2025-10-10"),
        "we lost their production when our champion left; the sponsor has opened the door again",
        &[("meet the new head of production", 21), ("monthly report on availability", 40)],
    );
}

fn back(life: &mut Life<'_>) {
    let habit =
        Habit { meet: 17, defects: 0, unkept: 8, promise: 60, issue: 150, bid: 0, give: 0, gain: 95, ..GOOD };
    life.meet_somebody(day("2025-10-24"), 2);
    life.meet_somebody(day("2025-12-03"), 1);
    let phases = [
        Phase { until: day("2026-01-15"), every: 30, amount: 42_000 },
        Phase { until: day("2026-05-01"), every: 25, amount: 68_000 },
        Phase { until: day("2026-07-15"), every: 24, amount: 98_000 },
        Phase { until: day("2026-10-01"), every: 22, amount: 135_000 },
    ];
    life.live(day("2025-10-15"), day("2026-08-20"), &habit, &phases[..3]);
    life.live(
        day("2026-07-15"),
        day("2026-10-01"),
        &Habit { meet: 0, promise: 0, issue: 0, gain: 0, ..habit },
        &phases[3..],
    );
    life.project(day("2025-11-20"), 130, "Availability of the northern park", Some("success"));
    life.bid(day("2026-02-10"), 900_000, "Converters for the coastal park", Some(true));
    life.evaluate(day("2026-04-08"), "production trusts us again", &[("win the coastal park", 60)]);
    life.tell("strength.rated", day("2026-04-08"), &json!({ "criterion": "availability", "value": 0.8 }));
    life.treat(day("2026-05-20"), 860, "compliance 2026-31");
    life.reference(day("2026-06-16"), "call", None);
    life.meet(day("2026-08-26"), "executive", 2, "frame contract for three parks");
    life.meet(day("2026-09-09"), "visit", 2, "coastal park");
    life.meet(day("2026-09-22"), "call", 1, "dates of the commissioning");
    life.promise(day("2026-08-26"), day("2026-09-21"), "draft of the frame contract", Fate::Open);
    life.promise(day("2026-09-09"), day("2026-10-15"), "spare converter on site", Fate::Open);
    let theirs = json!({
        "commitment": "nordwind-theirs-1", "by": "customer", "due": "2026-10-31", "text": "forecast for 2027",
    });
    life.tell("commitment.made", day("2026-09-09"), &theirs);
    life.plan_meeting(day("2026-09-22"), day("2026-10-08"), "signing of the frame contract");
}
