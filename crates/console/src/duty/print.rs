//! The month on paper and as a file: 《×月值班（备勤）表》 by date, the grid by person, the empty table to be
//! filled in, and one's own duties as a calendar.

use super::check::Cells;
use super::month::Roster;
use super::words::{badge, hours_text, letters, weekday};
use crate::buyer::{Made, watermark};
use crate::door::dto::{
    DoorError, ExportedFile, RosterExport, RosterPrint, RosterPrintArgs, RosterPrintRow, Written,
};
use crate::order::{Desk, Pen, key};
use crate::staff::may_see_phones;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use std::collections::{BTreeMap, BTreeSet};
use zaigang_domain::contract::DutyKind;
use zaigang_domain::duty::layers::post_spans;
use zaigang_domain::duty::month::payload::DutyPost;
use zaigang_domain::duty::month::{Place, Version};
use zaigang_domain::event::UserId;
use zaigang_domain::people::{Export, may_export};
use zaigang_report::{
    Column, DutyCalendar, DutyEntry, FormRow, Paper, RosterForm, RosterTemplate, duty_ics, roster_template,
    roster_xlsx,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ICS: &str = "text/calendar;charset=utf-8";

/// Widths of the customary form's columns, in characters of Latin text.
const LIST: [(&str, u16); 8] = [
    ("日期", 9),
    ("星期", 9),
    ("带班", 12),
    ("值班主/副", 22),
    ("备勤", 22),
    ("联系电话", 14),
    ("值班地点/电话", 18),
    ("备注", 16),
];

/// What stands on the page: a version or the working cells.
struct Page<'a> {
    roster: &'a Roster,
    cells: Cells,
    version: Option<&'a Version>,
    /// Numbers by person, where they may stand on the page.
    phones: Option<BTreeMap<String, String>>,
}

/// Why the column of phones is empty for whoever may not read them.
const NO_PHONES: &str = "联系电话未列出：只有要联系同事的工程师、服务台和项目经理可以看到。";
/// Why it is empty in a file.
const NO_PHONES_IN_FILES: &str = "联系电话不随文件导出，需要时在工作台打印本表。";

impl Desk<'_> {
    /// The month as a page to print.
    ///
    /// # Errors
    /// Bad input for an unknown form or version.
    pub fn roster_print(&self, args: &RosterPrintArgs) -> Result<RosterPrint, DoorError> {
        let roster = self.roster(&args.month)?;
        let phones = self.phones_on_paper(&roster)?;
        let unread = phones.is_none() && args.form == "list";
        let mut print = self.page_of(&roster, &args.form, args.version, phones)?;
        print.notes.extend(unread.then(|| NO_PHONES.to_owned()));
        Ok(print)
    }

    /// A number of each of the team, opened for whoever calls colleagues; else none at all.
    fn phones_on_paper(&self, roster: &Roster) -> Result<Option<BTreeMap<String, String>>, DoorError> {
        if !may_see_phones(self.actor, &roster.contract) {
            return Ok(None);
        }
        let facts = self.staff_facts(&roster.log)?;
        let mut numbers = BTreeMap::new();
        for person in &roster.team {
            let phones = self.phones(&roster.contract, &facts, &person.id)?.unwrap_or_default();
            let number = if phones.mobile.is_empty() { phones.extension } else { phones.mobile };
            numbers.insert(person.id.clone(), number);
        }
        Ok(Some(numbers))
    }

    fn page_of(
        &self,
        roster: &Roster,
        form: &str,
        version: u32,
        phones: Option<BTreeMap<String, String>>,
    ) -> Result<RosterPrint, DoorError> {
        let cells = roster.month.cells_of(version).ok_or_else(|| {
            DoorError::bad_input(format!("没有第 {version} 版，请重新选择。")).at("version")
        })?;
        let version = roster.month.versions.iter().find(|known| known.n == version);
        let page = Page { roster, cells, version, phones };
        let head = vec![
            format!("报送单位：{}", roster.bound.profile.facts.contract.name),
            format!("{} 至 {}", roster.month.first, roster.month.first.last_of_month()),
            version.map_or_else(|| "未发布".to_owned(), |version| format!("第 {} 版", version.n)),
        ];
        let common = |title: String| RosterPrint {
            title,
            head,
            columns: Vec::new(),
            rows: Vec::new(),
            legend: Vec::new(),
            foot: Vec::new(),
            notes: Vec::new(),
            watermark: page.version.is_none().then(|| "草稿".to_owned()),
        };
        let mut print = match form {
            "list" => RosterPrint {
                columns: LIST.map(|(name, _)| name.to_owned()).to_vec(),
                rows: page.list_rows(),
                ..common(format!("{}月值班（备勤）表", roster.month.first.month()))
            },
            "grid" => RosterPrint {
                columns: page.grid_columns(),
                rows: page.grid_rows(),
                legend: page.legend(),
                ..common(format!("{}排班表", roster.month.first.strftime("%Y年%-m月")))
            },
            _ => return Err(unknown_form()),
        };
        print.foot = self.foot(&page)?;
        Ok(print)
    }

    fn foot(&self, page: &Page<'_>) -> Result<Vec<String>, DoorError> {
        let Some(version) = page.version else {
            return Ok(["编制：", "审核：", "采购人：", "版本：未发布"].map(str::to_owned).to_vec());
        };
        let consent = version.consent.as_ref().map(|consent| self.consent_text(consent)).transpose()?;
        let at = zaigang_domain::calendar::civil_date(version.at);
        Ok(vec![
            format!("编制：{}", self.optional_name(version.submitted_by.as_ref())?),
            format!("审核：{}", self.optional_name(version.approved_by.as_ref())?),
            format!("采购人：{}", consent.unwrap_or_default()),
            format!("版本：第 {} 版，{at} 发布", version.n),
        ])
    }
}

