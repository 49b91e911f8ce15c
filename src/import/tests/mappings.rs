//! What a mapping says, and what is said of a wrong one.

use std::path::Path;

use serde_json::Value;

use super::super::{Desk, Mapping};
use super::{Folder, entries, small, summary, told};

fn convert(mapping: &str, table: &str) -> Vec<String> {
    let folder = Folder::new();
    let path = folder.write("table.csv", table);
    summary(&entries(&path, Some(&folder.mapping(mapping))).unwrap())
}

#[track_caller]
fn check_refused(text: &str, line: usize, says: &str) {
    let error = told(&Mapping::parse(text, Path::new("m.toml")).unwrap_err());
    assert!(error.starts_with(&format!("m.toml, line {line}: ")), "{error}");
    assert!(error.contains(says), "{error}");
}

#[test]
fn every_error_names_line_and_key() {
    let event = |fields: &str| small("", &format!("[[event]]\n{fields}"));
    let typed = |rest: &str| event(&format!("type = 'need.stated'\nid = 'x{{id}}'\n{rest}"));
    check_refused("zone = 'UTC'", 1, "missing field `source`");
    check_refused(&small("colour = 'red'", ""), 3, "`colour = 'red'`: unknown field `colour`");
    check_refused(&small("", "").replace("'UTC'", "'Mars'"), 2, "`Mars` is not a time zone");
    check_refused(&small("[csv]\nheader = false", ""), 3, "`columns` must be named");
    check_refused(&small("[csv]\ndelimiter = ', '", ""), 4, "delimiter is one ASCII character");
    check_refused(&small("[csv]\nquote = '关'", ""), 4, "the quote is one ASCII");
    check_refused(&small("[csv]\nencoding = 'latin-9000'", ""), 4, "no encoding `latin-9000`");
    check_refused(
        &small("", "").replace("{who|slug}", "{who|slag}"),
        5,
        "`id = '{who|slag}'`: there is no filter `slag`",
    );
    check_refused(&small("", "").replace("{who|slug}", "{who|map(x)}"), 5, "account.id: there is no [map.x]");
    check_refused(&small("", "").replace("{who|slug}", "{@account}"), 5, "not known here yet");
    check_refused(
        &small("", "").replace("%Y-%m-%d", "%Y-%q"),
        8,
        "`%Y-%q` does not name at least a year and a month",
    );
    check_refused(&small("", "").replace("['%Y-%m-%d']", "[]"), 7, "names no format");
    check_refused(&event("type = 'need.imagined'"), 14, "no type of event `need.imagined`");
    check_refused(&event("type = 'policy.adopted'"), 14, "written by the ledger alone");
    check_refused(
        &event("type = 'need.stated'\nid = 'x'\ndata = {}"),
        15,
        "event 2 (need.stated), id: it would be the same",
    );
    check_refused(&event("type = 'account.opened'\nid = '{id}'\ndata = {}"), 15, "open = false");
    check_refused(&typed("data = 'x'"), 16, "it must be a table");
    check_refused(
        &typed("data = { need = '{##}' }"),
        16,
        "event 2 (need.stated), data.need: `{##}` goes into an id",
    );
    check_refused(&typed("once = '{##}'\ndata = {}"), 16, "`{##}` goes into an id");
    check_refused(&typed("data = {}\nwhen = [{ column = 'a' }]"), 17, "exactly one of");
    check_refused(
        &typed("data = {}\nwhen = [{ column = 'a', greater = 'x' }]"),
        17,
        "`x` is not a decimal number",
    );
    check_refused(
        &small("", "").replace("[time]", "[time]\nprecision = 'year'"),
        7,
        "unknown variant `year`",
    );
    let mut timeless = small("", "").replace("[time]\nvalue = '{day}'\nformats = ['%Y-%m-%d']\n", "");
    check_refused(&timeless, 8, "neither the event nor the mapping names a `time`");
    timeless.truncate(timeless.find("[[event]]").unwrap());
    check_refused(&timeless, 1, "missing field `event`");
    check_refused("a = [", 1, "");
    let missing = told(&Mapping::load(&Desk::own(), "no/such/mapping.toml").unwrap_err());
    assert!(missing.starts_with("failed to read the mapping no/such/mapping.toml: "), "{missing}");
}

