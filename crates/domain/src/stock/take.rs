//! 盘点: opened, counted by several people at several consoles, closed with its variance, signed by two, and
//! only then adjusted.

use super::replay::Key;
use super::{LINES_MAX, NAME_CHARS_MAX, Owner, QUANTITY_MAX, Said, counts, is_kind, is_line, is_words};
use crate::duty::named;
use crate::event::{EntityId, EventId, Recorded, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most places named by one stocktake.
const PLACES_MAX: usize = 200;
/// Most lines of a variance: more do not fit into one event.
pub(super) const DIFFERENCES_MAX: usize = 250;

/// `stocktake.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// `2025年第四季度盘点`.
    pub name: String,
    /// Places to count, those inside them included; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<EntityId>,
    /// The book is not shown while it is counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blind: bool,
}

/// What was counted of one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Count {
    /// Model: `part/…`.
    pub part: EntityId,
    /// Place: `place/…`.
    pub place: EntityId,
    /// Whose it is.
    pub owner: Owner,
    /// Piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// How many.
    pub quantity: u32,
}

impl Count {
    fn is_sound(&self) -> bool {
        let named = self.serial.iter().chain(&self.batch);
        is_kind(&self.part, "part")
            && is_kind(&self.place, "place")
            && i64::from(self.quantity) <= QUANTITY_MAX
            && (self.serial.is_none() || self.quantity <= 1)
            && named.into_iter().all(|text| !text.is_empty() && is_line(text, NAME_CHARS_MAX))
    }

    /// Whether both are about the same thing at the same place.
    fn is_same_thing(&self, other: &Self) -> bool {
        (&self.part, &self.place, self.owner, &self.serial, &self.batch)
            == (&other.part, &other.place, other.owner, &other.serial, &other.batch)
    }

    /// What has the balance it counts.
    #[must_use]
    pub fn key(&self) -> Key<'_> {
        Key { model: self.part.as_str(), place: self.place.as_str(), owner: self.owner.code() }
    }
}

/// `stocktake.counted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The lines.
    pub lines: Vec<Count>,
}

named! {
    /// How a count differs from the book.
    pub enum Variance {
        /// 盘亏: in the book, not there.
        Missing = "missing", "盘亏";
        /// 错位: somewhere else than the book says.
        Misplaced = "misplaced", "错位";
        /// 盘盈: there, not in the book.
        Surplus = "surplus", "盘盈";
    }
}

/// A line of the variance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// How it differs.
    pub kind: Variance,
    /// Model.
    pub part: EntityId,
    /// Place: where it was found, or where it is missing.
    pub place: EntityId,
    /// For a misplaced piece: where the book has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book_place: Option<EntityId>,
    /// Piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Whose it is.
    pub owner: Owner,
    /// By the book when it was counted.
    pub book: i64,
    /// Counted.
    pub counted: i64,
}

/// `stocktake.closed`: from here on nothing is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Lines that are as the book says.
    pub found: u32,
    /// Those that are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// `stocktake.signed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signed {
    /// In words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// `stocktake.adjusted`: the variance may be booked; movements beside it do.
pub type Adjusted = Signed;

named! {
    /// How far a stocktake is.
    #[derive(Default)]
    pub enum TakeStage {
        /// Being counted.
        #[default]
        Counting = "counting", "清点中";
        /// Counted: waits for two signatures.
        Closed = "closed", "待签字";
        /// Signed by two: waits for the adjustment.
        Signed = "signed", "待批准调整";
        /// Adjusted.
        Adjusted = "adjusted", "已调整";
        /// Given up.
        Cancelled = "cancelled", "已取消";
    }
}

/// A count with who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub count: Count,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Waits for the centre.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A stocktake at a moment of its log: `stocktake/<event id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// How it was opened.
    pub opened: Opened,
    /// By whom.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// The event that opened it.
    pub first: EventId,
    /// How far it is.
    pub stage: TakeStage,
    /// What was counted: of each person the last line about a thing.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// The variance, once closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<(Timestamp, Closed)>,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// Who approved the adjustment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Signature>,
    /// Who gave it up, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Said>,
    /// The event that changed the stage last.
    pub touched: EventId,
    /// Own events that wait for the centre.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<EventId>,
}

/// One act about a stocktake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakeAct {
    /// `stocktake.opened`.
    Opened(Opened),
    /// `stocktake.counted`.
    Counted(Counted),
    /// `stocktake.closed`.
    Closed(Closed),
    /// `stocktake.signed`.
    Signed(Signed),
    /// `stocktake.adjusted`.
    Adjusted(Adjusted),
    /// `stocktake.cancelled`.
    Cancelled(Signed),
}

