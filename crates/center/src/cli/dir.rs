//! The centre's directory: what lies where, and how it is made.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zaigang_sync::hex;
use zeroize::Zeroizing;

use super::args::{At, Init};
use super::{Answer, CliError};
use crate::core::{Centre, Founding};
use crate::host::{DEMO_CLOCK, Durability, Host as _, SystemHost, read_text, replace_file};
use crate::tls;

/// Names of the files.
#[derive(Debug, Clone)]
pub(super) struct Dir(PathBuf);

/// What `serve` is set up with.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Config {
    /// Where it listens unless told otherwise.
    pub(super) listen: String,
}

impl Dir {
    pub(super) fn of(at: &At) -> Self {
        Self(at.dir.clone())
    }
    pub(super) fn database(&self) -> PathBuf {
        self.0.join("centre.db")
    }
    pub(super) fn lock_file(&self) -> PathBuf {
        self.0.join("serve.lock")
    }
    pub(super) fn host(&self) -> Result<SystemHost, CliError> {
        let host = SystemHost::new(&self.0.join("high-water.json"));
        host.with_demo_clock(&self.0).map_err(CliError::failed(DEMO_CLOCK))
    }
    pub(super) fn chain(&self) -> PathBuf {
        self.0.join("keys/server.pem")
    }
    pub(super) fn tls_key(&self) -> PathBuf {
        self.0.join("keys/server.key.pem")
    }
    fn signing_key_file(&self) -> PathBuf {
        self.0.join("keys/signing.key")
    }
    fn config_file(&self) -> PathBuf {
        self.0.join("centre.json")
    }

    pub(super) fn text(&self, path: &Path) -> Result<Zeroizing<String>, CliError> {
        let text = read_text(path).map_err(CliError::failed(&path.display().to_string()))?;
        let missing = || CliError::Input(format!("没有 {}，请先运行 init 或找回该文件", path.display()));
        text.map(Zeroizing::new).ok_or_else(missing)
    }

    pub(super) fn config(&self) -> Result<Config, CliError> {
        let text = self.text(&self.config_file())?;
        serde_json::from_str(&text).map_err(|error| CliError::Input(format!("centre.json: {error}")))
    }

    pub(super) fn signing_key(&self) -> Result<Zeroizing<[u8; 32]>, CliError> {
        let text = self.text(&self.signing_key_file())?;
        let key =
            hex::decode(text.trim()).ok_or_else(|| CliError::Input("keys/signing.key 不是密钥".into()))?;
        Ok(Zeroizing::new(key))
    }

    /// Opens the centre; the server may be running beside.
    pub(super) fn open(&self) -> Result<Centre, CliError> {
        Ok(Centre::open(&self.database(), Arc::new(self.host()?), &*self.signing_key()?)?)
    }
}

/// Makes a centre.
pub(super) fn init(init: &Init) -> Result<Answer, CliError> {
    let dir = Dir::of(&init.at);
    if dir.database().exists() {
        return Err(CliError::NotAllowed(format!("{} 已有中心端，未作任何改动", init.at.dir.display())));
    }
    let listen: SocketAddr =
        init.listen.parse().map_err(|_| CliError::Input(format!("--listen {} 应为 IP:端口", init.listen)))?;
    let names = names(init, listen.ip());
    let credentials =
        tls::make(&init.site, &names).map_err(|error| CliError::Input(format!("--name: {error}")))?;
    make_private(&dir.0)?;
    make_private(&dir.0.join("keys"))?;
    let host = dir.host()?;
    let mut key = Zeroizing::new([0; 32]);
    host.fill(&mut *key);
    let write = |path: PathBuf, text: &str| {
        replace_file(&path, text.as_bytes(), Durability::Synced)
            .map_err(CliError::failed(&path.display().to_string()))
    };
    write(dir.signing_key_file(), &Zeroizing::new(hex::encode(&*key)))?;
    write(dir.0.join("keys/ca.pem"), &credentials.ca)?;
    write(dir.0.join("keys/ca.key.pem"), &credentials.ca_key)?;
    write(dir.chain(), &credentials.chain)?;
    write(dir.tls_key(), &credentials.key)?;
    let config = serde_json::to_string(&Config { listen: init.listen.clone() });
    write(dir.config_file(), &config.map_err(|error| CliError::Failed(error.to_string()))?)?;
    let founding = Founding {
        site: init.site.clone(),
        address: address(names.first().map_or("localhost", String::as_str), listen.port()),
        ca_pin: credentials.pin,
        recovery: init.recovery.clone(),
    };
    let mut centre = Centre::create(&dir.database(), Arc::new(host), &key, &founding)?;
    let status = centre.status()?;
    let text = format!(
        "已建立中心端「{}」。\n地址：{}\n中心端密钥指纹：{}\n请将 {} 另行保管：数据库备份不含密钥。",
        status.site,
        status.address,
        status.fingerprint,
        dir.0.join("keys").display()
    );
    Answer::new(status, text)
}

/// Names of the certificate: those given, then what a local test uses.
fn names(init: &Init, listen: IpAddr) -> Vec<String> {
    let mut names = init.names.clone();
    let local = if listen.is_unspecified() { None } else { Some(listen.to_string()) };
    for name in local.into_iter().chain(["localhost".to_owned(), "127.0.0.1".to_owned()]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn address(name: &str, port: u16) -> String {
    match name.parse() {
        Ok(IpAddr::V6(ip)) => format!("https://[{ip}]:{port}"),
        _ => format!("https://{name}:{port}"),
    }
}

/// Makes a directory that only its owner can enter.
fn make_private(path: &Path) -> Result<(), CliError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(CliError::failed(&path.display().to_string()))
}
