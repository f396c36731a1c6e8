//! The one table of event types.

use crate::people::Role;
use crate::people::Role::{
    Administrator as A, BuyerContact as B, Dispatcher as D, Engineer as E, Overseer as O, StoreKeeper as K,
    Supervisor as S,
};

/// How an event can fail (SYNC 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Can lose: the first committed wins, the other is rejected naming the winner.
    Claim,
    /// Happened: never rejected for state, at worst unreconciled.
    Fact,
}

/// Which log an event type belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// `site`.
    Site,
    /// `c/<contract>/common`.
    Common,
    /// `c/<contract>/d/<division>`.
    Division,
    /// `c/<contract>/s/<store>`.
    Store,
    /// Any log.
    Any,
}

/// Who issues it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// A user with one of these roles, under an open session.
    Roles(&'static [Role]),
    /// The centre's own process, or a user with one of these roles.
    CentreOr(&'static [Role]),
    /// A source through the centre's interface for other programs, or a user with one of these roles.
    SourceOr(&'static [Role]),
    /// Any enabled user, about himself; no open session is asked for, as it makes or ends one.
    Anyone,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Type name.
    pub name: &'static str,
    /// Current version of its payload; all versions from 1 on are read.
    pub tv: u16,
    /// How it can fail.
    pub class: Class,
    /// An act of consent: must carry the user's own signature.
    pub consent: bool,
    /// Its log.
    pub home: Home,
    /// Who may issue it.
    pub issuer: Issuer,
    /// Chinese name for timelines.
    pub title: &'static str,
}

const DESK: &[Role] = &[D, S];
const FIELD: &[Role] = &[E, D, S];
const WATCH: &[Role] = &[E, D, S, B, O];
const KEEP: &[Role] = &[K, S];
const STOCK: &[Role] = &[E, D, S, K];
const ALL: &[Role] = &[E, D, S, K, B, O, A];

const fn order(name: &'static str, class: Class, roles: &'static [Role], title: &'static str) -> EventType {
    EventType {
        name,
        tv: 1,
        class,
        consent: false,
        home: Home::Division,
        issuer: Issuer::Roles(roles),
        title,
    }
}

const fn common(name: &'static str, class: Class, roles: &'static [Role], title: &'static str) -> EventType {
    EventType { home: Home::Common, ..order(name, class, roles, title) }
}

const fn store(name: &'static str, class: Class, roles: &'static [Role], title: &'static str) -> EventType {
    EventType { home: Home::Store, ..order(name, class, roles, title) }
}

const fn site(name: &'static str, class: Class, issuer: Issuer, title: &'static str) -> EventType {
    EventType { name, tv: 1, class, consent: false, home: Home::Site, issuer, title }
}

const fn signed(mut row: EventType) -> EventType {
    row.consent = true;
    row
}

/// Also a source may issue it.
const fn from_source(mut row: EventType) -> EventType {
    if let Issuer::Roles(roles) = row.issuer {
        row.issuer = Issuer::SourceOr(roles);
    }
    row
}

const fn anywhere(mut row: EventType) -> EventType {
    row.home = Home::Any;
    row
}

use Class::{Claim, Fact};

/// Every type this program knows, sorted by name within each noun.
pub static TYPES: &[EventType] = &[
    from_source(order("order.registered", Fact, FIELD, "登记")),
    from_source(order("order.dispatched", Claim, FIELD, "派单")),
    order("order.accepted", Claim, &[E], "接单"),
    order("order.responded", Fact, FIELD, "响应"),
    order("order.arrived", Fact, &[E], "到场"),
    order("order.work_started", Fact, &[E], "开始处理"),
    order("order.diagnosed", Fact, FIELD, "定位原因"),
    order("order.solution_given", Fact, FIELD, "给出方案"),
    order("order.alternative_given", Fact, FIELD, "给出替代方案"),
    order("order.remote_failed", Fact, FIELD, "远程未解决"),
    order("order.workaround", Fact, &[E], "应急办法"),
    order("order.restored", Fact, FIELD, "恢复"),
    order("order.swapped", Fact, &[E], "更换备件"),
    order("order.escalated", Fact, FIELD, "升级"),
    order("order.report_submitted", Fact, FIELD, "提交故障报告"),
    order("order.suspended", Claim, FIELD, "挂起"),
    order("order.resumed", Claim, FIELD, "解除挂起"),
    order("order.level_changed", Claim, FIELD, "调级"),
    order("order.rule_chosen", Claim, FIELD, "选定时限规则"),
    order("order.rebound", Claim, DESK, "换用合同版本"),
    order("order.returned", Claim, &[E], "退单"),
    order("order.transferred", Claim, FIELD, "转派"),
    order("order.reopened", Claim, &[E, D, S, B], "重新打开"),
    signed(order("order.confirmed", Claim, &[E, D, S, B], "确认")),
    order("order.closed", Claim, FIELD, "关闭"),
    order("order.merged", Claim, DESK, "并单"),
    order("order.voided", Claim, &[E], "作废"),
    order("order.reconciled", Claim, DESK, "核对"),
    order("order.urged", Fact, &[D, S, B, O], "催办"),
    order("order.supervised", Fact, &[S, B, O], "督办"),
    order("order.called", Fact, FIELD, "呼叫"),
    order("order.spot_checked", Fact, &[E, D, S, B, O], "抽查"),
    order("order.entered", Fact, FIELD, "录入平台"),
    from_source(order("order.noted", Fact, ALL, "备注")),
    order("order.filed", Fact, &[E, D, S, B, O], "添加附件"),
    from_source(order("order.alarmed", Fact, &[], "再次告警")),
    order("order.assist_asked", Fact, FIELD, "请求协办"),
    order("order.assist_accepted", Fact, FIELD, "接受协办"),
    order("order.assist_finished", Fact, FIELD, "结束协办"),
    order("order.vendor_noted", Fact, FIELD, "外协"),
    order("order.knowledge_noted", Fact, FIELD, "处理经验"),
    order("asset.noted", Claim, STOCK, "设备卡片"),
    order("asset.changed", Claim, STOCK, "设备状态"),
    common("whereabouts.told", Fact, ALL, "去向"),
    common("roster.opened", Claim, &[S], "开月排班"),
    common("roster.edited", Claim, &[S], "改班"),
    common("roster.waived", Claim, &[S], "放行"),
    common("roster.commented", Fact, &[E, D, S, B, O], "排班意见"),
    common("roster.wished", Fact, &[E, D, S, Role::StoreKeeper], "排班意愿"),
    common("roster.submitted", Claim, &[S], "提交排班"),
    common("roster.returned", Claim, &[S, B], "退回排班"),
    signed(common("roster.approved", Claim, &[S], "审核排班")),
    signed(common("roster.consented", Claim, &[S, B], "同意排班")),
    signed(common("roster.published", Claim, &[S], "发布排班")),
    common("roster.seen", Fact, ALL, "已阅排班"),
    common("roster.confirmed", Fact, ALL, "确认排班"),
    common("roster.swap_asked", Claim, FIELD, "申请换班"),
    common("roster.swap_accepted", Claim, FIELD, "答复换班"),
    signed(common("roster.swap_decided", Claim, &[S], "审批换班")),
    common("roster.taken_over", Fact, FIELD, "即时顶岗"),
    signed(common("roster.takeover_decided", Claim, &[S], "补批顶岗")),
    common("staff.noted", Claim, &[E, D, S, K, A], "人员资料"),
    common("leave.asked", Claim, &[E, D, S, K], "请假"),
    common("leave.withdrawn", Claim, &[E, D, S, K], "撤回请假"),
    signed(common("leave.decided", Claim, FIELD, "审批请假")),
    common("leave.substituted", Claim, &[E, D, S, K], "指定替班人"),
    signed(common("leave.substitute_decided", Claim, &[E, D, S, K, B], "替班答复")),
    signed(common("handover.signed_out", Claim, FIELD, "交班签字")),
    signed(common("handover.accepted", Claim, FIELD, "接班签字")),
    signed(common("handover.refused", Claim, FIELD, "退回交接班")),
    signed(common("handover.witnessed", Claim, WATCH, "监交签字")),
    common("hotline.logged", Fact, FIELD, "值班电话"),
    common("hotline.linked", Fact, FIELD, "电话转工单"),
    common("dutylog.noted", Fact, FIELD, "值班日志"),
    common("dutylog.reported", Claim, FIELD, "报送日报"),
    common("dutylog.received", Fact, &[S], "签收日报"),
    common("attendance.punched", Fact, &[E, D, S, K], "打卡"),
    common("attendance.correction_asked", Fact, &[E, D, S, K], "申请更正考勤"),
    signed(common("attendance.correction_decided", Claim, &[S], "审批考勤更正")),
    signed(common("attendance_month.closed", Claim, FIELD, "考勤关账")),
    signed(common("attendance_month.reopened", Claim, FIELD, "考勤重开")),
    common("overtime.asked", Claim, &[E, D, S, K], "加班"),
    common("overtime.withdrawn", Claim, &[E, D, S, K], "撤回加班"),
    signed(common("overtime.decided", Claim, FIELD, "审批加班")),
    common("spotcheck.noted", Fact, &[D, S, B, O], "抽查"),
    common("spotcheck.explained", Fact, &[E, D, S, K], "抽查说明"),
    common("coverage.planned", Claim, &[S], "编制保障方案"),
    common("coverage.changed", Claim, &[S], "修改保障方案"),
    common("coverage.submitted", Claim, &[S], "送审保障方案"),
    common("coverage.returned", Claim, &[S, B], "退回保障方案"),
    signed(common("coverage.approved", Claim, &[S], "审核保障方案")),
    signed(common("coverage.consented", Claim, &[S, B], "采购人同意保障方案")),
    common("coverage.cancelled", Claim, &[S], "取消保障方案"),
    signed(common("coverage.closed", Claim, &[S], "保障总结")),
    common("coverage.checked", Fact, FIELD, "保障前检查"),
    common("coverage.patrolled", Fact, FIELD, "特巡"),
    common("coverage.reported", Fact, FIELD, "保障报告"),
    store("part.noted", Claim, KEEP, "备件型号"),
    store("place.noted", Claim, KEEP, "库位"),
    from_source(store("movement.made", Fact, STOCK, "出入库")),
    store("slip.asked", Claim, STOCK, "领用申请"),
    signed(store("slip.approved", Claim, KEEP, "批准领用")),
    signed(store("slip.refused", Claim, KEEP, "不批准领用")),
    signed(store("slip.issued", Claim, KEEP, "发放")),
    store("slip.returned", Fact, STOCK, "交回旧件"),
    store("slip.cancelled", Claim, STOCK, "撤回领用"),
    signed(store("scrapping.asked", Claim, KEEP, "申请报废")),
    signed(store("scrapping.signed", Claim, KEEP, "报废签字")),
    signed(store("scrapping.refused", Claim, KEEP, "不同意报废")),
    store("stocktake.opened", Claim, KEEP, "开始盘点"),
    signed(store("stocktake.counted", Fact, STOCK, "清点")),
    store("stocktake.closed", Claim, KEEP, "结束清点"),
    signed(store("stocktake.signed", Claim, &[E, D, S, K, B, O], "盘点签字")),
    signed(store("stocktake.adjusted", Claim, &[S], "批准盘点调整")),
    store("stocktake.cancelled", Claim, KEEP, "取消盘点"),
    store("transfer.asked", Claim, KEEP, "申请调拨"),
    signed(store("transfer.approved", Claim, KEEP, "批准调拨")),
    signed(store("transfer.refused", Claim, KEEP, "不批准调拨")),
    store("transfer.cancelled", Claim, KEEP, "撤回调拨"),
    signed(store("transfer.received", Claim, KEEP, "调拨收货")),
    signed(store("shipment.shipped", Claim, KEEP, "调拨发货")),
    signed(store("shipment.declined", Claim, KEEP, "无法供货")),
    signed(store("shipment.returned", Claim, KEEP, "调拨退回入库")),
    signed(store("shipment.settled", Claim, KEEP, "结清调拨差异")),
    site("user.added", Claim, Issuer::CentreOr(&[A]), "新增用户"),
    site("user.changed", Claim, Issuer::CentreOr(&[A]), "变更用户"),
    site("user.disabled", Claim, Issuer::CentreOr(&[A]), "停用用户"),
    site("user.reset", Claim, Issuer::CentreOr(&[A]), "重置密码"),
    site("user.key_certified", Claim, Issuer::CentreOr(&[]), "签发用户密钥"),
    site("device.enrolled", Claim, Issuer::CentreOr(&[A]), "设备登记"),
    site("device.changed", Claim, Issuer::CentreOr(&[A]), "变更设备"),
    site("device.revoked", Claim, Issuer::CentreOr(&[A]), "设备停用"),
    anywhere(site("device.watermark", Fact, Issuer::CentreOr(&[]), "数据已齐")),
    site("session.opened", Fact, Issuer::Anyone, "登录"),
    site("session.closed", Fact, Issuer::Anyone, "退出"),
    site("source.added", Claim, Issuer::CentreOr(&[]), "登记对接系统"),
    site("source.revoked", Claim, Issuer::CentreOr(&[]), "停用对接系统"),
    site("contract.published", Claim, Issuer::CentreOr(&[A]), "发布合同"),
    signed(site("contract.settled", Claim, Issuer::Roles(&[A, S]), "发布项目约定")),
    site("calendar.published", Claim, Issuer::CentreOr(&[A]), "发布日历"),
    site("export.made", Fact, Issuer::Roles(&[E, D, S, K, A]), "导出"),
    anywhere(site("record.erased", Fact, Issuer::CentreOr(&[A]), "清除个人信息")),
    anywhere(site("record.released", Claim, Issuer::CentreOr(&[A]), "放行暂存")),
];

/// The row of a type, if this program knows it.
pub fn event_type(name: &str) -> Option<&'static EventType> {
    TYPES.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_versions_start_at_one() {
        for (i, row) in TYPES.iter().enumerate() {
            assert!(TYPES[..i].iter().all(|r| r.name != row.name), "{}", row.name);
            assert!(row.tv >= 1);
            assert!(!row.title.is_empty());
        }
        assert!(event_type("order.accepted").is_some());
        assert!(event_type("order.future").is_none());
        assert!(event_type("order.confirmed").unwrap().consent, "a confirmation is an act of consent");
    }
}
