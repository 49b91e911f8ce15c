//! Whoever asks: one thread with many connections, each of which sends a request, waits for the answer, and sends the
//! next. It reads no more of an answer than it has to, so that the server is what is measured.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

/// What came of asking.
#[derive(Debug, Default)]
pub struct Asked {
    /// Milliseconds from sending a request to its whole answer, one for each.
    pub latencies_ms: Vec<f64>,
    /// Seconds from the first request to the last answer.
    pub seconds: f64,
    /// How much of that time nothing was to be done but wait, from 0 to 1.
    pub waited: f64,
}

impl Asked {
    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        self.latencies_ms.len() as f64 / self.seconds
    }
}

struct Connection {
    stream: TcpStream,
    sent: Instant,
    answer: Vec<u8>,
}

/// Asks for a while on so many connections at once. `write` writes the next request.
///
/// # Panics
/// When an answer is not one of success.
pub fn ask(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    mut write: impl FnMut(&mut Vec<u8>),
) -> Asked {
    let mut connections: Vec<_> = (0..connections).map(|_| Connection::open(address)).collect();
    let (mut asked, mut request, mut waited) = (Asked::default(), Vec::new(), Duration::ZERO);
    let mut buffer = vec![0; 1 << 16];
    let begun = Instant::now();
    for connection in &mut connections {
        connection.send(&mut request, &mut write);
    }
    let mut open = connections.len();
    let mut under_way = vec![true; open];
    while open > 0 {
        let waiting = Instant::now();
        let mut watched: Vec<_> =
            connections.iter().map(|connection| PollFd::new(&connection.stream, PollFlags::IN)).collect();
        poll(&mut watched, None).unwrap();
        let ready: Vec<bool> = watched.iter().map(|fd| !fd.revents().is_empty()).collect();
        let now = Instant::now();
        waited += now - waiting;
        for (place, connection) in connections.iter_mut().enumerate() {
            if !ready[place] || !under_way[place] || !connection.receive(&mut buffer) {
                continue;
            }
            asked.latencies_ms.push(connection.sent.elapsed().as_secs_f64() * 1e3);
            if begun.elapsed() < time {
                connection.send(&mut request, &mut write);
            } else {
                (under_way[place], open) = (false, open - 1);
            }
        }
    }
    asked.seconds = begun.elapsed().as_secs_f64();
    asked.waited = waited.as_secs_f64() / asked.seconds;
    asked
}

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self { stream, sent: Instant::now(), answer: Vec::new() }
    }

    fn send(&mut self, request: &mut Vec<u8>, write: &mut impl FnMut(&mut Vec<u8>)) {
        request.clear();
        write(request);
        self.answer.clear();
        self.sent = Instant::now();
        // A request is far smaller than what the machine takes at once.
        self.stream.write_all(request).unwrap();
    }

    /// Takes what has come; whether that was the end of the answer.
    fn receive(&mut self, buffer: &mut [u8]) -> bool {
        match self.stream.read(buffer) {
            Ok(0) => panic!("the server hung up: {}", String::from_utf8_lossy(&self.answer)),
            Ok(read) => self.answer.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(error) => panic!("{error}"),
        }
        length(&self.answer).is_some_and(|length| self.answer.len() >= length)
    }
}

/// How long an answer will be; `None` before its headers have come.
fn length(answer: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length: ";
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = &answer[..end];
    assert!(head.starts_with(b"HTTP/1.1 20"), "{}", String::from_utf8_lossy(answer));
    let digits =
        head.windows(NAME.len()).position(|bytes| bytes == NAME).map(|at| &head[at + NAME.len()..])?;
    let number = digits.iter().take_while(|byte| byte.is_ascii_digit());
    Some(end + number.fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

/// One request on a connection of its own; gives the body of its answer, which has a length.
pub fn once(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let whole = length(&answer).unwrap();
    assert_eq!(answer.len(), whole);
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    answer.split_off(head)
}
