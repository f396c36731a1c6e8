//! 排班: what crosses the door about the months of duty.
//!
//! Dates travel as `2025-10-01`, months as `2025-10`, people and posts by id. A cell is a date and a post;
//! one that nobody was put in is not listed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Request: one month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterRef {
    /// The month, `2025-10`.
    pub month: String,
}

/// Reply: the months there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterMonths {
    /// Newest first.
    pub months: Vec<RosterMonthItem>,
    /// The month that lies before the person: this one, or the next not opened yet.
    pub current: String,
    /// Months that can be opened now; empty when the person may not.
    pub openable: Vec<String>,
    /// Why there is nothing to open, where that is so: no posts agreed, no calendar …
    pub hint: Option<String>,
}

/// One month of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterMonthItem {
    /// The month, `2025-10`.
    pub month: String,
    /// How far it is.
    pub stage: RosterStage,
    /// The published version; 0 for none.
    pub version: u32,
    /// Whether cells differ from the published version.
    pub changed: bool,
    /// Cells with fewer people than they need.
    pub gaps: u32,
    /// Whether the person is to look at it: his duties changed and he has not confirmed.
    pub to_confirm: bool,
    /// Events waiting for the centre's verdict.
    pub pending: u32,
}

/// How far a month is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RosterStage {
    /// 编制中.
    Draft,
    /// 待审核.
    Submitted,
    /// 已审核，待采购人同意.
    Approved,
    /// 采购人已同意，待发布.
    Consented,
    /// 已发布.
    Published,
}

/// Reply: a month as the grid shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterView {
    /// The month.
    pub month: String,
    /// Contract id.
    pub contract: String,
    /// How far it is.
    pub stage: RosterStage,
    /// The stage in words: `编制中（第 2 版）`.
    pub stage_text: String,
    /// The published version; 0 for none.
    pub version: u32,
    /// Today's date; cells before it in a published version stand still.
    pub today: String,
    /// Dates before it are frozen; absent while nothing is published.
    pub frozen_before: Option<String>,
    /// Its days.
    pub days: Vec<RosterDayDto>,
    /// Posts in the order of the settings.
    pub posts: Vec<PostDto>,
    /// People by division and name.
    pub people: Vec<RosterPersonDto>,
    /// Cells somebody is in, by date and post.
    pub cells: Vec<CellDto>,
    /// What people do where no cell says otherwise.
    pub template: Vec<TemplateDto>,
    /// Absences.
    pub leave: Vec<RosterLeaveDto>,
    /// What people wish.
    pub wishes: Vec<WishDto>,
    /// What stands against publishing, and what should be looked at; worst first.
    pub problems: Vec<ProblemDto>,
    /// How well each day is covered.
    pub coverage: Vec<CoverageDayDto>,
    /// How fair it is.
    pub cost: RosterCostDto,
    /// What the person may do now.
    pub may: RosterMay,
    /// Comments, oldest first.
    pub comments: Vec<RosterCommentDto>,
    /// Published versions, oldest first.
    pub versions: Vec<RosterVersionDto>,
    /// Everybody whose duties were published.
    pub confirmations: Vec<ConfirmationDto>,
    /// Acts of the review, oldest first.
    pub acts: Vec<RosterActDto>,
    /// People who took over a duty at once.
    pub takeovers: Vec<TakeoverDto>,
    /// Events waiting for the centre's verdict.
    pub pending: u32,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterDayDto {
    /// The date.
    pub date: String,
    /// `周三`.
    pub weekday: String,
    /// `statutory`, `substitute`, `bridge`, `makeup`, `weekend`, `workday`, `unannounced`.
    pub kind: String,
    /// 节 on a statutory day, 放 on another day off of a notice, 班 on a make-up day.
    pub badge: Option<String>,
    /// Heading of the notice's item.
    pub holiday: Option<String>,
    /// Whether people are off that day.
    pub off: bool,
}

