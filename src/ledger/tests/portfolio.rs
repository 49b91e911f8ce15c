//! The portfolio, its trend, movement and alerts, as a ledger answers.

use std::ops::ControlFlow;

use guanxi_projections::alerts::AlertKind;
use guanxi_projections::list::List;
use guanxi_projections::measure::Measure;
use guanxi_projections::stage::Stage as Lifecycle;
use guanxi_projections::time::{DAY_US, Day};
use guanxi_projections::trend::Every;

use super::super::{
    AccountFilter, AlertFilter, LedgerError, LineFilter, MovementAsked, Seen, Sight, TrendAsked,
};
use super::*;

/// Three accounts over 2025 and 2026: a buyer each month until July, one that is only visited, one that is closed.
fn told() -> Stage {
    let stage = Stage::new();
    let open = |id: &str, account: &str| {
        event(id, account, "account.opened", "2025-01-01T00:00:00Z", &json!({ "name": account }))
    };
    for account in ["acme", "beta", "gamma"] {
        stage.tell(open(account, account));
    }
    for month in 1..=7 {
        stage.tell(order(&format!("o{month}"), "acme", &format!("2025-{month:02}-10T09:00:00Z")));
    }
    let visit = json!({ "channel": "visit", "ours": ["li.wei"], "customer": ["cto"] });
    stage.tell(event("v", "beta", "meeting.held", "2025-09-01T09:00:00Z", &visit));
    stage.tell(assigned("t", "beta", "li.wei"));
    stage.tell(event("c", "gamma", "account.closed", "2025-06-01T00:00:00Z", &json!({ "reason": "r" })));
    let promise = json!({ "commitment": "p", "by": "us", "due": "2025-11-01" });
    stage.tell(event("p", "acme", "commitment.made", "2025-10-01T00:00:00Z", &promise));
    stage
}

fn alerts(stage: &Stage, as_of: &str, known_at: &str) -> String {
    let answer = stage.ledger().alerts(&asked(as_of, known_at), &AlertFilter::default(), |_, _| ()).unwrap();
    stage.ledger().to_json(&answer).unwrap()
}

fn since(stage: &Stage, as_of: &str, kind: AlertKind) -> Vec<String> {
    let filter = AlertFilter { kinds: vec![kind], ..AlertFilter::default() };
    let answer = stage.ledger().alerts(&asked(as_of, "2099-01-01"), &filter, |_, _| ()).unwrap();
    answer.alerts.iter().map(|row| format!("{} {}", row.account, row.alert.since)).collect()
}

#[test]
fn alerts_do_not_depend_on_who_asked_before_or_on_what_came_later() {
    let mut stage = told();
    let known = stage.ledger().head().last_recorded_at.unwrap().to_string();
    let days =
        ["2025-12-31T15:00:00Z", "2025-05-05T00:00:00Z", "2026-02-01T00:00:00Z", "2025-09-02T12:00:00Z"];
    let before: Vec<String> = days.iter().map(|day| alerts(&stage, day, &known)).collect();
    assert!(before[0].contains("promise_overdue"), "{}", before[0]);
    stage.tell(order("late", "beta", "2025-03-01T00:00:00Z"));
    stage.tell(order("after", "acme", "2026-03-01T00:00:00Z"));
    let again: Vec<String> = days.iter().rev().map(|day| alerts(&stage, day, &known)).collect();
    assert!(again.iter().eq(before.iter().rev()));
    stage.reopen();
    assert_eq!(alerts(&stage, days[0], &known), before[0]);
}

