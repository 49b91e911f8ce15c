use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::super::{Access, Error, Notice, People, keys_dir_beside};
use super::Dirs;

#[test]
fn keys_are_for_their_owner_alone() {
    let dirs = Dirs::new();
    drop(dirs.create());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let key = dirs.keys.join("wrap.key");
    assert_eq!([mode(&dirs.keys), mode(&key), mode(&dirs.store())], [0o700, 0o600, 0o600]);
    assert_eq!(dirs.open(Access::Read).unwrap().notices(), []);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let exposed = Notice::KeyExposed { path: key, mode: 0o644 };
    assert_eq!(dirs.open(Access::Read).unwrap().notices(), [exposed]);
}

#[test]
fn a_missing_or_foreign_or_miscopied_key_says_what_to_do() {
    let (dirs, other) = (Dirs::new(), Dirs::new());
    drop(dirs.create());
    drop(People::create(&other.ledger, &other.keys).unwrap());
    let error = |keys: &Path| People::open(&dirs.ledger, keys, Access::Write).unwrap_err();
    let foreign = error(&other.keys);
    assert!(matches!(foreign, Error::KeyWrong { .. }) && foreign.to_string().contains("GUANXI_KEYS"));
    let missing = error(&other.ledger);
    assert!(matches!(missing, Error::KeyMissing { .. }) && missing.to_string().contains("--keys"));
    let key = dirs.keys.join("wrap.key");
    let text = fs::read(&key).unwrap();
    for at in 0..text.len() {
        let mut flipped = text.clone();
        flipped[at] ^= 1;
        fs::write(&key, &flipped).unwrap();
        assert!(matches!(error(&dirs.keys), Error::KeyMalformed { .. }), "byte {at}");
        fs::write(&key, &text[..at]).unwrap();
        assert!(matches!(error(&dirs.keys), Error::KeyMalformed { .. }), "cut to {at}");
    }
}

#[test]
fn keys_inside_the_ledger_are_refused_however_they_are_named() {
    let dirs = Dirs::new();
    let root = dirs.ledger.parent().unwrap();
    symlink(&dirs.ledger, root.join("link")).unwrap();
    let inside = [
        dirs.ledger.clone(),
        dirs.ledger.join("a/keys"),
        root.join("link/keys"),
        root.join("x/../ledger/keys"),
    ];
    for keys in inside {
        let error = People::create(&dirs.ledger, &keys).unwrap_err();
        assert!(matches!(error, Error::KeysInside { .. }), "{}", keys.display());
    }
    assert_eq!(fs::read_dir(&dirs.ledger).unwrap().count(), 0);
    People::create(&dirs.ledger, &root.join("ledger-keys/deep")).unwrap();
}

#[test]
fn nothing_is_created_over_what_exists() {
    let (dirs, other) = (Dirs::new(), Dirs::new());
    drop(dirs.create());
    let key = fs::read(dirs.keys.join("wrap.key")).unwrap();
    assert!(matches!(People::create(&dirs.ledger, &other.keys), Err(Error::Exists { .. })));
    assert!(matches!(People::create(&other.ledger, &dirs.keys), Err(Error::Exists { .. })));
    assert_eq!(fs::read(dirs.keys.join("wrap.key")).unwrap(), key);
    assert_eq!(fs::read_dir(&dirs.keys).unwrap().count(), 1);
    assert!(dirs.open(Access::Write).is_ok());
}

#[test]
fn what_a_crash_in_creation_left_does_not_stop_another_attempt() {
    let dirs = Dirs::new();
    fs::create_dir(&dirs.keys).unwrap();
    fs::write(dirs.keys.join("wrap.key.new"), [b'x'; 500]).unwrap();
    fs::write(dirs.ledger.join("people.new"), [b'x'; 5000]).unwrap();
    drop(dirs.create());
    assert_eq!(dirs.open(Access::Write).unwrap().notices(), []);
    assert_eq!(fs::read_dir(&dirs.ledger).unwrap().count(), 1);
}

#[test]
fn one_writer_at_a_time() {
    let dirs = Dirs::new();
    let people = dirs.create();
    assert!(matches!(dirs.open(Access::Write), Err(Error::InUse { .. })));
    assert!(dirs.open(Access::Read).is_ok());
    drop(people);
    assert!(dirs.open(Access::Write).is_ok());
}

#[test]
fn the_keys_lie_beside_the_ledger_by_default() {
    let beside = |path: &str| keys_dir_beside(Path::new(path)).unwrap();
    assert_eq!(beside("/srv/no-such/ledger"), Path::new("/srv/no-such/ledger.keys"));
    assert_eq!(beside("/srv/no-such/ledger/"), Path::new("/srv/no-such/ledger.keys"));
    let here = std::env::current_dir().unwrap().canonicalize().unwrap();
    let name = here.file_name().unwrap().to_str().unwrap();
    assert_eq!(beside("."), here.with_file_name(format!("{name}.keys")));
}
