//! HTTPS to the one centre this console belongs to.
//!
//! No proxy, no redirect, no cookie, no other host; names are asked of the system's resolver only when
//! the configured address holds one. Every request but enrolment is signed by the device.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode, Url};
use zaigang_sync::protocol::{EnrolmentCode, ErrorReply, PATH_WAKE};

use super::link::{Answer, Link, LinkError, OfflineReason};
use super::pin;
use super::wake::WakeStream;
use crate::host::{Host, random_id};
use crate::store::Identity;
use crate::sync::{Request, signed_headers};

/// On an intranet a connection takes milliseconds; three seconds allow for two lost packets.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A full page on a bad line, judged: a guess.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Sent bytes that nobody acknowledges for so long mean that the cable is out: a guess.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED_MAX: Duration = Duration::from_secs(8);
/// Silence after which the system asks whether the other end is still there.
const KEEPALIVE: Duration = Duration::from_secs(10);
/// Longest body read, in bytes: eight times a full page; answers to a push are larger than pages.
const BODY_BYTES_MAX: usize = 8_000_000;

/// A client of one centre. Clones share their connections.
#[derive(Clone)]
pub struct CentreClient {
    http: reqwest::Client,
    base: Url,
    identity: Option<Arc<Identity>>,
    host: Arc<dyn Host>,
}

impl std::fmt::Debug for CentreClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CentreClient").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl CentreClient {
    /// A client that signs as this device.
    ///
    /// # Errors
    /// [`LinkError::Malformed`] when the address is not `https://host:port`.
    pub fn new(identity: &Identity, host: Arc<dyn Host>) -> Result<Self, LinkError> {
        let (base, http) = connectable(&identity.centre, &identity.ca)?;
        Ok(Self { http, base, identity: Some(Arc::new(identity.clone())), host })
    }

    /// A client of the centre that a code names, which cannot sign: for the enrolment itself.
    ///
    /// # Errors
    /// [`LinkError::Malformed`] when the address is not `https://host:port`.
    pub fn for_code(code: &EnrolmentCode, host: Arc<dyn Host>) -> Result<Self, LinkError> {
        let (base, http) = connectable(&code.centre, &code.ca)?;
        Ok(Self { http, base, identity: None, host })
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    fn headers(&self, path: &str, body: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(identity) = &self.identity {
            for (name, value) in signed_headers(identity, random_id(self.host.as_ref()), path, body) {
                let value = HeaderValue::try_from(value).expect("hex digits make a header");
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers
    }
}

impl Link for CentreClient {
    async fn send(&self, request: Request) -> Result<Answer, LinkError> {
        let Request { path, body } = request;
        let kind = if body.first() == Some(&b'{') { "application/json" } else { "application/octet-stream" };
        let post = self
            .http
            .post(self.url(path))
            .timeout(REQUEST_TIMEOUT)
            .headers(self.headers(path, &body))
            .header(CONTENT_TYPE, kind)
            .body(body);
        answer(post.send().await.map_err(|error| failure(&error))?).await
    }

    async fn wakes(&self) -> Result<WakeStream, LinkError> {
        // No limit on the whole: the stream has no end. Its reader watches for silence.
        let get = self.http.get(self.url(PATH_WAKE)).headers(self.headers(PATH_WAKE, &[]));
        let opened = tokio::time::timeout(REQUEST_TIMEOUT, get.send()).await;
        let response = opened
            .map_err(|_| LinkError::Offline(OfflineReason::TimedOut))?
            .map_err(|error| failure(&error))?;
        if response.status() != StatusCode::OK {
            return Err(refusal(&answer(response).await?));
        }
        Ok(WakeStream::new(
            response
                .bytes_stream()
                .map(|chunk| chunk.map(|bytes| bytes.to_vec()).map_err(|error| error.to_string())),
        ))
    }
}

fn connectable(address: &str, ca: &str) -> Result<(Url, reqwest::Client), LinkError> {
    let base = Url::parse(address).map_err(malformed)?;
    let is_plain = base.path() == "/" && base.query().is_none() && base.username().is_empty();
    if base.scheme() != "https" || !base.has_host() || !is_plain {
        return Err(LinkError::Malformed(format!(
            "{address} is not an address such as https://10.0.0.5:7443"
        )));
    }
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(pin::tls(ca).map_err(malformed)?)
        .https_only(true)
        .http1_only()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .tcp_keepalive(KEEPALIVE)
        .tcp_keepalive_interval(KEEPALIVE)
        .tcp_keepalive_retries(2);
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(UNACKNOWLEDGED_MAX);
    Ok((base, builder.build().map_err(malformed)?))
}

/// Reads a reply to its end, or to the limit.
async fn answer(response: Response) -> Result<Answer, LinkError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| failure(&error))?;
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(LinkError::Malformed("the reply is too long".into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

fn refusal(answer: &Answer) -> LinkError {
    serde_json::from_slice::<ErrorReply>(&answer.body)
        .map_or_else(|_| LinkError::Malformed(format!("HTTP {}", answer.status)), LinkError::Refused)
}

fn malformed(error: impl std::fmt::Display) -> LinkError {
    LinkError::Malformed(error.to_string())
}

/// What a failed request means. A certificate that did not pass is told apart from a lost line.
fn failure(error: &reqwest::Error) -> LinkError {
    tracing::debug!(?error, "the centre was not reached");
    if is_wrong_key(error) {
        return LinkError::WrongCentre;
    }
    LinkError::Offline(if error.is_timeout() {
        OfflineReason::TimedOut
    } else if error.is_connect() {
        OfflineReason::Unreachable
    } else {
        OfflineReason::Broken
    })
}

fn is_wrong_key(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_));
    }
    // An I/O error gives the source of what it wraps, not that itself: look inside first.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match wrapped {
        Some(wrapped) => is_wrong_key(wrapped),
        None => error.source().is_some_and(is_wrong_key),
    }
}
