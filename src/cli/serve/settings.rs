//! The settings of a server, from flags, environment, file and program.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use tracing::level_filters::LevelFilter;

use super::super::failure::Failure;
use crate::http::{Limits, Rate, TlsFiles, Way};

/// What somebody said about the settings; the same words in flags, environment and file.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// A TOML file with settings, named as the flags are but with `_` for `-`.
    #[arg(long, env = "GUANXI_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "GUANXI_LISTEN", value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The certificate chain for TLS, in PEM.
    #[arg(long, env = "GUANXI_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate, in PEM.
    #[arg(long, env = "GUANXI_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy ends TLS before the server, and nobody else reaches it.
    #[arg(long, env = "GUANXI_BEHIND_PROXY", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    behind_proxy: Option<bool>,
    /// Connections at once [default: 1024].
    #[arg(long, env = "GUANXI_CONNECTIONS", value_name = "COUNT")]
    connections: Option<usize>,
    /// Questions that are answered at once [default: 16].
    #[arg(long, env = "GUANXI_QUERIES", value_name = "COUNT")]
    queries: Option<usize>,
    /// Seconds that a question may take [default: 30].
    #[arg(long, env = "GUANXI_QUERY_SECONDS", value_name = "SECONDS")]
    query_seconds: Option<u64>,
    /// Appends that wait for the writer at once [default: 256].
    #[arg(long, env = "GUANXI_APPENDS", value_name = "COUNT")]
    appends: Option<usize>,
    /// Readers that follow the log at once [default: 256].
    #[arg(long, env = "GUANXI_STREAMS", value_name = "COUNT")]
    streams: Option<usize>,
    /// Commands of the command line that run at once [default: 16].
    #[arg(long, env = "GUANXI_COMMANDS", value_name = "COUNT")]
    commands: Option<u32>,
    /// Backtests and calibrations that run at once [default: 2].
    #[arg(long, env = "GUANXI_JOBS", value_name = "COUNT")]
    jobs: Option<usize>,
    /// Bytes of a body of one event or a batch [default: 16777216].
    #[arg(long, env = "GUANXI_BODY_BYTES", value_name = "BYTES")]
    body_bytes: Option<usize>,
    /// Requests that each token may send in a second, in the long run [default: 200].
    #[arg(long, env = "GUANXI_REQUESTS_PER_SECOND", value_name = "COUNT")]
    requests_per_second: Option<u32>,
    /// Requests that each token may send at once after a pause [default: 400].
    #[arg(long, env = "GUANXI_REQUESTS_BURST", value_name = "COUNT")]
    requests_burst: Option<u32>,
    /// Seconds that the headers of a request may take to come, and that its body may pause [default: 10].
    #[arg(long, env = "GUANXI_HEADER_SECONDS", value_name = "SECONDS")]
    header_seconds: Option<u64>,
    /// Seconds that requests under way get to finish when the server stops [default: 30].
    #[arg(long, env = "GUANXI_GRACE_SECONDS", value_name = "SECONDS")]
    grace_seconds: Option<u64>,
    /// How much the log says [default: info].
    #[arg(long, env = "GUANXI_LOG_LEVEL", value_name = "LEVEL")]
    log_level: Option<LogLevel>,
    /// How the log says it [default: json].
    #[arg(long, env = "GUANXI_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

/// How much a log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LogLevel {
    /// Failures alone.
    Error,
    /// And what is odd.
    Warn,
    /// And every request.
    Info,
    /// And more.
    Debug,
}

/// How a log says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
        }
    }
}

/// The settings that hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Settings {
    pub(super) listen: SocketAddr,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_proxy: bool,
    connections: usize,
    pub(super) queries: usize,
    query_seconds: u64,
    pub(super) appends: usize,
    streams: usize,
    pub(super) commands: u32,
    jobs: usize,
    body_bytes: usize,
    requests_per_second: u32,
    requests_burst: u32,
    header_seconds: u64,
    grace_seconds: u64,
    pub(super) log_level: LogLevel,
    pub(super) log_format: LogFormat,
}

