//! The accounts with a story of their own, but for Nordwind.

use serde_json::json;

use super::habits::{DISTANT, GOOD, HARD, Habit, Phase};
use super::life::{Fate, Life, Quality};
use super::tale::{LAST_DAY, Tale, day};

const END: i64 = LAST_DAY + 1;

pub(super) fn tell(tale: &mut Tale) {
    steady(tale);
    lost_champion(tale);
    gives_nothing_back(tale);
    seasonal(tale);
    new_hope(tale);
    won_back(tale);
    quiet_giant(tale);
    broken_promises(tale);
    speaks_for_us(tale);
    closed(tale);
    merged(tale);
}

/// 宝岭特钢 orders every month and is treated as it deserves; the group above it buys nothing itself.
fn steady(tale: &mut Tale) {
    let mut life = Life::begin(tale, "baoling", day("2023-10-09"), 5, Some("baoling-group"));
    let phases = [Phase { until: END, every: 30, amount: 420_000 }];
    life.live(day("2023-10-16"), END, &Habit { defects: 3, gain: 120, meet: 15, ..GOOD }, &phases);
    life.plan(day("2024-01-10"), 0.5, &[(100, 0.38), (300, 0.44)]);
    life.plan(day("2025-01-13"), 0.55, &[(120, 0.49), (320, 0.54)]);
    life.plan(day("2026-01-12"), 0.6, &[(110, 0.57), (230, 0.6)]);
    for (date, adjustment) in
        [("2024-06-20", "第二联系人"), ("2025-06-19", "高层互访"), ("2026-06-18", "备件框架协议")]
    {
        life.evaluate(day(date), "合作稳定，覆盖全面", &[(adjustment, 60)]);
    }
    life.reference(day("2024-09-12"), "benchmark", None);
    life.reference(day("2025-09-16"), "industry_leader", None);
    life.favour(day("2025-03-20"), "preferred_supplier");
    life.wallet(day("2025-01-14"), 12_000_000, "年度预算会议");
    life.meet(day("2026-09-17"), "visit", 2, "年度检修计划");
    life.tell(
        "account.updated",
        day("2025-02-10"),
        &json!({ "size": "5000+", "criteria": { "service": 0.8 } }),
    );

    let mut life = Life::begin(life.tale, "baoling-group", day("2023-10-09"), 2, None);
    for date in ["2024-03-14", "2024-10-17", "2025-04-10", "2025-11-20", "2026-05-21"] {
        life.meet(day(date), "executive", 2, "集团战略合作");
    }
    life.tell(
        "opportunity.opened",
        day("2025-11-24"),
        &json!({
            "opportunity": "baoling-group-frame", "title": "集团框架协议", "amount": life.money(20_000_000),
            "expected_close": "2026-12-31",
        }),
    );
}

/// 丽华制药: our champion goes, nobody follows, and orders dry up.
fn lost_champion(tale: &mut Tale) {
    let mut life = Life::begin(tale, "lihua", day("2023-11-06"), 3, None);
    let phases = [
        Phase { until: day("2025-11-10"), every: 34, amount: 210_000 },
        Phase { until: day("2026-04-20"), every: 62, amount: 90_000 },
    ];
    life.live(day("2023-11-20"), day("2025-11-10"), &GOOD, &phases[..1]);
    let champion = life.people[2].clone();
    life.tell("contact.changed", day("2024-08-05"), &json!({ "contact": champion, "title": "生产副总" }));
    life.reference(day("2024-12-10"), "award", None);
    life.lose(day("2025-11-14"), &champion);
    life.live(
        day("2025-11-24"),
        day("2026-04-20"),
        &Habit { meet: 60, promise: 0, issue: 0, bid: 0, ..DISTANT },
        &phases[1..],
    );
    life.note(day("2026-06-11"), "新任生产部长倾向于明川自动化。");
    life.meet(day("2026-07-23"), "call", 1, "");
    life.evaluate(day("2026-08-06"), "关键人离职后无人接替", &[("拜访新任生产部长", 30)]);
}

