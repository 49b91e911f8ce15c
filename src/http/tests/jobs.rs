//! Jobs: what comes of them is what the command line answers; so many run, so many are kept; and none holds up the end
//! of the server.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};

use guanxi_projections::id::Actor;
use guanxi_projections::occasion::Occasion;
use guanxi_projections::past::Clock;

use super::*;
use crate::http::jobs::{Job, Order};
use crate::http::problem::Outcome;
use crate::http::server::{Listening, Server, Way};
use crate::http::wire;
use crate::ledger::{Asked, BacktestAsked};

const GOES_ON: fn(usize, usize) -> ControlFlow<()> = |_, _| ControlFlow::Continue(());

/// Forty accounts that buy every month or two, each until a time of its own.
fn with_history() -> Site {
    let site = Site::new();
    for n in 0..40_u32 {
        let account = format!("a{n:02}");
        let mut events = vec![event(1_000 * n, "account.opened", &account, 1, json!({"name": account}))];
        events[0]["time"] = "2023-01-01T00:00:00Z".into();
        for order in (0..41 - n % 4 * 5).step_by(1 + n as usize % 3) {
            let data = json!({"order": format!("o{n}-{order}"), "amount": {"amount": format!("{}.00", 100 + n), "currency": "CNY"}});
            let mut placed = event(1_000 * n + 1 + order, "order.placed", &account, 1, data);
            let (year, month, day) = (2023 + order / 12, 1 + order % 12, 1 + (n * 7 + order) % 28);
            placed["time"] = format!("{year}-{month:02}-{day:02}T09:00:00Z").into();
            events.push(placed);
        }
        assert_eq!(site.post_json("/v1/events", &json!(events)).status, 201);
    }
    site
}

impl Site {
    /// Starts a job and gives it once it has ended.
    #[track_caller]
    fn job(&self, path: &str, body: &Value) -> Value {
        let reply = self.post_json(path, body);
        assert_eq!(reply.status, 202, "{reply:?}");
        has_shape::<wire::Job>(&reply.json());
        assert_eq!(reply.header("location"), format!("/v1/jobs/{}", reply.json()["job"].as_str().unwrap()));
        self.runtime.block_on(self.jobs.ended());
        let job = self.get(reply.header("location")).ok();
        has_shape::<wire::Job>(&job);
        assert!(job["ended_at"].is_string(), "{job}");
        self.check_answer(reply.header("location"), &job);
        job
    }

    /// Starts a job of somebody's that ends when it hears from the sender, or when nobody is there to send.
    fn waiting(&self, owner: &str, told: Receiver<()>) -> Outcome<Job> {
        let order = Order { kind: "test", owner: Actor::new(owner).unwrap(), request: "r".to_owned() };
        self.jobs.start(&self.ledger, order, move |_, _| {
            let _ = told.recv();
            Ok(json!("told"))
        })
    }
}

const NOBODY: &str = "local:unauthenticated";

#[test]
fn a_backtest_is_what_the_ledger_says() {
    let site = with_history();
    let ask = |backtest: BacktestAsked, asked: Asked| {
        told(&site.ledger.backtest(&backtest, &asked, GOES_ON).unwrap())
    };
    let by_default = BacktestAsked {
        horizon_days: None,
        shares: BacktestAsked::SHARES.to_vec(),
        occasion: Occasion::Order,
        clock: Clock::Occurred,
    };
    let job = site.job("/v1/backtests", &json!({}));
    assert_eq!(
        (&job["state"], &job["kind"], &job["problem"]),
        (&json!("done"), &json!("backtest"), &Value::Null)
    );
    assert_eq!(job["result"], ask(by_default.clone(), Asked::default()));
    assert_eq!(job["progress"], json!({"done": 120, "total": 120}));

    let asked = json!({"horizon": 45, "cutoffs": [0.5], "as_of": "2025-12-31", "policy": "then"});
    has_shape::<wire::Backtest>(&json!({"horizon": 45, "as_known_then": true}));
    let other = BacktestAsked { horizon_days: Some(45), shares: vec![0.5], ..by_default };
    let at = Asked {
        as_of: Some("2025-12-31".parse().unwrap()),
        policy: crate::ledger::PolicyChoice::Then,
        ..Asked::default()
    };
    assert_eq!(site.job("/v1/backtests", &asked)["result"], ask(other, at));
}