impl Settings {
    /// What was given, before what a file says, before what the program says.
    pub(super) fn of(given: &Given) -> Result<Self, Failure> {
        let file = given.config.as_deref().map(read).transpose()?.unwrap_or_default();
        macro_rules! said {
            ($field:ident, $default:expr) => {
                given.$field.or(file.$field).unwrap_or($default)
            };
        }
        let settings = Self {
            listen: said!(listen, SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            tls_cert: given.tls_cert.clone().or(file.tls_cert),
            tls_key: given.tls_key.clone().or(file.tls_key),
            behind_proxy: said!(behind_proxy, false),
            connections: said!(connections, 1_024),
            queries: said!(queries, 16),
            query_seconds: said!(query_seconds, 30),
            appends: said!(appends, 256),
            streams: said!(streams, 256),
            commands: said!(commands, 16),
            jobs: said!(jobs, 2),
            body_bytes: said!(body_bytes, 16 << 20),
            requests_per_second: said!(requests_per_second, 200),
            requests_burst: said!(requests_burst, 400),
            header_seconds: said!(header_seconds, 10),
            grace_seconds: said!(grace_seconds, 30),
            log_level: said!(log_level, LogLevel::Info),
            log_format: said!(log_format, LogFormat::Json),
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), Failure> {
        let counts = [
            ("connections", self.connections),
            ("queries", self.queries),
            ("appends", self.appends),
            ("streams", self.streams),
            ("commands", usize::try_from(self.commands).unwrap_or(usize::MAX)),
            ("jobs", self.jobs),
        ];
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return Err(Failure::user("a certificate and its key come together: tls_cert and tls_key"));
        }
        match counts.iter().find(|(_, count)| !(1..=100_000).contains(count)) {
            Some((name, count)) => {
                Err(Failure::user(format!("the setting {name} is {count}: 1 to 100000 are taken")))
            }
            None => Ok(()),
        }
    }

    /// What lies between the server and those who ask.
    pub(super) fn way(&self) -> Way {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificates), Some(key)) => {
                Way::Tls(TlsFiles { certificates: certificates.clone(), key: key.clone() })
            }
            _ if self.behind_proxy => Way::Proxy,
            _ => Way::Clear,
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            connections: self.connections,
            queries: self.queries,
            query_time: Duration::from_secs(self.query_seconds),
            appends: self.appends,
            streams: self.streams,
            jobs: self.jobs,
            body_bytes: self.body_bytes,
            rate: Rate { per_second: self.requests_per_second, burst: self.requests_burst },
            header_time: Duration::from_secs(self.header_seconds),
            grace: Duration::from_secs(self.grace_seconds),
        }
    }
}

fn read(path: &Path) -> Result<Given, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::user(format!("could not read the settings {shown}: {error}")))?;
    toml::from_str(&text).map_err(|error| Failure::user(format!("{shown}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serve.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:9000\"\nqueries = 3\nlog_format = \"text\"\n").unwrap();
        let given = Given { config: Some(path.clone()), queries: Some(5), ..Given::default() };
        let settings = Settings::of(&given).unwrap();
        assert_eq!((settings.listen.port(), settings.queries, settings.appends), (9000, 5, 256));
        assert_eq!(settings.log_format, LogFormat::Text);

        for bad in ["query = 3\n", "queries = 0\n", "listen = \"here\"\n"] {
            std::fs::write(&path, bad).unwrap();
            let given = Given { config: Some(path.clone()), ..Given::default() };
            assert!(Settings::of(&given).is_err(), "{bad}");
        }
    }

    #[test]
    fn printed_settings_are_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serve.toml");
        let settings = Settings::of(&Given { streams: Some(7), ..Given::default() }).unwrap();
        std::fs::write(&path, toml::to_string(&settings).unwrap()).unwrap();
        assert_eq!(Settings::of(&Given { config: Some(path), ..Given::default() }).unwrap(), settings);
    }
}
