//! Files as they come: packed, cut off, in other encodings, hostile.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::{Desk, ImportError};
use super::{Folder, entries, small, summary, told};

const EVENT: &str = r#"{"specversion":"1.0","id":"1","source":"s","type":"note.taken","subject":"a"}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The summary of a table under the smallest mapping.
fn table(bytes: &[u8], head: &str) -> Vec<String> {
    let folder = Folder::new();
    let path = folder.write("table.csv", bytes);
    summary(&entries(&path, Some(&folder.mapping(&small(head, "")))).unwrap())
}

#[test]
fn gzip_is_told_by_its_bytes_and_may_have_members() {
    let folder = Folder::new();
    let mut bytes = gzip(format!("\u{feff}{EVENT}\n").as_bytes());
    bytes.extend(gzip(format!("{EVENT}\nnonsense\n").as_bytes()));
    let path = folder.write("events.jsonl", &bytes);
    let mut stream = super::open(&Desk::own(), &path, None).unwrap();
    let progress = stream.progress();
    assert_eq!(progress.bytes_total(), Some(bytes.len() as u64));
    let found: Vec<_> = stream.by_ref().map(Result::unwrap).collect();
    assert_eq!(
        summary(&found),
        ["1 note.taken 1", "2 note.taken 1", "3 -: not JSON: expected ident (byte 2 of the line)"]
    );
    assert_eq!(progress.bytes_read(), bytes.len() as u64);
    let named_gz = folder.write("plain.gz", EVENT);
    assert_eq!(summary(&entries(&named_gz, None).unwrap()), ["1 note.taken 1"]);
}

#[test]
fn a_damaged_gzip_file_ends_with_an_error_that_names_it() {
    let folder = Folder::new();
    let whole = gzip(format!("{EVENT}\n").repeat(5_000).as_bytes());
    let cut = folder.write("cut.gz", &whole[..whole.len() / 2]);
    let mut stream = super::open(&Desk::own(), &cut, None).unwrap();
    let read: Vec<_> = stream.by_ref().take_while(Result::is_ok).collect();
    assert!(!read.is_empty(), "what came before the cut is given");
    assert!(stream.next().is_none(), "nothing comes after the error");
    let text = told(&entries(&cut, None).unwrap_err());
    assert!(text.ends_with("cut.gz: the gzip data ends too early: the file is truncated"), "{text}");

    let mut corrupt = whole.clone();
    corrupt[whole.len() / 2] ^= 0xff;
    let text = told(&entries(&folder.write("corrupt.gz", corrupt), None).unwrap_err());
    assert!(text.contains("corrupt.gz: the gzip data is corrupt"), "{text}");

    let mut tail = whole;
    tail.extend_from_slice(b"garbage after it");
    assert!(entries(&folder.write("tail.gz", tail), None).is_err());
    for short in [&b"\x1f\x8b"[..], b"\x1f\x8b\x08"] {
        assert!(entries(&folder.write("short.gz", short), None).is_err());
    }
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = Folder::new();
    let missing = folder.0.path().join("missing.jsonl");
    assert!(matches!(entries(&missing, None), Err(ImportError::Open { file, .. }) if file == missing));
    assert!(matches!(entries(folder.0.path(), None), Err(ImportError::Open { .. })));
    assert_eq!(entries(&folder.write("empty", ""), None).unwrap(), []);
}

#[test]
fn marks_line_ends_blank_lines_and_quoted_line_breaks() {
    let text = "\u{feff}id,who,day\r\n\r\n1,\"Acme,\r\nInc\",2026-01-02\r\n 2 ,b,2026-01-03";
    assert_eq!(
        table(text.as_bytes(), ""),
        ["3 account.opened open:acme-inc", "3 need.stated 1", "5 account.opened open:b", "5 need.stated  2 "]
    );
}

#[test]
fn encodings() {
    let (text, _, _) = encoding_rs::GB18030.encode("id,who,day\n1,关系,2026-01-02\n");
    let gb18030 = "[csv]\nencoding = 'gb18030'";
    assert_eq!(table(&text, gb18030), ["2 account.opened open:关系", "2 need.stated 1"]);
    assert_eq!(table(&text, ""), ["2 who: byte 1 of the value is not UTF-8; is another encoding meant?"]);
    let utf16: Vec<u8> =
        "\u{feff}id,who,day\n1,关系,2026-01-02\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(table(&utf16, ""), ["2 account.opened open:关系", "2 need.stated 1"]);
    assert_eq!(
        table(b"id,who,day\n1,\xff\xff,2026-01-02\n2,b,2026-01-02\n", gb18030),
        ["2 who: the bytes of the value are not gb18030", "3 account.opened open:b", "3 need.stated 2"]
    );
}

#[test]
fn hostile_rows_cost_themselves() {
    let mut text = b"id,who,day\n1,a\n2,a,2026-01-02,x\n3,a,2026-01-02\n4,a\0,2026-01-02\n5,a,2026-02-30\n6,?!,2026-01-02\n7,a,\n".to_vec();
    text.extend(vec![b'x'; 10 << 20]);
    text.extend_from_slice(b"\n8,a,2026-01-02\n9,\"a,2026-01-02\n");
    assert_eq!(
        table(&text, ""),
        [
            "2 -: the row has 2 columns, the header 3",
            "3 -: the row has 4 columns, the header 3",
            "4 account.opened open:a",
            "4 need.stated 3",
            "5 need.stated 4",
            "6 day: `2026-02-30` is not a date of the form %Y-%m-%d",
            "7 who: the account must not be empty",
            "8 day: the time is empty",
            "9 -: the row is longer than 1048576 bytes",
            "10 need.stated 8",
            "11 -: a quote is not closed before the file ends",
        ]
    );
}

#[test]
fn headers_must_fit_the_mapping() {
    let folder = Folder::new();
    let refused = |bytes: &str, head: &str| {
        let path = folder.write("table.csv", bytes);
        told(&entries(&path, Some(&folder.mapping(&small(head, "")))).unwrap_err())
    };
    let text = refused("id,name,day\n", "");
    assert!(text.contains("there is no column `who`; the columns are id, name, day"), "{text}");
    assert!(text.contains("test.toml, line 5: `id = '{who|slug}'`"), "{text}");
    assert!(refused("id,who,who,day\n", "").contains("more than one column `who`"));
    assert!(refused("", "").contains("it has no header"));
    assert!(
        refused("a,b\n", "[csv]\ncolumns = ['id', 'who', 'day']")
            .contains("has 2 columns, but the mapping names 3")
    );
    assert!(refused("\"a\n", "").contains("the header cannot be read"));
}

#[test]
fn tables_without_a_header_or_with_lines_before_it() {
    let opened = "account.opened open:a";
    assert_eq!(
        table(b"1|a|2026-01-02\n", "[csv]\nheader = false\ndelimiter = '|'\ncolumns = ['id', 'who', 'day']"),
        [&format!("1 {opened}"), "1 need.stated 1"]
    );
    assert_eq!(
        table(
            b"Report \"x\n\nid\twho\tx\tx\tday\n'1'\ta\t\t\t2026-01-02\n",
            "[csv]\ndelimiter = 'tab'\nskip_lines = 2\nquote = \"'\""
        ),
        [&format!("4 {opened}"), "4 need.stated 1"]
    );
}
