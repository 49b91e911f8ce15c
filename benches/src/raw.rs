//! Yardstick: a plain file, appended to and synced.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::group::Group;

/// Appends to a file that holds the first `filled` values, with the queue of [`Group`].
pub fn start(folder: &Path, filled: usize, values: Arc<Vec<Vec<u8>>>) -> Group {
    let mut file = create(folder);
    append(&mut file, &values[..filled].concat());
    let mut bytes = Vec::new();
    Group::start(move |items| {
        bytes.clear();
        for item in items {
            bytes.extend_from_slice(&values[*item]);
        }
        append(&mut file, &bytes);
    })
}

/// An empty file in the folder.
pub fn create(folder: &Path) -> File {
    File::create(folder.join("raw")).unwrap()
}

/// One append and one fdatasync.
pub fn append(file: &mut File, bytes: &[u8]) {
    file.write_all(bytes).unwrap();
    file.sync_data().unwrap();
}
