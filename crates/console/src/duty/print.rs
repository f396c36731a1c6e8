//! The month on paper and as a file: 《×月值班（备勤）表》 by date, and the grid by person.

use super::month::Roster;
use super::words::{badge, letter, weekday};
use crate::buyer::{Made, watermark};
use crate::door::dto::{
    DoorError, ExportedFile, RosterExport, RosterPrint, RosterPrintArgs, RosterPrintRow, Written,
};
use crate::order::{Desk, Pen, key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use zaigang_domain::contract::DutyKind;
use zaigang_domain::duty::month::payload::DutyPost;
use zaigang_domain::duty::month::{Place, Version};
use zaigang_domain::people::{Export, may_export};
use zaigang_report::{Column, Table};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What stands on the page: a version or the working cells.
struct Page<'a> {
    roster: &'a Roster,
    cells: super::check::Cells,
    version: Option<&'a Version>,
}

impl Desk<'_> {
    /// The month as a page to print.
    ///
    /// # Errors
    /// Bad input for an unknown form or version.
    pub fn roster_print(&self, args: &RosterPrintArgs) -> Result<RosterPrint, DoorError> {
        let roster = self.roster(&args.month)?;
        let cells = roster.month.cells_of(args.version);
        let cells = cells.ok_or_else(|| {
            DoorError::bad_input(format!("没有第 {} 版，请重新选择。", args.version)).at("version")
        })?;
        let version = roster.month.versions.iter().find(|version| version.n == args.version);
        let page = Page { roster: &roster, cells, version };
        let (columns, rows) = match args.form.as_str() {
            "list" => (page.list_columns(), page.list_rows()),
            "grid" => (page.grid_columns(), page.grid_rows()),
            _ => return Err(DoorError::bad_input("版式只有按日期（list）和按人员（grid）两种。").at("form")),
        };
        let month = roster.month.first.strftime("%Y年%-m月");
        let title = match args.form.as_str() {
            "list" => format!("{month}值班（备勤）表"),
            _ => format!("{month}排班表"),
        };
        Ok(RosterPrint {
            title,
            head: vec![format!("报送单位：{}", roster.bound.profile.facts.contract.name)],
            columns,
            rows,
            legend: roster.month.posts.iter().map(legend).collect(),
            foot: self.foot(&page)?,
            watermark: page.version.is_none().then(|| format!("未发布（{}）", roster.month.stage.title())),
        })
    }

    fn foot(&self, page: &Page<'_>) -> Result<Vec<String>, DoorError> {
        let Some(version) = page.version else {
            return Ok(vec!["编制：".to_owned(), "审核：".to_owned(), "采购人：".to_owned()]);
        };
        let name = |user: Option<&zaigang_domain::event::UserId>| {
            user.map(|user| self.name(user.as_str())).transpose().map(Option::unwrap_or_default)
        };
        let consent = version.consent.as_ref().map(|consent| self.consent_text(consent)).transpose()?;
        let at = zaigang_domain::calendar::civil_date(version.at);
        Ok(vec![
            format!("编制：{}", name(version.submitted_by.as_ref())?),
            format!("审核：{}", name(version.approved_by.as_ref())?),
            format!("采购人：{}", consent.unwrap_or_default()),
            format!("版本：第 {} 版，{at} 发布", version.n),
        ])
    }
}

