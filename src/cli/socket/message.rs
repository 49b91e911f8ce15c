//! What is said on the socket: one request with three streams, one reply.
//!
//! ```text
//! request   "guanxi", version u16, length u32, then so many bytes of MessagePack; the streams come with the first byte
//! reply     "guanxi", version u16, kind u8, detail u8
//! ```
//!
//! Numbers are little-endian. The first eight bytes are the same in every version, so that two programs that do not
//! understand each other can tell.

use std::ffi::OsString;
use std::io::{self, IoSlice, IoSliceMut, Read, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::super::console::Streams;
use super::super::failure::Failure;
use crate::words::Language;

const MAGIC: &[u8; 6] = b"guanxi";
const VERSION: u16 = 1;
/// Magic and version.
const GREETING_BYTES: usize = 8;
/// The most bytes of a request: more than the machine lets a command have.
const REQUEST_BYTES_MAX: u32 = 4 << 20;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Request {
    /// The command line, the name of the program included.
    pub(in crate::cli) arguments: Vec<OsString>,
    /// The ledger, as the client names it, be it on the command line or in the environment.
    pub(in crate::cli) ledger: PathBuf,
    /// The keys, likewise.
    pub(in crate::cli) keys: Option<PathBuf>,
    /// The language, likewise.
    pub(in crate::cli) language: Language,
    /// Where the client is.
    pub(in crate::cli) folder: PathBuf,
    /// Bits that files do not get which the client makes.
    pub(in crate::cli) mask: u32,
}

/// How a request is written.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    arguments: Vec<ByteBuf>,
    ledger: ByteBuf,
    keys: Option<ByteBuf>,
    language: String,
    folder: ByteBuf,
    mask: u32,
}

/// What a server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Reply {
    /// The command ran, and has this exit code.
    Done(u8),
    /// So many commands run already.
    Busy,
    /// The client is somebody else.
    Stranger,
    /// The request is none.
    Malformed,
    /// The request is too long.
    TooLong,
    /// One of the two speaks another version: the server this one.
    Version(u16),
}

impl Reply {
    /// The exit code of the command that ran.
    pub(super) fn code(self) -> Result<u8, Failure> {
        match self {
            Self::Done(code) => Ok(code),
            Self::Busy => Err(Failure::user("the server of the ledger runs as many commands as it may at once")
                .hint("run it again when one of them is done, or give `guanxi serve` more with --commands")),
            Self::Stranger => Err(Failure::user("the ledger is served by another user")),
            Self::Malformed => Err(Failure::user("the server of the ledger did not understand the command")
                .hint("use the same version of guanxi as the server, or start the server again with this one")),
            Self::TooLong => Err(Failure::user(format!(
                "the command line has more than the {REQUEST_BYTES_MAX} bytes that the server of the ledger reads"
            ))),
            Self::Version(theirs) => Err(Failure::user(format!(
                "the server of the ledger speaks version {theirs} of the socket's protocol, this program version {VERSION}"
            ))
            .hint("use the same version of guanxi as the server, or start the server again with this one")),
        }
    }

    fn bytes(self) -> [u8; 2] {
        match self {
            Self::Done(code) => [0, code],
            Self::Busy => [1, 0],
            Self::Stranger => [2, 0],
            Self::Malformed => [3, 0],
            Self::TooLong => [4, 0],
            Self::Version(_) => [5, 0],
        }
    }

    fn of([kind, detail]: [u8; 2]) -> Self {
        match kind {
            0 => Self::Done(detail),
            1 => Self::Busy,
            2 => Self::Stranger,
            4 => Self::TooLong,
            5 => Self::Version(VERSION),
            _ => Self::Malformed,
        }
    }
}

fn greeting() -> Vec<u8> {
    [MAGIC.as_slice(), &VERSION.to_le_bytes()].concat()
}

/// The version that the other side speaks.
fn greeted(bytes: [u8; GREETING_BYTES]) -> Option<u16> {
    let version = bytes.strip_prefix(MAGIC)?;
    Some(u16::from_le_bytes(version.try_into().ok()?))
}