/// All of the history was recorded after it.
#[test]
fn what_was_not_known_then_foretells_nothing() {
    let job = with_history().job("/v1/backtests", &json!({"as_known_then": true, "as_of": "2025-12-31"}));
    assert_eq!(job["problem"]["type"], "/problems/backtest-impossible", "{job}");
}

#[test]
fn a_calibration_is_what_the_ledger_says_and_is_recorded_when_asked() {
    let site = with_history();
    let count = site.ledger.head().count;
    let expected = told(&site.ledger.calibrate(Some(60), &Asked::default(), GOES_ON).unwrap());
    let job = site.job("/v1/calibrations", &json!({"horizon": 60}));
    assert_eq!((&job["state"], &job["result"]), (&json!("done"), &expected));
    assert_eq!(site.ledger.head().count, count);

    let recorded = site.job("/v1/calibrations", &json!({"horizon": 60, "record": true}));
    assert_eq!(recorded["result"]["recorded"], count, "{recorded}");
    let event = site.get(&format!("/v1/events/{count}")).ok();
    assert_eq!((&event["type"], &event["actor"]), (&json!("calibration.fitted"), &json!(NOBODY)));
}

#[test]
fn a_job_that_fails_says_why() {
    let site = Site::new();
    let problem = |job: Value| (job["state"].clone(), job["problem"]["type"].clone(), job["result"].clone());
    let failed = |kind: &str| (json!("failed"), json!(format!("/problems/{kind}")), Value::Null);
    assert_eq!(problem(site.job("/v1/backtests", &json!({}))), failed("backtest-impossible"));
    assert_eq!(problem(site.job("/v1/calibrations", &json!({"record": true}))), failed("not-recordable"));
    let order = Order { kind: "test", owner: Actor::new(NOBODY).unwrap(), request: "r7".to_owned() };
    let job = site.jobs.start(&site.ledger, order, |_, _| panic!("a test")).unwrap();
    site.runtime.block_on(site.jobs.ended());
    let job = site.get(&job.path()).ok();
    assert_eq!(job["problem"]["request_id"], "r7");
    assert_eq!(problem(job), failed("internal"));
}

#[test]
fn what_cannot_be_a_job_is_refused_before_it_begins() {
    let site = Site::with_events();
    let pointed =
        |path: &str, body: Value| site.post_json(path, &body).problem(422, "invalid-body")["pointer"].clone();
    for path in ["/v1/backtests", "/v1/calibrations"] {
        for horizon in [json!(0), json!(3_651), json!(-1), json!("90")] {
            assert_eq!(pointed(path, json!({"horizon": horizon})), "/horizon");
        }
        assert_eq!(pointed(path, json!({"as_of": "soon"})), "/as_of");
        assert_eq!(pointed(path, json!({"as-of": "2026-01-01"})), "/as-of");
        site.post_json(path, &json!({"policy": "9"})).problem(404, "policy-unknown");
        site.post(path, "text/plain", "{}").problem(415, "unsupported-media-type");
        site.post(path, "application/json", "{").problem(400, "malformed");
        site.post(path, "application/json", &" ".repeat(100_001)).problem(413, "too-large");
        site.get(path).problem(405, "method-not-allowed");
    }
    assert_eq!(pointed("/v1/backtests", json!({"cutoffs": []})), "/cutoffs");
    assert_eq!(pointed("/v1/backtests", json!({"cutoffs": vec![0.5; 21]})), "/cutoffs");
    assert_eq!(pointed("/v1/backtests", json!({"cutoffs": [0.5, 1.0]})), "/cutoffs/1");
    assert_eq!(pointed("/v1/backtests", json!({"occasion": "nonsense"})), "/occasion");
    for beside in ["known_at", "policy"] {
        let body = json!({"record": true, beside: if beside == "policy" { "1" } else { "2026-05-01" }});
        assert_eq!(pointed("/v1/calibrations", body), format!("/{beside}"));
    }
    for nowhere in ["x", "1", "00000000-1", "-", "%20-1"] {
        site.get(&format!("/v1/jobs/{nowhere}")).problem(404, "job-unknown");
    }
}

