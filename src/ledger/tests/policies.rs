//! Policies as recorded facts.

use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::text::POLICY_TEXT_BYTES_MAX;

use super::super::PolicyChoice;
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

/// Whatever is kept for later questions holds its policy: there is one copy of it, not one for each.
#[test]
fn questions_that_follow_one_policy_share_it() {
    let (_root, directory, created) = created_with(text_of(DEFAULT_TOML.len() + 10));
    created.unwrap();
    let clock = Arc::new(FixedClock::at(at(NOW)));
    let created = Ledger::open(&directory, clock, Access::Read, "test").unwrap();
    let unadopted = Stage::new();
    for ledger in [&created, unadopted.ledger()] {
        let followed = |choice| {
            let asked = Asked { policy: choice, ..Asked::default() };
            ledger.ground_alone(&asked).unwrap().policy
        };
        let current = followed(PolicyChoice::Current);
        let brought = PolicyChoice::File(Arc::clone(&current));
        for choice in [PolicyChoice::Current, PolicyChoice::Then, PolicyChoice::Version(1), brought] {
            assert!(Arc::ptr_eq(&followed(choice), &current));
        }
    }
}
