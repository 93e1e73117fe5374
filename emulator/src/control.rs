//! The control endpoint: clock, copy pace, faults and state of a service, over HTTP and in JSON.
//!
//! It is for whoever runs the service, so it has no keys; instead a server offers it only when
//! asked, on loopback, and requests that a web page could have a browser send are refused.

mod accounts;
mod json;

use http::{Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use blobferry_core::wire;
use bytes::Bytes;

use crate::answer::Body;
use crate::config::{CopyPace, Pace};
use crate::service::Service;
use json::{AddFault, Advance, Refusal, SetClock, SetPace};

/// What can be asked, and what it is for.
const ROUTES: &[(&str, &str, &str)] = &[
    ("GET", "/", "this list"),
    ("GET", "/clock", "what time it is"),
    ("POST", "/clock/set", "make it {\"now\": TIME}"),
    (
        "POST",
        "/clock/advance",
        "move it on by {\"seconds\": N} or ?seconds=N",
    ),
    ("POST", "/clock/freeze", "stop it"),
    ("POST", "/clock/run", "let it run on"),
    ("GET", "/accounts", "every account and its settings"),
    ("GET", "/accounts/NAME", "the settings of one"),
    ("PUT", "/accounts/NAME", "change settings of it"),
    ("GET", "/accounts/NAME/keys", "its keys"),
    (
        "PUT",
        "/accounts/NAME/keys/KEY",
        "put {\"value\": KEY} in place of key1 or key2, or a new one",
    ),
    ("GET", "/copy-pace", "how fast copies into each account are"),
    ("PUT", "/copy-pace", "change that"),
    ("GET", "/faults", "what goes wrong, and how often it has"),
    ("POST", "/faults", "add a fault"),
    (
        "DELETE",
        "/faults",
        "take all faults away; ?seed=N begins their draws anew",
    ),
    ("DELETE", "/faults/ID", "take one away"),
    (
        "GET",
        "/stats",
        "what the service holds, and the copies under way",
    ),
    ("POST", "/reset", "forget every container"),
];

/// Answers a request to the control endpoint.
pub(crate) fn respond(service: &Service, request: &Request<Bytes>) -> Response<Body> {
    let outcome = check(request).and_then(|()| route(service, request));
    match outcome {
        Ok(value) => write(StatusCode::OK, &value),
        Err(Refusal { status, reason }) => write(status, &json!({ "error": reason })),
    }
}

/// Refuses a request whose body could not be taken.
pub(crate) fn refuse(reason: &str) -> Response<Body> {
    write(StatusCode::BAD_REQUEST, &json!({ "error": reason }))
}

fn write(status: StatusCode, value: &Value) -> Response<Body> {
    let mut text = value.to_string();
    text.push('\n');
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    response
}

/// A page that a browser shows may not move the clock: browsers send `Origin`, and a name that was
/// made to point here is no address of this machine. Nor may a copy read keys: emulators, which read
/// sources on this machine, name a service version wherever they ask.
fn check(request: &Request<Bytes>) -> Result<(), Refusal> {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_here =
        name.parse::<std::net::IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost");
    if request.headers().contains_key(header::ORIGIN) || !is_here {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "not for browsers, and only by an address or as localhost",
        ));
    }
    if request.headers().contains_key(wire::header::X_MS_VERSION) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "not for the Blob service: nothing here is a source of copies",
        ));
    }
    Ok(())
}

