//! Access: what a token may write and see, how long it is good, and what is noted of reads.

use super::*;
use crate::ledger::{Role, TokenAsked};
use guanxi_projections::id::{AccountId, Alias, Source};

/// A site with events and tokens; what a token is limited to: nothing, an account, or an owner.
pub(super) struct Guarded {
    pub(super) site: Site,
    pub(super) secrets: Vec<(Role, Scope, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    All,
    Account,
    Owner,
}

fn asked(name: &str, role: Role, scope: Scope) -> TokenAsked {
    let accounts = if scope == Scope::Account { vec![AccountId::new("acme").unwrap()] } else { Vec::new() };
    let owners = if scope == Scope::Owner { vec![Alias::new("li.wei").unwrap()] } else { Vec::new() };
    TokenAsked { name: name.to_owned(), role, sources: vec![Source::new("crm").unwrap()], accounts, owners }
}

impl Guarded {
    pub(super) fn new() -> Self {
        let site = Site::with_events();
        let mut secrets = Vec::new();
        for role in Role::ALL {
            for scope in [Scope::All, Scope::Account, Scope::Owner] {
                let name = format!("{}-{scope:?}", role.as_str());
                secrets.push((role, scope, site.ledger.create_token(asked(&name, role, scope)).unwrap()));
            }
        }
        Self { site, secrets }
    }

    fn secret(&self, role: Role, scope: Scope) -> &str {
        let (.., secret) = self.secrets.iter().find(|(r, s, _)| (*r, *s) == (role, scope)).unwrap();
        secret
    }

    fn get(&self, path: &str, secret: &str) -> Reply {
        self.site.get_with(path, &[("authorization", &format!("Bearer {secret}"))])
    }

    fn post(&self, event: &Value, secret: &str) -> Reply {
        self.post_to("/v1/events", event, secret)
    }