impl TakeAct {
    /// From an event; `None` where it is none or cannot be read.
    #[must_use]
    pub fn read(kind: &str, payload: &str) -> Option<Self> {
        let signed = || serde_json::from_str::<Signed>(payload).ok().filter(|signed| is_words(&signed.words));
        match kind {
            "stocktake.opened" => {
                let opened: Opened = serde_json::from_str(payload).ok()?;
                let sound = !opened.name.is_empty()
                    && is_line(&opened.name, NAME_CHARS_MAX)
                    && opened.places.len() <= PLACES_MAX
                    && opened.places.iter().all(|place| is_kind(place, "place"));
                sound.then_some(Self::Opened(opened))
            }
            "stocktake.counted" => {
                let counted: Counted = serde_json::from_str(payload).ok()?;
                let fits = (1..=LINES_MAX).contains(&counted.lines.len());
                (fits && counted.lines.iter().all(Count::is_sound)).then_some(Self::Counted(counted))
            }
            "stocktake.closed" => {
                let closed: Closed = serde_json::from_str(payload).ok()?;
                (closed.differences.len() <= DIFFERENCES_MAX).then_some(Self::Closed(closed))
            }
            "stocktake.signed" => signed().map(Self::Signed),
            "stocktake.adjusted" => signed().map(Self::Adjusted),
            "stocktake.cancelled" => signed().map(Self::Cancelled),
            _ => None,
        }
    }
}

impl Take {
    /// The counts that hold: of each thing the latest, each thing once.
    #[must_use]
    pub fn counts(&self) -> Vec<&Line> {
        let mut latest: BTreeMap<_, &Line> = BTreeMap::new();
        for line in &self.lines {
            let count = &line.count;
            let thing = (&count.part, &count.place, count.owner, &count.serial, &count.batch);
            match latest.get(&thing) {
                Some(known) if known.at > line.at => {}
                _ => {
                    latest.insert(thing, line);
                }
            }
        }
        latest.into_values().collect()
    }

    /// Things that two people counted differently, each by its lines.
    #[must_use]
    pub fn disagreements(&self) -> Vec<Vec<&Line>> {
        let mut found: Vec<Vec<&Line>> = Vec::new();
        for line in self.counts() {
            let same: Vec<&Line> =
                self.lines.iter().filter(|other| other.count.is_same_thing(&line.count)).collect();
            if same.iter().any(|other| other.count.quantity != line.count.quantity) {
                found.push(same);
            }
        }
        found
    }

    /// Pieces that were counted at two places, with these.
    #[must_use]
    pub fn counted_twice(&self) -> Vec<(&EntityId, &str, Vec<&EntityId>)> {
        let mut places: BTreeMap<(&EntityId, &str), BTreeSet<&EntityId>> = BTreeMap::new();
        for line in self.counts() {
            if let Some(serial) = line.count.serial.as_deref().filter(|_| line.count.quantity > 0) {
                places.entry((&line.count.part, serial)).or_default().insert(&line.count.place);
            }
        }
        let twice = places.into_iter().filter(|(_, places)| places.len() > 1);
        twice.map(|((part, serial), places)| (part, serial, places.into_iter().collect())).collect()
    }

    fn apply(&mut self, act: TakeAct, event: &Recorded<'_>) {
        let Some(user) = event.user.cloned() else { return };
        let signature = Signature { by: user.clone(), at: event.effective_at };
        match (act, self.stage) {
            (TakeAct::Counted(counted), TakeStage::Counting) => {
                let pending = event.is_pending();
                for count in counted.lines {
                    self.lines.retain(|line| line.by != user || !line.count.is_same_thing(&count));
                    self.lines.push(Line { count, by: user.clone(), at: event.effective_at, pending });
                }
                return;
            }
            (TakeAct::Closed(closed), TakeStage::Counting) => {
                self.closed = Some((event.effective_at, closed));
                self.stage = TakeStage::Closed;
            }
            (TakeAct::Signed(_), TakeStage::Closed) => {
                if self.signatures.iter().all(|signed| signed.by != user) {
                    self.signatures.push(signature);
                }
                if self.signatures.len() < 2 {
                    return;
                }
                self.stage = TakeStage::Signed;
            }
            (TakeAct::Adjusted(_), TakeStage::Signed) => {
                self.adjusted = Some(signature);
                self.stage = TakeStage::Adjusted;
            }
            (TakeAct::Cancelled(said), TakeStage::Counting | TakeStage::Closed | TakeStage::Signed) => {
                self.cancelled = Some(Said { by: Some(user), at: event.effective_at, words: said.words });
                self.stage = TakeStage::Cancelled;
            }
            _ => return,
        }
        self.touched = event.id;
    }
}

