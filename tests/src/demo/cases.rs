//! Orders placed by hand: for the demo's moment, so that its first screen shows what matters (a clock about
//! to break, one broken, one suspended with a vendor under way, one to confirm, a fact to reconcile), and
//! faults of the past whose solution was written down.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use zaigang_domain::event::UserId;
use zaigang_domain::order::payload::{Facts, Registered};
use zaigang_domain::order::{OrderKind, Step, StepInput, Then};

use super::assets::{Assets, Lesson};
use super::course::platform_number;
use super::plan::{Act, PlannedOrder, SEED, What, level_of};
use super::random::Random;

/// Log-in names of the people in them.
struct Cast<'a> {
    engineer: &'a str,
    second: &'a str,
    desk: &'a str,
}

struct Form<'a> {
    serial: u32,
    kind: OrderKind,
    object: &'a str,
    title: &'a str,
    /// Empty: as the contract's matrix says.
    level: &'a str,
    share: &'a str,
    /// Minutes before the demo's moment.
    reported: i64,
}

/// The cases, at the demo's moment.
///
/// # Errors
/// When the committed texts lack somebody or something named here.
pub fn cases(assets: &Assets) -> Result<Vec<PlannedOrder>> {
    let account = |role: &str, nth: usize| {
        let mut fits = assets.logins.login.iter().filter(|login| login.role == role);
        fits.nth(nth).map(|login| login.login.as_str()).with_context(|| format!("no {role} can log in"))
    };
    let cast = Cast {
        engineer: account("engineer", 0)?,
        second: account("engineer", 1)?,
        desk: account("dispatcher", 0)?,
    };
    let mut drawn = Drawn { assets, random: Random::new(SEED).branch(3), orders: Vec::new() };
    drawn.running(&cast)?;
    drawn.broken(&cast)?;
    drawn.waiting(&cast)?;
    for (serial, lesson) in (9_101..).zip(&assets.work.lesson) {
        drawn.learnt(&cast, serial, lesson)?;
    }
    Ok(drawn.orders)
}

struct Drawn<'a> {
    assets: &'a Assets,
    random: Random,
    orders: Vec<PlannedOrder>,
}

/// (minutes before the moment, who, what).
type Line<'a> = (i64, &'a str, What);

fn take(step: Step, fields: &[(&str, &str)]) -> What {
    What::Take(step, StepInput::of(fields))
}