/// A post to be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostDto {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `duty`, `standby`, `lead`, `second_line`, `holiday`.
    pub kind: String,
    /// The kind in Chinese.
    pub kind_text: String,
    /// One letter for a cell: 值 备 带 二 节, 夜 for a night.
    pub letter: String,
    /// `day`, `night`, `24h`, `5x8`.
    pub shift: String,
    /// Hours in words: `08:00-次日08:00`.
    pub hours: String,
    /// People it needs.
    pub count: u32,
    /// Dates of the month on which it is to be filled.
    pub dates: Vec<String>,
    /// Its days in words: `非工作日`.
    pub days_text: String,
    /// Skill it asks for.
    pub skill: Option<String>,
    /// The other post of a pair (主备双人): not the same person.
    pub pair_of: Option<String>,
    /// On site.
    pub onsite: bool,
    /// Beside normal work.
    pub standby: bool,
    /// Within how many minutes he has to be there when called in.
    pub call_in_minutes: Option<u32>,
    /// Divisions whose people may fill it; empty: all.
    pub divisions: Vec<String>,
    /// Where.
    pub place: Option<String>,
    /// Clause of the contract, `001:1754`; absent for what is only agreed.
    pub source: Option<String>,
    /// On which paper it was agreed.
    pub basis: Option<String>,
}

/// A person of the month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterPersonDto {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Pinyin initials.
    pub initials: String,
    /// Divisions, joined.
    pub division: String,
    /// Contract post.
    pub post: Option<String>,
    /// On site.
    pub onsite: bool,
    /// Skills.
    pub skills: Vec<String>,
    /// First day of work here, where known.
    pub joined: Option<String>,
    /// Last day of work here, where known.
    pub left: Option<String>,
    /// What the month asks of him.
    pub load: RosterLoadDto,
    /// Papers he has not: without them no post on site.
    pub missing: Vec<String>,
    /// Whether it is the person at this console.
    pub mine: bool,
    /// Whether the person at this console may put him in a cell.
    pub may_edit: bool,
}

/// What a span of time asks of a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterLoadDto {
    /// Hours of duty, standby apart.
    pub hours: f64,
    /// Shifts, standby apart.
    pub shifts: u32,
    /// Nights.
    pub nights: u32,
    /// Saturdays and Sundays off that he spent on duty.
    pub weekends: u32,
    /// Duties on days off of a notice.
    pub holidays: u32,
    /// Standby.
    pub standby: u32,
}

/// A person in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CellPersonDto {
    /// User id.
    pub id: String,
    /// He came by a swap or a takeover.
    pub swapped: bool,
    /// Not confirmed by the centre yet.
    pub pending: bool,
}

/// A date and a post with the people in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CellDto {
    /// The date.
    pub date: String,
    /// Post id.
    pub post: String,
    /// Who, by id.
    pub people: Vec<CellPersonDto>,
    /// Those of them whom nobody but a person may move.
    pub pinned: Vec<String>,
    /// Rules waived here.
    pub waived: Vec<String>,
    /// Who put them there last.
    pub by: Option<String>,
    /// Comments on it.
    pub comments: u32,
}

/// What a person does where no cell says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateDto {
    /// User id.
    pub person: String,
    /// One letter a day: 白 on a day of office hours, empty on a day off.
    pub letters: Vec<String>,
}

/// An absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterLeaveDto {
    /// User id.
    pub person: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Letter of its kind: 假 差 休 调.
    pub letter: String,
    /// Asked for, not decided yet.
    pub asked: bool,
}

/// A wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WishDto {
    /// User id.
    pub person: String,
    /// The date.
    pub date: String,
    /// `on` or `off`.
    pub want: String,
    /// 1-3.
    pub weight: u32,
    /// Whether the month as it stands grants it.
    pub granted: bool,
}

/// Something that stands against a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProblemDto {
    /// Stable code of the rule.
    pub rule: String,
    /// `hard` blocks publishing, `soft` is to be looked at.
    pub severity: String,
    /// The date; absent for what concerns the whole month.
    pub date: Option<String>,
    /// Post id.
    pub post: Option<String>,
    /// User id.
    pub person: Option<String>,
    /// The sentence.
    pub text: String,
    /// Where the rule stands: `001:1794`, or `本项目约定`.
    pub source: String,
    /// Why it was let pass; absent when it was not.
    pub waived: Option<String>,
}

