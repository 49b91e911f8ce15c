//! Following the log: every position once, in order, across reconnects; and streams end when the server does.

use super::*;

/// Opens a stream and reads until so many events came; gives their ids and the data of the last.
fn follow(site: &Site, path: &str, headers: &[(&str, &str)], count: usize) -> (Vec<u64>, Value) {
    site.runtime.block_on(async {
        let request = request(Method::GET, path, headers, Body::empty());
        let response = site.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut body = response.into_body();
        let mut text = String::new();
        while text.matches("\ndata: ").count() < count {
            let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await.unwrap();
            let data = frame.unwrap().unwrap().into_data().unwrap();
            text.push_str(std::str::from_utf8(&data).unwrap());
        }
        let ids = text.lines().filter_map(|line| line.strip_prefix("id: ")).map(|id| id.parse().unwrap());
        let data = text.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap();
        (ids.collect(), serde_json::from_str(data).unwrap())
    })
}

#[test]
fn a_stream_begins_anywhere_and_goes_on() {
    let site = Site::with_events();
    let (ids, last) = follow(&site, "/v1/events/stream", &[], 6);
    assert_eq!(ids, [0, 1, 2, 3, 4, 5]);
    assert_eq!(last["position"], 5);
    assert_eq!(follow(&site, "/v1/events/stream?after=3", &[], 2).0, [4, 5]);
    assert_eq!(follow(&site, "/v1/events/stream?after=0", &[("last-event-id", "4")], 1).0, [5]);
    site.get_with("/v1/events/stream", &[("last-event-id", "x")]).problem(400, "bad-request");
}

#[test]
fn what_is_recorded_reaches_who_waits() {
    let site = Site::with_events();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| follow(&site, "/v1/events/stream?after=5", &[], 2));
        for n in 10..12 {
            let note = event(n, "note.taken", "acme", 9, json!({"text": "x"}));
            assert_eq!(site.post("/v1/events", "application/json", &note.to_string()).status, 201);
        }
        assert_eq!(waiting.join().unwrap().0, [6, 7]);
    });
}

#[test]
fn streams_end_when_the_server_does_and_too_many_are_refused() {
    let site = Site::with_events();
    let open = |site: &Site| {
        let request = request(Method::GET, "/v1/events/stream?after=5", &[], Body::empty());
        site.runtime.block_on(site.router.clone().oneshot(request)).unwrap()
    };
    let (first, second) = (open(&site), open(&site));
    let third = site.get("/v1/events/stream");
    assert!(!third.header("retry-after").is_empty());
    third.problem(503, "busy");
    drop(first);
    site.stopping.send_replace(true);
    let ended = site.runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(20), second.into_body().collect()).await
    });
    assert_eq!(ended.unwrap().unwrap().to_bytes(), "retry: 1000\n\n");
}
