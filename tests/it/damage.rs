//! Damaged files: an error with a reason, or proof that the damage has no effect; never a wrong answer, a panic or
//! a silent loss. `GUANXI_FILE_FLIPS` says how many bits are flipped.

use std::path::PathBuf;

use crate::harness::{Dice, Site, repeats};
use crate::serving::Served;

const OPENED: &str = concat!(
    r#"{"specversion":"1.0","id":"1","source":"crm","type":"account.opened","subject":"acme","#,
    r#""time":"2026-03-02T09:00:00Z","data":{"name":"Acme"}}"#
);

fn log(site: &Site) -> PathBuf {
    site.ledger().join("log.redb")
}

/// Either the damage is told, or everything is there. Whether it was told.
#[track_caller]
fn told_or_whole(site: &Site, archive: &str, what: &str) -> bool {
    let verified = site.run(["verify"]);
    if !verified.did_or_said_why_not() {
        return true;
    }
    let export = site.run(["export", "--archive"]);
    if export.did_or_said_why_not() {
        assert!(export.stdout == archive, "{what}: `verify` is content, but the archive is another");
    }
    false
}

#[test]
fn a_truncated_log_is_told() {
    let site = Site::with_northwind();
    let (archive, whole) = (site.archive(), std::fs::read(log(&site)).unwrap());
    let mut dice = Dice(7);
    let lengths = [0, 1, 9, 63, 64, 320, 511, 512, 4095, 4096, 8192, whole.len() - 4096, whole.len() - 1];
    let random = (0..12).map(|_| usize::try_from(dice.below(whole.len() as u64)).unwrap());
    let mut told = 0;
    for length in lengths.into_iter().chain(random) {
        let damaged = site.copy();
        std::fs::write(log(&damaged), &whole[..length]).unwrap();
        told += u64::from(told_or_whole(&damaged, &archive, &format!("cut to {length}")));
        // A command that writes meets another way of opening.
        let append = damaged.feed(["append"], OPENED);
        assert!(!append.did_or_said_why_not() || length > whole.len() / 2, "cut to {length}: {append}");
    }
    assert!(told >= 20, "only {told} of 25 were told");
}

#[test]
fn a_missing_log_is_told_and_not_made_anew() {
    let site = Site::with_northwind();
    std::fs::remove_file(log(&site)).unwrap();
    for ran in [site.run(["verify"]), site.feed(["append"], OPENED), site.run(["accounts"])] {
        ran.failed(1);
    }
    assert!(!log(&site).exists());
}

#[test]
fn bits_flipped_in_the_log_are_told_or_have_no_effect() {
    let site = Site::with_northwind();
    let (archive, whole) = (site.archive(), std::fs::read(log(&site)).unwrap());
    let used: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
    let mut dice = Dice(11);
    let damaged = site.copy();
    let flips = repeats("GUANXI_FILE_FLIPS", 100);
    let mut told = 0;
    for flip in 0..flips {
        // Every fourth flip is among the first pages, where the file says what it is.
        let among = if flip % 4 == 0 { used.len().min(300) } else { used.len() };
        let at = used[usize::try_from(dice.below(among as u64)).unwrap()];
        let bit = dice.below(8);
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        let what = format!("bit {bit} of byte {at}");
        std::fs::write(log(&damaged), &bytes).unwrap();
        told += u64::from(told_or_whole(&damaged, &archive, &what));
        if flip % 5 == 0 {
            damaged.feed(["append"], OPENED).did_or_said_why_not();
            damaged.run(["verify"]).did_or_said_why_not();
        }
    }
    assert!(told > flips / 4, "only {told} of {flips} were told");
}

#[test]
fn damage_to_the_record_of_reads_is_told() {
    let site = Site::with_ledger();
    site.feed(["append"], OPENED).succeeded();
    let secret = site.run(["token", "create", "crm", "--role", "manager", "--source", "crm"]).succeeded();
    let bearer = format!("Authorization: Bearer {}\r\n", secret.trim());
    let mut served = Served::start(&site, &[]);
    for _ in 0..3 {
        assert_eq!(served.ask("GET", "/v1/accounts/acme/contacts", &bearer, "").unwrap().0, 200);
    }
    served.signal("TERM");
    served.child.wait().unwrap();
    let access = site.ledger().join("access");
    let whole = std::fs::read(&access).unwrap();
    let reads = || site.run(["verify", "--json"]);
    assert_eq!(reads().json()["reads"], 3);
    assert!(site.run(["verify"]).succeeded().contains("3 reads noted"));

    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    let mut flipped = whole.clone();
    flipped[lines[0].len() + 20] ^= 1;
    let damaged = [
        (flipped, "line "),
        ([lines[0], lines[2]].concat(), "line 2"),
        ([lines[1], lines[2]].concat(), "line 1"),
        ([lines[0], lines[2], lines[1]].concat(), "line 2"),
        ([b"\xff\n".as_slice(), &whole].concat(), "line 1"),
        ([&whole, vec![b'x'; 2 << 20].as_slice()].concat(), "line 4"),
    ];
    for (bytes, place) in damaged {
        std::fs::write(&access, bytes).unwrap();
        let told = site.run(["verify"]).failed(4);
        assert!(told.contains(place) && told.contains("record of reads"), "{place}: {told}");
    }
    // A line that a crash of the machine cut in two is none.
    std::fs::write(&access, [&whole, lines[0].split_last().unwrap().1].concat()).unwrap();
    assert_eq!(reads().json()["reads"], 3);
}

#[test]
fn damage_to_the_store_of_persons_is_told_or_has_no_effect() {
    let site = Site::with_northwind();
    let people = |site: &Site| site.ledger().join("people");
    let (export, whole) = (site.run(["export"]).succeeded(), std::fs::read(people(&site)).unwrap());
    let mut dice = Dice(13);
    let damaged = site.copy();
    let check = |bytes: &[u8], what: &str| {
        std::fs::write(people(&damaged), bytes).unwrap();
        let ran = damaged.run(["export"]);
        if ran.did_or_said_why_not() {
            assert!(ran.stdout == export || ran.stderr.contains("Note: "), "{what}: a name is lost silently");
        }
        damaged.run(["verify"]).did_or_said_why_not();
        damaged.feed(["append"], OPENED).did_or_said_why_not();
    };
    for _ in 0..repeats("GUANXI_FILE_FLIPS", 40) {
        let at = usize::try_from(dice.below(whole.len() as u64)).unwrap();
        let bit = dice.below(8);
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        check(&bytes, &format!("bit {bit} of byte {at}"));
        std::fs::copy(log(&site), log(&damaged)).unwrap();
    }
    for length in [0, 1, 20, 100, whole.len() / 2, whole.len() - 1] {
        check(&whole[..length], &format!("cut to {length}"));
        std::fs::copy(log(&site), log(&damaged)).unwrap();
    }
}