    fn post_to(&self, path: &str, body: &Value, secret: &str) -> Reply {
        let bearer = format!("Bearer {secret}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        self.site.post_with(path, &headers, &body.to_string())
    }
}

#[test]
fn each_role_writes_as_its_source_and_within_its_scope() {
    let guarded = Guarded::new();
    let note = |id: u32, account: &str| event(id, "note.taken", account, 9, json!({"text": "x"}));
    let mut id = 100;
    for (role, scope, secret) in &guarded.secrets {
        let writes = matches!(role, Role::Recorder | Role::Manager | Role::Admin);
        let mut check = |account: &str, allowed: bool| {
            id += 1;
            let status = guarded.post(&note(id, account), secret).status.as_u16();
            assert_eq!(status, if allowed { 201 } else { 403 }, "{role:?} {scope:?} {account}");
        };
        check("acme", writes);
        check("bolt", writes && *scope == Scope::All);
        let mut foreign = note(9_000, "acme");
        foreign["source"] = "erp".into();
        assert_eq!(guarded.post(&foreign, secret).status, 403, "{role:?} {scope:?}");
    }
    let recorder = guarded.secret(Role::Recorder, Scope::All);
    assert_eq!(guarded.post(&note(8_000, "acme"), recorder).status, 201);
    let admin = guarded.secret(Role::Admin, Scope::All);
    let last = guarded.site.ledger.head().count - 1;
    assert_eq!(guarded.get(&format!("/v1/events/{last}"), admin).ok()["actor"], "token:recorder-All");
}

#[test]
fn only_a_manager_revises_another_sources_event() {
    let guarded = Guarded::new();
    let revision = |id: u32, target: u64| {
        let mut event =
            event(id, "event.retracted", "acme", 9, json!({"target": {"position": target}, "reason": "x"}));
        event["source"] = "erp".into();
        event
    };
    let make = |name: &str, role| {
        let sources = vec![Source::new("erp").unwrap()];
        guarded.site.ledger.create_token(TokenAsked { sources, ..asked(name, role, Scope::All) }).unwrap()
    };
    let (recorder, manager) = (make("erp-recorder", Role::Recorder), make("erp-manager", Role::Manager));
    guarded.post(&revision(300, 2), &recorder).problem(403, "source-foreign");
    assert_eq!(guarded.post(&revision(300, 2), &manager).status, 201);
}

#[test]
fn a_scope_hides_other_accounts_but_not_counts_and_positions() {
    let guarded = Guarded::new();
    for scope in [Scope::Account, Scope::Owner] {
        let secret = guarded.secret(Role::Manager, scope);
        let events = guarded.get("/v1/events", secret).ok();
        let positions: Vec<_> =
            events["events"].as_array().unwrap().iter().map(|e| e["position"].as_u64().unwrap()).collect();
        assert_eq!((positions, events["after"].as_u64()), (vec![0, 2, 4, 5], Some(5)));
        let accounts = guarded.get("/v1/accounts", secret).ok();
        assert_eq!(accounts["accounts"].as_array().unwrap().len(), 1);
        assert!(!accounts.to_string().contains("bolt") && !events.to_string().contains("bolt"));
        // Whether there is such an account does not show.
        let (there, nowhere) =
            (guarded.get("/v1/accounts/bolt", secret), guarded.get("/v1/accounts/nowhere", secret));
        assert_eq!(
            there.problem(403, "out-of-scope")["detail"],
            nowhere.problem(403, "out-of-scope")["detail"]
        );
    }
}

#[test]
fn a_token_is_good_until_it_is_revoked_or_rotated() {
    let guarded = Guarded::new();
    let (site, secret) = (&guarded.site, guarded.secret(Role::Auditor, Scope::All));
    assert_eq!(guarded.get("/v1/accounts", secret).status, 200);
    let mut mistyped = secret.to_owned();
    mistyped.pop();
    for bad in ["", "guanxi_", "guanxi_AAAA", &mistyped] {
        let reply = guarded.get("/v1/accounts", bad);
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
        reply.problem(401, "unauthenticated");
    }
    let newer = site.ledger.rotate_token("auditor-All").unwrap();
    guarded.get("/v1/accounts", secret).problem(401, "unauthenticated");
    assert_eq!(guarded.get("/v1/accounts", &newer).status, 200);
    site.ledger.revoke_token("auditor-All").unwrap();
    guarded.get("/v1/accounts", &newer).problem(401, "unauthenticated");
    for (name, ..) in
        guarded.secrets.iter().map(|(role, scope, _)| (format!("{}-{scope:?}", role.as_str()), ()))
    {
        let _ = site.ledger.revoke_token(&name);
    }
    site.get("/v1/accounts").problem(401, "unauthenticated");
}

#[test]
fn a_token_that_sends_too_much_has_to_wait() {
    let site = Site::with(Limits { rate: Rate { per_second: 1, burst: 2 }, ..limits() });
    let secret = site.ledger.create_token(asked("a", Role::Manager, Scope::All)).unwrap();
    let bearer = format!("Bearer {secret}");
    let get = || site.get_with("/v1/accounts", &[("authorization", &bearer)]);
    assert_eq!((get().status.as_u16(), get().status.as_u16()), (200, 200));
    let refused = get();
    assert_eq!(refused.header("retry-after"), "1");
    refused.problem(429, "rate-limited");
    site.clock.advance_micros(1_000_000);
    assert_eq!(get().status, 200);
}

#[test]
fn what_is_read_is_noted_and_a_changed_note_shows() {
    let guarded = Guarded::new();
    let secret = guarded.secret(Role::Manager, Scope::Account);
    guarded.get("/v1/accounts/acme/contacts?as_of=2026-02-01", secret);
    guarded.get("/v1/accounts/bolt", secret);
    guarded.post_to("/v1/reviews", &json!({"as_of": "2026-02-01"}), secret);
    guarded.site.get("/v1/accounts");
    let folder = guarded.site.ledger.directory().path().to_owned();
    let Guarded { site, .. } = guarded;
    let (root, clock) = (site.root, site.clock);
    drop((site.router, site.jobs, site.runtime));
    // The watcher of the log lets go of the ledger a moment later.
    let mut ledger = site.ledger;
    let ledger = loop {
        match Arc::try_unwrap(ledger) {
            Ok(ledger) => break ledger,
            Err(shared) => ledger = shared,
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    drop(ledger);
    let text = std::fs::read_to_string(folder.join("access")).unwrap();
    let notes: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told =
        notes.iter().map(|note| ["actor", "method", "route", "about", "status"].map(|name| &note[name]));
    let manager = "token:manager-Account";
    let expected = [
        json!([manager, "GET", "/v1/accounts/{account}/contacts", "acme", 200]),
        json!([manager, "GET", "/v1/accounts/{account}", "bolt", 403]),
        json!([manager, "POST", "/v1/reviews", null, 403]),
        json!(["", "GET", "/v1/accounts", null, 401]),
    ];
    assert!(told.map(|told| json!(told)).eq(expected), "{text}");
    assert_eq!(notes[0]["as_of"], "2026-02-01");
    let directory = Directory::new(&root.path().join("ledger"), None).unwrap();
    let open = || Ledger::open(&directory, clock.clone(), Access::Read, "test").unwrap();
    assert_eq!(open().verify_access().unwrap(), 4);
    std::fs::write(folder.join("access"), text.replacen("bolt", "acme", 1)).unwrap();
    assert!(open().verify_access().is_err());
    std::fs::write(folder.join("access"), text.replacen("POST", "GET", 1)).unwrap();
    assert!(open().verify_access().is_err());
    // As they were written before methods were noted.
    let older = include_str!("../../../fixtures/access/v1.jsonl");
    std::fs::write(folder.join("access"), older).unwrap();
    assert_eq!(open().verify_access().unwrap(), 2);
}

/// What a scope shows of the whole is what a ledger would say that had no other accounts.
#[test]
fn a_scope_has_a_portfolio_of_its_own() {
    let guarded = Guarded::new();
    let paths = [
        "/v1/portfolio",
        "/v1/portfolio/trend?from=2026-01-01&to=2026-05-01",
        "/v1/portfolio/movement?from=2025-12-31&to=2026-05-01",
        "/v1/alerts?as_of=2026-07-05",
    ];
    for scope in [Scope::Account, Scope::Owner] {
        let secret = guarded.secret(Role::Manager, scope);
        for path in paths {
            let answer = guarded.get(path, secret).ok();
            assert!(answer.to_string().contains("acme") || path.contains("trend"), "{path}: {answer}");
            assert!(!answer.to_string().to_lowercase().contains("bolt"), "{path}: {answer}");
        }
        let portfolio = guarded.get("/v1/portfolio", secret).ok();
        let count = |name: &str| portfolio[name].as_array().unwrap().len();
        assert_eq!((&portfolio["accounts"], count("ranking"), count("effort")), (&json!(1), 1, 1));
        assert_eq!(portfolio["effort"][0]["importance_share"], 1.0, "{portfolio}");
        let trend = guarded.get(paths[1], secret).ok();
        assert_eq!(trend["points"].as_array().unwrap().last().unwrap()["accounts"], 1);
        guarded.get("/v1/alerts?account=bolt", secret).problem(403, "out-of-scope");
        guarded.get("/v1/alerts?account=nowhere", secret).problem(403, "out-of-scope");
    }
}

/// What is decided for the whole ledger needs a manager who sees the whole of it.
#[test]
fn each_role_decides_within_its_role_and_scope() {
    let guarded = Guarded::new();
    let policy = told(&guarded.site.ledger.policy(&crate::ledger::Asked::default()).unwrap());
    for (role, scope, secret) in &guarded.secrets {
        let decides = matches!(role, Role::Manager | Role::Admin);
        // Sound requests with nothing to record: what is refused for its role or scope is told apart from these.
        let asked = [
            ("/v1/reviews", json!({"as_of": "2099-01-01"}), "not-recordable"),
            ("/v1/policies?reason=x", policy.clone(), "policy-unchanged"),
            ("/v1/policies?dry_run=true", policy.clone(), "policy-unchanged"),
        ];
        for (path, body, would_be) in asked {
            let problem = guarded.post_to(path, &body, secret).json();
            let expected = match (decides, scope) {
                (false, _) => "forbidden",
                (true, Scope::All) => would_be,
                (true, Scope::Account | Scope::Owner) => "out-of-scope",
            };
            assert_eq!(problem["type"], format!("/problems/{expected}"), "{role:?} {scope:?} {path}");
        }
    }
    guarded.site.post_json("/v1/reviews", &json!({})).problem(401, "unauthenticated");
    let manager = guarded.secret(Role::Manager, Scope::All);
    assert_eq!(guarded.post_to("/v1/reviews", &json!({"percent": "100"}), manager).status, 201);
    let event = guarded.get("/v1/events/6", manager).ok();
    assert_eq!((&event["subject"], &event["actor"]), (&json!("$ledger"), &json!("token:manager-All")));
}

#[test]
fn a_scope_sees_its_own_lines_of_reviews_and_of_the_key_list() {
    let guarded = Guarded::new();
    let manager = guarded.secret(Role::Manager, Scope::All);
    assert_eq!(guarded.post_to("/v1/reviews", &json!({"percent": "100"}), manager).status, 201);
    for scope in [Scope::Account, Scope::Owner] {
        let secret = guarded.secret(Role::Manager, scope);
        for path in ["/v1/reviews/proposal?percent=100", "/v1/key-accounts", "/v1/reviews"] {
            let answer = guarded.get(path, secret).ok();
            assert!(!answer.to_string().to_lowercase().contains("bolt"), "{path}: {answer}");
            if path != "/v1/reviews" {
                assert_eq!(
                    (answer["members"].as_array().unwrap().len(), &answer["members"][0]["account"]),
                    (1, &json!("acme"))
                );
            }
        }
        // Counts are not hidden.
        assert_eq!(guarded.get("/v1/reviews", secret).ok()["reviews"][0]["members"], 2);
        assert_eq!(guarded.get("/v1/key-accounts", secret).ok()["review"]["seats"], 2);
    }
}

#[test]
fn a_job_is_for_whoever_may_decide_and_seen_by_whoever_started_it() {
    let guarded = Guarded::new();
    let site = &guarded.site;
    for (role, scope, secret) in &guarded.secrets {
        for path in ["/v1/backtests", "/v1/calibrations"] {
            let reply = guarded.post_to(path, &json!({}), secret);
            match (matches!(role, Role::Manager | Role::Admin), scope) {
                (true, Scope::All) => assert_eq!(reply.status, 202, "{role:?} {reply:?}"),
                (true, Scope::Account | Scope::Owner) => drop(reply.problem(403, "out-of-scope")),
                (false, _) => drop(reply.problem(403, "forbidden")),
            }
            site.runtime.block_on(site.jobs.ended());
        }
    }
    let manager = guarded.secret(Role::Manager, Scope::All);
    let job = guarded.post_to("/v1/backtests", &json!({}), manager).header("location").to_owned();
    let second = site.ledger.create_token(asked("second", Role::Manager, Scope::All)).unwrap();
    guarded.get(&job, &second).problem(404, "job-unknown");
    for (role, scope, secret) in &guarded.secrets {
        let reply = guarded.get(&job, secret);
        match (role, scope) {
            (Role::Recorder, _) => drop(reply.problem(403, "forbidden")),
            (_, Scope::Account | Scope::Owner) => drop(reply.problem(403, "out-of-scope")),
            (Role::Manager | Role::Admin, Scope::All) => drop(reply.ok()),
            (Role::Auditor | Role::Privacy, Scope::All) => drop(reply.problem(404, "job-unknown")),
        }
    }
    site.get(&job).problem(401, "unauthenticated");
}