#[test]
fn a_row_gives_all_its_events_or_one_problem() {
    let tail = "[[event]]\ntype = 'note.taken'\nid = '{id}:note'\ndata = { text = '{who|required}', n = '{id|decimal(0)}' }";
    assert_eq!(
        convert(&small("", tail), "id,who,day\nx,a,2026-01-02\n2,a,2026-01-03\n"),
        [
            "2 id: `x` is not a decimal number",
            "3 account.opened open:a",
            "3 need.stated 2",
            "3 note.taken 2:note"
        ]
    );
    let same = "[[event]]\ntype = 'note.taken'\nid = '{id}'\ndata = { text = 'x' }";
    assert_eq!(
        convert(&small("", same), "id,who,day\n1,a,2026-01-02\n"),
        ["2 id: the id of note.taken is that of another event of the same row"]
    );
}

#[test]
fn occurrences_do_not_move_when_a_row_is_mended() {
    let counted = small("", "").replace("id = '{id}'", "id = '{id}-{##}'");
    let numbers = |middle: &str| {
        convert(
            &counted,
            &format!("id,who,day\n1,a,2026-01-01\n1,a,{middle}\n1,a,2026-01-03\n2,a,2026-01-04\n"),
        )
    };
    let bad = numbers("2026-02-30");
    let mended = numbers("2026-01-02");
    assert_eq!(
        bad[2..],
        ["3 day: `2026-02-30` is not a date of the form %Y-%m-%d", "4 need.stated 1-3", "5 need.stated 2-1"]
    );
    assert_eq!(mended[2..], ["3 need.stated 1-2", "4 need.stated 1-3", "5 need.stated 2-1"]);
}

#[test]
fn once_subject_reject_and_rows_that_give_nothing() {
    let mapping = small(
        "",
        "when = [{ column = 'id', present = true }]\n\
         [[reject]]\nwhen = [{ column = 'who', equals = 'us' }, { column = 'id', less = '5' }]\nreason = 'ourselves'\n\
         [[event]]\ntype = 'account.updated'\nid = 'up:{id|default(none)}'\nonce = '{who|slug}'\nwhen = [{ column = 'id', present = true }]\n\
         subject = 'group-{who|slug}'\ndata = { region = '{#}' }",
    );
    assert_eq!(
        convert(
            &mapping,
            "id,who,day\n,,\n1,us,2026-01-02\n2,A,2026-01-02\n3,a,2026-01-03\n7,us,2026-01-03\n"
        ),
        [
            "3 who: ourselves",
            "4 account.opened open:a",
            "4 need.stated 2",
            "4 account.opened open:group-a",
            "4 account.updated up:2",
            "5 need.stated 3",
            "6 account.opened open:us",
            "6 need.stated 7",
            "6 account.opened open:group-us",
            "6 account.updated up:7",
        ]
    );
}

#[test]
fn openings_are_marked_described_and_can_be_left_out() {
    let folder = Folder::new();
    let path = folder.write("table.csv", "id,who,day\n1, A  Ltd ,2026-01-02\n");
    let described = small("", "")
        .replace("[time]", "name = '{who|tidy}'\n[account.opened]\nregion = '{id}'\nsegment = ''\n[time]");
    let found = entries(&path, Some(&folder.mapping(&described))).unwrap();
    assert_eq!(found.iter().map(|entry| entry.opening).collect::<Vec<_>>(), [true, false]);
    let event: &Value = found[0].event.as_ref().unwrap();
    assert_eq!(
        event.to_string(),
        "{\"data\":{\"name\":\"A Ltd\",\"region\":\"1\"},\"id\":\"open:a-ltd\",\"source\":\"test\",\"specversion\":\"1.0\",\
         \"subject\":\"a-ltd\",\"time\":\"2026-01-02T23:59:59Z\",\"timeprecision\":\"day\",\"type\":\"account.opened\"}"
    );
    let closed = small("", "").replace("[time]", "open = false\n[time]");
    assert_eq!(summary(&entries(&path, Some(&folder.mapping(&closed))).unwrap()), ["2 need.stated 1"]);
}