/// Asked in the quarter in which it began, and in later ones with other epochs, an alert began at one instant.
#[test]
fn an_alert_has_one_beginning_over_quarters() {
    let stage = told();
    let overdue = |as_of| since(&stage, as_of, AlertKind::EvaluationOverdue);
    let begun = overdue("2025-09-15T12:00:00Z");
    assert_eq!(begun.len(), 2, "{begun:?}");
    for later in
        ["2025-09-15T23:00:00Z", "2025-09-30T00:00:00Z", "2025-10-01T00:00:00Z", "2025-12-24T00:00:00Z"]
    {
        assert_eq!(overdue(later), begun, "{later}");
    }
    assert_eq!(since(&stage, "2025-09-15", AlertKind::OneColleague), ["beta 2025-09-02T00:00:00Z"]);
}

fn goes_on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn trend(seen: Seen) -> TrendAsked {
    let day = |text: &str| text.parse::<Day>().unwrap();
    TrendAsked {
        from: day("2024-12-31"),
        to: day("2025-12-31"),
        every: Every::Month,
        measures: vec![Measure::Health, Measure::Outlook],
        seen,
    }
}

/// Each point of the trend is what the portfolio says of that instant.
#[test]
fn a_trend_of_the_portfolio_is_a_row_of_portfolios() {
    let stage = told();
    let answer =
        stage.ledger().portfolio_trend(&trend(Seen::Now), &Sight::All, &Asked::default(), goes_on).unwrap();
    assert_eq!(answer.points.len(), 13);
    for point in &answer.points {
        let as_of = point.coordinates.as_of.to_string();
        let asked = asked(&as_of, "2099-01-01");
        let whole = stage.ledger().portfolio(&asked, &AccountFilter::default(), |_, _| ()).unwrap();
        assert_eq!(point.coordinates, whole.coordinates);
        assert_eq!((point.point.accounts, point.point.eligible), (whole.view.accounts, whole.view.eligible));
        assert_eq!(
            point.point.stages.to_vec(),
            whole.view.funnel.iter().map(|l| l.accounts).collect::<Vec<_>>()
        );
        assert_eq!(
            point.point.quadrants.to_vec(),
            whole.view.matrix.iter().map(|l| l.accounts).collect::<Vec<_>>()
        );
        assert_eq!(point.point.means, whole.view.means, "{as_of}");
        assert_eq!(point.point.measures[0], whole.view.means.map(|means| means.health_mean));
    }
    let stages: Vec<usize> =
        answer.points.iter().map(|point| point.point.stages[Lifecycle::Churn as usize]).collect();
    assert_eq!(stages.first(), Some(&0));
    assert!(stages.last() > Some(&0));
    // All of it was recorded in 2026.
    let then =
        stage.ledger().portfolio_trend(&trend(Seen::Then), &Sight::All, &Asked::default(), goes_on).unwrap();
    assert!(then.points.iter().all(|point| point.point.accounts == 0));
}