/// How well a day is covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageDayDto {
    /// The date.
    pub date: String,
    /// `full`, `thin` (somebody missing), `empty` (a post without anybody), `none` (nothing to fill).
    pub state: String,
    /// People missing.
    pub missing: u32,
}

/// How fair a roster is; smaller is fairer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterCostDto {
    /// Fairness and wishes together.
    pub total: f64,
    /// Spread of the load.
    pub fairness: f64,
    /// Weight of the wishes not granted.
    pub wishes: f64,
}

/// What the person at this console may do with the month now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterMay {
    /// Change cells, pins and waivers.
    pub edit: bool,
    /// Submit for review.
    pub submit: bool,
    /// Send back to the draft with words.
    #[serde(rename = "return")]
    #[ts(rename = "return")]
    pub send_back: bool,
    /// Approve.
    pub approve: bool,
    /// Consent, or record the buyer's consent.
    pub consent: bool,
    /// Publish.
    pub publish: bool,
    /// Comment.
    pub comment: bool,
    /// Wish for himself.
    pub wish: bool,
    /// Confirm that he knows his duties.
    pub confirm: bool,
    /// Ask for a swap.
    pub swap: bool,
    /// Take over a duty now, or register that somebody did.
    pub take_over: bool,
    /// Why the next step of the review is not his or not possible yet.
    pub why_not: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterCommentDto {
    /// Event id.
    pub id: String,
    /// The date it is about.
    pub date: Option<String>,
    /// The post it is about.
    pub post: Option<String>,
    /// The words.
    pub text: String,
    /// Name of who wrote it.
    pub by: String,
    /// When.
    pub at: String,
    /// Not confirmed by the centre yet.
    pub pending: bool,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterVersionDto {
    /// Its number.
    pub n: u32,
    /// When it was published.
    pub at: String,
    /// Name of who published it.
    pub by: String,
    /// Name of who submitted it.
    pub submitted_by: Option<String>,
    /// Name of who approved it.
    pub approved_by: Option<String>,
    /// Who consented for the buyer and on which paper.
    pub consent: Option<String>,
    /// What was said to it.
    pub note: String,
    /// Cells that differ from the version before.
    pub changes: u32,
}

/// One whose duties a version changed, the last one that did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfirmationDto {
    /// User id.
    pub person: String,
    /// Name.
    pub name: String,
    /// That version.
    pub version: u32,
    /// When he saw it.
    pub seen_at: Option<String>,
    /// When he confirmed it.
    pub confirmed_at: Option<String>,
    /// Whether it is the person at this console.
    pub mine: bool,
}

/// An act of the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterActDto {
    /// `opened`, `submitted`, `returned`, `approved`, `consented`, `published`.
    pub act: String,
    /// The act in Chinese.
    pub title: String,
    /// Name of who did it.
    pub by: String,
    /// When.
    pub at: String,
    /// What was said.
    pub text: String,
    /// Not confirmed by the centre yet.
    pub pending: bool,
}

/// Request: open a month with the posts agreed for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterOpen {
    /// The month.
    pub month: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A cell as it shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CellEdit {
    /// The date.
    pub date: String,
    /// Post id.
    pub post: String,
    /// User ids, in any order; empty: nobody.
    pub people: Vec<String>,
    /// Who stood there when it was edited; absent: what stands there now.
    pub was: Option<Vec<String>>,
}

/// A pin set or taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PinEdit {
    /// The date.
    pub date: String,
    /// Post id.
    pub post: String,
    /// User id.
    pub person: String,
    /// Set, or taken away.
    pub pinned: bool,
}

/// Request: change cells. A cell at fault is named `cells.3.people`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterEdit {
    /// The month.
    pub month: String,
    /// Cells, each once.
    pub cells: Vec<CellEdit>,
    /// Pins.
    pub pins: Vec<PinEdit>,
    /// Why, for the timeline.
    pub note: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: what would be wrong with cells that are not saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterCheck {
    /// The month.
    pub month: String,
    /// Cells that are not saved.
    pub cells: Vec<CellEdit>,
}