/// Folds an event of `stocktake/<event id>`. Rejected and parked ones change nothing.
pub fn fold_take(state: Option<Take>, event: &Recorded<'_>) -> Option<Take> {
    let Some(act) = TakeAct::read(event.kind, event.payload).filter(|_| counts(event)) else { return state };
    let mut take = match (state, act) {
        (None, TakeAct::Opened(opened)) => Take {
            opened,
            by: event.user.cloned(),
            at: event.effective_at,
            first: event.id,
            stage: TakeStage::Counting,
            lines: Vec::new(),
            closed: None,
            signatures: Vec::new(),
            adjusted: None,
            cancelled: None,
            touched: event.id,
            pending: Vec::new(),
        },
        (None, _) => return None,
        (Some(mut take), act) => {
            take.apply(act, event);
            take
        }
    };
    if event.is_pending() {
        take.pending.push(event.id);
    }
    Some(take)
}

/// What the book says, for the variance of a stocktake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Balances of what lies at the places of the stocktake: of what was counted when it was counted, of the
    /// rest at the close. By model, place, owner.
    pub balances: BTreeMap<(EntityId, EntityId, Owner), i64>,
    /// Where pieces of the models in question are, wherever that is: by model and serial number.
    pub serials: BTreeMap<(EntityId, String), (EntityId, Owner)>,
    /// Models whose pieces have serial numbers.
    pub by_serial: BTreeSet<EntityId>,
}

/// The variance of a stocktake: how many lines are as the book says, and those that are not.
#[must_use]
pub fn variance(take: &Take, book: &Book) -> Closed {
    let counts: Vec<&Count> = take.counts().into_iter().map(|line| &line.count).collect();
    let mut closed = of_pieces(&counts, book);
    let mut totals: BTreeMap<(EntityId, EntityId, Owner), i64> = BTreeMap::new();
    for count in &counts {
        let key = (count.part.clone(), count.place.clone(), count.owner);
        *totals.entry(key).or_insert(0) += i64::from(count.quantity);
    }
    for key in book.balances.keys() {
        totals.entry(key.clone()).or_insert(0);
    }
    for ((part, place, owner), counted) in totals {
        if book.by_serial.contains(&part) {
            continue;
        }
        let said = book.balances.get(&(part.clone(), place.clone(), owner)).copied().unwrap_or(0);
        let kind = match counted.cmp(&said) {
            std::cmp::Ordering::Equal => {
                closed.found += u32::from(counted != 0);
                continue;
            }
            std::cmp::Ordering::Less => Variance::Missing,
            std::cmp::Ordering::Greater => Variance::Surplus,
        };
        closed.differences.push(Difference {
            kind,
            part,
            place,
            book_place: None,
            serial: None,
            owner,
            book: said,
            counted,
        });
    }
    closed.differences.sort_by(|a, b| (&a.part, &a.place, &a.serial).cmp(&(&b.part, &b.place, &b.serial)));
    closed
}

fn of_pieces(counts: &[&Count], book: &Book) -> Closed {
    let mut closed = Closed { found: 0, differences: Vec::new() };
    let mut seen: BTreeSet<(&EntityId, &str)> = BTreeSet::new();
    for count in counts.iter().filter(|count| count.quantity > 0) {
        let Some(serial) = count.serial.as_deref() else { continue };
        seen.insert((&count.part, serial));
        let said = book.serials.get(&(count.part.clone(), serial.to_owned()));
        let kind = match said {
            Some((place, _)) if *place == count.place => {
                closed.found += 1;
                continue;
            }
            Some(_) => Variance::Misplaced,
            None => Variance::Surplus,
        };
        closed.differences.push(Difference {
            kind,
            part: count.part.clone(),
            place: count.place.clone(),
            book_place: said.map(|(place, _)| place.clone()),
            serial: Some(serial.to_owned()),
            owner: count.owner,
            book: 0,
            counted: 1,
        });
    }
    for ((part, serial), (place, owner)) in &book.serials {
        let expected = book.balances.contains_key(&(part.clone(), place.clone(), *owner));
        if expected && book.by_serial.contains(part) && !seen.contains(&(part, serial.as_str())) {
            closed.differences.push(Difference {
                kind: Variance::Missing,
                part: part.clone(),
                place: place.clone(),
                book_place: None,
                serial: Some(serial.clone()),
                owner: *owner,
                book: 1,
                counted: 0,
            });
        }
    }
    closed
}