fn route(service: &Service, request: &Request<Bytes>) -> Result<Value, Refusal> {
    let path = request.uri().path();
    let clock = service.clock();
    match (request.method(), path) {
        (&Method::GET, "/") => Ok(routes()),
        (&Method::GET, "/clock") => Ok(told(service)),
        (&Method::POST, "/clock/set") => {
            clock.set(json::read::<SetClock>(request)?.moment()?);
            Ok(told(service))
        }
        (&Method::POST, "/clock/advance") => {
            clock.advance(json::read::<Advance>(request)?.duration()?);
            Ok(told(service))
        }
        (&Method::POST, "/clock/freeze") => {
            clock.freeze();
            Ok(told(service))
        }
        (&Method::POST, "/clock/run") => {
            clock.run();
            Ok(told(service))
        }
        _ if path == "/accounts" || path.starts_with("/accounts/") => {
            let rest = path.trim_start_matches("/accounts");
            accounts::route(service, request, rest)
        }
        (&Method::GET, "/copy-pace") => Ok(paces(service)),
        (&Method::PUT, "/copy-pace") => {
            set_pace(service, json::read(request)?)?;
            Ok(paces(service))
        }
        (&Method::GET, "/faults") => Ok(faults(service)),
        (&Method::POST, "/faults") => {
            let fault = json::read::<AddFault>(request)?.fault()?;
            Ok(json!({ "id": service.faults().add(fault) }))
        }
        (&Method::DELETE, "/faults") => {
            match json::read::<json::Restart>(request)?.seed {
                Some(seed) => service.faults().restart(seed),
                None => service.faults().clear(),
            }
            Ok(faults(service))
        }
        (&Method::DELETE, _) if path.starts_with("/faults/") => {
            let id = path.trim_start_matches("/faults/");
            if id.parse().is_ok_and(|id| service.faults().remove(id)) {
                Ok(faults(service))
            } else {
                Err(Refusal::new(StatusCode::NOT_FOUND, "no such fault"))
            }
        }
        (&Method::GET, "/stats") => Ok(stats(service)),
        (&Method::POST, "/reset") => {
            service.reset();
            Ok(stats(service))
        }
        _ if ROUTES.iter().any(|(_, known, _)| *known == path) => Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "not by this method; GET / lists what can be asked",
        )),
        _ => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "no such path; GET / lists what can be asked",
        )),
    }
}

fn routes() -> Value {
    ROUTES
        .iter()
        .map(|(method, path, what)| json!({ "method": method, "path": path, "what": what }))
        .collect()
}

fn told(service: &Service) -> Value {
    let clock = service.clock();
    json!({
        "now": clock.now().to_iso_ticks(0),
        "running": clock.is_running(),
        "moved": clock.is_moved(),
    })
}

fn set_pace(service: &Service, asked: SetPace) -> Result<(), Refusal> {
    let now = service.clock().now();
    let names: Vec<String> = match &asked.account {
        Some(name) => vec![name.clone()],
        None => service.config().accounts().map(str::to_owned).collect(),
    };
    for name in names {
        let pace = service
            .copy_pace(&name)
            .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "no such account"))?;
        service.set_copy_pace(&name, asked.over(pace)?, now);
    }
    Ok(())
}

fn paces(service: &Service) -> Value {
    let pace = |pace: Pace| {
        json!({
            "latencySeconds": pace.latency.as_secs_f64(),
            "bytesPerSecond": pace.bytes_per_second,
        })
    };
    service
        .config()
        .accounts()
        .filter_map(|name| {
            let CopyPace {
                same_account,
                other_account,
            } = service.copy_pace(name)?;
            Some(json!({
                "account": name,
                "sameAccount": pace(same_account),
                "otherAccount": pace(other_account),
            }))
        })
        .collect()
}

fn faults(service: &Service) -> Value {
    service
        .faults()
        .list()
        .into_iter()
        .map(|armed| {
            let mut value = json::write(&armed.fault);
            if let Some(object) = value.as_object_mut() {
                object.insert("id".to_owned(), armed.id.into());
                object.insert("seen".to_owned(), armed.seen.into());
                object.insert("happened".to_owned(), armed.happened.into());
            }
            value
        })
        .collect()
}

fn stats(service: &Service) -> Value {
    let stats = service.stats(service.clock().now());
    let pending: Value = stats
        .pending_copies
        .iter()
        .map(|copy| {
            json!({
                "id": copy.id,
                "account": copy.account,
                "container": copy.container,
                "blob": copy.blob,
                "copied": copy.copied,
                "total": copy.total,
                "description": copy.description,
            })
        })
        .collect();
    json!({
        "requests": stats.requests,
        "accounts": stats.accounts,
        "containers": stats.containers,
        "blobs": stats.blobs,
        "pendingCopies": pending,
    })
}

#[cfg(test)]
mod tests;
