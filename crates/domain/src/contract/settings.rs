//! 本项目约定: what a site agrees where the document is silent. Shown as such, hashed apart from the facts.
//!
//! None of it is contract text. Each entry can name its [`Basis`]; one without is listed as open by
//! [`super::open_questions`]. An order follows the version it is bound to, so a later entry never
//! reaches an order that was closed before.

use jiff::civil::Date;

use super::toml_reader::row;
use crate::attendance::Rules;
use crate::calendar::{DayOverride, MonthDay, OfficeHours, Season, Window};
use crate::clock::{SystemClass, Target, TargetCalendar, words};
use crate::duty::roster::ShiftKind;
use crate::file::{DEFAULT_TYPES, FileType};
use crate::order::platform::PlatformField;

row! {
    /// The settings of one site.
    pub struct Settings {
        contract: String,
        note: Option<String>,
        /// Day of the phase acceptance from which periods in months count.
        acceptance_date: Option<Date>,
        /// On what the acceptance date rests.
        acceptance_basis: Option<Basis>,
        /// Points of a limit, in percent used, at which a clock warns.
        warning_percent: Vec<u32>,
        office_hours: Vec<OfficeHoursSetting>,
        day: Vec<DaySetting>,
        window: Vec<WindowSetting>,
        pause: Vec<PauseSetting>,
        vip: Vec<VipSetting>,
        system_class: Vec<SystemClassSetting>,
        business_system: Vec<BusinessSystemSetting>,
        limit: Vec<LimitSetting>,
        calendar: Vec<CalendarSetting>,
        day_meaning: Vec<DayMeaningSetting>,
        precedence: Vec<PrecedenceSetting>,
        warning: Vec<WarningSetting>,
        duty_order: Vec<DutyOrderSetting>,
        platform: Vec<PlatformSetting>,
        file: Vec<FileSetting>,
        answer: Vec<AnswerSetting>,
        record_category: Vec<RecordCategorySetting>,
        caretaker: Vec<CaretakerSetting>,
        duty_post: Vec<DutyPostSetting>,
        duty_rules: Option<DutyRulesSetting>,
        attendance: Vec<AttendanceSetting>,
        stock_store: Vec<StockStoreSetting>,
    }
}