/// Reply: what is wrong with them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterChecked {
    /// As in the view.
    pub problems: Vec<ProblemDto>,
    /// As in the view.
    pub coverage: Vec<CoverageDayDto>,
    /// As in the view.
    pub cost: RosterCostDto,
    /// Load by user id.
    pub load: BTreeMap<String, RosterLoadDto>,
}

/// Request: let the machine fill open cells. Nothing is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterDraftArgs {
    /// The month.
    pub month: String,
    /// `all`: what stands is kept and gaps are filled; `pins`: only pinned people are kept.
    pub keep: String,
    /// Cells that are not saved.
    pub cells: Vec<CellEdit>,
    /// Most seconds, 1-60.
    pub seconds: u32,
    /// The same seed gives the same roster.
    pub seed: u32,
}

impl Default for RosterDraftArgs {
    fn default() -> Self {
        Self { month: String::new(), keep: "all".into(), cells: Vec::new(), seconds: 5, seed: 1 }
    }
}

/// Reply: a proposal, to be saved with `roster.edit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterProposal {
    /// Cells that would change, as they would be.
    pub cells: Vec<CellEdit>,
    /// What could not be filled.
    pub gaps: Vec<GapDto>,
    /// How fair it is.
    pub cost: RosterCostDto,
    /// Seconds it took.
    pub seconds: f64,
    /// Nothing better exists.
    pub proven_best: bool,
}

/// A cell that could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GapDto {
    /// The date.
    pub date: String,
    /// Post id.
    pub post: String,
    /// People missing.
    pub missing: u32,
    /// Why nobody else.
    pub why: Vec<BlockedDto>,
}

/// Why a person cannot fill a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockedDto {
    /// User id.
    pub person: String,
    /// Stable code of the rule.
    pub rule: String,
    /// The rule in words.
    pub text: String,
}

/// Request: who could step in for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterRepairArgs {
    /// The month.
    pub month: String,
    /// User id of who is away.
    pub person: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// Reply: proposals, the best first, each to be saved with `roster.edit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterRepair {
    /// At most ten.
    pub proposals: Vec<RepairDto>,
    /// Cells for which nobody was found.
    pub gaps: Vec<GapDto>,
}

/// One way to fill the hole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RepairDto {
    /// Cells that would change, as they would be.
    pub cells: Vec<CellEdit>,
    /// What it does, in words.
    pub text: String,
    /// People moved.
    pub changes: u32,
    /// By how much the cost grows.
    pub cost_delta: f64,
}