#[test]
fn work_that_nobody_waits_for_is_stopped() {
    #[track_caller]
    fn check<T: std::fmt::Debug>(stopped: &Result<T, LedgerError>) {
        assert!(matches!(stopped, Err(LedgerError::Stopped)), "{stopped:?}");
    }
    // One account at one time is work for this thread alone, which is asked.
    let stage = Stage::new();
    stage.tell(event("o", "acme", "account.opened", "2025-01-01T00:00:00Z", &json!({ "name": "acme" })));
    let (ledger, asked) = (stage.ledger(), Asked::default());
    let stop = |_, _| ControlFlow::Break(());
    let once = TrendAsked { from: trend(Seen::Now).to, ..trend(Seen::Now) };
    check(&ledger.portfolio_trend(&once, &Sight::All, &asked, stop));
    check(&ledger.trend(&AccountId::new("acme").unwrap(), &once, &asked, stop));
    check(&ledger.whole_list(List::Balance, &LineFilter::default(), &asked, stop));
    let (from, to) = ("2025-12-31".parse().unwrap(), "2026-06-30".parse().unwrap());
    check(&ledger.movement(&MovementAsked { from, to, seen: Seen::Now, within: Sight::All }, &asked, stop));
    // In the midst of it, too.
    let later =
        |done, total| if 2 * done > total { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    check(&ledger.movement(&MovementAsked { from, to, seen: Seen::Now, within: Sight::All }, &asked, later));
}

#[test]
fn a_movement_names_what_moved() {
    let stage = told();
    let when = |text: &str| text.parse::<When>().unwrap();
    let moved = |from: &str, to: &str| {
        let movement = MovementAsked { from: when(from), to: when(to), seen: Seen::Now, within: Sight::All };
        stage.ledger().movement(&movement, &Asked::default(), goes_on).unwrap()
    };
    assert!(moved("2025-08-01", "2025-08-01").lines.is_empty());
    let there = moved("2025-05-01", "2025-08-01");
    let back = moved("2025-08-01", "2025-05-01");
    let accounts = |lines: &[guanxi_projections::movement::MovementLine]| {
        lines.iter().map(|line| line.account.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(accounts(&there.lines), accounts(&back.lines));
    let gamma = there.lines.iter().find(|line| line.account.as_str() == "gamma").unwrap();
    let change = &serde_json::to_value(gamma).unwrap()["changes"][0];
    assert_eq!((&change["change"], &change["to"]), (&json!("stage"), &json!("churn")));
    assert_eq!(change["transitions"][0]["events"][0]["type"], "account.closed");
}

#[test]
fn show_says_when_an_account_is_evaluated_next() {
    let stage = told();
    let due = |account: &str, as_of: &str| {
        let answer =
            stage.ledger().account(&AccountId::new(account).unwrap(), &asked(as_of, "2099-01-01")).unwrap();
        answer.next_evaluation
    };
    let due_at = due("beta", "2025-09-15").unwrap();
    let opened = at("2025-01-01T00:00:00Z");
    assert!(due_at.micros() - opened.micros() <= 180 * DAY_US && due_at > opened.plus_days(7.0));
    assert_eq!(due("gamma", "2025-09-15"), None);
}

/// Since when each alert stands, by account and kind.
type Found = std::collections::BTreeMap<(String, AlertKind), String>;

/// Alerts on figures are found by short cuts; so each is held against what is asked at every midnight by itself: it is
/// there from the one at which it began, always with that beginning, and not before.
#[test]
fn an_alert_holds_at_every_midnight_since_it_began_and_not_before() {
    const DAYS: i64 = 30;
    let stage = super::poison::told();
    let first = at("2026-02-15T06:00:00Z").micros();
    let days: Vec<String> =
        (0..DAYS).map(|day| Timestamp::from_micros(first + day * DAY_US).to_string()).collect();
    let found = |as_of: &String| -> Found {
        let asked = asked(as_of, "2099-01-01");
        let answer = stage.ledger().alerts(&asked, &AlertFilter::default(), |_, _| ()).unwrap();
        // One that stood at the earliest midnight looked at begins a day later each day.
        let at_midnights = answer
            .alerts
            .iter()
            .filter(|row| row.alert.since.to_string().ends_with("T00:00:00Z") && !row.alert.since_or_earlier);
        at_midnights
            .map(|row| ((row.account.to_string(), row.alert.why.kind()), row.alert.since.to_string()))
            .collect()
    };
    let by_day: Vec<Found> = days.iter().map(found).collect();
    let mut begun = 0;
    for (pair, day) in by_day.windows(2).zip(&days[1..]) {
        let [before, now] = pair else { panic!("windows of two") };
        for (alert, since) in now {
            if since[..10] == day[..10] {
                assert!(!before.contains_key(alert), "{alert:?} at {day} stood the day before");
                begun += 1;
            } else {
                assert_eq!(
                    before.get(alert),
                    Some(since),
                    "{alert:?} at {day} begins elsewhere the day before"
                );
            }
        }
    }
    let kinds: std::collections::BTreeSet<AlertKind> =
        by_day.iter().flat_map(Found::keys).map(|(_, kind)| *kind).collect();
    assert!(begun > 9 && kinds.len() > 6, "{begun} alerts began, of {kinds:?}");
}