impl Drawn<'_> {
    /// Clocks that run out within the hour.
    fn running(&mut self, cast: &Cast<'_>) -> Result<()> {
        let form = Form {
            serial: 9_001,
            kind: OrderKind::Incident,
            object: "12.6",
            title: "平台级联断开（柳州）",
            level: "2",
            share: "under_half",
            reported: 27,
        };
        self.add(&form, vec![(25, cast.desk, What::Register(Then::Pool))])?;

        let form = Form {
            serial: 9_002,
            kind: OrderKind::Incident,
            object: "12.4",
            title: "数据推送中断（全区）",
            level: "1",
            share: "half_or_more",
            reported: 207,
        };
        self.add(
            &form,
            vec![
                (205, cast.desk, What::Register(Then::DispatchTo(UserId::new(cast.engineer)?))),
                // Before office hours: called until one answers.
                (
                    204,
                    cast.desk,
                    take(Step::Call, &[("to", cast.second), ("tier", "duty"), ("result", "no_answer")]),
                ),
                (
                    203,
                    cast.desk,
                    take(
                        Step::Call,
                        &[("to", cast.second), ("tier", "duty"), ("result", "busy"), ("text", "再打占线。")],
                    ),
                ),
                (
                    201,
                    cast.desk,
                    take(
                        Step::Call,
                        &[
                            ("to", cast.engineer),
                            ("tier", "standby"),
                            ("result", "answered"),
                            ("text", "在路上，十五分钟到机房。"),
                        ],
                    ),
                ),
                (199, cast.engineer, take(Step::Accept, &[])),
                (
                    196,
                    cast.engineer,
                    take(Step::Escalate, &[("to", "项目经理"), ("text", "全区推送中断，已报项目经理。")]),
                ),
                (178, cast.engineer, take(Step::Arrive, &[("text", "到场，开始排查。")])),
                (
                    120,
                    cast.engineer,
                    take(Step::Diagnose, &[("text", "消息队列消费组掉线，积压约 6 万条。")]),
                ),
                (64, cast.engineer, take(Step::Note, &[("text", "已联系原厂二线，正在扩容分区。")])),
            ],
        )?;

        let form = Form {
            serial: 9_003,
            kind: OrderKind::Incident,
            object: "12.7",
            title: "4楼会议室无声音",
            level: "3",
            share: "under_half",
            reported: 8,
        };
        self.add(&form, vec![(6, cast.desk, What::Register(Then::DispatchTo(UserId::new(cast.engineer)?)))])
    }

    /// Clocks that ran out.
    fn broken(&mut self, cast: &Cast<'_>) -> Result<()> {
        let form = Form {
            serial: 9_004,
            kind: OrderKind::Incident,
            object: "12.1",
            title: "过车数据未更新",
            level: "3",
            share: "under_half",
            reported: 1_520,
        };
        self.add(
            &form,
            vec![
                (1_517, cast.desk, What::Register(Then::Pool)),
                (1_490, cast.engineer, take(Step::Accept, &[])),
                (1_470, cast.engineer, take(Step::Arrive, &[])),
                (
                    1_300,
                    cast.engineer,
                    take(Step::Diagnose, &[("text", "数据库归档日志占满空间，写入被阻塞。")]),
                ),
            ],
        )?;
        let form = Form {
            serial: 9_005,
            kind: OrderKind::Request,
            object: "12.8",
            title: "账号权限开通",
            level: "4",
            share: "individual",
            reported: 96,
        };
        self.add(&form, vec![(94, cast.desk, What::Register(Then::DispatchTo(UserId::new(cast.second)?)))])
    }

    /// Suspended, to confirm, to reconcile.
    fn waiting(&mut self, cast: &Cast<'_>) -> Result<()> {
        let form = Form {
            serial: 9_006,
            kind: OrderKind::Incident,
            object: "12.9",
            title: "服务器硬盘预警灯亮",
            level: "3",
            share: "under_half",
            reported: 1_190,
        };
        let promised_at = before(self.assets.logins.now, -150)?.to_string();
        let vendor = [
            ("maker", "服务器原厂（演示）"),
            ("case_no", "SR-20251014-0417"),
            ("promised_at", promised_at.as_str()),
            ("people", "1"),
            ("permit_no", "RC-2025-1014-06"),
            ("escort", cast.engineer),
        ];
        self.add(
            &form,
            vec![
                (1_186, cast.engineer, What::Register(Then::Accept)),
                (1_160, cast.engineer, take(Step::Arrive, &[])),
                (
                    1_100,
                    cast.engineer,
                    take(
                        Step::Suspend,
                        &[("reason", "备件在途"), ("party", "supplier"), ("evidence", "备件出库单")],
                    ),
                ),
                (1_095, cast.engineer, take(Step::NoteVendor, &vendor)),
                (
                    40,
                    cast.engineer,
                    take(
                        Step::NoteVendor,
                        &[vendor.as_slice(), &[("text", "厂商来电：备件已到南宁，按承诺时间到场。")]]
                            .concat(),
                    ),
                ),
            ],
        )?;
        let form = Form {
            serial: 9_007,
            kind: OrderKind::Incident,
            object: "12.5",
            title: "视频点位离线8路（百色）",
            level: "3",
            share: "under_half",
            reported: 150,
        };
        self.add(
            &form,
            vec![
                (146, cast.engineer, What::Register(Then::Accept)),
                (128, cast.engineer, take(Step::Arrive, &[])),
                (
                    61,
                    cast.engineer,
                    take(
                        Step::Restore,
                        &[
                            ("text", "联系属地恢复供电，点位逐路复核在线。"),
                            ("cause", "前端供电箱跳闸。"),
                            ("party", "third_party"),
                        ],
                    ),
                ),
                (
                    25,
                    cast.engineer,
                    take(
                        Step::SpotCheck,
                        &[
                            ("who", "演示·监理01"),
                            ("unit", "监理单位（演示）"),
                            ("found", "抽查 8 路点位均在线，处理过程与工单记录一致。"),
                            ("asks", "供电箱跳闸原因请属地书面说明。"),
                        ],
                    ),
                ),
            ],
        )?;
        let form = Form {
            serial: 9_008,
            kind: OrderKind::Incident,
            object: "12.3",
            title: "以图搜图无结果",
            level: "3",
            share: "under_half",
            reported: 110,
        };
        self.add(
            &form,
            vec![
                (108, cast.desk, What::Register(Then::Pool)),
                (99, cast.second, take(Step::Accept, &[])),
                (
                    80,
                    cast.engineer,
                    What::Stray(Step::Arrive, StepInput::of(&[("text", "我已到机房，网络不通，先排查。")])),
                ),
                (75, cast.second, take(Step::Arrive, &[])),
            ],
        )
    }

    /// A fault of the past, closed with what was learnt from it.
    fn learnt(&mut self, cast: &Cast<'_>, serial: u32, lesson: &Lesson) -> Result<()> {
        // Reported at 10:30 like the demo's moment, on its day.
        let reported = lesson.days * 24 * 60;
        let form = Form {
            serial,
            kind: OrderKind::Incident,
            object: &lesson.object,
            title: &lesson.title,
            level: "",
            share: "under_half",
            reported,
        };
        let number = platform_number(&self.number(&form)?);
        let step = |after: i64, what| (reported - after, cast.engineer, what);
        let close = [
            ("symptom", lesson.symptom.as_str()),
            ("cause", lesson.cause.as_str()),
            ("steps", lesson.steps.as_str()),
        ];
        let confirm =
            [("who", "演示用户07"), ("unit", "指挥中心"), ("way", "paper"), ("satisfaction", "satisfied")];
        self.add(
            &form,
            vec![
                step(3, What::Register(Then::Accept)),
                step(21, take(Step::Arrive, &[])),
                step(
                    96,
                    take(
                        Step::Restore,
                        &[("text", &lesson.steps), ("cause", &lesson.cause), ("party", "supplier")],
                    ),
                ),
                step(128, take(Step::Confirm, &confirm)),
                step(140, take(Step::Close, &close)),
                step(171, take(Step::Enter, &[("number", &number)])),
                step(230, take(Step::SubmitReport, &[("to", "采购人、监理")])),
            ],
        )
    }

    /// The number printed on forms.
    fn number(&self, form: &Form<'_>) -> Result<String> {
        let reported_at = before(self.assets.logins.now, form.reported)?;
        let date = zaigang_domain::calendar::civil_date(reported_at).strftime("%Y%m%d").to_string();
        Ok(format!("L-{date}-00-{:04}", form.serial))
    }

    fn add(&mut self, form: &Form<'_>, lines: Vec<Line<'_>>) -> Result<()> {
        let now = self.assets.logins.now;
        let object =
            self.assets.profile.object(form.object).with_context(|| format!("no object {}", form.object))?;
        let reported_at = before(now, form.reported)?;
        let class = object.class.map_or("general", |class| class.as_str());
        let facts = Facts {
            system_class: Some(class.to_owned()),
            share: Some(form.share.to_owned()),
            vip: Some(false),
            security_event: Some(false),
            request: Some(form.kind == OrderKind::Request),
        };
        let level = match form.level {
            "" => level_of(&facts, form.kind),
            level => Some(level.to_owned()),
        };
        let registered = Registered {
            number: self.number(form)?,
            kind: form.kind,
            title: form.title.to_owned(),
            detail: format!("{}。对象：{}。", form.title, object.name),
            object: Some(object.id.clone()),
            division: object.division.clone().unwrap_or_default(),
            level,
            level_reason: None,
            facts,
            channel: "dispatch".to_owned(),
            reported_at,
            reporter_unit: "指挥中心".to_owned(),
            contract: self.assets.profile.id.clone(),
            contract_hash: String::new(),
            calendar_hash: String::new(),
            scheduled_at: None,
            late_reason: None,
            external_no: None,
            registered_at: None,
            record: None,
            on_behalf: None,
            remote: None,
            source: None,
            alarm_key: None,
            asset: None,
        };
        let acts: Result<Vec<Act>> = lines
            .into_iter()
            .map(|(minutes, by, what)| Ok(Act { at: before(now, minutes)?, by: by.to_owned(), what }))
            .collect();
        let id = self.random.uuid_v7(reported_at.as_millisecond());
        self.orders.push(PlannedOrder { id, form: registered, reporter: None, acts: acts? });
        Ok(())
    }
}

