//! What is measured, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};

use super::Api;
use super::problem::Outcome;
use crate::ledger::{COMMIT_SIZES, Vitals};

/// Upper ends of the latencies that are counted apart, in seconds.
const LATENCIES: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];
/// The media type of the text.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Latencies of one route, method and status.
#[derive(Debug, Clone, Default)]
struct Latency {
    /// Requests up to each of [`LATENCIES`] and above the one before it, then those above all.
    counts: [u64; LATENCIES.len() + 1],
    seconds: f64,
}

type Key = (String, Method, u16);

/// What was measured since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    requests: Mutex<Vec<(Key, Latency)>>,
}

impl Metrics {
    /// Counts a request.
    pub(super) fn request(&self, method: &Method, route: &str, status: u16, seconds: f64) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |((known, by, answered), _): &&mut (Key, Latency)| {
            *answered == status && known == route && by == method
        };
        let place = LATENCIES.iter().position(|end| seconds <= *end).unwrap_or(LATENCIES.len());
        let note = |latency: &mut Latency| {
            if let Some(count) = latency.counts.get_mut(place) {
                *count += 1;
            }
            latency.seconds += seconds;
        };
        if let Some((_, latency)) = requests.iter_mut().find(is_it) {
            note(latency);
        } else {
            let mut latency = Latency::default();
            note(&mut latency);
            // A method that nobody knows is anybody's invention, and would be a series of its own.
            let method = if is_known(method) { method.clone() } else { Method::OPTIONS };
            requests.push(((route.to_owned(), method, status), latency));
        }
    }

    fn text(&self, vitals: &Vitals, jobs: usize) -> String {
        let mut text = String::new();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sorted: BTreeMap<_, _> = requests
            .iter()
            .map(|((route, method, status), latency)| ((route, method.as_str(), status), latency))
            .collect();
        head(
            &mut text,
            "http_request_duration_seconds",
            "histogram",
            "How long requests took to be answered",
        );
        for ((route, method, status), latency) in sorted {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\",");
            let ends = LATENCIES.iter().map(ToString::to_string);
            histogram(
                &mut text,
                "http_request_duration_seconds",
                &labels,
                ends,
                &latency.counts,
                latency.seconds,
            );
        }
        ledger(&mut text, vitals, jobs);
        text
    }
}

fn is_known(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS]
        .contains(method)
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP guanxi_{name} {help}.\n# TYPE guanxi_{name} {kind}");
}

fn histogram(
    text: &mut String,
    name: &str,
    labels: &str,
    ends: impl Iterator<Item = String>,
    counts: &[u64],
    sum: f64,
) {
    let mut total = 0;
    for (end, count) in ends.chain(["+Inf".to_owned()]).zip(counts) {
        total += count;
        let _ = writeln!(text, "guanxi_{name}_bucket{{{labels}le=\"{end}\"}} {total}");
    }
    let labels = labels.trim_end_matches(',');
    let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = writeln!(text, "guanxi_{name}_sum{labels} {sum}\nguanxi_{name}_count{labels} {total}");
}

fn ledger(text: &mut String, vitals: &Vitals, jobs: usize) {
    let lag = vitals.events.saturating_sub(vitals.image_watermark.0);
    let gauges = [
        ("events", "Events recorded", vitals.events),
        ("streams", "Streams, the ledger's own included", vitals.streams),
        ("queue_depth_events", "Events that wait for the writer", vitals.queued as u64),
        ("image_watermark_lag_events", "Events recorded that the image has not read yet", lag),
        ("image_accounts", "Accounts in memory", vitals.image_accounts as u64),
        ("image_facts", "Facts in memory", vitals.image_facts as u64),
        ("image_bytes", "What the facts in memory take at least", vitals.image_bytes as u64),
        ("jobs_running", "Backtests and calibrations that are running", jobs as u64),
    ];
    for (name, help, value) in gauges {
        head(text, name, "gauge", help);
        let _ = writeln!(text, "guanxi_{name} {value}");
    }
    head(text, "commit_size_events", "histogram", "How many events a commit had");
    let ends = COMMIT_SIZES.iter().map(ToString::to_string);
    let counts = &vitals.commits;
    histogram(text, "commit_size_events", "", ends, &counts.by_size, counts.events as f64);
}

/// Measurements
///
/// In the text format of Prometheus: latencies by route, the writer's queue, the sizes of commits, what is in memory,
/// how far it lags behind the log, and how many jobs are running.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, description = "The measurements", body = String, content_type = "text/plain")))]
pub(super) async fn show(State(api): State<Api>) -> Outcome<Response> {
    let measuring = api.clone();
    let text = api
        .ask(move |ledger, _| {
            let jobs = measuring.jobs().running();
            Ok(measuring.metrics().text(&ledger.vitals(), jobs))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_add_up_by_route() {
        let metrics = Metrics::default();
        metrics.request(&Method::GET, "/v1/accounts", 200, 0.0007);
        metrics.request(&Method::GET, "/v1/accounts", 200, 0.4);
        metrics.request(&Method::GET, "/v1/accounts", 404, 99.0);
        let mut text = String::new();
        let requests = metrics.requests.lock().unwrap().clone();
        assert_eq!(requests.len(), 2);
        let (_, latency) = &requests[0];
        histogram(
            &mut text,
            "x",
            "a=\"b\",",
            LATENCIES.iter().map(ToString::to_string),
            &latency.counts,
            0.5,
        );
        assert!(text.contains("guanxi_x_bucket{a=\"b\",le=\"0.001\"} 1\n"), "{text}");
        assert!(text.contains("guanxi_x_bucket{a=\"b\",le=\"1\"} 2\n"), "{text}");
        assert!(text.ends_with("guanxi_x_sum{a=\"b\"} 0.5\nguanxi_x_count{a=\"b\"} 2\n"), "{text}");
    }
}