fn unknown_form() -> DoorError {
    DoorError::bad_input("没有这种表样，请重新选择。").at("form")
}

impl Page<'_> {
    fn people(&self, date: Date, post: &DutyPost) -> &[UserId] {
        self.cells.get(&Place { date, post: post.id.clone() }.key()).map(Vec::as_slice).unwrap_or_default()
    }

    fn names(&self, date: Date, post: &DutyPost) -> String {
        let names = self.people(date, post).iter().map(|id| self.roster.name(id.as_str()));
        names.collect::<Vec<_>>().join("、")
    }

    /// Those of some kinds of posts on a day, post after post.
    fn of_kinds(&self, date: Date, kinds: &[DutyKind], between: &str) -> String {
        let posts = self.roster.month.posts.iter().filter(|post| kinds.contains(&post.kind));
        let names = posts.map(|post| self.names(date, post)).filter(|names| !names.is_empty());
        names.collect::<Vec<_>>().join(between)
    }

    /// Numbers of those in some kinds of posts on a day, a line each, in the order of their names.
    fn numbers(&self, date: Date, kinds: &[DutyKind]) -> String {
        let Some(phones) = &self.phones else { return String::new() };
        let posts = self.roster.month.posts.iter().filter(|post| kinds.contains(&post.kind));
        let people = posts.flat_map(|post| self.people(date, post));
        let number = |id: &UserId| match phones.get(id.as_str()).map(String::as_str) {
            None | Some("") => "未登记".to_owned(),
            Some(number) => number.to_owned(),
        };
        people.map(number).collect::<Vec<_>>().join("\n")
    }

    fn sign(&self, date: Date) -> &'static str {
        let day = self.roster.bound.calendar.day(date);
        badge(day.kind, day.holiday).unwrap_or_default()
    }

    fn list_rows(&self) -> Vec<RosterPrintRow> {
        let row = |date: Date| {
            let day = self.roster.bound.calendar.day(date);
            let sign = self.sign(date);
            let weekday = weekday(date).trim_start_matches('周');
            let held = self.roster.month.posts.iter().filter(|post| !self.people(date, post).is_empty());
            let places: BTreeSet<&str> = held.filter_map(|post| post.place.as_deref()).collect();
            let note = if sign.is_empty() { None } else { day.holiday };
            let seats = [DutyKind::Duty, DutyKind::Holiday, DutyKind::SecondLine];
            RosterPrintRow {
                cells: vec![
                    date.strftime("%m-%d").to_string(),
                    if sign.is_empty() { weekday.to_owned() } else { format!("{weekday}（{sign}）") },
                    self.of_kinds(date, &[DutyKind::Lead], "、"),
                    self.of_kinds(date, &seats, " / "),
                    self.of_kinds(date, &[DutyKind::Standby], "、"),
                    self.numbers(date, &seats),
                    places.into_iter().collect::<Vec<_>>().join("、"),
                    note.unwrap_or_default().to_owned(),
                ],
                shaded: is_off(self.roster, date),
            }
        };
        self.roster.days().into_iter().map(row).collect()
    }

    fn grid_columns(&self) -> Vec<String> {
        let day = |date: Date| {
            format!("{}\n{}{}", date.day(), weekday(date).trim_start_matches('周'), self.sign(date))
        };
        let days = self.roster.days().into_iter().map(day);
        let fixed = |names: [&str; 2]| names.map(str::to_owned);
        fixed(["姓名", "部门"]).into_iter().chain(days).chain(fixed(["值班", "备勤"])).collect()
    }

    fn grid_rows(&self) -> Vec<RosterPrintRow> {
        let posts = &self.roster.month.posts;
        let letters = letters(posts);
        let row = |person: &crate::store::Person| {
            let held = |date: Date| {
                let mine =
                    |post: &&DutyPost| self.people(date, post).iter().any(|id| id.as_str() == person.id);
                posts.iter().filter(mine).collect::<Vec<_>>()
            };
            let days: Vec<Vec<&DutyPost>> = self.roster.days().into_iter().map(held).collect();
            let word = |posts: &Vec<&DutyPost>| {
                posts.iter().filter_map(|post| letters.get(&post.id).map(String::as_str)).collect::<String>()
            };
            let count = |standby: bool| {
                let sum = days.iter().flatten().filter(|post| post.is_standby() == standby).count();
                if sum == 0 { String::new() } else { sum.to_string() }
            };
            let mut cells = vec![person.name.clone(), person.divisions.join("、")];
            cells.extend(days.iter().map(word));
            cells.extend([count(false), count(true)]);
            RosterPrintRow { cells, shaded: false }
        };
        self.listed().into_iter().map(row).collect()
    }

    /// Who works on site, and whoever stands in a cell.
    fn listed(&self) -> Vec<&crate::store::Person> {
        let stands = |id: &str| self.cells.values().flatten().any(|each| each.as_str() == id);
        self.roster.team.iter().filter(|person| person.onsite || stands(&person.id)).collect()
    }

    fn legend(&self) -> Vec<String> {
        let letters = letters(&self.roster.month.posts);
        let line = |post: &DutyPost| {
            let letter = letters.get(&post.id).map(String::as_str).unwrap_or_default();
            format!("{letter} {}（{}）", post.name, hours_text(post.shift))
        };
        self.roster.month.posts.iter().map(line).collect()
    }

    /// The empty table: what stands now, to be changed and read back.
    fn template(&self, watermark: &str) -> RosterTemplate {
        let days = self.roster.days();
        let head = days.iter().map(|date| date.day().to_string());
        // Without the sums, which are no days.
        let width = days.len() + 2;
        let rows = self.grid_rows().into_iter().map(|row| {
            let mut cells: Vec<String> = row.cells.into_iter().take(width).collect();
            cells.remove(1);
            cells
        });
        let letters = letters(&self.roster.month.posts);
        let letter = |post: &DutyPost| {
            let letter = letters.get(&post.id).cloned().unwrap_or_default();
            (letter, format!("{}　{}", post.name, hours_text(post.shift)))
        };
        RosterTemplate {
            title: format!("{}排班", self.roster.month.first.strftime("%Y年%-m月")),
            head: std::iter::once("姓名".to_owned()).chain(head).collect(),
            off: days.iter().map(|date| is_off(self.roster, *date)).collect(),
            rows: rows.collect(),
            letters: self.roster.month.posts.iter().map(letter).collect(),
            watermark: watermark.to_owned(),
        }
    }

    /// A person's duties of the version as entries of a calendar.
    fn entries(&self, person: &str) -> Vec<DutyEntry> {
        let bound = &self.roster.bound;
        let mut entries = Vec::new();
        for date in self.roster.days() {
            let mine = |post: &&DutyPost| self.people(date, post).iter().any(|id| id.as_str() == person);
            for post in self.roster.month.posts.iter().filter(mine) {
                let spans = post_spans(post.shift, date, &bound.profile.hours, bound.calendar);
                for (at, (from, to)) in spans.into_iter().enumerate() {
                    entries.push(DutyEntry {
                        id: format!("{}-{date}-{}-{person}-{at}", self.roster.contract, post.id),
                        title: post.name.clone(),
                        from: minute_of(date, from),
                        to: minute_of(date, to),
                        place: post.place.clone().unwrap_or_default(),
                    });
                }
            }
        }
        entries
    }
}