/// Request: let a problem pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterWaive {
    /// The month.
    pub month: String,
    /// Code of the rule.
    pub rule: String,
    /// The date, where it has one.
    pub date: Option<String>,
    /// Post id, where it has one.
    pub post: Option<String>,
    /// User id, where it has one.
    pub person: Option<String>,
    /// Why.
    pub reason: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: say something about the month or a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterComment {
    /// The month.
    pub month: String,
    /// The date, where it is about one.
    pub date: Option<String>,
    /// Post id, where it is about one.
    pub post: Option<String>,
    /// The words.
    pub text: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: a wish of one's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterWish {
    /// The month.
    pub month: String,
    /// The date.
    pub date: String,
    /// `on`, `off`, or `none` to take it back.
    pub want: String,
    /// 1-3.
    pub weight: u32,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: a step of the review, or a confirmation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterAct {
    /// The month.
    pub month: String,
    /// What is said to it; sending back needs it.
    pub text: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: the buyer's consent, by his own account or recorded from a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterConsent {
    /// The month.
    pub month: String,
    /// Unit or post that consented (never a person's name); empty where the buyer's own account consents.
    pub who: String,
    /// Date of the consent.
    pub date: Option<String>,
    /// The paper: title with number.
    pub paper: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: what two versions differ in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterCompareArgs {
    /// The month.
    pub month: String,
    /// Version; 0: the cells as they stand now.
    pub a: u32,
    /// Version; 0: the cells as they stand now.
    pub b: u32,
}

/// Reply: what they differ in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterCompare {
    /// Version; 0: the cells as they stand now.
    pub a: u32,
    /// Version; 0: the cells as they stand now.
    pub b: u32,
    /// Cells that differ, by date and post.
    pub changes: Vec<RosterChangeDto>,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterChangeDto {
    /// The date.
    pub date: String,
    /// Post id.
    pub post: String,
    /// User ids in `a`.
    pub before: Vec<String>,
    /// User ids in `b`.
    pub after: Vec<String>,
}

/// A place in the month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PlaceDto {
    /// The date.
    pub date: String,
    /// Post id.
    pub post: String,
}

/// Request: ask a colleague to take one's duty, for his or for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SwapAsk {
    /// The month.
    pub month: String,
    /// The duty given.
    pub mine: PlaceDto,
    /// User id of the colleague.
    pub with: String,
    /// His duty taken in return.
    pub theirs: Option<PlaceDto>,
    /// Why.
    pub reason: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: answer a colleague who asked, or take back one's own asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SwapAnswer {
    /// The month.
    pub month: String,
    /// Id of the swap.
    pub swap: String,
    /// Yes or no.
    pub accept: bool,
    /// What is said to it.
    pub text: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// Request: decide on a swap that both want, or on a takeover that happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SwapDecide {
    /// The month.
    pub month: String,
    /// Id of the swap or takeover.
    pub swap: String,
    /// Yes or no.
    pub approve: bool,
    /// What is said to it; a refusal needs it.
    pub text: String,
    /// Unit or post that consented for the buyer, where the settings demand it.
    pub consent_who: String,
    /// The paper of that consent.
    pub consent_paper: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A swap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SwapDto {
    /// Its id.
    pub id: String,
    /// User id of who asked.
    pub by: String,
    /// Name of who asked.
    pub by_name: String,
    /// The duty given.
    pub mine: PlaceDto,
    /// User id of the colleague.
    pub with: String,
    /// Name of the colleague.
    pub with_name: String,
    /// The duty taken in return.
    pub theirs: Option<PlaceDto>,
    /// Why.
    pub reason: String,
    /// `asked`, `accepted`, `declined`, `approved`, `refused`, `void` (the duty is another's by now).
    pub state: String,
    /// The state in Chinese.
    pub state_text: String,
    /// When it was asked.
    pub asked_at: String,
    /// Name of who decided.
    pub decided_by: Option<String>,
    /// What was said last.
    pub text: String,
    /// What the rules say against it.
    pub problems: Vec<ProblemDto>,
    /// Whether the person at this console is to answer.
    pub may_answer: bool,
    /// Whether the person at this console may take it back.
    pub may_withdraw: bool,
    /// Whether the person at this console may decide.
    pub may_decide: bool,
    /// Not confirmed by the centre yet.
    pub pending: bool,
}

/// Request: take over a duty now, in an emergency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TakeOver {
    /// The duty.
    pub place: PlaceDto,
    /// Since when; now when absent.
    pub from: Option<String>,
    /// User id of who takes over; oneself when absent.
    pub person: Option<String>,
    /// User id of who had it.
    pub instead_of: String,
    /// Why.
    pub reason: String,
    /// The same key twice has one effect.
    pub idempotency_key: String,
}

/// A takeover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakeoverDto {
    /// Its id.
    pub id: String,
    /// The duty.
    pub place: PlaceDto,
    /// Since when.
    pub from: String,
    /// User id of who took over.
    pub person: String,
    /// User id of who had it.
    pub instead_of: String,
    /// Why.
    pub reason: String,
    /// `open`, `approved`, `refused`.
    pub state: String,
    /// Until when it is to be decided: the end of the next workday.
    pub decide_by: Option<String>,
    /// Whether that has passed.
    pub late: bool,
    /// Whether the person at this console may decide.
    pub may_decide: bool,
    /// Not confirmed by the centre yet.
    pub pending: bool,
}

/// Request: the month as a page to print.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterPrintArgs {
    /// The month.
    pub month: String,
    /// `list`: 《×月值班（备勤）表》, A4 portrait; `grid`: people × days, A3 landscape.
    pub form: String,
    /// Version; 0: the cells as they stand now.
    pub version: u32,
}

