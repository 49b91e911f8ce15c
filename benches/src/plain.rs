//! Yardstick: a bare route of axum that answers a value in JSON, and does nothing else.

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, serve as serve_all};
use serde_json::Value;
use tokio::net::TcpListener;

/// Serves the value of a file at `/`, written anew for each request as `axum::Json` does; tells where on standard output.
pub fn serve(json: &Path) {
    let value: Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    let router = Router::new().route("/", get(answer)).with_state(Arc::new(value));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("Listening on http://{}", listener.local_addr().unwrap());
        serve_all(listener, router).await.unwrap();
    });
}

async fn answer(State(value): State<Arc<Value>>) -> Response {
    let body = serde_json::to_vec(&*value).unwrap();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