impl Page<'_> {
    fn names(&self, date: Date, post: &str) -> String {
        let people = self.cells.get(&Place { date, post: post.to_owned() }.key());
        let names = people.into_iter().flatten().map(|id| self.roster.name(id.as_str()));
        names.collect::<Vec<_>>().join("、")
    }

    fn list_columns(&self) -> Vec<String> {
        let posts = self.posts().map(|post| post.name.clone());
        let fixed = ["日期", "星期"].map(str::to_owned);
        fixed.into_iter().chain(posts).chain(["值班地点".to_owned(), "备注".to_owned()]).collect()
    }

    /// 带班 first, then the others in the order of the settings.
    fn posts(&self) -> impl Iterator<Item = &DutyPost> {
        let posts = &self.roster.month.posts;
        let leads = posts.iter().filter(|post| post.kind == DutyKind::Lead);
        leads.chain(posts.iter().filter(|post| post.kind != DutyKind::Lead))
    }

    fn list_rows(&self) -> Vec<RosterPrintRow> {
        let row = |date: Date| {
            let day = self.roster.bound.calendar.day(date);
            let mut cells = vec![date.strftime("%-m月%-d日").to_string(), weekday(date).to_owned()];
            cells.extend(self.posts().map(|post| self.names(date, &post.id)));
            let held = self.posts().filter(|post| !self.names(date, &post.id).is_empty());
            let mut places: Vec<&str> = held.filter_map(|post| post.place.as_deref()).collect();
            places.dedup();
            cells.push(places.join("、"));
            cells.push(
                day.holiday.filter(|_| badge(day.kind, day.holiday).is_some()).unwrap_or_default().to_owned(),
            );
            RosterPrintRow { cells, shaded: day.kind.is_worked() == Some(false) }
        };
        self.roster.days().into_iter().map(row).collect()
    }

    fn grid_columns(&self) -> Vec<String> {
        let days = self.roster.days().into_iter().map(|date| {
            let badge = badge(self.roster.bound.calendar.day(date).kind, None).unwrap_or_default();
            format!("{}{badge}", date.day())
        });
        ["姓名".to_owned(), "部门".to_owned()].into_iter().chain(days).collect()
    }

    fn grid_rows(&self) -> Vec<RosterPrintRow> {
        let letters = |person: &str, date: Date| {
            let posts = self.roster.month.posts.iter().filter(|post| {
                let people = self.cells.get(&Place { date, post: post.id.clone() }.key());
                people.into_iter().flatten().any(|id| id.as_str() == person)
            });
            posts.map(letter).collect::<String>()
        };
        let row = |person: &crate::store::Person| {
            let mut cells = vec![person.name.clone(), person.divisions.join("、")];
            cells.extend(self.roster.days().into_iter().map(|date| letters(&person.id, date)));
            RosterPrintRow { cells, shaded: false }
        };
        let listed = self.roster.team.iter().filter(|person| {
            person.onsite || self.cells.values().flatten().any(|id| id.as_str() == person.id)
        });
        listed.map(row).collect()
    }
}

fn legend(post: &DutyPost) -> String {
    let hours = super::words::hours_text(post.shift);
    format!("{} {}（{hours}）", letter(post), post.name)
}

impl Pen<'_> {
    /// The month as an XLSX file; the published version where there is one.
    ///
    /// # Errors
    /// Not allowed; bad input for an unknown form; not now where it was handed out already.
    pub fn export_roster(&mut self, args: &RosterExport) -> Result<(ExportedFile, Written), DoorError> {
        let key = key(self, "roster/export", &args.idempotency_key)?;
        may_export(self.actor, Export::Roster, None).map_err(DoorError::not_allowed)?;
        let desk = self.desk();
        let version = desk.roster(&args.month)?.month.version();
        let print = desk.roster_print(&RosterPrintArgs {
            month: args.month.clone(),
            form: args.form.clone(),
            version,
        })?;
        let watermark = watermark(&desk, "导出")?;
        let width = |at: usize| if args.form == "grid" && at >= 2 { 5 } else { 14 };
        let columns = print.columns.iter().enumerate();
        let table = Table {
            title: print.title.clone(),
            columns: columns.map(|(at, name)| Column { name: name.clone(), width: width(at) }).collect(),
            rows: print.rows.into_iter().map(|row| row.cells).collect(),
            watermark: watermark.clone(),
        };
        let bytes = zaigang_report::xlsx(&table).map_err(DoorError::broken)?;
        let rows = table.rows.len();
        let what = format!("{} 第 {version} 版", print.title);
        let made = Made { export: Export::Roster, what, rows, format: "xlsx", watermark };
        let written = self.exported(made, &bytes, &key)?;
        let file = ExportedFile {
            name: format!("{}.xlsx", print.title),
            media_type: XLSX.to_owned(),
            base64: STANDARD.encode(&bytes),
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            message: written.message.clone(),
        };
        Ok((file, written))
    }
}
