//! The one table of commands.
//!
//! From it come the router ([`route`]), the list of rights ([`COMMANDS`]) and the TypeScript file
//! ([`super::typescript`]). A command without a handler, or with a handler of other types, does
//! not compile; a name that is not here is refused.

use super::dto::*;
use super::handlers;
use super::{Caller, Door};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::TS;

/// Who may call a command, whatever its arguments. What a person may do to one order is the
/// domain's table, asked by the handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Whoever sits at the console.
    Anyone,
    /// Every enabled user.
    User,
    /// Whoever registers orders: engineer, dispatcher, supervisor.
    Register,
    /// Whoever may take any list out: the domain's table `EXPORTS`; which list, the handlers ask.
    Export,
}

/// At which stage of the session a command works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Works {
    /// Also before anybody logged in.
    Always,
    /// With somebody logged in, also while the screen is locked.
    Locked,
    /// With somebody logged in and the screen open.
    Open,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct CommandSpec {
    /// Name on the wire.
    pub name: &'static str,
    /// Who may call it.
    pub right: Right,
    /// At which stage it works.
    pub works: Works,
    /// TypeScript name of its arguments.
    pub args: fn(&ts_rs::Config) -> String,
    /// TypeScript name of its reply.
    pub reply: fn(&ts_rs::Config) -> String,
    /// Hands both types to a visitor.
    pub(super) visit: fn(&mut super::typescript::Types),
}

/// The row of a command.
pub fn command(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|row| row.name == name)
}

macro_rules! commands {
    ($($name:literal $right:ident $works:ident $how:ident $handler:ident($args:ty) -> $reply:ty;)*) => {
        /// All commands.
        pub static COMMANDS: &[CommandSpec] = &[$(CommandSpec {
            name: $name,
            right: Right::$right,
            works: Works::$works,
            args: <$args as TS>::name,
            reply: <$reply as TS>::name,
            visit: |types| types.add_both::<$args, $reply>(),
        },)*];

        /// Calls the handler of a command whose right and stage were checked.
        pub(super) async fn route(
            door: &Door, caller: &Caller, name: &str, args: Value,
        ) -> Result<Value, DoorError> {
            match name {
                $($name => commands!(@$how door, caller, $handler, args, $args, $reply),)*
                _ => Err(DoorError::unknown_command(name)),
            }
        }
    };
    // Works on the store: off the async threads.
    (@store $door:ident, $caller:ident, $handler:ident, $given:ident, $args:ty, $reply:ty) => {{
        let args: $args = read($given)?;
        let (door, caller) = ($door.clone(), $caller.clone());
        let work = tokio::task::spawn_blocking(move || handlers::$handler(&door, &caller, args));
        let reply: $reply = work.await.map_err(DoorError::broken)??;
        write(&reply)
    }};
    // Talks to the centre.
    (@centre $door:ident, $caller:ident, $handler:ident, $given:ident, $args:ty, $reply:ty) => {{
        let args: $args = read($given)?;
        let reply: $reply = handlers::$handler($door, $caller, args).await?;
        write(&reply)
    }};
}