#[test]
fn times_fall_back_and_take_their_own_zone() {
    let folder = Folder::new();
    let path = folder.write("table.csv", "id,who,day,at\n1,a,,1767312000\n2,a,2026-01-02,\n3,a,,\n");
    let time =
        "formats = ['%Y-%m-%d']\nzone = 'Asia/Shanghai'\nfallback = { value = '{at}', formats = ['%s'] }";
    let mapping = folder.mapping(&small("", "").replace("formats = ['%Y-%m-%d']", time));
    let found = entries(&path, Some(&mapping)).unwrap();
    let times: Vec<&str> =
        found.iter().filter_map(|entry| entry.event.as_ref().ok()?.get("time")?.as_str()).collect();
    assert_eq!(times, ["2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-02T15:59:59Z"]);
    assert_eq!(summary(&found).last().unwrap(), "4 at: the time is empty");
}

#[test]
fn long_ids_end_in_a_digest() {
    let mapping = small("", "").replace("'{who|slug}'", "'{who}'");
    let (one, other) = ("x".repeat(198), "y".repeat(300));
    let found = convert(
        &mapping,
        &format!("id,who,day\n1,{one},2026-01-02\n{other},a,2026-01-02\n2,{other},2026-01-02\n"),
    );
    let id = |line: &str| line.split(' ').nth(2).unwrap().to_owned();
    assert_eq!(id(&found[0]).len(), 200);
    assert!(id(&found[0]).starts_with("open:xxx"));
    assert_eq!(id(&found[3]).len(), 200);
    assert_eq!(found[4], "4 who: the account must not be longer than 200 bytes");
}

#[test]
fn lookups_must_be_sound() {
    let folder = Folder::new();
    let path = folder.write("table.csv", "id,who,day\n1,a,2026-01-02\n");
    let joined = |by: &str| {
        folder.mapping(&small(
            &format!("[lookup.firms]\nfile = 'firms.csv'\nbeside = 'input'\nkey = 'firm'\nby = '{by}'"),
            "when = [{ column = 'firms.size', greater = '3' }]",
        ))
    };
    let told_of = |firms: Option<&str>, by: &str| {
        let _ = std::fs::remove_file(folder.0.path().join("firms.csv"));
        firms.map(|firms| folder.write("firms.csv", firms));
        entries(&path, Some(&joined(by)))
            .map_or_else(|error| told(&error), |found| summary(&found).join("; "))
    };
    assert_eq!(told_of(Some("firm,size\n a ,5\n,9\n"), "{who}"), "2 account.opened open:a; 2 need.stated 1");
    assert_eq!(told_of(Some("firm,size\nA,5\n,9\n"), "{who}"), "");
    assert!(told_of(None, "{who}").starts_with("failed to open "));
    assert!(told_of(Some("name,size\n"), "{who}").contains("no column `firm`, which is to be the key"));
    assert!(
        told_of(Some("firm,size\na,1\na,2\n"), "{who}")
            .contains("firms.csv, line 3: column `firm`: the key stands in an earlier row")
    );
    assert!(told_of(Some("firm,size\na\n"), "{who}").contains("line 2: the row has 1 columns"));
    assert!(told_of(Some("firm,weight\na,1\n"), "{who}").contains("no column `firms.size`"));
    assert!(told_of(Some("firm,size\na,1\n"), "{firms.size}").contains("lookup.firms.by"));
}