/// 凯达 asks and asks.
fn gives_nothing_back(tale: &mut Tale) {
    let mut life = Life::begin(tale, "kaida", day("2023-11-13"), 3, None);
    let phases = [Phase { until: END, every: 45, amount: 150_000 }];
    life.live(day("2023-12-01"), END, &Habit { give: 0, gain: 0, pays_late: 19, ..HARD }, &phases);
    let asked = [
        ("2025-01-21", "scope", 90_000),
        ("2025-03-11", "price", 118_000),
        ("2025-06-24", "scope", 152_000),
        ("2025-09-18", "payment", 96_000),
        ("2025-12-09", "price", 184_000),
        ("2026-02-26", "service", 131_000),
        ("2026-05-14", "price", 195_000),
        ("2026-08-20", "terms", 145_000),
    ];
    for (date, form, cost) in asked {
        life.concede(day(date), form, cost, "threatened to change the supplier");
    }
    for (date, value, approval) in
        [("2024-12-13", 980, "2024-71"), ("2025-12-12", 1_200, "2025-88"), ("2026-06-18", 640, "2026-40")]
    {
        life.treat(day(date), value, &format!("compliance {approval}"));
    }
    life.evaluate(day("2026-05-28"), "只舍不得：让步多，回报无", &[("no concession without a return", 30)]);
    life.assess(day("2026-05-28"), "reciprocity", 0.1, "eight concessions, nothing in return");
}

/// 北国饮料 buys before the summer, every year.
fn seasonal(tale: &mut Tale) {
    let mut life = Life::begin(tale, "beiguo", day("2023-12-04"), 3, None);
    for (from, until) in
        [("2024-03-01", "2024-07-10"), ("2025-03-01", "2025-07-10"), ("2026-03-01", "2026-07-10")]
    {
        let phases = [Phase { until: day(until), every: 19, amount: 160_000 }];
        life.live(day(from), day(until), &Habit { bid: 0, meet: 20, ..GOOD }, &phases);
    }
    for date in ["2024-10-15", "2024-12-05", "2025-10-14", "2025-12-10", "2026-09-10"] {
        life.meet(day(date), "visit", 2, "来年旺季计划");
    }
}

/// Stellar has not ordered anything yet, but everybody talks about it.
fn new_hope(tale: &mut Tale) {
    let mut life = Life::begin(tale, "stellar", day("2026-01-19"), 5, None);
    life.live(
        day("2026-01-26"),
        END,
        &Habit { meet: 12, promise: 40, issue: 0, bid: 0, give: 0, gain: 0, unkept: 0, ..GOOD },
        &[],
    );
    life.tell(
        "account.updated",
        day("2026-03-05"),
        &json!({ "criteria": { "dry room": 0.9, "price": 0.4 } }),
    );
    life.tell("strength.rated", day("2026-03-19"), &json!({ "criterion": "dry room", "value": 0.9 }));
    third_party(&mut life);
    life.wallet(day("2026-03-24"), 3_000_000, "two cell plants under construction");
    life.bid(day("2026-06-09"), 480_000, "Pilot line for cell assembly", None);
    life.tell(
        "opportunity.opened",
        day("2026-07-14"),
        &json!({
            "opportunity": "stellar-plant-2", "title": "Second plant", "amount": life.money(1_900_000),
            "expected_close": "2027-03-31",
        }),
    );
    life.meet(day("2026-09-15"), "executive", 3, "decision on the pilot line");
    life.promise(day("2026-09-15"), day("2026-10-06"), "layout of the dry room", Fate::Open);
    life.plan_meeting(day("2026-09-24"), day("2026-10-13"), "visit to our plant");
}

