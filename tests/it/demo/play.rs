//! Plays a tale through a real ledger, with a clock that stands where the tale says.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use guanxi::clock::FixedClock;
use guanxi::ledger::{Access, ClockCheck, Directory, Genesis, Ledger, Receipt, Submission, Unit};
use guanxi_projections::id::Actor;
use guanxi_projections::money::{Amount, Currency};
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
    }
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
