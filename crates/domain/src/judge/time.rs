//! When an event counts from: times are evidence (SYNC 11).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far the time an event counts from can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The device's clock agreed with its uptime counter.
    Exact,
    /// The device's clock was wrong; put right by its uptime counter.
    Corrected,
    /// Recorded between the last known centre time and the receipt; the clock fits.
    Bounded,
    /// The stated time was impossible and was moved to the nearest possible one.
    Clamped,
    /// The person's word: written down afterwards, or nothing to check it by.
    Claimed,
}

impl Trust {
    /// Stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Corrected => "corrected",
            Self::Bounded => "bounded",
            Self::Clamped => "clamped",
            Self::Claimed => "claimed",
        }
    }

    /// From the stable word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Exact, Self::Corrected, Self::Bounded, Self::Clamped, Self::Claimed]
            .into_iter()
            .find(|t| t.code() == code)
    }

    /// Chinese sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Exact => "时间与本机运行计时一致。",
            Self::Corrected => "本机时钟不准，已按运行计时校正。",
            Self::Bounded => "时间介于上次与中心端联系和中心端收到之间。",
            Self::Clamped => "所述时间与前后记录矛盾，已取最接近的可能时间。",
            Self::Claimed => "事后补记或无从核对，以本人所述为准。",
        }
    }
}

/// What is known about the moment at which an event was written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Sent in the same boot as written: received_at − (uptime at send − uptime at event).
    pub same_boot: Option<Timestamp>,
    /// The centre's time the device had last seen when it wrote the event.
    pub last_centre_time: Option<Timestamp>,
}

/// What two clocks may differ by before one is called wrong: transport and rounding. A guess.
pub const TOLERANCE: SignedDuration = SignedDuration::from_secs(30);

/// The time an event counts from. `claimed` is when it happened by the person's account, `wall`
/// the device's clock when it was written down, `previous` the entity's last step, `received`
/// the centre's clock.
///
/// The result lies within [`previous`, `received`]; should the centre's own clock have run back
/// so that there is no such time, it is `previous`, so that an order's times never fall.
pub fn effective(
    claimed: Timestamp,
    wall: Timestamp,
    evidence: Evidence,
    previous: Option<Timestamp>,
    received: Timestamp,
) -> (Timestamp, Trust) {
    let (wanted, trust) = put_right(claimed, wall, evidence, received);
    let bounded = previous.map_or(wanted.min(received), |previous| wanted.min(received).max(previous));
    if differ(bounded, wanted) { (bounded, Trust::Clamped) } else { (bounded, trust) }
}

fn put_right(
    claimed: Timestamp,
    wall: Timestamp,
    evidence: Evidence,
    received: Timestamp,
) -> (Timestamp, Trust) {
    // Written down later than it happened: the clock may be right, the claim is a person's word.
    let afterwards = differ(claimed, wall);
    if let Some(truth) = evidence.same_boot {
        return match differ(truth, wall) {
            true => (shifted(claimed, wall, truth), Trust::Corrected),
            false if afterwards => (claimed, Trust::Claimed),
            false => (claimed, Trust::Exact),
        };
    }
    let earliest = evidence.last_centre_time.unwrap_or(Timestamp::MIN);
    let possible = wall.min(received).max(earliest);
    if differ(possible, wall) {
        return (shifted(claimed, wall, possible), Trust::Clamped);
    }
    let bounded = evidence.last_centre_time.is_some() && !afterwards;
    (claimed, if bounded { Trust::Bounded } else { Trust::Claimed })
}

fn differ(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() > TOLERANCE
}

/// `claimed`, as it would read had the device's clock shown `truth` instead of `wall`.
fn shifted(claimed: Timestamp, wall: Timestamp, truth: Timestamp) -> Timestamp {
    claimed.checked_add(truth.duration_since(wall)).unwrap_or(truth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(text: &str) -> Timestamp {
        format!("2025-10-01T{text}Z").parse().unwrap()
    }

    #[test]
    fn evidence_decides_trust() {
        let none = Evidence::default();
        let boot = |at| Evidence { same_boot: Some(t(at)), last_centre_time: None };
        let seen = |at| Evidence { same_boot: None, last_centre_time: Some(t(at)) };
        #[rustfmt::skip]
        let table = [
            // claimed, wall, evidence, previous, received → effective, trust
            ("09:00:00", "09:00:00", boot("09:00:05"), None, "10:00:00", "09:00:00", Trust::Exact),
            ("08:00:00", "09:00:00", boot("09:00:05"), None, "10:00:00", "08:00:00", Trust::Claimed),
            ("09:00:00", "09:00:00", boot("09:40:00"), None, "10:00:00", "09:40:00", Trust::Corrected),
            ("08:30:00", "09:00:00", boot("09:40:00"), None, "10:00:00", "09:10:00", Trust::Corrected),
            ("09:00:00", "09:00:00", none, None, "10:00:00", "09:00:00", Trust::Claimed),
            ("09:00:00", "09:00:00", seen("08:00:00"), None, "10:00:00", "09:00:00", Trust::Bounded),
            ("07:00:00", "07:00:00", seen("08:00:00"), None, "10:00:00", "08:00:00", Trust::Clamped),
            ("12:00:00", "12:00:00", none, None, "10:00:00", "10:00:00", Trust::Clamped),
            ("09:00:00", "09:00:00", boot("09:00:00"), Some("09:30:00"), "10:00:00", "09:30:00", Trust::Clamped),
            ("10:00:02", "10:00:02", boot("10:00:00"), None, "10:00:00", "10:00:00", Trust::Exact),
            ("09:00:00", "09:00:00", none, Some("11:00:00"), "10:00:00", "11:00:00", Trust::Clamped),
        ];
        for (claimed, wall, evidence, previous, received, expected, trust) in table {
            let got = effective(t(claimed), t(wall), evidence, previous.map(t), t(received));
            assert_eq!(got, (t(expected), trust), "{claimed} {wall} {evidence:?} {previous:?} {received}");
        }
    }

    proptest! {
        #[test]
        fn stays_within_bounds(claimed in any::<i32>(), wall in any::<i32>(), boot in any::<Option<i32>>(),
                               seen in any::<Option<i32>>(), previous in any::<Option<i32>>(), received in any::<i32>()) {
            let at = |s: i32| Timestamp::from_second(i64::from(s)).unwrap();
            let previous = previous.map(at).map(|p| p.min(at(received)));
            let evidence = Evidence { same_boot: boot.map(at), last_centre_time: seen.map(at) };
            let (got, _) = effective(at(claimed), at(wall), evidence, previous, at(received));
            prop_assert!(got <= at(received));
            prop_assert!(previous.is_none_or(|p| p <= got));
        }
    }
}
