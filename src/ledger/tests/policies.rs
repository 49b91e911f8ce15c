//! Policies as recorded facts.

use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::text::POLICY_TEXT_BYTES_MAX;

use super::*;

/// The default policy, so long.
fn text_of(bytes: usize) -> String {
    let comment = "\n# ";
    let rest = bytes - DEFAULT_TOML.len() - comment.len();
    format!("{DEFAULT_TOML}{comment}{}", "x".repeat(rest))
}

fn created_with(text: String) -> (TempDir, Directory, Result<(), super::super::LedgerError>) {
    let root = TempDir::new().unwrap();
    let directory = Directory::new(&root.path().join("ledger"), None).unwrap();
    let policy = Some((text, Policy::default_policy()));
    let genesis = Genesis { zone: Zone::named("UTC").unwrap(), policy };
    let created = Ledger::create(&directory, Arc::new(FixedClock::at(at(NOW))), &genesis);
    (root, directory, created)
}

#[test]
fn a_policy_of_the_greatest_size_fits_into_a_record() {
    let (_root, directory, created) = created_with(text_of(POLICY_TEXT_BYTES_MAX));
    created.unwrap();
    let clock = Arc::new(FixedClock::at(at(NOW)));
    let ledger = Ledger::open(&directory, clock, Access::Read, "test").unwrap();
    assert_eq!(ledger.policy(&Asked::default()).unwrap(), Policy::default_policy());
}

#[test]
fn a_longer_policy_is_refused_before_anything_is_made() {
    let (_root, directory, created) = created_with(text_of(POLICY_TEXT_BYTES_MAX + 1));
    let error = created.unwrap_err().to_string();
    assert!(error.contains("the policy must not be longer than 49152 bytes"), "{error}");
    assert!(!directory.path().exists());
}
