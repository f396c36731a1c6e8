//! How the centre stands.

use serde::Serialize;
use zaigang_sync::hex;

use super::Centre;
use crate::error::Result;
use crate::store;

/// A log and its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogStatus {
    /// Its name.
    pub log: String,
    /// Last seq.
    pub seq: u64,
    /// Head hash there, hex.
    pub head: String,
    /// Entries parked at one time.
    pub parked: u64,
    /// Entries accepted as unreconciled.
    pub unreconciled: u64,
}

/// A stopped chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopStatus {
    /// The device, hex.
    pub device: String,
    /// Its incarnation.
    pub incarnation: u32,
    /// The log.
    pub log: String,
    /// Where the histories part.
    pub device_seq: u64,
    /// When it was noticed, Unix milliseconds.
    pub at: i64,
}

/// How the centre stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Name of the site.
    pub site: String,
    /// The centre, hex.
    pub server_id: String,
    /// Its epoch, hex.
    pub epoch: String,
    /// Address given in enrolment codes.
    pub address: String,
    /// Pin of the CA given in enrolment codes.
    pub ca_pin: String,
    /// Fingerprint of the centre's key, for people to compare.
    pub fingerprint: String,
    /// Users, disabled ones included.
    pub users: usize,
    /// Devices, revoked ones included.
    pub devices: usize,
    /// Logs.
    pub logs: Vec<LogStatus>,
    /// Chains stopped because a device showed another history.
    pub stopped: Vec<StopStatus>,
}

impl Centre {
    /// How the centre stands.
    ///
    /// # Errors
    /// [`crate::error::CentreError::Store`].
    pub fn status(&mut self) -> Result<Status> {
        let (users, devices) = (self.user_list()?.len(), self.device_list()?.len());
        let meta = self.meta.clone();
        self.look(|work| {
            let mut logs = Vec::new();
            for (log, row) in store::logs(work.conn)? {
                let (unreconciled, parked) = store::count_open(work.conn, row.n)?;
                logs.push(LogStatus { log, seq: row.seq, head: row.head.to_hex(), parked, unreconciled });
            }
            let stops = store::stops(work.conn)?.into_iter().map(|stop| StopStatus {
                device: hex::encode(&stop.device),
                incarnation: stop.incarnation,
                log: stop.log,
                device_seq: stop.device_seq,
                at: stop.at,
            });
            Ok(Status {
                site: meta.site,
                server_id: hex::encode(&meta.server_id),
                epoch: hex::encode(&meta.epoch),
                address: meta.address,
                ca_pin: meta.ca_pin,
                fingerprint: zaigang_sync::keys::fingerprint(&meta.public_key),
                users,
                devices,
                logs,
                stopped: stops.collect(),
            })
        })
    }
}
