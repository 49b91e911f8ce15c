//! The gate: every request passes it, and nothing behind it is reached by one that may not.
//!
//! Without tokens whoever reaches the port may do anything, so only this machine may reach it: the server binds to
//! loopback, and the gate refuses what a browser on this machine sends on behalf of somebody else. A page of another
//! origin gives itself away by `Origin` or `Sec-Fetch-Site`; a name that was rebound to this machine, by `Host`.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use guanxi_projections::id::Actor;

use super::Api;
use super::caller::Caller;
use super::frame::RequestId;
use super::permission::{Need, has, need};
use super::problem::{Kind, Outcome, Problem};
use crate::ledger::ReadNote;

/// Under whom events are recorded when nobody has said who it is.
const NOBODY: &str = "local:unauthenticated";

/// Lets a request pass, with who sends it; or refuses it. What was read, or was refused, is noted.
pub(super) async fn pass(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let note = Note::of(&request);
    let mut response = match admit(&api, &request) {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(caller);
            response
        }
        Err(problem) => problem.into_response(),
    };
    if let Some(note) = note {
        let actor = response.extensions().get::<Caller>().map(|caller| caller.actor.clone());
        let note = note.finish(&api, actor.as_ref(), response.status().as_u16());
        if let Err(problem) = api.note(note).await {
            response = problem.into_response();
        }
    }
    response
}

/// What of a request goes into the record of reads.
struct Note {
    method: String,
    route: String,
    about: Option<String>,
    as_of: Option<String>,
    known_at: Option<String>,
    request: String,
}

impl Note {
    /// `None` for a request that reads nothing of the ledger.
    fn of(request: &Request) -> Option<Self> {
        let route = request.extensions().get::<MatchedPath>()?.as_str().to_owned();
        if !route.starts_with("/v1/") || *request.method() == Method::POST && route == "/v1/events" {
            return None;
        }
        let query = request.uri().query().unwrap_or_default();
        let given = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(given, _)| given == name)
                .map(|(_, value)| value.chars().take(40).collect::<String>())
        };
        let named = route.split('/').zip(request.uri().path().split('/'));
        let about =
            named.filter(|(part, _)| part.starts_with('{') && *part != "{list}").map(|(_, value)| value);
        let list = route.ends_with("{list}").then(|| request.uri().path().rsplit('/').next()).flatten();
        let about = about.map(str::to_owned).next().or_else(|| given("account"));
        let route = match list {
            Some(list) => route.replace("{list}", &list.chars().take(40).collect::<String>()),
            None => route,
        };
        let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
        let (as_of, known_at) = (given("as_of"), given("known_at"));
        let method = request.method().as_str().chars().take(40).collect();
        Some(Self { method, route, about, as_of, known_at, request: id.unwrap_or_default() })
    }

    fn finish(self, api: &Api, actor: Option<&Actor>, status: u16) -> ReadNote {
        let Self { method, route, about, as_of, known_at, request } = self;
        let (actor, method) = (actor.map_or_else(String::new, ToString::to_string), Some(method));
        ReadNote { at: api.now(), actor, method, route, about, as_of, known_at, status, request }
    }
}

fn admit(api: &Api, request: &Request) -> Outcome<Caller> {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let needed = route.map(|route| need(request.method(), route));
    if !api.ledger().has_tokens() {
        from_this_machine(request.headers())?;
        return Ok(Caller { actor: nobody()?, token: None });
    }
    if needed == Some(Some(Need::Nothing)) {
        return Ok(Caller { actor: nobody()?, token: None });
    }
    let secret = bearer(request.headers())?;
    let token = api.ledger().token_of(secret).ok_or_else(unauthenticated)?;
    if let Err(seconds) = api.rates().count(&token.name, api.now()) {
        return Err(Problem::new(Kind::RateLimited, "the token sends too many requests").retry_after(seconds));
    }
    let actor = token.actor()?;
    let caller = Caller { actor, token: Some(token) };
    match (needed, caller.token.as_ref().map(|token| token.role)) {
        // There is nothing at the path, or not with the method: whoever has a token is told so.
        (None, _) => Ok(caller),
        (Some(None), _) if is_no_method_of(request.method(), route.unwrap_or_default()) => Ok(caller),
        (Some(Some(needed)), Some(role)) if has(role, needed) => Ok(caller),
        (Some(needed), role) => {
            let role = role.map_or("", crate::ledger::Role::as_str);
            let needs = needed.map_or("nobody has said what", Need::as_str);
            let detail = format!("the role {role} does not have what this needs");
            Err(Problem::new(Kind::Forbidden, detail).with("needs", needs))
        }
    }
}

/// Whether a route that is in the table is not in it with this method.
fn is_no_method_of(method: &Method, route: &str) -> bool {
    let others = [Method::GET, Method::POST];
    others.iter().filter(|other| *other != method).any(|other| need(other, route).is_some())
}

fn nobody() -> Outcome<Actor> {
    Actor::new(NOBODY).map_err(|error| Problem::new(Kind::Internal, format!("the name of nobody {error}")))
}

fn bearer(headers: &HeaderMap) -> Outcome<&str> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, secret) = given.and_then(|text| text.split_once(' ')).ok_or_else(unauthenticated)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(secret.trim()) } else { Err(unauthenticated()) }
}

fn unauthenticated() -> Problem {
    Problem::new(Kind::Unauthenticated, "a valid token is needed")
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"guanxi\""))
}

fn from_this_machine(headers: &HeaderMap) -> Outcome<()> {
    let refuse = |detail: &str| Err(Problem::new(Kind::OriginForbidden, detail));
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let Some(host) = text(header::HOST) else { return refuse("`Host` is missing") };
    if !is_this_machine(host) {
        return refuse("`Host` is not a name of this machine");
    }
    if headers.get_all(header::HOST).iter().count() > 1 {
        return refuse("`Host` stands there twice");
    }
    if text(header::ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
        return refuse("a page of another origin may not ask");
    }
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return refuse("a page of another site may not ask");
    }
    Ok(())
}

/// Whether the authority, without its port, is a name of this machine that nobody else can give out.
fn is_this_machine(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&host)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: Result<(), Kind>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let admitted = from_this_machine(&map).map_err(|problem| problem.kind());
        assert_eq!(admitted, expected, "{headers:?}");
    }

    #[test]
    fn only_this_machine_may_ask() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]"] {
            check(&[("host", host)], Ok(()));
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:80",
            "127.0.0.1:",
            "::1",
            "",
            "[::1",
        ] {
            check(&[("host", host)], Err(Kind::OriginForbidden));
        }
        check(&[], Err(Kind::OriginForbidden));
        check(&[("host", "localhost"), ("host", "localhost")], Err(Kind::OriginForbidden));
    }

    #[test]
    fn a_page_of_another_origin_may_not() {
        let host = ("host", "localhost:8080");
        check(&[host, ("origin", "http://localhost:8080")], Ok(()));
        check(&[host, ("sec-fetch-site", "same-origin")], Ok(()));
        check(&[host, ("sec-fetch-site", "none")], Ok(()));
        for origin in ["null", "https://evil.example", "http://localhost:9090", "https://localhost:8080"] {
            check(&[host, ("origin", origin)], Err(Kind::OriginForbidden));
        }
        for site in ["cross-site", "same-site", "?"] {
            check(&[host, ("sec-fetch-site", site)], Err(Kind::OriginForbidden));
        }
    }
}