/// The engineers who plan Stellar's plants, and a visit whose day was mistaken twice.
fn third_party(life: &mut Life<'_>) {
    let planner = json!({
        "contact": "j.whitfield@planners", "name": "Joan Whitfield", "side": "third_party", "role": "technical",
        "title": "Plant Planner",
    });
    life.tell("contact.added", day("2026-02-12"), &planner);
    let met = json!({
        "channel": "meeting", "ours": [life.owner], "customer": life.people[..1], "minutes": 90,
        "third_party": ["j.whitfield@planners"], "topic": "cell assembly",
    });
    let told = life.tell("meeting.held", day("2026-04-14"), &met).expect("before the end");
    let time = |date: &str| json!({ "time": format!("{date}T02:00:00Z") });
    let wrong = life.tale.correct("stellar", &told, 4, "it was a day earlier", &time("2026-04-13"));
    life.tale.retract("stellar", &wrong.expect("before the end"), 3, "the first date was right");
}

/// 恒通线缆 went to a rival over a price and came back over the service.
fn won_back(tale: &mut Tale) {
    let mut life = Life::begin(tale, "hengtong", day("2023-10-23"), 3, None);
    let phases = [Phase { until: day("2024-09-20"), every: 33, amount: 180_000 }];
    life.live(day("2023-11-06"), day("2024-09-20"), &Habit { bid: 0, ..HARD }, &phases);
    life.bid(day("2024-09-26"), 1_200_000, "二号线改造", Some(false));
    life.meet(day("2025-03-12"), "call", 1, "");
    life.meet(day("2025-08-21"), "message", 1, "");
    life.hand_over(day("2026-01-08"), "sun.yan");
    life.meet_somebody(day("2026-02-04"), 0);
    for date in ["2026-02-05", "2026-03-18", "2026-04-22", "2026-05-27", "2026-06-24"] {
        life.meet(day(date), "visit", 2, "竞争对手交付延误");
    }
    life.concede(day("2026-06-30"), "price", 12_000, "first order after two years");
    life.order(day("2026-07-14"), 130_000, Quality::Good, -3);
    life.order(day("2026-08-25"), 170_000, Quality::Good, -3);
    life.meet(day("2026-09-18"), "visit", 2, "三号线");
}

/// 太岳矿机 buys more than anybody, and hardly speaks.
fn quiet_giant(tale: &mut Tale) {
    let mut life = Life::begin(tale, "taiyue", day("2023-10-17"), 2, None);
    let phases = [Phase { until: END, every: 48, amount: 1_150_000 }];
    life.live(
        day("2023-11-01"),
        END,
        &Habit { meet: 140, promise: 0, bid: 0, issue: 300, ..DISTANT },
        &phases,
    );
    life.bid(day("2024-04-18"), 4_200_000, "井下输送", Some(true));
    life.evaluate(day("2026-03-26"), "金额最大，却只认识采购", &[("认识总工程师", 60)]);
}

/// Sunrise keeps ordering although we keep letting them down.
fn broken_promises(tale: &mut Tale) {
    let mut life = Life::begin(tale, "sunrise", day("2023-12-11"), 3, None);
    let phases = [
        Phase { until: day("2025-06-01"), every: 40, amount: 38_000 },
        Phase { until: END, every: 43, amount: 30_000 },
    ];
    let habit = Habit { unkept: 80, defects: 40, gain: 0, give: 400, bid: 0, meet: 60, issue: 55, ..HARD };
    life.live(day("2024-01-08"), END, &habit, &phases);
    for (made, due) in
        [("2025-10-14", "2025-11-14"), ("2026-01-20", "2026-02-27"), ("2026-04-16", "2026-05-15")]
    {
        life.promise(day(made), day(due), "a line that runs through the season", Fate::Broken(12));
    }
    let open = json!({ "issue": "sunrise-palletiser", "severity": "critical", "due": "2026-07-31" });
    life.tell("issue.raised", day("2026-07-21"), &open);
    let issue = life.issue(day("2026-07-07"), "critical", 9);
    life.tell("issue.reopened", day("2026-08-11"), &json!({ "issue": issue }));
    let name = life.name("promise");
    let made = json!({
        "commitment": name, "by": "us", "due": "2026-08-31", "critical": true, "text": "replacement of the palletiser",
    });
    life.tell("commitment.made", day("2026-07-21"), &made);
    life.feedback(day("2026-08-18"), 1, 1);
    life.evaluate(day("2026-09-03"), "three promises broken in a year", &[("replace the palletiser", 20)]);
}