fn is_off(roster: &Roster, date: Date) -> bool {
    roster.bound.calendar.day(date).kind.is_worked() == Some(false)
}

/// The civil time so many minutes after a day's midnight.
fn minute_of(date: Date, minutes: u16) -> DateTime {
    let midnight = date.to_datetime(Time::midnight());
    midnight.checked_add(i64::from(minutes).minutes()).unwrap_or(midnight)
}

/// A file before it is kept.
struct RosterFile {
    name: String,
    media_type: &'static str,
    format: &'static str,
    bytes: Vec<u8>,
    rows: usize,
}

impl Pen<'_> {
    /// The month as a file: the published version where there is one. `template` is the table to be filled
    /// in, `ics` one's own duties, where the settings let calendars out.
    ///
    /// # Errors
    /// Not allowed; bad input for an unknown form; not now where it was handed out already, and for a
    /// calendar where it is switched off or nothing is published.
    pub fn export_roster(&mut self, args: &RosterExport) -> Result<(ExportedFile, Written), DoorError> {
        let key = key(self, "roster/export", &args.idempotency_key)?;
        may_export(self.actor, Export::Roster, None).map_err(DoorError::not_allowed)?;
        let desk = self.desk();
        let roster = desk.roster(&args.month)?;
        let version = roster.month.version();
        let watermark = watermark(&desk, "导出")?;
        let file = match args.form.as_str() {
            "template" => template_file(&roster, &watermark)?,
            "ics" => desk.calendar_file(&roster)?,
            _ => {
                let mut print = desk.page_of(&roster, &args.form, version, None)?;
                print.notes.extend((args.form == "list").then(|| NO_PHONES_IN_FILES.to_owned()));
                let days = roster.days();
                let off: Vec<bool> = days.iter().map(|date| is_off(&roster, *date)).collect();
                form_file(print, (args.form == "grid").then_some(off.as_slice()), &watermark)?
            }
        };
        let made = Made {
            export: Export::Roster,
            what: format!("{} 第 {version} 版", file.name),
            rows: file.rows,
            format: file.format,
            watermark,
        };
        let written = self.exported(made, &file.bytes, &key)?;
        let exported = ExportedFile {
            name: format!("{}.{}", file.name, file.format),
            media_type: file.media_type.to_owned(),
            base64: STANDARD.encode(&file.bytes),
            rows: u32::try_from(file.rows).unwrap_or(u32::MAX),
            message: written.message.clone(),
        };
        Ok((exported, written))
    }
}

