//! Events of attendance in one Chinese sentence, for the conflict box and winners.

use super::clock_text;
use super::day::asked_text;
use crate::order::Desk;
use crate::store::StoreError;
use serde::de::DeserializeOwned;
use zaigang_domain::attendance::{
    CorrectionAsked, CorrectionDecided, DayClosed, DayReopened, OvertimeAct, OvertimeAsked, PersonMonth,
    Punched, SpotExplained, SpotNoted,
};
use zaigang_domain::calendar::civil_date;

impl Desk<'_> {
    /// What was punched, asked, decided, closed or noted.
    pub(crate) fn attendance_text(&self, kind: &str, payload: &str) -> Result<String, StoreError> {
        let text = match kind {
            "attendance.punched" => read(payload, |p: Punched| p.place),
            "attendance.correction_asked" => read(payload, |p: CorrectionAsked| {
                format!("{} {}；原因：{}", p.date, asked_text(&p), p.reason)
            }),
            "attendance.correction_decided" => {
                read(payload, |p: CorrectionDecided| said(p.approved, &p.words))
            }
            "attendance_month.closed" => read(payload, |p: DayClosed| p.date.to_string()),
            "attendance_month.reopened" => {
                read(payload, |p: DayReopened| format!("{}；理由：{}", p.date, p.reason))
            }
            "spotcheck.explained" => read(payload, |p: SpotExplained| p.words),
            "spotcheck.noted" => match serde_json::from_str::<SpotNoted>(payload) {
                Ok(noted) => {
                    let found = if noted.found { "在岗" } else { "不在岗" };
                    Some(format!("{} {} {found}", self.name(noted.person.as_str())?, moment(noted.at)))
                }
                Err(_) => None,
            },
            _ => match OvertimeAct::read(kind, payload) {
                Some(OvertimeAct::Asked(asked)) => Some(self.overtime_text(&asked)?),
                Some(OvertimeAct::Withdrawn) => Some(String::new()),
                Some(OvertimeAct::Decided(p)) => Some(said(p.approve, &p.words)),
                None => None,
            },
        };
        Ok(text.unwrap_or_else(|| "内容来自更新的程序版本，升级后可读。".to_owned()))
    }

    fn overtime_text(&self, asked: &OvertimeAsked) -> Result<String, StoreError> {
        let name = self.name(asked.person.as_str())?;
        Ok(format!("{name} {}—{} {}", moment(asked.from), clock_text(asked.to), asked.work))
    }

    /// What an entity of attendance is called; `None` for another.
    pub(crate) fn attendance_title(&self, entity: &str) -> Result<Option<String>, StoreError> {
        let Some((kind, local)) = entity.split_once('/') else { return Ok(None) };
        Ok(match kind {
            "attendance" => match PersonMonth::parse(local) {
                Some(of) => {
                    let name = self.name(of.user.as_str())?;
                    Some(format!("考勤：{name} {}", of.first.strftime("%Y-%m")))
                }
                None => Some("考勤".to_owned()),
            },
            "attendance_month" => Some(format!("考勤关账：{local}")),
            "overtime" => Some("加班".to_owned()),
            "spotcheck" => Some("抽查".to_owned()),
            _ => None,
        })
    }
}

fn read<T: DeserializeOwned>(payload: &str, text: impl Fn(T) -> String) -> Option<String> {
    serde_json::from_str(payload).ok().map(text)
}

fn said(approve: bool, words: &str) -> String {
    let yes = if approve { "同意" } else { "不同意" };
    if words.is_empty() { yes.to_owned() } else { format!("{yes}；{words}") }
}

fn moment(at: jiff::Timestamp) -> String {
    format!("{} {}", civil_date(at), clock_text(at))
}
