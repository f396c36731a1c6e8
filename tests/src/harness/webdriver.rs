//! A thin WebDriver client (W3C WebDriver, 2018-06-05): the few calls the tests make.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::programs::Running;
use super::wait::{PATIENCE, until};

/// The key under which an element's id travels (W3C WebDriver, section 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver and its session; both end when dropped.
#[derive(Debug)]
pub struct Driver {
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
    base: String,
    session: String,
    program: Running,
}

/// An element of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

impl Driver {
    /// Opens a session at a driver that listens on a loopback port.
    ///
    /// # Errors
    /// When the driver does not answer or refuses the session.
    pub fn open(program: Running, port: u16, capabilities: &Value) -> Result<Self> {
        // The client wants one even to speak plain HTTP; a second test in one process finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let base = format!("http://127.0.0.1:{port}");
        let mut driver = Self { runtime, http, base, session: String::new(), program };
        until("the driver's answer", PATIENCE, || Ok(driver.send("GET", "/status", None).ok()))?;
        let body = json!({"capabilities": {"alwaysMatch": capabilities}});
        let reply = driver.send("POST", "/session", Some(body)).context("opening a session")?;
        let session = reply.get("sessionId").and_then(Value::as_str).context("no session id")?;
        driver.session = session.to_owned();
        Ok(driver)
    }

    /// Process id of the driver.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    fn send(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let url = format!("{}{path}", self.base);
        let method: reqwest::Method = method.parse()?;
        let request = self.http.request(method, url);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.runtime.block_on(async {
            let reply: Value = request.send().await?.json().await?;
            let value = reply.get("value").cloned().unwrap_or(Value::Null);
            match value.get("error").and_then(Value::as_str) {
                Some(error) => {
                    bail!("{error}: {}", value.get("message").and_then(Value::as_str).unwrap_or_default())
                }
                None => Ok(value),
            }
        })
    }

    fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.send("POST", &format!("/session/{}{path}", self.session), Some(body))
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.send("GET", &format!("/session/{}{path}", self.session), None)
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the browser does not.
    pub fn go(&self, url: &str) -> Result<()> {
        self.post("/url", json!({ "url": url })).map(|_| ())
    }

    /// Sets the size of the window.
    ///
    /// # Errors
    /// When the browser does not.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.post("/window/rect", json!({ "width": width, "height": height })).map(|_| ())
    }

    /// Runs JavaScript in the page.
    ///
    /// # Errors
    /// When it throws.
    pub fn run(&self, script: &str, args: Value) -> Result<Value> {
        self.post("/execute/sync", json!({ "script": script, "args": args }))
    }

    /// The elements a CSS selector finds.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn all(&self, css: &str) -> Result<Vec<Element>> {
        let found = self.post("/elements", json!({ "using": "css selector", "value": css }))?;
        let ids = found.as_array().into_iter().flatten().filter_map(|one| one.get(ELEMENT)?.as_str());
        Ok(ids.map(|id| Element(id.to_owned())).collect())
    }

    /// The first element a CSS selector finds, waited for.
    ///
    /// # Errors
    /// When none comes.
    pub fn one(&self, css: &str) -> Result<Element> {
        until(&format!("an element {css}"), PATIENCE, || Ok(self.all(css)?.into_iter().next()))
            .with_context(|| format!("the page shows: {}", self.text().unwrap_or_default()))
    }

    /// Waits for text anywhere in the page.
    ///
    /// # Errors
    /// When it does not come; says what the page shows instead.
    pub fn sees(&self, text: &str) -> Result<()> {
        self.sees_within(text, PATIENCE)
    }

    /// Waits for text for so long.
    ///
    /// # Errors
    /// As [`Driver::sees`].
    pub fn sees_within(&self, text: &str, limit: Duration) -> Result<()> {
        until(&format!("the text {text}"), limit, || Ok(self.text()?.contains(text).then_some(())))
            .with_context(|| format!("the page shows: {}", self.text().unwrap_or_default()))
    }

    /// All text of the page as a person sees it.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn text(&self) -> Result<String> {
        let text = self.run("return document.body ? document.body.innerText : ''", json!([]))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Clicks a button, link or label whose words are exactly these, key hints left out; waited for.
    ///
    /// # Errors
    /// When there is none.
    pub fn click_text(&self, text: &str) -> Result<()> {
        let script = "
            const wanted = arguments[0];
            const shown = (e) => e.getClientRects().length > 0 && !e.disabled;
            const words = (e) => [...e.childNodes].map((n) => n.nodeName === 'KBD' ? '' : n.textContent).join('').trim();
            const all = [...document.querySelectorAll('button, a, label, [role=button], [role=menuitem], [role=tab], [role=option], [role=row], li')];
            const hit = all.filter((e) => shown(e) && words(e) === wanted);
            return hit[hit.length - 1] ?? null;";
        let element = until(&format!("something to click that says {text}"), PATIENCE, || {
            let found = self.run(script, json!([text]))?;
            Ok(found.get(ELEMENT).and_then(Value::as_str).map(|id| Element(id.to_owned())))
        })
        .with_context(|| format!("the page shows: {}", self.text().unwrap_or_default()))?;
        self.click(&element)
    }

    /// Clicks.
    ///
    /// # Errors
    /// When it cannot be clicked.
    pub fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("/element/{}/click", element.0), json!({})).map(|_| ())
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When it takes no keys.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("/element/{}/value", element.0), json!({ "text": text })).map(|_| ())
    }

    /// Presses a key in the page, wherever the focus is.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn press(&self, key: &str) -> Result<()> {
        let actions = json!({"actions": [{
            "type": "key", "id": "keyboard",
            "actions": [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}],
        }]});
        self.post("/actions", actions).map(|_| ())
    }

    /// Saves what the window shows.
    ///
    /// # Errors
    /// When the picture cannot be taken or written.
    #[expect(clippy::disallowed_methods, reason = "pictures are files")]
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        let picture = self.get("/screenshot")?;
        let bytes =
            BASE64.decode(picture.as_str().unwrap_or_default()).context("a screenshot is not base64")?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).context("making the pictures' folder")?;
        }
        std::fs::write(file, bytes).with_context(|| format!("writing {}", file.display()))
    }

    /// Kills driver and screen as a power cut would, without a word to either.
    ///
    /// # Errors
    /// When the system does not say that they are gone.
    pub fn kill(self) -> Result<()> {
        self.program.kill()
    }

    /// Ends the session: the window closes.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn close(self) -> Result<()> {
        self.send("DELETE", &format!("/session/{}", self.session), None).map(|_| ())
    }
}

/// A loopback port nobody listens on now.
///
/// # Errors
/// When the system gives none.
pub fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}