/// A printed page as a workbook; `grid` tells which of its days are off, where its columns are days.
fn form_file(print: RosterPrint, grid: Option<&[bool]>, watermark: &str) -> Result<RosterFile, DoorError> {
    let width = |at: usize| match (grid, at) {
        (None, at) => LIST.get(at).map_or(12, |(_, width)| *width),
        (Some(_), 0 | 1) => 14,
        (Some(_), _) => 5,
    };
    let days = |off: &[bool]| [false, false].iter().chain(off).copied().collect();
    let columns = print.columns.iter().enumerate();
    let form = RosterForm {
        title: print.title.clone(),
        above: print.head,
        columns: columns.map(|(at, name)| Column { name: name.clone(), width: width(at) }).collect(),
        shaded_columns: grid.map(days).unwrap_or_default(),
        rows: print.rows.into_iter().map(|row| FormRow { cells: row.cells, shaded: row.shaded }).collect(),
        legend: print.legend,
        below: print.foot.into_iter().chain(print.notes).collect(),
        paper: if grid.is_some() { Paper::A3Landscape } else { Paper::A4Portrait },
        watermark: watermark.to_owned(),
    };
    let bytes = roster_xlsx(&form).map_err(DoorError::broken)?;
    Ok(RosterFile { name: print.title, media_type: XLSX, format: "xlsx", bytes, rows: form.rows.len() })
}

fn template_file(roster: &Roster, watermark: &str) -> Result<RosterFile, DoorError> {
    let cells = roster.month.cells_of(0).unwrap_or_default();
    let template = Page { roster, cells, version: None, phones: None }.template(watermark);
    let bytes = roster_template(&template).map_err(DoorError::broken)?;
    let name = format!("{}导入模板", template.title);
    Ok(RosterFile { name, media_type: XLSX, format: "xlsx", bytes, rows: template.rows.len() })
}

impl Desk<'_> {
    fn calendar_file(&self, roster: &Roster) -> Result<RosterFile, DoorError> {
        if !roster.bound.profile.settings.calendar_file() {
            let why = "本项目约定不导出日历文件（内网数据不出网）。需要时请项目经理在“排班规则”里约定。";
            return Err(DoorError::not_now(why));
        }
        let Some(version) = roster.month.versions.last() else {
            return Err(DoorError::not_now("本月还没有发布，发布后才能导出自己的值班日历。"));
        };
        let cells = roster.month.cells_of(version.n).unwrap_or_default();
        let me = self.actor.user().map(UserId::as_str).unwrap_or_default();
        let month = roster.month.first.strftime("%Y年%-m月");
        let calendar = DutyCalendar {
            name: format!("值班 {month}"),
            version: version.n,
            published_at: version.at,
            entries: Page { roster, cells, version: Some(version), phones: None }.entries(me),
        };
        let bytes = duty_ics(&calendar).into_bytes();
        let name = format!("{month}我的值班");
        Ok(RosterFile { name, media_type: ICS, format: "ics", bytes, rows: calendar.entries.len() })
    }
}
