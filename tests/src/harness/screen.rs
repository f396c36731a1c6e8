//! What a person does at the screen, in a window and in a browser alike.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::centre::{Account, repository};
use super::programs::{Running, program, tool};
use super::wait::{PATIENCE, until};
use super::webdriver::{Driver, free_port};

const ENTER: &str = "\u{E007}";
const CONTROL: &str = "\u{E009}";

/// A screen somebody sits at.
#[derive(Debug)]
pub struct Screen {
    /// Its driver.
    pub driver: Driver,
    name: String,
    pictures: std::cell::Cell<u32>,
    /// What must live as long as the screen.
    host: Option<Running>,
}

/// Folder of the pictures.
#[must_use]
pub fn pictures() -> PathBuf {
    repository().join("target/screens")
}

impl Screen {
    /// A screen with a driver; `name` begins the pictures' file names.
    #[must_use]
    pub fn new(driver: Driver, name: &str, host: Option<Running>) -> Self {
        Self { driver, name: name.to_owned(), pictures: std::cell::Cell::new(0), host }
    }

    /// Starts the loopback host on a profile and opens it in Chromium, up to the log-in or enrolment form.
    ///
    /// # Errors
    /// When a tool is missing or anything does not start.
    pub fn browser(dir: &std::path::Path, name: &str) -> Result<Self> {
        let ui = repository().join("ui/dist");
        let mut web = Command::new(program("zaigangctl")?);
        web.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").arg("--dir").arg(dir);
        web.args(["web", "--json", "--listen", "127.0.0.1:0", "--ui-dir"]).arg(ui);
        let mut host = Running::start(&mut web)?;
        let line =
            host.wait_for_line("its address", |line| serde_json::from_str::<serde_json::Value>(line).ok())?;
        let part = |key: &str| line.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        let (address, code) = (part("address").context("no address")?, part("code").context("no code")?);

        let port = free_port()?;
        let mut command = Command::new(tool("chromedriver", "chromium-driver")?);
        let browser = tool("chromium", "chromium")?;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--window-size=1366,768",
            "--lang=zh-CN",
        ];
        let capabilities = json!({"goog:chromeOptions": {"binary": browser, "args": arguments}});
        let driver =
            Driver::open(Running::start(command.arg(format!("--port={port}")))?, port, &capabilities)?;
        driver.go(&address)?;
        let screen = Self::new(driver, name, Some(host));
        screen.fill("#code", &code)?;
        screen.driver.click_text("进入")?;
        Ok(screen)
    }

    /// Starts the window on a profile under a display and a bus of its own.
    ///
    /// # Errors
    /// When a tool is missing or the window does not open.
    pub fn window(dir: &std::path::Path, name: &str) -> Result<Self> {
        Self::window_of(&program("zaigang")?, dir, name)
    }

    /// Starts an empty window of the same build, with `dir` as the place of its home.
    ///
    /// # Errors
    /// When a tool is missing or the window does not open.
    pub fn empty_window(dir: &std::path::Path, name: &str) -> Result<Self> {
        Self::window_of(&program("examples/empty_window")?, dir, name)
    }

    #[expect(clippy::disallowed_methods, reason = "the test command says where its tools are")]
    fn window_of(application: &std::path::Path, dir: &std::path::Path, name: &str) -> Result<Self> {
        let proxy = std::env::var_os("ZAIGANG_TAURI_DRIVER")
            .map_or_else(|| repository().join("target/tools/bin/tauri-driver"), PathBuf::from);
        anyhow::ensure!(proxy.is_file(), "{} is not there; `cargo xtask setup` installs it", proxy.display());
        let native = tool("WebKitWebDriver", "webkit2gtk-driver")?;
        let (port, native_port) = (free_port()?, free_port()?);
        let mut command = Command::new(tool("dbus-run-session", "dbus-x11")?);
        command
            .arg("--")
            .arg(tool("xvfb-run", "xvfb")?)
            .args(["-a", "-s", "-screen 0 1920x1080x24"])
            .arg(proxy);
        command.arg("--port").arg(port.to_string()).arg("--native-port").arg(native_port.to_string());
        command.arg("--native-driver").arg(native);
        // Nothing of the caller's desktop: no keyring, no settings, no open documents.
        let home = dir.with_extension("home");
        for (variable, folder) in [
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "runtime"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            let folder = home.join(folder);
            std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
            command.env(variable, folder);
        }
        let arguments = ["--dir".to_owned(), dir.display().to_string()];
        let options = json!({"application": application, "args": arguments});
        let capabilities = json!({"browserName": "wry", "tauri:options": options});
        let driver = Driver::open(Running::start(&mut command)?, port, &capabilities)?;
        Ok(Self::new(driver, name, None))
    }

    /// Keeps what the screen shows now.
    ///
    /// # Errors
    /// When the picture cannot be taken.
    pub fn picture(&self, of: &str) -> Result<()> {
        let n = self.pictures.get() + 1;
        self.pictures.set(n);
        self.driver.screenshot(&pictures().join(format!("{}-{n:02}-{of}.png", self.name)))
    }

    /// Types into a field that is waited for, and waits until the text is in it: WebKit types after it
    /// has answered.
    ///
    /// # Errors
    /// When the field or the text does not come.
    pub fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.driver.one(css)?;
        self.driver.type_into(&field, text)?;
        if text.starts_with(is_special_key) {
            return Ok(());
        }
        until(&format!("{text} in {css}"), PATIENCE, || {
            let value =
                self.driver.run("return document.querySelector(arguments[0])?.value", json!([css]))?;
            Ok(value.as_str().is_some_and(|value| value.ends_with(text)).then_some(()))
        })
    }

    /// Puts a text into a field at once, as pasting does: WebKit's driver loses the shift key now and then
    /// while it types long runs of small and capital letters on a busy machine.
    ///
    /// # Errors
    /// When the field does not come.
    pub fn paste(&self, css: &str, text: &str) -> Result<()> {
        self.driver.one(css)?;
        let script = "
            const field = document.querySelector(arguments[0]);
            field.focus();
            field.value = arguments[1];
            field.dispatchEvent(new Event('input', { bubbles: true }));";
        self.driver.run(script, json!([css, text])).map(|_| ())
    }

    /// Enrols this console.
    ///
    /// # Errors
    /// When a field does not come.
    pub fn enrol(&self, code: &str, name: &str) -> Result<()> {
        self.fill("#device", name)?;
        self.paste("#enrol-code", code)?;
        self.picture("登记")?;
        self.driver.click_text("登记")
    }

    /// Logs in and waits for the frame.
    ///
    /// # Errors
    /// When the frame does not come.
    pub fn log_in(&self, account: &Account) -> Result<()> {
        self.paste("#login", account.login)?;
        self.paste("#password", account.password)?;
        self.driver.click_text("登录")?;
        self.driver.one("nav.rail")?;
        Ok(())
    }

    /// Logs out by the menu of whoever is logged in.
    ///
    /// # Errors
    /// When the log-in form does not come.
    pub fn log_out(&self) -> Result<()> {
        self.driver.run("document.querySelector('[aria-label$=\"的菜单\"]')?.click()", json!([]))?;
        self.click_where("[role=menuitem]", "退出登录")?;
        self.driver.one("#login").map(|_| ())
    }

    /// Clicks a button by the words it begins with, such as one that counts; waited for.
    ///
    /// # Errors
    /// When there is none.
    pub fn click_begins(&self, words: &str) -> Result<()> {
        self.click_where("button", words)
    }

    /// Clicks a button of a part of the page by the words it begins with; waited for.
    ///
    /// # Errors
    /// When there is none.
    pub fn click_in(&self, part: &str, words: &str) -> Result<()> {
        self.click_where(&format!("{part} button"), words)
    }

    /// Clicks by script: what lies over it for some seconds, such as a message, is not in the way.
    fn click_where(&self, css: &str, words: &str) -> Result<()> {
        let script = "
            const shown = [...document.querySelectorAll(arguments[0])].filter((e) => e.getClientRects().length > 0 && !e.disabled);
            const hit = shown.find((e) => e.textContent.trim().startsWith(arguments[1]));
            hit?.click();
            return Boolean(hit);";
        until(&format!("a button {css} that says {words}"), PATIENCE, || {
            Ok((self.driver.run(script, json!([css, words]))? == json!(true)).then_some(()))
        })
        .with_context(|| format!("the page shows: {}", self.driver.text().unwrap_or_default()))
    }

    /// Goes to a page by its address inside the UI.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn to(&self, hash: &str) -> Result<()> {
        self.driver.run("location.hash = arguments[0]", json!([hash])).map(|_| ())
    }

    /// Registers a fault of a core system that hits some users, for the division's pool.
    ///
    /// # Errors
    /// When a field does not come.
    pub fn register(&self, object: &str, title: &str) -> Result<()> {
        self.fill_register(object, title)?;
        self.picture("登记工单")?;
        self.send_register()
    }

    /// Fills in that registration.
    ///
    /// # Errors
    /// When a field does not come.
    pub fn fill_register(&self, object: &str, title: &str) -> Result<()> {
        self.to("#/register")?;
        self.choose("#reg-object", object)?;
        self.fill("#reg-title", title)?;
        self.driver.click_text("影响二分之一以下用户")?;
        self.choose("#reg-to", "pdz")
    }

    /// Registers the same fault afterwards, for nobody yet, with the time of the report and why it is late.
    ///
    /// # Errors
    /// When a field does not come.
    pub fn register_late(&self, object: &str, title: &str, time: &str, reason: &str) -> Result<()> {
        self.to("#/register")?;
        self.choose("#reg-object", object)?;
        self.fill("#reg-title", title)?;
        self.fill("#reg-time", time)?;
        self.fill("#reg-reason", reason)?;
        self.driver.click_text("影响二分之一以下用户")?;
        self.picture("补录")?;
        self.send_register()
    }

    /// Sends the form that a field is part of, by its key.
    ///
    /// # Errors
    /// When the field does not come.
    pub fn send(&self, css: &str) -> Result<()> {
        self.fill(css, &format!("{CONTROL}{ENTER}"))
    }

    /// Sends it by its key.
    ///
    /// # Errors
    /// When the order does not open.
    pub fn send_register(&self) -> Result<()> {
        self.send("#reg-title")?;
        self.driver.one("article.detail")?;
        Ok(())
    }

    /// Chooses the first match in a picker.
    ///
    /// # Errors
    /// When the picker does not come or offers nothing.
    pub fn choose(&self, css: &str, typed: &str) -> Result<()> {
        self.fill(css, typed)?;
        until("a match in a picker", PATIENCE, || {
            let options = "return [...document.querySelectorAll('.el-select-dropdown__item')].filter((e) => e.getClientRects().length).length";
            let shown = self.driver.run(options, json!([]))?.as_u64().unwrap_or(0);
            Ok((shown > 0).then_some(()))
        })?;
        self.fill(css, ENTER)
    }

    /// Opens an order by its title in the list of open ones.
    ///
    /// # Errors
    /// When it is not listed.
    pub fn open(&self, title: &str) -> Result<()> {
        self.to("#/orders?view=open")?;
        self.driver.sees(title)?;
        let script = "
            const line = [...document.querySelectorAll('.line')].find((e) => (e.innerText ?? '').includes(arguments[0]));
            if (!line) return false;
            line.click();
            return true;";
        until(&format!("the line of {title}"), PATIENCE, || {
            Ok((self.driver.run(script, json!([title]))? == json!(true)).then_some(()))
        })?;
        self.driver.one("article.detail")?;
        Ok(())
    }

    /// Takes a step that asks for nothing, and kills the screen with everything behind it before the answer
    /// is there, as a power cut would.
    ///
    /// # Errors
    /// When the step is not offered or the screen is not gone.
    pub fn step_into_a_power_cut(self, name: &str) -> Result<()> {
        self.open_step(name)?;
        // Clicked from the page's own clock, so that the driver need not wait for it.
        let script = "setTimeout(() => document.querySelector('form.step .submit').click(), 0);";
        self.driver.run(script, json!([]))?;
        self.driver.kill()?;
        self.host.map_or(Ok(()), Running::kill)
    }

    /// Takes a step on the order that is open, with a text where the step asks for one.
    ///
    /// # Errors
    /// When the step is not offered.
    pub fn step(&self, name: &str, text: Option<&str>) -> Result<()> {
        self.open_step(name)?;
        if let Some(text) = text {
            self.fill("#step-text", text)?;
        }
        self.submit(name)
    }

    /// Takes a step on the order that is open by its key; `fill` fills in what it asks.
    ///
    /// # Errors
    /// When the key opens no form, or what was filled in is not taken.
    pub fn step_by_key(&self, key: &str, fill: impl FnOnce(&Self) -> Result<()>) -> Result<()> {
        self.press(key)?;
        self.driver.one("form.step")?;
        let unfold = "document.querySelectorAll('form.step details').forEach((e) => { e.open = true; });";
        self.driver.run(unfold, json!([]))?;
        fill(self)?;
        self.submit(key)
    }

    /// Presses a key with no field in focus.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn press(&self, key: &str) -> Result<()> {
        self.driver.run("document.activeElement?.blur();", json!([]))?;
        self.driver.press(key)
    }

    /// Takes a choice, by the words it is offered with.
    ///
    /// # Errors
    /// When it is not offered.
    pub fn choose_words(&self, css: &str, words: &str) -> Result<()> {
        self.driver.one(css)?;
        let open = "document.querySelector(arguments[0]).closest('.el-select').querySelector('.el-select__wrapper').click();";
        self.driver.run(open, json!([css]))?;
        let take = "
            const shown = [...document.querySelectorAll('.el-select-dropdown__item')].filter((e) => e.getClientRects().length);
            const hit = shown.find((e) => e.textContent.trim() === arguments[0]);
            hit?.click();
            return Boolean(hit);";
        until(&format!("the choice {words}"), PATIENCE, || {
            Ok((self.driver.run(take, json!([words]))? == json!(true)).then_some(()))
        })
    }

    /// Adds a picture to the order that is open through the page's own file field, and waits until it is
    /// part of the order. The system's file dialog cannot be driven.
    ///
    /// # Errors
    /// When the order takes no files, or not this one.
    pub fn attach(&self, name: &str, base64: &str) -> Result<()> {
        self.driver.one("form.composer input[type=file]")?;
        let script = "
            const [name, base64] = arguments;
            const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            const chosen = new DataTransfer();
            chosen.items.add(new File([bytes], name, { type: 'image/png' }));
            const field = document.querySelector('form.composer input[type=file]');
            field.files = chosen.files;
            field.dispatchEvent(new Event('change', { bubbles: true }));";
        self.driver.run(script, json!([name, base64]))?;
        let tick = self.driver.one(".tray .tick input")?;
        self.driver.click(&tick)?;
        self.picture("附件")?;
        self.driver.click_text("提交")?;
        until("the end of adding a file", PATIENCE, || {
            Ok(self.driver.all(".tray")?.is_empty().then_some(()))
        })
        .with_context(|| format!("the screen shows: {}", self.driver.text().unwrap_or_default()))?;
        self.driver.sees(name)
    }

    /// Opens the form of a step. What arrives meanwhile may move its button from under the pointer: the click
    /// is given to the button itself until the form is there, and a second one changes nothing.
    fn open_step(&self, name: &str) -> Result<()> {
        let script = "
            if (document.querySelector('form.step .submit')) return true;
            const words = (e) => [...e.childNodes].map((n) => n.nodeName === 'KBD' ? '' : n.textContent).join('').trim();
            const shown = [...document.querySelectorAll('button')].filter((e) => e.getClientRects().length > 0 && !e.disabled);
            shown.findLast((e) => words(e) === arguments[0])?.click();
            return false;";
        until(&format!("the form of {name}"), PATIENCE, || {
            Ok((self.driver.run(script, json!([name]))? == json!(true)).then_some(()))
        })
        .with_context(|| format!("the page shows: {}", self.driver.text().unwrap_or_default()))
    }

    /// Sends the form of a step.
    fn submit(&self, name: &str) -> Result<()> {
        self.driver.one("form.step .submit")?;
        // A message about the step before may lie over the button for some seconds: clicked once it is free.
        let script = "
            const button = document.querySelector('form.step .submit');
            if (!button) return 'written';
            const at = button.getBoundingClientRect();
            const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
            if (button.disabled || !button.contains(top)) return 'wait';
            button.click();
            return 'clicked';";
        let mut last = serde_json::Value::Null;
        until(&format!("the end of {name}"), PATIENCE, || {
            last = self.driver.run(script, json!([]))?;
            Ok((last == json!("written")).then_some(()))
        })
        .inspect_err(|_| drop(self.picture("未完成")))
        .with_context(|| {
            format!("the form: {last}; the screen shows: {}", self.driver.text().unwrap_or_default())
        })
    }
}

/// Keys without a letter have code points of their own (W3C WebDriver, section 17.4.2).
fn is_special_key(c: char) -> bool {
    ('\u{E000}'..='\u{E05D}').contains(&c)
}