row! {
    /// A store of spare parts: its log is `c/<contract>/s/<id>`.
    pub struct StockStoreSetting {
        id: String,
        name: String,
        /// Whose it is; absent: the site's.
        kind: Option<StockStoreKind>,
        /// Divisions it serves; empty: all.
        divisions: Vec<String>,
        place: Option<String>,
        /// Where it stands that removed storage media stay with the buyer; absent: only agreed.
        media_clause: Option<String>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// Whose a store is.
    pub enum StockStoreKind {
        /// The site's.
        Site = "site",
        /// The centre's, from which sites are supplied.
        Centre = "centre",
    }
}

row! {
    /// On what an entry rests: since when, agreed by whom, on which paper.
    pub struct Basis {
        /// First day it holds.
        effective: Date,
        /// Who agreed, as a unit or post (never a person's name).
        who: String,
        /// The paper: title with document number or date.
        paper: String,
    }
}

row! {
    /// Office hours of a season.
    pub struct OfficeHoursSetting {
        from: Option<MonthDay>,
        to: Option<MonthDay>,
        divisions: Vec<String>,
        windows: Vec<Window>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// The buyer's own arrangement of one date.
    pub struct DaySetting {
        date: Date,
        divisions: Vec<String>,
        windows: Vec<Window>,
        reason: String,
        basis: Option<Basis>,
    }
}

row! {
    /// When a window that rules name is open: 关键运行时段, 上班时间.
    pub struct WindowSetting {
        /// Its name, as rules name it.
        name: String,
        /// Objects it holds for; empty: all.
        objects: Vec<String>,
        divisions: Vec<String>,
        /// First date, included; absent: no bound.
        from: Option<Date>,
        /// Last date, included; absent: no bound.
        to: Option<Date>,
        /// Which days; absent: all.
        days: Option<WindowDays>,
        windows: Vec<Window>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// Days on which a named window opens.
    pub enum WindowDays {
        /// Every day.
        All = "all",
        /// Workdays and make-up workdays.
        Workday = "workday",
        /// Days off.
        Nonworkday = "nonworkday",
    }
}

row! {
    /// A reason for which a suspension stops clocks.
    pub struct PauseSetting {
        reason: String,
        /// Rules whose clocks it stops; empty: all.
        rules: Vec<String>,
        /// Targets it stops; empty: all.
        targets: Vec<Target>,
        party: Option<Party>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// Whose doing a suspension is.
    pub enum Party {
        /// 采购人
        Buyer = "buyer",
        /// 供应商
        Supplier = "supplier",
        /// 第三方
        ThirdParty = "third_party",
        /// 不可抗力
        ForceMajeure = "force_majeure",
    }
}

row! {
    /// A VIP post or room (never a person's name).
    pub struct VipSetting {
        name: String,
        kind: Option<VipKind>,
        division: Option<String>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// What a VIP entry names.
    pub enum VipKind {
        /// 岗位
        Post = "post",
        /// 房间
        Room = "room",
    }
}

row! {
    /// Class of one object for the level matrix, and how many use it.
    pub struct SystemClassSetting {
        object: String,
        class: SystemClass,
        /// Users in the scope of operations, from which the share of those hit follows.
        users: Option<u32>,
        basis: Option<Basis>,
    }
}

row! {
    /// Whether a system counts as 核心 or 通用 for inspections (002:139).
    pub struct BusinessSystemSetting {
        object: String,
        kind: BusinessSystemKind,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// Kind of a business system.
    pub enum BusinessSystemKind {
        /// 核心业务系统
        Core = "core",
        /// 通用业务系统
        Ordinary = "ordinary",
    }
}

row! {
    /// A limit agreed instead of the printed one.
    pub struct LimitSetting {
        rule: String,
        target: Target,
        minutes: u32,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// The calendar that some targets run on.
    pub struct CalendarSetting {
        rules: Vec<String>,
        targets: Vec<Target>,
        calendar: TargetCalendar,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// What a printed day or workday means for some targets.
    pub struct DayMeaningSetting {
        rules: Vec<String>,
        targets: Vec<Target>,
        day: Option<DayMeaning>,
        workday: Option<WorkdayMeaning>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// What n days mean.
    pub enum DayMeaning {
        /// n times 24 hours: the meaning where nothing is agreed.
        Hours24 = "hours_24",
        /// Until 24:00 of the n-th date after the start.
        EndOfDate = "end_of_date",
        /// n workdays.
        Workday = "workday",
    }
}

words! {
    /// When the n-th workday ends.
    pub enum WorkdayMeaning {
        /// With its last office window (24:00 where no hours are known): the meaning where nothing is agreed.
        EndOfWork = "end_of_work",
        /// At 24:00.
        EndOfDate = "end_of_date",
    }
}

row! {
    /// Which of several matching rules is suggested for some targets.
    pub struct PrecedenceSetting {
        /// Objects it holds for; empty: all.
        objects: Vec<String>,
        targets: Vec<Target>,
        prefer: Preference,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// A policy between matching rules.
    pub enum Preference {
        /// The most specific: the policy where nothing is agreed.
        Specific = "specific",
        /// The shortest limit.
        Strict = "strict",
    }
}

row! {
    /// Warning points of some targets instead of the general ones.
    pub struct WarningSetting {
        rules: Vec<String>,
        targets: Vec<Target>,
        /// Percent of the limit used, each 1-99.
        percent: Vec<u32>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// A duty order of the buyer: who must be there on which days (重保, 节假日, 会议).
    pub struct DutyOrderSetting {
        /// Document number.
        number: String,
        /// Date of the document.
        date: Date,
        title: String,
        /// First day of the duty, included.
        from: Date,
        /// Last day of the duty, included.
        to: Date,
        divisions: Vec<String>,
        objects: Vec<String>,
        /// Ids of the posts that it names.
        posts: Vec<String>,
        note: Option<String>,
    }
}

row! {
    /// The buyer's own platform beside this program (智能运维平台): its name and the order of its fields.
    pub struct PlatformSetting {
        name: String,
        /// Fields of a record in the order in which the platform asks for them; empty: the usual order.
        entry: Vec<PlatformField>,
        /// Columns of its dispatches where they come without a heading; empty: the usual order.
        dispatch: Vec<PlatformField>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// Which types of files orders take.
    pub struct FileSetting {
        divisions: Vec<String>,
        types: Vec<FileType>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// The buyer's answer to an open question that no other entry settles.
    pub struct AnswerSetting {
        question: String,
        text: String,
        basis: Option<Basis>,
    }
}

row! {
    /// A category of work records that the document does not name.
    pub struct RecordCategorySetting {
        name: String,
        needs: Option<RecordNeed>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// What a record of a category has to say besides.
    pub enum RecordNeed {
        /// 授权编号
        Authorisation = "authorisation",
        /// 巡检正常或异常
        Inspection = "inspection",
        /// 采购人确认人
        Confirmation = "confirmation",
    }
}

row! {
    /// Who records for divisions that have nobody of the supplier's on site (代记).
    pub struct CaretakerSetting {
        divisions: Vec<String>,
        /// Ids of the posts that may.
        posts: Vec<String>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// A post of the roster (值班、备勤、带班、二线、节假日岗).
    pub struct DutyPostSetting {
        id: String,
        name: String,
        kind: DutyKind,
        shift: ShiftKind,
        /// Which days; absent: all.
        days: Option<DutyDays>,
        /// These dates and no others, instead of `days`; empty: as `days` says.
        dates: Vec<Date>,
        /// First date, included; absent: no bound.
        from: Option<Date>,
        /// Last date, included; absent: no bound.
        to: Option<Date>,
        /// People it needs; absent: one.
        count: Option<u32>,
        /// A skill that its holder needs.
        skill: Option<String>,
        /// Id of the other post of a pair (主备双人): never the same person on one date.
        pair_of: Option<String>,
        /// Absent: on site.
        presence: Option<Presence>,
        /// Within how many minutes its holder has to be there when called in.
        call_in_minutes: Option<u32>,
        /// Divisions whose people may hold it; empty: all.
        divisions: Vec<String>,
        place: Option<String>,
        /// Clause of the contract that asks for it, such as `001:1754`; absent: only agreed.
        clause: Option<String>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

row! {
    /// From how many minutes on lateness and early leaving count.
    pub struct AttendanceSetting {
        late_grace_minutes: u32,
        early_grace_minutes: u32,
        half_day_minutes: u32,
        absent_minutes: u32,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// Kind of a post of the roster.
    pub enum DutyKind {
        /// 值班: duty with a seat.
        Duty = "duty",
        /// 备勤: standby beside normal work.
        Standby = "standby",
        /// 带班: leads those on duty.
        Lead = "lead",
        /// 二线: called when the first line needs help.
        SecondLine = "second_line",
        /// 节假日岗.
        Holiday = "holiday",
    }
}

words! {
    /// Days of a post of the roster.
    pub enum DutyDays {
        /// Every day.
        All = "all",
        /// Workdays and make-up workdays.
        Workday = "workday",
        /// Days off.
        Nonworkday = "nonworkday",
        /// Days named by the 全国年节及纪念日放假办法.
        Statutory = "statutory",
    }
}

words! {
    /// Whether a post is held at the buyer's site.
    pub enum Presence {
        /// 驻场
        Onsite = "onsite",
        /// 远程
        Remote = "remote",
    }
}

row! {
    /// Limits of the roster; no contract here states one.
    pub struct DutyRulesSetting {
        /// Least hours between two shifts.
        rest_hours_min: u32,
        /// Most dates in a row on which a shift begins.
        consecutive_days_max: u32,
        /// Most shifts that begin on one date.
        shifts_per_day_max: u32,
        /// Most dates in a row on which a night shift begins.
        nights_in_row_max: u32,
        /// Fewest people on site on a workday; absent: nothing agreed.
        onsite_min: Option<u32>,
        /// Who has to agree to a swap besides the supervisor; absent: nobody.
        swap_consent: Option<SwapConsent>,
        /// Whether people may take their duties out as a calendar file; absent: no.
        calendar_file: Option<CalendarFile>,
        note: Option<String>,
        basis: Option<Basis>,
    }
}

words! {
    /// Whether one's own duties may leave the program as a calendar file.
    pub enum CalendarFile {
        /// No: what is on the internal network stays there.
        Off = "off",
        /// Yes.
        On = "on",
    }
}

words! {
    /// Who agrees to a swap besides the supervisor.
    pub enum SwapConsent {
        /// Nobody.
        Nobody = "nobody",
        /// 采购人
        Buyer = "buyer",
    }
}

/// What counts where the site agreed nothing: a guess, as no contract states a number. Shown as 本项目约定.
const ATTENDANCE_DEFAULT: Rules =
    Rules { late_grace_minutes: 5, early_grace_minutes: 5, half_day_minutes: 60, absent_minutes: 180 };

impl Settings {
    /// Settings that settle nothing.
    #[must_use]
    pub fn none(contract: &str) -> Self {
        Self {
            contract: contract.to_owned(),
            note: None,
            acceptance_date: None,
            acceptance_basis: None,
            warning_percent: Vec::new(),
            office_hours: Vec::new(),
            day: Vec::new(),
            window: Vec::new(),
            pause: Vec::new(),
            vip: Vec::new(),
            system_class: Vec::new(),
            business_system: Vec::new(),
            limit: Vec::new(),
            calendar: Vec::new(),
            day_meaning: Vec::new(),
            precedence: Vec::new(),
            warning: Vec::new(),
            duty_order: Vec::new(),
            platform: Vec::new(),
            file: Vec::new(),
            answer: Vec::new(),
            record_category: Vec::new(),
            caretaker: Vec::new(),
            duty_post: Vec::new(),
            duty_rules: None,
            attendance: Vec::new(),
            stock_store: Vec::new(),
        }
    }

    /// The agreed office hours and days; hours agreed for a later day outrank earlier ones from that day.
    #[must_use]
    pub fn hours(&self) -> OfficeHours {
        let since = |basis: Option<&Basis>| basis.map(|basis| basis.effective);
        let mut seasons: Vec<Season> = self
            .office_hours
            .iter()
            .map(|season| Season {
                from: season.from,
                to: season.to,
                since: since(season.basis.as_ref()),
                divisions: season.divisions.clone(),
                windows: season.windows.clone(),
                source: "setting".to_owned(),
            })
            .collect();
        seasons.sort_by_key(|season| std::cmp::Reverse(season.since));
        let days = self.day.iter().map(|day| DayOverride {
            date: day.date,
            divisions: day.divisions.clone(),
            windows: day.windows.clone(),
            reason: day.reason.clone(),
        });
        OfficeHours { seasons, days: days.collect() }
    }

    /// Points at which a clock warns, in percent of its limit used, ascending; empty: none agreed.
    #[must_use]
    pub fn warning_points(&self, rule: &str, target: Target) -> Vec<u32> {
        let own = self.warning.iter().find(|row| concerns(&row.rules, &row.targets, rule, target));
        let mut points = own.map_or_else(|| self.warning_percent.clone(), |row| row.percent.clone());
        points.sort_unstable();
        points.dedup();
        points
    }

    /// The buyer's platform; `None` where nothing is agreed about it.
    #[must_use]
    pub fn platform(&self) -> Option<&PlatformSetting> {
        self.platform.first()
    }

    /// Whether people may take their duties out as a calendar file.
    #[must_use]
    pub fn calendar_file(&self) -> bool {
        self.duty_rules.as_ref().and_then(|rules| rules.calendar_file) == Some(CalendarFile::On)
    }

    /// From how many minutes on lateness and early leaving count.
    #[must_use]
    pub fn attendance_rules(&self) -> Rules {
        self.attendance.first().map_or(ATTENDANCE_DEFAULT, |row| Rules {
            late_grace_minutes: row.late_grace_minutes,
            early_grace_minutes: row.early_grace_minutes,
            half_day_minutes: row.half_day_minutes,
            absent_minutes: row.absent_minutes,
        })
    }

    /// Types of files that orders of a division take: those of the first entry for it, else the default.
    #[must_use]
    pub fn file_types(&self, division: &str) -> &[FileType] {
        let here = |row: &&FileSetting| {
            row.divisions.is_empty() || row.divisions.iter().any(|name| name == division)
        };
        self.file.iter().find(here).map_or(DEFAULT_TYPES, |row| &row.types)
    }

    /// Users of an object; `None` while not known.
    #[must_use]
    pub fn users(&self, object: &str) -> Option<u32> {
        self.system_class.iter().find(|row| row.object == object)?.users
    }

    /// What days and workdays mean for a target of a rule.
    #[must_use]
    pub(super) fn day_meaning(&self, rule: &str, target: Target) -> (DayMeaning, WorkdayMeaning) {
        let mut rows = self.day_meaning.iter().filter(|row| concerns(&row.rules, &row.targets, rule, target));
        let day = rows.clone().find_map(|row| row.day).unwrap_or(DayMeaning::Hours24);
        (day, rows.find_map(|row| row.workday).unwrap_or(WorkdayMeaning::EndOfWork))
    }

    /// The policy between rules that match a target of an object; `lineage` is the object and what it is part of.
    #[must_use]
    pub(crate) fn preference(&self, lineage: &[&str], target: Target) -> Preference {
        let here = |row: &&PrecedenceSetting| {
            let object =
                row.objects.is_empty() || row.objects.iter().any(|id| lineage.contains(&id.as_str()));
            object && (row.targets.is_empty() || row.targets.contains(&target))
        };
        self.precedence.iter().find(here).map_or(Preference::Specific, |row| row.prefer)
    }

    /// Whether a suspension for a reason stops the clock of a rule's target.
    #[must_use]
    pub(crate) fn stops(&self, reason: &str, rule: &str, target: Target) -> bool {
        let stops =
            |row: &PauseSetting| row.reason == reason && concerns(&row.rules, &row.targets, rule, target);
        self.pause.iter().any(stops)
    }
}

/// Whether an entry for some rules and targets (empty: all) concerns one of them.
pub(super) fn concerns(rules: &[String], targets: &[Target], rule: &str, target: Target) -> bool {
    (rules.is_empty() || rules.iter().any(|id| id == rule))
        && (targets.is_empty() || targets.contains(&target))
}