/// Sends a request and passes the streams.
pub(super) fn send(
    mut connection: &UnixStream,
    request: &Request,
    streams: &[BorrowedFd<'_>; 3],
) -> io::Result<()> {
    let bytes = |text: &std::ffi::OsStr| ByteBuf::from(text.as_bytes());
    let written = Written {
        arguments: request.arguments.iter().map(|argument| bytes(argument)).collect(),
        ledger: bytes(request.ledger.as_os_str()),
        keys: request.keys.as_ref().map(|keys| bytes(keys.as_os_str())),
        language: request.language.as_str().to_owned(),
        folder: bytes(request.folder.as_os_str()),
        mask: request.mask,
    };
    let body = rmp_serde::to_vec_named(&written).map_err(io::Error::other)?;
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let head = [greeting(), length.to_le_bytes().to_vec()].concat();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(streams));
    let sent = sendmsg(connection, &[IoSlice::new(&head)], &mut control, SendFlags::NOSIGNAL)?;
    connection.write_all(head.get(sent..).unwrap_or_default())?;
    connection.write_all(&body)
}

/// Reads a request and takes the streams.
///
/// # Errors
/// What to reply instead.
pub(in crate::cli) fn receive(mut connection: &UnixStream) -> Result<(Request, Streams), Reply> {
    let (first, passed) = first(connection).map_err(|_| Reply::Malformed)?;
    match greeted(first) {
        Some(VERSION) => {}
        Some(_) => return Err(Reply::Version(VERSION)),
        None => return Err(Reply::Malformed),
    }
    let mut length = [0; 4];
    connection.read_exact(&mut length).map_err(|_| Reply::Malformed)?;
    let length = u32::from_le_bytes(length);
    if length > REQUEST_BYTES_MAX {
        return Err(Reply::TooLong);
    }
    let mut body = Vec::new();
    let read = connection.take(u64::from(length)).read_to_end(&mut body);
    let complete = read.is_ok_and(|read| u32::try_from(read) == Ok(length));
    let streams = <[OwnedFd; 3]>::try_from(passed).map_err(|_| Reply::Malformed)?;
    let request = if complete { parse(&body) } else { None };
    Ok((request.ok_or(Reply::Malformed)?, streams.into()))
}

/// The first bytes, with which the streams come.
fn first(mut connection: &UnixStream) -> io::Result<([u8; GREETING_BYTES], Vec<OwnedFd>)> {
    let mut bytes = [0; GREETING_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received =
        recvmsg(connection, &mut [IoSliceMut::new(&mut bytes)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
    let mut passed = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(files) = message {
            passed.extend(files);
        }
    }
    connection.read_exact(bytes.get_mut(received.bytes..).unwrap_or_default())?;
    Ok((bytes, passed))
}

fn parse(body: &[u8]) -> Option<Request> {
    let written: Written = rmp_serde::from_slice(body).ok()?;
    let text = |bytes: ByteBuf| OsString::from_vec(bytes.into_vec());
    Some(Request {
        arguments: written.arguments.into_iter().map(text).collect(),
        ledger: text(written.ledger).into(),
        keys: written.keys.map(|keys| text(keys).into()),
        language: Language::ALL.into_iter().find(|language| language.as_str() == written.language)?,
        folder: text(written.folder).into(),
        mask: written.mask,
    })
}

/// Says how it went.
pub(in crate::cli) fn reply(mut connection: &UnixStream, reply: Reply) -> io::Result<()> {
    connection.write_all(&[greeting(), reply.bytes().to_vec()].concat())
}

/// Hears how it went.
pub(super) fn reply_from(connection: &mut impl Read) -> io::Result<Reply> {
    let mut first = [0; GREETING_BYTES];
    connection.read_exact(&mut first)?;
    match greeted(first) {
        Some(VERSION) => {}
        Some(other) => return Ok(Reply::Version(other)),
        None => return Ok(Reply::Malformed),
    }
    let mut rest = [0; 2];
    connection.read_exact(&mut rest)?;
    Ok(Reply::of(rest))
}

#[cfg(test)]
mod tests;
