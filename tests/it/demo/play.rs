//! Plays a tale through a real ledger, with a clock that stands where the tale says.

use std::fs;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use guanxi::clock::FixedClock;
use guanxi::ledger::{Access, ClockCheck, Directory, Genesis, Ledger, Receipt, Submission, Unit};
use guanxi_projections::event::own::IndustryRated;
use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::text::Label;
use guanxi_projections::time::{Timestamp, Zone};
use guanxi_projections::wire;
use serde_json::Value;

use super::tale::{Own, Tale, Told, What, date, instant};

/// Writes the fixture into `into`: the archive, the store of persons and its key.
pub(super) fn write(tale: &Tale, into: &Path) {
    let site = tempfile::tempdir().expect("a temporary directory");
    let directory = Directory::new(&site.path().join("ledger"), None).expect("a name");
    let clock = Arc::new(FixedClock::at(instant(0)));
    let genesis = Genesis { zone: Zone::named("Asia/Shanghai").expect("a zone"), policy: None };
    Ledger::create(&directory, clock.clone(), &genesis).expect("a new ledger");
    let access = Access::Write(ClockCheck::Overruled);
    let ledger =
        Ledger::open(&directory, clock.clone(), access, "the writing of the fixture").expect("a ledger");
    play(tale, &ledger, &clock);
    fs::create_dir_all(into).expect("a folder");
    archive(&ledger, &into.join("archive.jsonl.gz"));
    drop(ledger);
    fs::copy(directory.path().join("people"), into.join("people")).expect("the store is there");
    fs::copy(directory.keys().join("wrap.key"), into.join("wrap.key")).expect("the key is there");
}

/// What is told, in the order in which it is recorded.
pub(super) fn in_order(tale: &Tale) -> Vec<&Told> {
    let mut told: Vec<_> = tale.told.iter().collect();
    told.sort_by_key(|told| told.minute);
    told
}

fn play(tale: &Tale, ledger: &Ledger, clock: &FixedClock) {
    for told in in_order(tale).chunk_by(|a, b| a.minute == b.minute && actor(a) == actor(b)) {
        let Some(first) = told.first() else { continue };
        // Two sources may write in the same minute: the later one a microsecond after the earlier one's last.
        let last = ledger.head().last_recorded_at.unwrap_or(Timestamp::MIN);
        clock.set(instant(first.minute).max(last.plus_micros(1)));
        let drafts = told.iter().filter_map(|told| match &told.what {
            What::Event { event, .. } => {
                Some(wire::parse(event).unwrap_or_else(|error| panic!("{error}: {event}")))
            }
            What::Own(_) => None,
        });
        let drafts: Vec<_> = drafts.collect();
        if drafts.is_empty() {
            for told in told {
                keep(ledger, told);
            }
            continue;
        }
        let unit = Unit::Whole;
        let submission = Submission {
            drafts,
            unit,
            actor: Actor::new(actor(first)).expect("an actor"),
            revising: guanxi::ledger::Revising::Any,
            expected_count: None,
        };
        let receipts = ledger.submit(&submission).unwrap_or_else(|error| panic!("{error}: {told:?}"));
        assert!(
            receipts
                .iter()
                .all(|receipt| matches!(receipt, Receipt::Accepted(accepted) if !accepted.duplicate))
        );
    }
}

fn actor(told: &Told) -> &'static str {
    match &told.what {
        What::Event { source, .. } => source,
        What::Own(_) => "office",
    }
}

/// What the keepers of the ledger do by its own commands.
fn keep(ledger: &Ledger, told: &Told) {
    let actor = Actor::new("office").expect("an actor");
    let What::Own(own) = &told.what else { return };
    match own {
        Own::Rate { from, rate, day } => {
            let pair = (Currency::new(from).expect("a currency"), Currency::new("CNY").expect("a currency"));
            let rate = Amount::new(rate).expect("a rate");
            ledger.set_rate(&actor, pair, rate, date(*day).parse().expect("a date")).expect("a rate is set");
        }
        Own::Policy { line, becomes, reason } => {
            assert!(DEFAULT_TOML.contains(line), "{line}");
            let text = DEFAULT_TOML.replacen(line, becomes, 1);
            let policy = Policy::from_toml(&text).expect("a policy");
            ledger.adopt(&actor, (&text, &policy), label(reason)).expect("a policy is adopted");
        }
        Own::Industry { industry, well, badly, reason } => {
            let (industry, reason) = (label(industry), label(reason));
            let rated = IndustryRated { industry, positives: *well, negatives: *badly, reason };
            ledger.rate_industry(&actor, rated).expect("an industry is rated");
        }
        Own::Review => {
            ledger.hold_review(&actor, None, None, |_, _| ()).expect("a review is held");
        }
        Own::Pin { account, until, reason } => {
            let (account, until) = (id(account), until.parse().expect("a date"));
            ledger.pin(&actor, &account, until, label(reason)).expect("an account is pinned");
        }
        Own::Unpin { account, reason } => {
            ledger.unpin(&actor, &id(account), None, label(reason)).expect("an account is unpinned");
        }
        Own::Anchors => {
            ledger.freeze_anchors(&actor, None).expect("anchors are frozen");
        }
        Own::Calibration { horizon_days } => {
            let goes_on = |_, _| ControlFlow::Continue(());
            ledger.record_calibration(&actor, Some(*horizon_days), None, goes_on).expect("a fit is recorded");
        }
    }
}

fn label(text: &str) -> Label {
    Label::new(text).expect("a text")
}

fn id(account: &str) -> AccountId {
    AccountId::customer(account).expect("an account")
}

fn archive(ledger: &Ledger, path: &Path) {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    let line = |event: &Value| {
        writeln!(out, "{event}").expect("memory takes it");
        Ok(())
    };
    ledger.export_archive(line).expect("an archive");
    fs::write(path, out.finish().expect("memory takes it")).expect("the archive is written");
}