commands! {
    // name                  right    works  how    handler
    "session.get"            Anyone   Always store  session_get(Nothing) -> SessionDto;
    "session.enrol"          Anyone   Always centre session_enrol(Enrol) -> SessionDto;
    "session.log_in"         Anyone   Always centre session_log_in(LogIn) -> SessionDto;
    "session.log_out"        Anyone   Locked store  session_log_out(Nothing) -> SessionDto;
    "session.lock"           Anyone   Locked store  session_lock(Nothing) -> SessionDto;
    "session.unlock"         Anyone   Locked store  session_unlock(Unlock) -> SessionDto;
    "session.change_password" User    Open   centre session_change_password(ChangePassword) -> SessionDto;
    "sync.status"            Anyone   Always store  sync_status(Nothing) -> SyncStatus;
    "sync.now"               Anyone   Locked centre sync_now(Nothing) -> SyncStatus;
    "sync.conflicts"         User     Open   store  sync_conflicts(Nothing) -> Vec<ConflictDto>;
    "sync.settle"            User     Open   store  sync_settle(SettleConflict) -> Written;
    "order.list"             User     Open   store  order_list(OrderListArgs) -> OrderPage;
    "order.counts"           User     Open   store  order_counts(Nothing) -> QueueCounts;
    "order.alarms"           User     Locked store  order_alarms(Nothing) -> AlarmList;
    "order.get"              User     Open   store  order_get(OrderGet) -> OrderDetail;
    "order.step"             User     Open   store  order_step(StepArgs) -> Written;
    "order.bulk_steps"       User     Open   store  order_bulk_steps(BulkSteps) -> Vec<StepDto>;
    "order.bulk"             User     Open   store  order_bulk(BulkArgs) -> BulkReply;
    "order.knowledge"        User     Open   store  order_knowledge(KnowledgeArgs) -> Vec<KnowledgeDto>;
    "order.explain"          User     Open   store  order_explain(ExplainArgs) -> ExplainDto;
    "order.register_form"    Register Open   store  order_register_form(Nothing) -> RegisterForm;
    "order.level_advice"     Register Open   store  order_level_advice(LevelAsk) -> LevelAdvice;
    "order.register"         Register Open   store  order_register(RegisterArgs) -> Written;
    "order.similar"          Register Open   store  order_similar(SimilarAsk) -> Vec<SimilarOrder>;
    "record.form"            Register Open   store  record_form(Nothing) -> RecordForm;
    "record.day"             User     Open   store  record_day(RecordDayArgs) -> RecordDay;
    "record.add"             Register Open   store  record_add(RecordAdd) -> Written;
    "record.templates"       Register Open   store  record_templates(RecordTemplates) -> Written;
    "sheet.get"              Export   Open   store  sheet_get(SheetArgs) -> SheetPage;
    "sheet.print"            Export   Open   store  sheet_print(SheetPrint) -> SheetPage;
    "export.make"            Export   Open   store  export_make(ExportArgs) -> ExportedFile;
    "platform.line"          Register Open   store  platform_line(OrderGet) -> PlatformLine;
    "platform.enter"         Register Open   store  platform_enter(EnterArgs) -> Written;
    "platform.preview"       Register Open   store  platform_preview(ImportSource) -> ImportPreview;
    "platform.import"        Register Open   store  platform_import(ImportAccept) -> Written;
    "order.add_files"        User     Open   store  order_add_files(AddFiles) -> Written;
    "file.stage"             User     Open   store  file_stage(StageFile) -> StagedFile;
    "file.discard"           User     Open   store  file_discard(StagedRef) -> Nothing;
    "file.picture"           User     Open   store  file_picture(PictureArgs) -> PictureDto;
    "file.fetch"             User     Open   store  file_fetch(FileRef) -> Nothing;
    "file.open"              User     Open   store  file_open(FileRef) -> Nothing;
    "contract.list"          User     Open   store  contract_list(Nothing) -> Vec<ContractItem>;
    "contract.view"          User     Open   store  contract_view(ContractRef) -> ContractView;
    "contract.rows"          User     Open   store  contract_rows(RowArgs) -> RowPage;
    "contract.questions"     User     Open   store  contract_questions(ContractRef) -> Vec<QuestionItem>;
    "setting.form"           User     Open   store  setting_form(ContractRef) -> SettingForm;
    "setting.preview"        User     Open   store  setting_preview(SettingArgs) -> SettingPreview;
    "setting.publish"        User     Open   store  setting_publish(SettingPublish) -> Written;
    "roster.months"          User     Open   store  roster_months(Nothing) -> RosterMonths;
    "roster.get"             User     Open   store  roster_get(RosterRef) -> RosterView;
    "roster.open"            User     Open   store  roster_open(RosterOpen) -> Written;
    "roster.edit"            User     Open   store  roster_edit(RosterEdit) -> Written;
    "roster.check"           User     Open   store  roster_check(RosterCheck) -> RosterChecked;
    "roster.draft"           User     Open   store  roster_draft(RosterDraftArgs) -> RosterProposal;
    "roster.repair"          User     Open   store  roster_repair(RosterRepairArgs) -> RosterRepair;
    "roster.waive"           User     Open   store  roster_waive(RosterWaive) -> Written;
    "roster.comment"         User     Open   store  roster_comment(RosterComment) -> Written;
    "roster.wish"            User     Open   store  roster_wish(RosterWish) -> Written;
    "roster.submit"          User     Open   store  roster_submit(RosterAct) -> Written;
    "roster.return"          User     Open   store  roster_return(RosterAct) -> Written;
    "roster.approve"         User     Open   store  roster_approve(RosterAct) -> Written;
    "roster.consent"         User     Open   store  roster_consent(RosterConsent) -> Written;
    "roster.publish"         User     Open   store  roster_publish(RosterAct) -> Written;
    "roster.seen"            User     Open   store  roster_seen(RosterAct) -> Written;
    "roster.confirm"         User     Open   store  roster_confirm(RosterAct) -> Written;
    "roster.compare"         User     Open   store  roster_compare(RosterCompareArgs) -> RosterCompare;
    "roster.swaps"           User     Open   store  roster_swaps(RosterRef) -> Vec<SwapDto>;
    "roster.swap_ask"        User     Open   store  roster_swap_ask(SwapAsk) -> Written;
    "roster.swap_answer"     User     Open   store  roster_swap_answer(SwapAnswer) -> Written;
    "roster.swap_decide"     User     Open   store  roster_swap_decide(SwapDecide) -> Written;
    "roster.take_over"       User     Open   store  roster_take_over(TakeOver) -> Written;
    "roster.takeover_decide" User     Open   store  roster_takeover_decide(SwapDecide) -> Written;
    "roster.print"           User     Open   store  roster_print(RosterPrintArgs) -> RosterPrint;
    "roster.export"          Export   Open   store  roster_export(RosterExport) -> ExportedFile;
    "roster.import_preview"  User     Open   store  roster_import_preview(RosterImportArgs) -> RosterImport;
    "roster.ledger"          User     Open   store  roster_ledger(RosterLedgerArgs) -> RosterLedger;
    "roster.owed"            User     Open   store  roster_owed(RosterLedgerArgs) -> RosterOwed;
    "roster.ledger_chart"    User     Open   store  roster_ledger_chart(LedgerChartArgs) -> LedgerChart;
    "whereabouts.board"      User     Open   store  whereabouts_board(Nothing) -> WhereaboutsBoard;
    "whereabouts.tell"       User     Open   store  whereabouts_tell(WhereaboutsTell) -> Written;
    "staff.list"             User     Open   store  staff_list(StaffArgs) -> StaffList;
    "staff.get"              User     Open   store  staff_get(StaffRef) -> StaffDetail;
    "staff.note"             User     Open   store  staff_note(StaffNote) -> Written;
    "leave.list"             User     Open   store  leave_list(LeaveArgs) -> LeaveList;
    "leave.check"            User     Open   store  leave_check(LeaveAsk) -> LeaveCheck;
    "leave.ask"              User     Open   store  leave_ask(LeaveAsk) -> Written;
    "leave.withdraw"         User     Open   store  leave_withdraw(LeaveRef) -> Written;
    "leave.decide"           User     Open   store  leave_decide(LeaveDecide) -> Written;
    "leave.substitute"       User     Open   store  leave_substitute(LeaveSubstitute) -> Written;
    "leave.answer"           User     Open   store  leave_answer(LeaveAnswer) -> Written;
    "attendance.mine"        User     Open   store  attendance_mine(Nothing) -> MyAttendance;
    "attendance.month"       User     Open   store  attendance_month(AttendanceMonthArgs) -> AttendanceMonth;
    "attendance.print"       Export   Open   store  attendance_print(AttendancePrint) -> AttendanceSheets;
    "attendance.day"         User     Open   store  attendance_day(AttendanceDayArgs) -> AttendanceDay;
    "attendance.punch"       User     Open   store  attendance_punch(PunchArgs) -> Written;
    "attendance.ask_correction" User  Open   store  attendance_ask_correction(CorrectionAsk) -> Written;
    "attendance.decide_correction" User Open store  attendance_decide_correction(CorrectionDecide) -> Written;
    "attendance.close"       User     Open   store  attendance_close(AttendanceClose) -> Written;
    "attendance.reopen"      User     Open   store  attendance_reopen(AttendanceReopen) -> Written;
    "attendance.compare"     User     Open   store  attendance_compare(AttendanceCompareArgs) -> AttendanceCompare;
    "attendance.proposals"   User     Open   store  attendance_proposals(AttendanceMonthArgs) -> AttendanceProposals;
    "attendance.export"      Export   Open   store  attendance_export(AttendancePrint) -> ExportedFile;
    "overtime.list"          User     Open   store  overtime_list(OvertimeArgs) -> OvertimeList;
    "overtime.ask"           User     Open   store  overtime_ask(OvertimeAsk) -> Written;
    "overtime.withdraw"      User     Open   store  overtime_withdraw(OvertimeRef) -> Written;
    "overtime.decide"        User     Open   store  overtime_decide(OvertimeDecide) -> Written;
    "spotcheck.list"         User     Open   store  spotcheck_list(SpotArgs) -> SpotList;
    "spotcheck.note"         User     Open   store  spotcheck_note(SpotNote) -> Written;
    "spotcheck.explain"      User     Open   store  spotcheck_explain(SpotExplain) -> Written;
    "today.get"              User     Open   store  today_get(Nothing) -> TodayDto;
    "duty.now"               User     Locked store  duty_now(Nothing) -> DutyNow;
    "duty.wall"              User     Locked store  duty_wall(Nothing) -> WallDto;
    "handover.list"          User     Open   store  handover_list(Nothing) -> Vec<HandoverRow>;
    "handover.get"           User     Open   store  handover_get(HandoverRef) -> HandoverDto;
    "handover.form"          Register Open   store  handover_form(Nothing) -> HandoverForm;
    "handover.sign_out"      Register Open   store  handover_sign_out(HandoverSign) -> Written;
    "handover.accept"        User     Open   store  handover_accept(HandoverAnswer) -> Written;
    "handover.refuse"        User     Open   store  handover_refuse(HandoverAnswer) -> Written;
    "handover.witness"       User     Open   store  handover_witness(HandoverAnswer) -> Written;
    "handover.print"         Export   Open   store  handover_print(DutyPrint) -> HandoverDto;
    "hotline.list"           User     Open   store  hotline_list(HotlineListArgs) -> HotlinePage;
    "hotline.log"            Register Open   store  hotline_log(HotlineLog) -> Written;
    "hotline.link"           Register Open   store  hotline_link(HotlineLink) -> Written;
    "dutylog.day"            User     Open   store  dutylog_day(DutyDayArgs) -> DutyDay;
    "dutylog.note"           Register Open   store  dutylog_note(DutyNoteArgs) -> Written;
    "dutylog.report"         Register Open   store  dutylog_report(DutyReportArgs) -> Written;
    "dutylog.receive"        User     Open   store  dutylog_receive(DutyReceiveArgs) -> Written;
    "dutylog.print"          Export   Open   store  dutylog_print(DutyPrint) -> DutyDay;
    "coverage.list"          User     Open   store  coverage_list(Nothing) -> CoverageList;
    "coverage.get"           User     Open   store  coverage_get(CoverageRef) -> CoverageView;
    "coverage.plan"          User     Open   store  coverage_plan(CoveragePlanArgs) -> Written;
    "coverage.act"           User     Open   store  coverage_act(CoverageActArgs) -> Written;
    "coverage.done"          Register Open   store  coverage_done(CoverageDoneArgs) -> Written;
    "coverage.tasks"         User     Open   store  coverage_tasks(Nothing) -> CoverageTasks;
    "coverage.print"         Export   Open   store  coverage_print(DutyPrint) -> CoverageView;
    "coverage.ledger"        User     Open   store  coverage_ledger(CoverageLedgerArgs) -> CoverageLedger;
    "calendar.list"          User     Open   store  calendar_list(Nothing) -> CalendarList;
    "calendar.preview"       User     Open   store  calendar_preview(CalendarArgs) -> CalendarPreview;
    "calendar.publish"       User     Open   store  calendar_publish(CalendarPublish) -> Written;
    "stock.stores"           User     Open   store  stock_stores(Nothing) -> StockStores;
    "stock.parts"            User     Open   store  stock_parts(StockPartsArgs) -> StockPage;
    "stock.part"             User     Open   store  stock_part(PartArgs) -> PartDetail;
    "stock.note_part"        User     Open   store  stock_note_part(PartNote) -> Written;
    "stock.places"           User     Open   store  stock_places(StoreRef) -> Vec<StockPlaceDto>;
    "stock.note_place"       User     Open   store  stock_note_place(PlaceNote) -> Written;
    "stock.move"             User     Open   store  stock_move(StockMove) -> Written;
    "stock.ledger"           User     Open   store  stock_ledger(LedgerArgs) -> LedgerPage;
    "stock.balance_at"       User     Open   store  stock_balance_at(BalanceAtArgs) -> BalanceAt;
    "stock.discrepancies"    User     Open   store  stock_discrepancies(StoreRef) -> Vec<DiscrepancyDto>;
    "stock.loans"            User     Open   store  stock_loans(StoreRef) -> Vec<OutstandingDto>;
    "stock.repairs"          User     Open   store  stock_repairs(StoreRef) -> Vec<OutstandingDto>;
    "stock.reorder"          User     Open   store  stock_reorder(StoreRef) -> Vec<ReorderRow>;
    "stock.usage"            User     Open   store  stock_usage(UsageArgs) -> UsageBoard;
    "stock.ageing"           User     Open   store  stock_ageing(AgeingArgs) -> AgeingBoard;
    "stock.slips"            User     Open   store  stock_slips(SlipsArgs) -> SlipPage;
    "stock.slip"             User     Open   store  stock_slip(SlipRef) -> SlipDto;
    "stock.ask"              User     Open   store  stock_ask(SlipAsk) -> Written;
    "stock.approve"          User     Open   store  stock_approve(SlipAct) -> Written;
    "stock.refuse"           User     Open   store  stock_refuse(SlipAct) -> Written;
    "stock.cancel"           User     Open   store  stock_cancel(SlipAct) -> Written;
    "stock.issue"            User     Open   store  stock_issue(SlipIssue) -> Written;
    "stock.return_old"       User     Open   store  stock_return_old(ReturnOld) -> Written;
    "stock.use_form"         User     Open   store  stock_use_form(OrderGet) -> UseForm;
    "stock.use"              User     Open   store  stock_use(StockUse) -> Written;
    "stock.scraps"           User     Open   store  stock_scraps(StoreRef) -> Vec<ScrapDto>;
    "stock.scrap"            User     Open   store  stock_scrap(ScrapAsk) -> Written;
    "stock.scrap_sign"       User     Open   store  stock_scrap_sign(ScrapSign) -> Written;
    "stock.takes"            User     Open   store  stock_takes(StoreRef) -> Vec<TakeRow>;
    "stock.take"             User     Open   store  stock_take(TakeRef) -> TakeDto;
    "stock.take_open"        User     Open   store  stock_take_open(TakeOpen) -> Written;
    "stock.take_count"       User     Open   store  stock_take_count(TakeCount) -> Written;
    "stock.take_close"       User     Open   store  stock_take_close(TakeAct) -> Written;
    "stock.take_sign"        User     Open   store  stock_take_sign(TakeAct) -> Written;
    "stock.take_adjust"      User     Open   store  stock_take_adjust(TakeAct) -> Written;
    "stock.take_cancel"      User     Open   store  stock_take_cancel(TakeAct) -> Written;
    "stock.transfers"        User     Open   store  stock_transfers(TransfersArgs) -> TransferPage;
    "stock.transfer"         User     Open   store  stock_transfer(TransferRef) -> TransferDto;
    "stock.transfer_ask"     User     Open   store  stock_transfer_ask(TransferAsk) -> Written;
    "stock.transfer_approve" User     Open   store  stock_transfer_approve(TransferAct) -> Written;
    "stock.transfer_refuse"  User     Open   store  stock_transfer_refuse(TransferAct) -> Written;
    "stock.transfer_cancel"  User     Open   store  stock_transfer_cancel(TransferAct) -> Written;
    "stock.transfer_ship"    User     Open   store  stock_transfer_ship(TransferShip) -> Written;
    "stock.transfer_receive" User     Open   store  stock_transfer_receive(TransferArrive) -> Written;
    "stock.transfer_back"    User     Open   store  stock_transfer_back(TransferArrive) -> Written;
    "stock.transfer_settle"  User     Open   store  stock_transfer_settle(TransferAct) -> Written;
    "stock.matters"          User     Open   store  stock_matters(Nothing) -> StockMatters;
    "stock.spares"           User     Open   store  stock_spares(StoreRef) -> SpareListDto;
    "stock.scan"             User     Open   store  stock_scan(ScanArgs) -> ScanReply;
    "stock.print"            Export   Open   store  stock_print(StockPrint) -> StockSheet;
    "stock.export"           Export   Open   store  stock_export(StockExport) -> ExportedFile;
    "stock.import_preview"   User     Open   store  stock_import_preview(StockImportArgs) -> StockImportPreview;
    "stock.import"           User     Open   store  stock_import(StockImportAccept) -> Written;
    "asset.form"             User     Open   store  asset_form(Nothing) -> AssetForm;
    "asset.list"             User     Open   store  asset_list(AssetListArgs) -> AssetPage;
    "asset.get"              User     Open   store  asset_get(AssetRef) -> AssetDetail;
    "asset.note"             User     Open   store  asset_note(AssetNote) -> Written;
    "asset.change"           User     Open   store  asset_change(AssetChange) -> Written;
    "asset.board"            User     Open   store  asset_board(AssetBoardArgs) -> AssetBoard;
    "asset.import_preview"   User     Open   store  asset_import_preview(AssetImportArgs) -> AssetImportPreview;
    "asset.import"           User     Open   store  asset_import(AssetImportAccept) -> Written;
    "asset.export"           Export   Open   store  asset_export(AssetExport) -> ExportedFile;
    "chart.met_missed"       User     Open   store  chart_met_missed(ChartArgs) -> ChartDto;
    "personal.get"           User     Open   store  personal_get(Nothing) -> PersonalDto;
    "personal.save"          User     Open   store  personal_save(PersonalSave) -> PersonalDto;
    "draft.keep"             User     Open   store  draft_keep(DraftDto) -> Nothing;
    "settings.get"           User     Open   store  settings_get(Nothing) -> SettingsDto;
    "settings.change"        User     Open   store  settings_change(SettingsChange) -> SettingsDto;
    "audit.verify"           User     Open   store  audit_verify(Nothing) -> VerifyDto;
    "audit.export"           User     Open   store  audit_export(Nothing) -> ExportDto;
}

fn read<T: DeserializeOwned>(args: Value) -> Result<T, DoorError> {
    // A command without arguments may be called with none.
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    serde_json::from_value(args).map_err(|error| DoorError::bad_input(format!("请求内容不符合要求：{error}")))
}

fn write<T: Serialize>(reply: &T) -> Result<Value, DoorError> {
    serde_json::to_value(reply).map_err(DoorError::broken)
}