/// Reply: a page to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterPrint {
    /// Title of the page.
    pub title: String,
    /// Lines above the table: 报送单位, period.
    pub head: Vec<String>,
    /// Headings of the columns.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<RosterPrintRow>,
    /// What the letters mean.
    pub legend: Vec<String>,
    /// Lines under the table: 编制, 审核, 采购人, 版本.
    pub foot: Vec<String>,
    /// What the page leaves out, and why.
    pub notes: Vec<String>,
    /// Said across the page while it is not published; else absent.
    pub watermark: Option<String>,
}

/// A row to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterPrintRow {
    /// Cells.
    pub cells: Vec<String>,
    /// A day off: shaded. For the grid all rows share the shades of the columns.
    pub shaded: bool,
}

/// Request: the month as a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterExport {
    /// The month.
    pub month: String,
    /// `list` or `grid` as for printing, `template` to be filled in, `ics` for one's own published duties.
    pub form: String,
    /// The same key hands nothing out again.
    pub idempotency_key: String,
}

/// Request: read a table of the month. Nothing is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterImportArgs {
    /// The month.
    pub month: String,
    /// Tab-separated text, as copied from a table.
    pub text: Option<String>,
    /// An XLSX file, base64; outranks the text.
    pub file: Option<String>,
}

/// Reply: what a table says, to be saved with `roster.edit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterImport {
    /// Cells that would change, as they would be.
    pub cells: Vec<CellEdit>,
    /// Rows read.
    pub rows: u32,
    /// What could not be read, by row.
    pub mistakes: Vec<String>,
}

/// Request: the load of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RosterLedgerArgs {
    /// The year.
    pub year: u32,
}

/// Reply: the load of a year, from published months.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RosterLedger {
    /// The year.
    pub year: u32,
    /// Months that count.
    pub months: Vec<String>,
    /// Names of the holidays, in the order of the year.
    pub holidays: Vec<String>,
    /// By division and name.
    pub people: Vec<LedgerPersonDto>,
    /// What the numbers mean.
    pub note: String,
}

/// The load of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LedgerPersonDto {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Divisions, joined.
    pub division: String,
    /// Sums.
    pub load: RosterLoadDto,
    /// Duties in each holiday, by its name.
    pub holidays: BTreeMap<String, u32>,
    /// Days off earned by duties on days off, statutory holidays aside: a proposal.
    pub owed_days: f64,
}

/// Reply: 调休 of a year, a proposal; nothing is granted by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterOwed {
    /// The year.
    pub year: u32,
    /// Months that count.
    pub months: Vec<String>,
    /// Whoever is on site or earned something: oneself first, then by division and name.
    pub people: Vec<OwedPersonDto>,
    /// How it is counted.
    pub note: String,
}

/// 调休 of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwedPersonDto {
    /// User id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Divisions, joined.
    pub division: String,
    /// It is whoever asks.
    pub mine: bool,
    /// Days off on which he had duty: each a day off.
    pub earned: Vec<OwedDayDto>,
    /// Statutory holidays on which he had duty: paid, no day off.
    pub statutory: Vec<OwedDayDto>,
    /// Leave of this kind that was granted or waits, in the order of the days.
    pub booked: Vec<OwedLeaveDto>,
    /// Days granted.
    pub booked_days: u32,
    /// Days earned less days granted; below zero where more was granted than earned.
    pub left_days: i32,
}

/// A day on which somebody had duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwedDayDto {
    /// The date on which the shift began.
    pub date: String,
    /// Names of the posts.
    pub posts: String,
    /// Heading of the holiday, where the day belongs to one.
    pub holiday: Option<String>,
}

/// A leave of kind 调休.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwedLeaveDto {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Workdays in it.
    pub days: u32,
    /// It waits for a decision.
    pub asked: bool,
}

/// Request: a chart of the year's load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LedgerChartArgs {
    /// The year.
    pub year: u32,
    /// `bars`: hours and nights by person; `heat`: duties by day of the year.
    pub kind: String,
    /// User id: only his duties; all when absent.
    pub person: Option<String>,
    /// `light` or `dark`.
    pub theme: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
}

/// Reply: an SVG. Its numbers are those of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerChart {
    /// SVG text drawn in Rust.
    pub svg: String,
}
