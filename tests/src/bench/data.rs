//! The data of the benchmark: the demo's plan at a larger scale, judged by a centre in process, and a
//! console that is enrolled there for everything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use ed25519_dalek::SigningKey;
use zaigang_center::core::Founding;
use zaigang_console::order::Contracts;
use zaigang_console::store::{Identity, Store, StoreKey};
use zaigang_sync::hex;
use zaigang_sync::page::{PullPage, unpack};
use zaigang_sync::protocol::{EnrolReply, EnrolRequest, PullRequest};

use crate::demo::assets::Assets;
use crate::demo::feed::Feed;
use crate::demo::plan::{Plan, SEED, Scale};
use crate::demo::site::{MovingHost, Site};

/// Key of the benchmark's centre.
pub const CENTRE_KEY: [u8; 32] = [7; 32];
/// Key of the benchmark's consoles' stores.
pub const STORE_KEY: [u8; 32] = [9; 32];

/// A site with much work behind it.
#[derive(Debug)]
pub struct Data<'a> {
    /// The centre and its devices.
    pub site: Site<'a>,
    /// Orders in it.
    pub orders: u64,
    /// Folder of everything.
    pub dir: PathBuf,
}

impl<'a> Data<'a> {
    /// Founds a site in `dir` without work.
    ///
    /// # Errors
    /// When the centre refuses any of it.
    pub fn found(assets: &'a Assets, dir: &Path, scale: Scale) -> Result<Self> {
        let start = jiff::Timestamp::from_microsecond(zaigang_domain::calendar::midnight(scale.from))?;
        let host = MovingHost::new(start, SEED, &dir.join("mark"));
        let founding = Founding { site: "bench".to_owned(), ..Founding::default() };
        let site = Site::found(assets, &dir.join("center.db"), host, &CENTRE_KEY, &founding)?;
        Ok(Self { site, orders: 0, dir: dir.to_owned() })
    }

    /// Lets all the work of a scale happen.
    ///
    /// # Errors
    /// An act that the rules or the centre do not allow.
    pub fn work(&mut self, scale: Scale) -> Result<()> {
        let mut feed =
            Feed::new(Plan::new(self.site.assets, scale), vec![super::opening::order(self.site.assets)?]);
        self.site.work_in_days(&mut feed, scale)?;
        self.orders = feed.orders();
        Ok(())
    }

    /// A console's store, enrolled for all logs and still empty.
    ///
    /// # Errors
    /// When the centre refuses or the store cannot be made.
    pub fn console(&mut self, name: &str) -> Result<Console> {
        let dir = self.dir.join(name);
        std::fs::create_dir_all(&dir).context("making a console's folder")?;
        let key = StoreKey::new(STORE_KEY);
        let contracts = Contracts::new();
        let mut store = Store::open(&dir, &key, Arc::clone(&contracts) as Arc<_>, "bench")?;
        let logs = self.site.logs(&[])?;
        let code = self.site.device_code(name, logs)?;
        let device_key = SigningKey::from_bytes(&[11; 32]);
        let mut device = [13; 16];
        for (byte, from) in device.iter_mut().zip(name.bytes()) {
            *byte = from;
        }
        let request = EnrolRequest {
            secret: code.secret.clone(),
            device: hex::encode(&device),
            public_key: hex::encode(&device_key.verifying_key().to_bytes()),
            name: name.to_owned(),
        };
        let reply = self.site.centre.enrol("bench", &request)?;
        let identity =
            identity(&reply, device, device_key, name).context("the centre's answer cannot be read")?;
        store.enrol(identity, &reply.logs)?;
        // The site log first, as in a round: it brings the keys that the others' pages are signed with.
        let mut logs = reply.logs;
        logs.sort_by_key(|log| log != "site");
        Ok(Console { store, contracts, device, logs })
    }

    /// The next page of a log for a console, as it came over the wire.
    ///
    /// # Errors
    /// When the centre refuses.
    pub fn page(&mut self, console: &Console, log: &str) -> Result<PullPage> {
        let row = console.store.log(log)?;
        let request = PullRequest {
            log: log.to_owned(),
            after_seq: row.seq,
            head: row.head.to_hex(),
            bytes_max: 8_000_000,
        };
        Ok(unpack(&self.site.centre.pull(console.device, &request)?)?)
    }
}

/// A console's store.
#[derive(Debug)]
pub struct Console {
    /// The store.
    pub store: Store,
    /// Contract versions read so far.
    pub contracts: Arc<Contracts>,
    /// Its device id.
    pub device: [u8; 16],
    /// Logs it holds.
    pub logs: Vec<String>,
}

fn identity(reply: &EnrolReply, device: [u8; 16], device_key: SigningKey, name: &str) -> Option<Identity> {
    Some(Identity {
        device,
        incarnation: reply.incarnation,
        device_key,
        device_name: name.to_owned(),
        server_id: hex::decode(&reply.server_id)?,
        centre_key: hex::decode(&reply.centre_key)?,
        centre: String::new(),
        ca: String::new(),
        site: reply.site.clone(),
        recovery: None,
    })
}