#[test]
fn so_many_run_at_once() {
    let site = Site::with_events();
    let (first, second) = (channel(), channel());
    let running = site.waiting(NOBODY, first.1).unwrap();
    site.waiting(NOBODY, second.1).unwrap();
    assert_eq!(site.get(&running.path()).ok()["state"], "running");
    assert!(site.get("/metrics").text().contains("guanxi_jobs_running 2\n"));
    let refused = site.post_json("/v1/backtests", &json!({}));
    assert_eq!(refused.header("retry-after"), "5");
    refused.problem(429, "too-many-jobs");
    // Others are answered meanwhile.
    assert_eq!(site.get("/v1/accounts").status, 200);
    drop((first.0, second.0));
    site.runtime.block_on(site.jobs.ended());
    assert_eq!(site.get(&running.path()).ok()["result"], "told");
    assert_eq!(site.post_json("/v1/backtests", &json!({})).status, 202);
}

#[test]
fn so_many_of_each_caller_are_kept() {
    let site = Site::with_events();
    let quick = |owner: &str| {
        let job = site.waiting(owner, channel().1).unwrap();
        site.runtime.block_on(site.jobs.ended());
        job
    };
    let hold = channel();
    let others = quick("token:other");
    let jobs: Vec<Job> = (0..18).map(|_| quick(NOBODY)).collect();
    for (n, job) in jobs.iter().enumerate() {
        let reply = site.get(&job.path());
        if n < 2 {
            reply.problem(410, "job-gone");
        } else {
            assert_eq!(reply.ok()["state"], "done");
        }
    }
    // One that runs does not make room, and one of somebody else neither.
    let running = site.waiting(NOBODY, hold.1).unwrap();
    assert_eq!(site.get(&running.path()).ok()["state"], "running");
    site.get(&others.path()).problem(404, "job-unknown");
    drop(hold.0);
}

#[test]
fn a_job_hears_that_the_server_stops() {
    let site = Site::with_events();
    let order = Order { kind: "test", owner: Actor::new(NOBODY).unwrap(), request: "r".to_owned() };
    let (begun, has_begun) = channel();
    let work = move |_: &Ledger, hear: crate::http::jobs::Hear<'_>| {
        while hear(1, 2).is_continue() {
            let _ = begun.send(());
        }
        Err(crate::ledger::LedgerError::Stopped.into())
    };
    let job = site.jobs.start(&site.ledger, order, work).unwrap();
    has_begun.recv().unwrap();
    assert_eq!(site.get(&job.path()).ok()["progress"], json!({"done": 1, "total": 2}));
    site.stopping.send_replace(true);
    site.runtime.block_on(site.jobs.ended());
    let job = site.get(&job.path()).ok();
    assert_eq!(
        (&job["state"], &job["result"], &job["problem"]),
        (&json!("stopped"), &Value::Null, &Value::Null)
    );
    // The ledger's own work hears it as well, and records nothing.
    let count = site.ledger.head().count;
    let stopped = site.job("/v1/calibrations", &json!({"record": true}));
    assert_eq!((&stopped["state"], site.ledger.head().count), (&json!("stopped"), count));
}

/// A job that hears nothing is left behind when the grace is over.
#[test]
fn no_job_holds_up_the_end_of_the_server() {
    let site = Site::with_events();
    let server = Server::new(&site.ledger, Limits { grace: Duration::from_millis(200), ..limits() });
    let (hold, told) = channel::<()>();
    let order = Order { kind: "test", owner: Actor::new(NOBODY).unwrap(), request: "r".to_owned() };
    let deaf = move |_: &Ledger, _: crate::http::jobs::Hear<'_>| {
        let _ = told.recv();
        Ok(Value::Null)
    };
    server.jobs.start(&site.ledger, order, deaf).unwrap();
    site.runtime.block_on(async {
        let listening =
            Listening::on("127.0.0.1:0".parse().unwrap(), &Way::Clear, &site.ledger).await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(20), server.run(listening, async {}));
        assert!(ended.await.is_ok(), "the server waits for a job");
    });
    // It still runs.
    assert!(hold.send(()).is_ok());
}
