use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStringExt as _;

use super::*;

#[test]
fn a_request_comes_as_it_was_sent_with_its_streams() {
    let (client, server) = UnixStream::pair().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("output");
    let output = std::fs::File::create(&path).unwrap();
    let argument = OsString::from_vec(vec![b'a', 0xff, b'\n']);
    let request = Request {
        arguments: vec!["guanxi".into(), "展示".into(), argument.clone(), OsString::new()],
        ledger: "./ledger".into(),
        keys: Some(argument.into()),
        language: Language::Chinese,
        folder: folder.path().to_owned(),
        mask: 0o027,
    };
    let null = std::fs::File::open("/dev/null").unwrap();
    send(&client, &request, &[null.as_fd(), output.as_fd(), null.as_fd()]).unwrap();
    let (received, mut streams) = receive(&server).unwrap();
    assert_eq!(received, request);
    streams.output.write_all(b"said").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"said");
}

#[test]
fn a_request_without_streams_is_none() {
    let (mut client, server) = UnixStream::pair().unwrap();
    let written = Written {
        arguments: Vec::new(),
        ledger: ByteBuf::new(),
        keys: None,
        language: "en".to_owned(),
        folder: ByteBuf::new(),
        mask: 0,
    };
    let body = rmp_serde::to_vec_named(&written).unwrap();
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    client.write_all(&[greeting(), length.to_vec(), body].concat()).unwrap();
    assert_eq!(receive(&server).unwrap_err(), Reply::Malformed);
}

#[test]
fn a_reply_comes_as_it_was_sent() {
    let replies = [
        Reply::Done(0),
        Reply::Done(70),
        Reply::Busy,
        Reply::Stranger,
        Reply::Malformed,
        Reply::TooLong,
        Reply::Version(VERSION),
    ];
    for sent in replies {
        let (mut client, server) = UnixStream::pair().unwrap();
        reply(&server, sent).unwrap();
        assert_eq!(reply_from(&mut client).unwrap(), sent);
    }
}

#[test]
fn another_version_is_told_whatever_follows() {
    let mut later = b"guanxi\x02\x00\x00\x00".as_slice();
    assert_eq!(reply_from(&mut later).unwrap(), Reply::Version(2));
    let mut other = b"HTTP/1.1 400 Bad Request".as_slice();
    assert_eq!(reply_from(&mut other).unwrap(), Reply::Malformed);
    assert!(reply_from(&mut b"guanxi\x01\x00".as_slice()).is_err());
}