/// 青屿港机 grows with us and tells others; 日屿港务 came because of it.
fn speaks_for_us(tale: &mut Tale) {
    let mut life = Life::begin(tale, "qingyu-port", day("2024-02-19"), 4, None);
    let phases = [
        Phase { until: day("2025-01-01"), every: 40, amount: 140_000 },
        Phase { until: day("2025-10-01"), every: 34, amount: 210_000 },
        Phase { until: day("2026-04-01"), every: 29, amount: 330_000 },
        Phase { until: END, every: 25, amount: 520_000 },
    ];
    life.live(day("2024-03-04"), END, &Habit { gain: 110, meet: 17, ..GOOD }, &phases);
    life.project(day("2024-10-14"), 150, "自动化码头一期", Some("success"));
    life.project(day("2025-12-01"), 200, "自动化码头二期", Some("partial"));
    life.project(day("2026-07-06"), 0, "自动化码头三期", None);
    life.reference(day("2025-02-18"), "case_study", None);
    life.reference(day("2025-04-15"), "referral", Some("riyu-port"));
    life.favour(day("2025-04-15"), "referral");
    life.reference(day("2026-01-20"), "award", None);
    life.benefit(day("2025-06-12"), 2_600_000);
    life.plan(day("2025-01-20"), 0.45, &[(150, 0.36), (330, 0.46)]);

    let mut life = Life::begin(life.tale, "riyu-port", day("2025-04-22"), 3, None);
    let phases = [
        Phase { until: day("2026-02-01"), every: 45, amount: 120_000 },
        Phase { until: END, every: 36, amount: 190_000 },
    ];
    life.live(day("2025-06-02"), END, &GOOD, &phases);
}

/// 金原纺织 went bankrupt, was taken over, and stopped again.
fn closed(tale: &mut Tale) {
    let mut life = Life::begin(tale, "jinyuan", day("2023-11-27"), 2, None);
    let phases = [Phase { until: day("2024-08-01"), every: 50, amount: 60_000 }];
    life.live(day("2023-12-11"), day("2024-08-01"), &Habit { bid: 0, ..HARD }, &phases);
    life.tell("account.closed", day("2024-09-02"), &json!({ "reason": "insolvent" }));
    life.tell("account.reopened", day("2025-05-12"), &json!({ "reason": "under a new owner" }));
    life.meet(day("2025-05-20"), "visit", 1, "新股东的计划");
    let opened =
        json!({ "opportunity": "jinyuan-restart", "title": "复产改造", "amount": life.money(400_000) });
    life.tell("opportunity.opened", day("2025-06-10"), &opened);
    let dropped = json!({ "opportunity": "jinyuan-restart", "reason": "no financing" });
    life.tell("opportunity.dropped", day("2025-12-03"), &dropped);
    life.tell("account.closed", day("2026-02-24"), &json!({ "reason": "plant sold" }));
}

/// 华岭水泵 became part of 蓝洋泵业.
fn merged(tale: &mut Tale) {
    let mut life = Life::begin(tale, "hualing-pump", day("2023-12-18"), 2, None);
    let phases = [Phase { until: day("2025-02-20"), every: 55, amount: 70_000 }];
    life.live(day("2024-01-08"), day("2025-02-20"), &DISTANT, &phases);
    life.tell("account.merged", day("2025-03-03"), &json!({ "into": "lanyang" }));
    let mut life = Life::begin(life.tale, "lanyang", day("2024-01-15"), 3, None);
    let phases = [
        Phase { until: day("2025-03-03"), every: 48, amount: 110_000 },
        Phase { until: END, every: 37, amount: 160_000 },
    ];
    life.live(day("2024-02-05"), END, &GOOD, &phases);
    life.tell("account.updated", day("2025-03-10"), &json!({ "size": "1000-4999" }));
}
