//! What every request must show before anything else happens, and what every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::routes::Web;

/// DESIGN, section 7: spelled out, and no more.
const CSP: &str = "default-src 'self'; connect-src 'self' ipc: http://ipc.localhost; img-src 'self' blob:";

const ANSWERS_CARRY: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Lets requests pass whose Host is this server and whose Origin is its own page. Another site's page,
/// or a name that was made to point here, fails at one of the two.
pub(super) async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut response = if is_own(request.method(), request.headers(), web.port) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only this host's own page is answered\n").into_response()
    };
    for (name, value) in ANSWERS_CARRY {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_own(method: &Method, headers: &HeaderMap, port: u16) -> bool {
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let one = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (value, None) => Some(value.map(|value| value.to_str().unwrap_or("?"))),
            (_, Some(_)) => None,
        }
    };
    let Some(Some(host)) = one(header::HOST) else { return false };
    let Some(origin) = one(header::ORIGIN) else { return false };
    let own_origin = |origin: &str| hosts.iter().any(|host| origin == format!("http://{host}"));
    // Browsers send Origin with every POST; a GET of the own page comes without.
    let origin_fits = origin.map_or(method == Method::GET || method == Method::HEAD, own_origin);
    hosts.iter().any(|own| own == host) && origin_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_passes() {
        type Row = (&'static str, &'static [(&'static str, &'static str)], bool);
        let table: &[Row] = &[
            ("GET", &[("host", "127.0.0.1:80")], true),
            ("GET", &[("host", "localhost:80")], true),
            ("GET", &[("host", "127.0.0.1:81")], false),
            ("GET", &[("host", "evil.example:80")], false),
            ("GET", &[("host", "127.0.0.1")], false),
            ("GET", &[], false),
            ("GET", &[("host", "127.0.0.1:80"), ("host", "evil.example")], false),
            ("GET", &[("host", "127.0.0.1:80"), ("origin", "http://evil.example")], false),
            ("GET", &[("host", "127.0.0.1:80"), ("origin", "null")], false),
            ("POST", &[("host", "127.0.0.1:80")], false),
            ("POST", &[("host", "127.0.0.1:80"), ("origin", "http://127.0.0.1:80")], true),
            ("POST", &[("host", "127.0.0.1:80"), ("origin", "http://localhost:80")], true),
            ("POST", &[("host", "127.0.0.1:80"), ("origin", "https://127.0.0.1:80")], false),
            ("POST", &[("host", "127.0.0.1:80"), ("origin", "http://127.0.0.1:81")], false),
        ];
        for (method, pairs, expected) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in *pairs {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(is_own(&method, &headers, 80), *expected, "{method} {pairs:?}");
        }
    }
}
