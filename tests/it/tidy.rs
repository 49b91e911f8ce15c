//! The repository's own rules, each as a check that is shown to fail on a bad sample.

mod fixtures;
mod inputs;
mod layers;
mod links;
mod shape;
mod source;
mod words;

use std::path::{Path, PathBuf};

/// The top of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the repository under a folder, sorted, by its path from the top. What tools build or keep is not
/// the repository's.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() {
                let built = name == "target" || name == ".git" || name.to_string_lossy().ends_with(".keys");
                folders.extend((!built).then_some(path));
            } else if name != ".git" {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn files_ending(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|path| path.extension().is_some_and(|have| have == extension));
    found
}

/// The text of a file of the repository.
fn read(path: &Path) -> String {
    let bytes =
        std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Fails with every fault on a line of its own.
#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
