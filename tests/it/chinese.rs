//! Chinese: every command that answers about accounts speaks it, heads of tables included, and no message is missing.

use crate::harness::Site;

/// Words that are nobody's: units, abbreviations and what formulas are called.
const NOT_WORDS: [&str; 5] = ["AUC", "Brier", "Spearman", "RFM", "BG/NBD"];

/// The lines of an answer that say anything in Latin letters only: heads of tables and sentences that were not
/// translated. What came from the ledger (names, ids, texts) stands beside Chinese, but for a trait that has a name of
/// its own.
fn foreign(said: &str) -> Vec<&str> {
    let is_latin = |line: &&str| {
        let mut letters = line.chars().filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some() && letters.all(|c| c.is_ascii())
    };
    let mut lines: Vec<&str> = said.lines().filter(is_latin).collect();
    lines.retain(|line| !NOT_WORDS.iter().any(|word| line.contains(word)));
    lines
}

#[test]
fn every_answer_about_accounts_is_in_chinese() {
    let site = Site::new();
    site.run(["demo", "--keep", "ledger"]).succeeded();
    let day = ["--as-of", "2026-09-30"];
    for command in [
        &["accounts", "--limit", "1"][..],
        &["portfolio", "--limit", "1"],
        &["alerts", "--account", "baoling"],
        &["list", "balance", "baoling"],
        &["list", "commitments", "--all", "--state", "overdue"],
        &["explain", "nordwind", "health"],
        &["explain", "nordwind", "stage"],
        &["experience", "nordwind"],
        &["group", "baoling"],
        &["key-accounts"],
        &["review"],
        &["calibrate"],
        &["backtest", "--horizon", "90"],
    ] {
        let asked: Vec<&str> = command.iter().chain(&day).copied().chain(["--lang", "zh"]).collect();
        let said = site.run(&asked).succeeded();
        let foreign = foreign(&said);
        assert!(foreign.len() <= 1, "{command:?}: {foreign:#?}\n{said}");
        let head = said.lines().next().unwrap_or_default();
        assert!(head.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{command:?}: {head}");
        for id in ["column-", "value-", "portfolio-", "backtest-", "reason-", "event-", "{ $"] {
            assert!(!said.contains(id), "{command:?}: a message is missing, {id}\n{said}");
        }
    }
    for told in [
        &["trend", "nordwind", "--to", "2026-09-30"][..],
        &["trend", "--portfolio", "--to", "2026-09-30"],
        &["movement", "--from", "2026-06-30", "--to", "2026-09-30"],
        &["diff", "nordwind", "--from", "2026-06-30", "--to", "2026-09-30"],
        &["whatif", "nordwind", "--without", "5133"],
        &["policy", "list"],
        &["anchors"],
    ] {
        let said = site.run([told, &["--lang", "zh"]].concat()).succeeded();
        assert!(said.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{told:?}: {said}");
        let english = site.run(told).succeeded();
        assert_ne!(said, english, "{told:?}");
    }
}