fn before(now: Timestamp, minutes: i64) -> Result<Timestamp> {
    Ok(now.checked_sub(SignedDuration::from_mins(minutes))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_follow_the_matrix_and_titles_differ() {
        let assets = Assets::load().unwrap();
        let cases = cases(&assets).unwrap();
        let level = |title: &str| {
            cases.iter().find(|case| case.form.title == title).unwrap().form.facts.system_class.clone()
        };
        assert_eq!(level("数据推送中断（全区）").as_deref(), Some("core"), "level 1 needs a core system");
        assert_eq!(level("平台级联断开（柳州）").as_deref(), Some("core"), "level 2 as well, below one half");
        let mut titles: Vec<&str> = cases.iter().map(|case| case.form.title.as_str()).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), cases.len());
    }

    #[test]
    fn they_show_what_the_screens_are_for() {
        let cases = cases(&Assets::load().unwrap()).unwrap();
        let count = |wanted: Step, field: &str| {
            let acts = cases.iter().flat_map(|case| &case.acts);
            acts.filter(|act| {
                matches!(&act.what, What::Take(step, input)
                    if *step == wanted && (field.is_empty() || input.fields.contains_key(field)))
            })
            .count()
        };
        assert_eq!(count(Step::Close, "steps"), 12, "knowledge");
        assert_eq!((count(Step::Call, "result"), count(Step::NoteVendor, "case_no")), (3, 2));
        assert_eq!(count(Step::SpotCheck, ""), 1);
    }
}
