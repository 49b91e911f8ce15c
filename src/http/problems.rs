//! The pages about problems: what brings each about, and what to do.

use std::fmt::Write as _;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::problem::{Kind, Outcome, Problem};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}\
                     code{background:#eee;padding:0 .2em}dt{font-weight:bold}";
/// The hash of [`STYLE`] in a policy would have to follow it; a page with no input has nothing to inject into.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// All kinds of problems.
pub(super) async fn all() -> Response {
    let mut body = String::from(
        "<h1>Problems</h1>\n<p>The <code>type</code> of a problem is the address of a page here.</p>\n\
         <p>What is no request of HTTP/1.1 yet is no problem either: what cannot be read as one (400), an address that \
         never ends (414), more than 100 headers or about 64 KiB of them (431) are answered by the connection itself, \
         which knows nothing of problems, with the status, an empty body and an end.</p>\n<dl>\n",
    );
    for kind in Kind::ALL {
        let (name, status, title) = (kind.name(), kind.status().as_u16(), kind.title());
        let _ = writeln!(
            body,
            "<dt><a href=\"/problems/{name}\">{name}</a> ({status})</dt><dd>{}</dd>",
            escaped(title)
        );
    }
    body.push_str("</dl>\n");
    page("Problems", &body)
}

/// One kind of problem.
pub(super) async fn one(Path(name): Path<String>) -> Outcome<Response> {
    let kind = Kind::ALL.iter().find(|kind| kind.name() == name);
    let kind = kind.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such kind of problem"))?;
    let body = format!(
        "<h1>{}</h1>\n<p><code>{}</code>, status {}</p>\n<h2>Cause</h2>\n<p>{}</p>\n<h2>Remedy</h2>\n<p>{}</p>\n<p><a href=\"/problems\">All problems</a></p>\n",
        escaped(kind.title()),
        kind.name(),
        kind.status(),
        marked(kind.cause()),
        marked(kind.remedy()),
    );
    Ok(page(kind.title(), &body))
}

fn page(title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title><style>{STYLE}</style></head>\n<body>\n{body}</body></html>\n",
        escaped(title)
    );
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, html).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text with what stands between backticks as code.
fn marked(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    pieces
        .map(
            |(n, piece)| if n % 2 == 1 { format!("<code>{}</code>", escaped(piece)) } else { escaped(piece) },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_becomes_html() {
        assert_eq!(super::marked("a <b> `c & d`."), "a &lt;b&gt; <code>c &amp; d</code>.");
    }
}
