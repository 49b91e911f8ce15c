//! Plain text of a personal field is in no file of the ledger.

use crate::harness::{Site, files_in, fixture};

/// Names, titles and phones of the contacts, and aliases of contacts and employees.
fn secrets() -> Vec<String> {
    let text = std::fs::read_to_string(fixture("northwind/customers.csv")).unwrap();
    let mut customers = csv::Reader::from_reader(text.as_bytes());
    let mut secrets = Vec::new();
    for customer in customers.records() {
        let customer = customer.unwrap();
        let (id, company, name, title, phone) =
            (&customer[0], &customer[1], &customer[2], &customer[3], &customer[7]);
        // "Ana Trujillo Emparedados y helados": the names of companies are no secrets.
        if !company.contains(name) {
            secrets.push(name.to_owned());
        }
        // "Owner" may stand anywhere.
        if title.contains(' ') {
            secrets.push(title.to_owned());
        }
        secrets.push(phone.to_owned());
        secrets.push(format!("{}.{}", name.to_lowercase().replace(' ', "-"), id.to_lowercase()));
    }
    secrets
}

fn encodings(text: &str) -> [Vec<u8>; 3] {
    let units: Vec<u16> = text.encode_utf16().collect();
    let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    [text.as_bytes().to_vec(), little, big]
}

fn holds(bytes: &[u8], sought: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == sought[0]) {
        if rest[at..].starts_with(sought) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[test]
fn no_file_of_the_ledger_holds_a_personal_field_in_the_clear() {
    let site = Site::with_northwind();
    let secrets = secrets();
    assert!(secrets.len() > 300, "{}", secrets.len());
    let shown = site.run(["export"]).succeeded();
    for employee in ["nancy.davolio", "robert.king"] {
        assert!(shown.contains(employee));
    }
    assert!(
        shown.contains("Maria Anders")
            && shown.contains("maria-anders.alfki")
            && shown.contains("030-0074321")
    );

    let files = files_in(&site.ledger());
    assert!(files.len() >= 2, "{files:?}");
    let archive = ("the archive".into(), site.archive().into_bytes());
    let read = |path: &std::path::PathBuf| (path.clone(), std::fs::read(path).unwrap());
    for (name, bytes) in files.iter().map(read).chain([archive]) {
        for secret in secrets.iter().map(String::as_str).chain(["nancy.davolio", "robert.king"]) {
            for sought in encodings(secret) {
                assert!(!holds(&bytes, &sought), "{}: {secret}", name.display());
            }
        }
        assert!(name.ends_with("people") || name.ends_with("holder") || holds(&bytes, b"alfki"));
    }
}
