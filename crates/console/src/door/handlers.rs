//! Handlers of the command table: each translates and forwards.

use super::dto::*;
use super::{Caller, Door};

type Answer<T> = Result<T, DoorError>;

pub(super) fn session_get(door: &Door, _: &Caller, _: Nothing) -> Answer<SessionDto> {
    door.session_now()
}

pub(super) async fn session_enrol(door: &Door, _: &Caller, args: Enrol) -> Answer<SessionDto> {
    door.enrol(args).await
}

pub(super) async fn session_log_in(door: &Door, _: &Caller, args: LogIn) -> Answer<SessionDto> {
    door.log_in(args).await
}

pub(super) fn session_log_out(door: &Door, _: &Caller, _: Nothing) -> Answer<SessionDto> {
    door.log_out()
}

pub(super) fn session_lock(door: &Door, _: &Caller, _: Nothing) -> Answer<SessionDto> {
    door.lock()
}

pub(super) fn session_unlock(door: &Door, _: &Caller, args: Unlock) -> Answer<SessionDto> {
    door.unlock(&args.password)
}

pub(super) async fn session_change_password(
    door: &Door,
    _: &Caller,
    args: ChangePassword,
) -> Answer<SessionDto> {
    door.change_password(args).await
}

pub(super) fn sync_status(door: &Door, _: &Caller, _: Nothing) -> Answer<SyncStatus> {
    door.sync_status()
}

pub(super) async fn sync_now(door: &Door, _: &Caller, _: Nothing) -> Answer<SyncStatus> {
    door.round().await;
    let door = door.clone();
    tokio::task::spawn_blocking(move || door.sync_status()).await.map_err(DoorError::broken)?
}

pub(super) fn sync_conflicts(door: &Door, _: &Caller, _: Nothing) -> Answer<Vec<ConflictDto>> {
    door.read(|desk| desk.conflicts())
}

pub(super) fn sync_settle(door: &Door, _: &Caller, args: SettleConflict) -> Answer<Written> {
    door.write(|pen| pen.settle(&args))
}

pub(super) fn duty_now(door: &Door, _: &Caller, _: Nothing) -> Answer<DutyNow> {
    door.read(|desk| desk.duty_now())
}

pub(super) fn duty_wall(door: &Door, _: &Caller, _: Nothing) -> Answer<WallDto> {
    door.read(|desk| desk.wall())
}

pub(super) fn handover_list(door: &Door, _: &Caller, _: Nothing) -> Answer<Vec<HandoverRow>> {
    door.read(|desk| desk.handovers())
}

pub(super) fn handover_get(door: &Door, _: &Caller, args: HandoverRef) -> Answer<HandoverDto> {
    door.handover(&args.id)
}

pub(super) fn handover_form(door: &Door, _: &Caller, _: Nothing) -> Answer<HandoverForm> {
    door.read(|desk| desk.handover_form())
}

pub(super) fn handover_sign_out(door: &Door, _: &Caller, args: HandoverSign) -> Answer<Written> {
    door.write(|pen| pen.sign_out(&args))
}

pub(super) fn handover_accept(door: &Door, _: &Caller, args: HandoverAnswer) -> Answer<Written> {
    door.answer_handover(&args, "handover.accepted")
}

pub(super) fn handover_refuse(door: &Door, _: &Caller, args: HandoverAnswer) -> Answer<Written> {
    door.answer_handover(&args, "handover.refused")
}

pub(super) fn handover_witness(door: &Door, _: &Caller, args: HandoverAnswer) -> Answer<Written> {
    door.answer_handover(&args, "handover.witnessed")
}

pub(super) fn handover_print(door: &Door, _: &Caller, args: DutyPrint) -> Answer<HandoverDto> {
    door.write_with(|pen| pen.print_handover(&args))
}

pub(super) fn hotline_list(door: &Door, _: &Caller, args: HotlineListArgs) -> Answer<HotlinePage> {
    door.read(|desk| desk.hotline(&args))
}

pub(super) fn hotline_log(door: &Door, _: &Caller, args: HotlineLog) -> Answer<Written> {
    door.write(|pen| pen.log_call(&args))
}

pub(super) fn hotline_link(door: &Door, _: &Caller, args: HotlineLink) -> Answer<Written> {
    door.write(|pen| pen.link_call(&args))
}

pub(super) fn dutylog_day(door: &Door, _: &Caller, args: DutyDayArgs) -> Answer<DutyDay> {
    door.read(|desk| desk.duty_day(args.date.as_deref()))
}

pub(super) fn dutylog_note(door: &Door, _: &Caller, args: DutyNoteArgs) -> Answer<Written> {
    door.write(|pen| pen.note_duty(&args))
}

pub(super) fn dutylog_report(door: &Door, _: &Caller, args: DutyReportArgs) -> Answer<Written> {
    door.write(|pen| pen.report_day(&args))
}

pub(super) fn dutylog_receive(door: &Door, _: &Caller, args: DutyReceiveArgs) -> Answer<Written> {
    door.write(|pen| pen.receive_report(&args))
}

pub(super) fn dutylog_print(door: &Door, _: &Caller, args: DutyPrint) -> Answer<DutyDay> {
    door.write_with(|pen| pen.print_day(&args))
}

pub(super) fn order_list(door: &Door, _: &Caller, args: OrderListArgs) -> Answer<OrderPage> {
    door.read(|desk| desk.orders(&args))
}

pub(super) fn order_counts(door: &Door, _: &Caller, _: Nothing) -> Answer<QueueCounts> {
    door.read(|desk| desk.counts())
}

pub(super) fn order_alarms(door: &Door, _: &Caller, _: Nothing) -> Answer<AlarmList> {
    door.alarms()
}

pub(super) fn order_get(door: &Door, _: &Caller, args: OrderGet) -> Answer<OrderDetail> {
    door.read(|desk| desk.order_detail(&args.id))
}

pub(super) fn order_step(door: &Door, _: &Caller, args: StepArgs) -> Answer<Written> {
    door.write(|pen| pen.step(&args))
}

pub(super) fn order_bulk_steps(door: &Door, _: &Caller, args: BulkSteps) -> Answer<Vec<StepDto>> {
    door.read(|desk| desk.bulk_steps(&args))
}

pub(super) fn order_bulk(door: &Door, _: &Caller, args: BulkArgs) -> Answer<BulkReply> {
    let mut results = Vec::new();
    let written = door.write(|pen| {
        let (each, written) = pen.bulk(&args)?;
        results = each;
        Ok(written)
    })?;
    Ok(BulkReply { results, message: written.message, changed: written.changed })
}

pub(super) fn order_knowledge(door: &Door, _: &Caller, args: KnowledgeArgs) -> Answer<Vec<KnowledgeDto>> {
    door.read(|desk| desk.knowledge(&args))
}

pub(super) fn order_explain(door: &Door, _: &Caller, args: ExplainArgs) -> Answer<ExplainDto> {
    door.read(|desk| desk.explain(&args.order_id, &args.target))
}

pub(super) fn order_register_form(door: &Door, _: &Caller, _: Nothing) -> Answer<RegisterForm> {
    door.read(|desk| desk.register_form())
}

pub(super) fn order_level_advice(door: &Door, _: &Caller, args: LevelAsk) -> Answer<LevelAdvice> {
    door.read(|desk| desk.level_advice(&args))
}

pub(super) fn order_register(door: &Door, _: &Caller, args: RegisterArgs) -> Answer<Written> {
    door.write(|pen| pen.register(&args))
}

pub(super) fn order_similar(door: &Door, _: &Caller, args: SimilarAsk) -> Answer<Vec<SimilarOrder>> {
    door.read(|desk| desk.similar(&args))
}

pub(super) fn record_form(door: &Door, _: &Caller, _: Nothing) -> Answer<RecordForm> {
    door.read(|desk| desk.record_form())
}

pub(super) fn record_day(door: &Door, _: &Caller, args: RecordDayArgs) -> Answer<RecordDay> {
    door.read(|desk| desk.record_day(&args))
}

pub(super) fn record_add(door: &Door, _: &Caller, args: RecordAdd) -> Answer<Written> {
    door.write(|pen| pen.add_records(&args))
}

pub(super) fn record_templates(door: &Door, _: &Caller, args: RecordTemplates) -> Answer<Written> {
    door.write(|pen| pen.keep_templates(args))
}

pub(super) fn sheet_get(door: &Door, _: &Caller, args: SheetArgs) -> Answer<SheetPage> {
    door.read(|desk| desk.sheets(&args))
}

pub(super) fn sheet_print(door: &Door, _: &Caller, args: SheetPrint) -> Answer<SheetPage> {
    door.write_with(|pen| pen.print_sheets(&args))
}

pub(super) fn export_make(door: &Door, _: &Caller, args: ExportArgs) -> Answer<ExportedFile> {
    door.write_with(|pen| pen.export(&args))
}

pub(super) fn platform_line(door: &Door, _: &Caller, args: OrderGet) -> Answer<PlatformLine> {
    door.read(|desk| desk.platform_line(&args))
}

pub(super) fn platform_enter(door: &Door, _: &Caller, args: EnterArgs) -> Answer<Written> {
    door.write(|pen| pen.enter(&args))
}

pub(super) fn platform_preview(door: &Door, _: &Caller, args: ImportSource) -> Answer<ImportPreview> {
    door.read(|desk| desk.import_preview(&args))
}

pub(super) fn platform_import(door: &Door, _: &Caller, args: ImportAccept) -> Answer<Written> {
    door.write(|pen| pen.import(&args))
}

pub(super) fn order_add_files(door: &Door, _: &Caller, args: AddFiles) -> Answer<Written> {
    door.add_files(&args)
}

pub(super) fn file_stage(door: &Door, _: &Caller, args: StageFile) -> Answer<StagedFile> {
    door.stage_file(&args)
}

pub(super) fn file_discard(door: &Door, _: &Caller, args: StagedRef) -> Answer<Nothing> {
    door.discard_file(&args)
}

pub(super) fn file_picture(door: &Door, _: &Caller, args: PictureArgs) -> Answer<PictureDto> {
    door.picture(&args)
}

pub(super) fn file_fetch(door: &Door, _: &Caller, args: FileRef) -> Answer<Nothing> {
    door.fetch_file(&args)
}

pub(super) fn file_open(door: &Door, _: &Caller, args: FileRef) -> Answer<Nothing> {
    door.open_file(&args)
}

pub(super) fn contract_list(door: &Door, _: &Caller, _: Nothing) -> Answer<Vec<ContractItem>> {
    door.read(|desk| desk.contracts())
}

pub(super) fn contract_view(door: &Door, _: &Caller, args: ContractRef) -> Answer<ContractView> {
    door.read(|desk| desk.contract_view(&args.contract))
}

pub(super) fn contract_rows(door: &Door, _: &Caller, args: RowArgs) -> Answer<RowPage> {
    door.read(|desk| desk.contract_rows(&args))
}

pub(super) fn contract_questions(door: &Door, _: &Caller, args: ContractRef) -> Answer<Vec<QuestionItem>> {
    door.read(|desk| desk.questions(&args.contract))
}

pub(super) fn setting_form(door: &Door, _: &Caller, args: ContractRef) -> Answer<SettingForm> {
    door.read(|desk| desk.setting_form(&args.contract))
}

pub(super) fn setting_preview(door: &Door, _: &Caller, args: SettingArgs) -> Answer<SettingPreview> {
    door.read(|desk| desk.setting_preview(&args))
}

pub(super) fn setting_publish(door: &Door, _: &Caller, args: SettingPublish) -> Answer<Written> {
    door.write(|pen| pen.publish_settings(&args))
}

pub(super) fn roster_months(door: &Door, _: &Caller, _: Nothing) -> Answer<RosterMonths> {
    door.read(|desk| desk.roster_months())
}

pub(super) fn roster_get(door: &Door, _: &Caller, args: RosterRef) -> Answer<RosterView> {
    door.read(|desk| desk.roster_view(&args.month))
}

pub(super) fn roster_open(door: &Door, _: &Caller, args: RosterOpen) -> Answer<Written> {
    door.write(|pen| pen.open_roster(&args))
}

pub(super) fn roster_edit(door: &Door, _: &Caller, args: RosterEdit) -> Answer<Written> {
    door.write(|pen| pen.edit_roster(&args))
}

pub(super) fn roster_check(door: &Door, _: &Caller, args: RosterCheck) -> Answer<RosterChecked> {
    door.read(|desk| desk.roster_check(&args))
}

pub(super) fn roster_draft(door: &Door, _: &Caller, args: RosterDraftArgs) -> Answer<RosterProposal> {
    door.draft_roster(&args)
}

pub(super) fn roster_repair(door: &Door, _: &Caller, args: RosterRepairArgs) -> Answer<RosterRepair> {
    door.read(|desk| desk.roster_repair(&args))
}

pub(super) fn roster_waive(door: &Door, _: &Caller, args: RosterWaive) -> Answer<Written> {
    door.write(|pen| pen.waive(&args))
}

pub(super) fn roster_comment(door: &Door, _: &Caller, args: RosterComment) -> Answer<Written> {
    door.write(|pen| pen.comment_roster(&args))
}

pub(super) fn roster_wish(door: &Door, _: &Caller, args: RosterWish) -> Answer<Written> {
    door.write(|pen| pen.wish(&args))
}

pub(super) fn roster_submit(door: &Door, _: &Caller, args: RosterAct) -> Answer<Written> {
    door.write(|pen| pen.submit_roster(&args))
}

pub(super) fn roster_return(door: &Door, _: &Caller, args: RosterAct) -> Answer<Written> {
    door.write(|pen| pen.return_roster(&args))
}

pub(super) fn roster_approve(door: &Door, _: &Caller, args: RosterAct) -> Answer<Written> {
    door.write(|pen| pen.approve_roster(&args))
}

pub(super) fn roster_consent(door: &Door, _: &Caller, args: RosterConsent) -> Answer<Written> {
    door.write(|pen| pen.consent_roster(&args))
}

pub(super) fn roster_publish(door: &Door, _: &Caller, args: RosterAct) -> Answer<Written> {
    door.write(|pen| pen.publish_roster(&args))
}

pub(super) fn roster_seen(door: &Door, _: &Caller, args: RosterAct) -> Answer<Written> {
    door.write(|pen| pen.know_roster(&args, false))
}

pub(super) fn roster_confirm(door: &Door, _: &Caller, args: RosterAct) -> Answer<Written> {
    door.write(|pen| pen.know_roster(&args, true))
}

pub(super) fn roster_compare(door: &Door, _: &Caller, args: RosterCompareArgs) -> Answer<RosterCompare> {
    door.read(|desk| desk.roster_compare(&args))
}

pub(super) fn roster_swaps(door: &Door, _: &Caller, args: RosterRef) -> Answer<Vec<SwapDto>> {
    door.read(|desk| desk.roster_swaps(&args.month))
}

pub(super) fn roster_swap_ask(door: &Door, _: &Caller, args: SwapAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_swap(&args))
}

pub(super) fn roster_swap_answer(door: &Door, _: &Caller, args: SwapAnswer) -> Answer<Written> {
    door.write(|pen| pen.answer_swap(&args))
}

pub(super) fn roster_swap_decide(door: &Door, _: &Caller, args: SwapDecide) -> Answer<Written> {
    door.write(|pen| pen.decide_swap(&args))
}

pub(super) fn roster_take_over(door: &Door, _: &Caller, args: TakeOver) -> Answer<Written> {
    door.write(|pen| pen.take_over(&args))
}

pub(super) fn roster_takeover_decide(door: &Door, _: &Caller, args: SwapDecide) -> Answer<Written> {
    door.write(|pen| pen.decide_takeover(&args))
}

pub(super) fn roster_print(door: &Door, _: &Caller, args: RosterPrintArgs) -> Answer<RosterPrint> {
    door.read(|desk| desk.roster_print(&args))
}

pub(super) fn roster_export(door: &Door, _: &Caller, args: RosterExport) -> Answer<ExportedFile> {
    door.write_with(|pen| pen.export_roster(&args))
}

pub(super) fn roster_import_preview(door: &Door, _: &Caller, args: RosterImportArgs) -> Answer<RosterImport> {
    door.read(|desk| desk.roster_import(&args))
}

pub(super) fn roster_ledger(door: &Door, _: &Caller, args: RosterLedgerArgs) -> Answer<RosterLedger> {
    door.read(|desk| desk.roster_ledger(&args))
}

pub(super) fn roster_owed(door: &Door, _: &Caller, args: RosterLedgerArgs) -> Answer<RosterOwed> {
    door.read(|desk| desk.roster_owed(&args))
}

pub(super) fn roster_ledger_chart(door: &Door, _: &Caller, args: LedgerChartArgs) -> Answer<LedgerChart> {
    door.read(|desk| desk.ledger_chart(&args))
}

pub(super) fn whereabouts_board(door: &Door, _: &Caller, _: Nothing) -> Answer<WhereaboutsBoard> {
    door.read(|desk| desk.whereabouts())
}

pub(super) fn whereabouts_tell(door: &Door, _: &Caller, args: WhereaboutsTell) -> Answer<Written> {
    door.write(|pen| pen.tell_whereabouts(&args))
}

pub(super) fn staff_list(door: &Door, _: &Caller, args: StaffArgs) -> Answer<StaffList> {
    door.read(|desk| desk.staff(&args))
}

pub(super) fn staff_get(door: &Door, _: &Caller, args: StaffRef) -> Answer<StaffDetail> {
    door.read(|desk| desk.staff_detail(&args))
}

pub(super) fn staff_note(door: &Door, _: &Caller, args: StaffNote) -> Answer<Written> {
    door.write(|pen| pen.note_staff(&args))
}

pub(super) fn leave_list(door: &Door, _: &Caller, args: LeaveArgs) -> Answer<LeaveList> {
    door.read(|desk| desk.leave_list(&args))
}

pub(super) fn leave_check(door: &Door, _: &Caller, args: LeaveAsk) -> Answer<LeaveCheck> {
    door.read(|desk| desk.check_leave(&args))
}

pub(super) fn leave_ask(door: &Door, _: &Caller, args: LeaveAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_leave(&args))
}

pub(super) fn leave_withdraw(door: &Door, _: &Caller, args: LeaveRef) -> Answer<Written> {
    door.write(|pen| pen.withdraw_leave(&args))
}

pub(super) fn leave_decide(door: &Door, _: &Caller, args: LeaveDecide) -> Answer<Written> {
    door.write(|pen| pen.decide_leave(&args))
}

pub(super) fn leave_substitute(door: &Door, _: &Caller, args: LeaveSubstitute) -> Answer<Written> {
    door.write(|pen| pen.name_substitute(&args))
}

pub(super) fn leave_answer(door: &Door, _: &Caller, args: LeaveAnswer) -> Answer<Written> {
    door.write(|pen| pen.answer_substitute(&args))
}

pub(super) fn today_get(door: &Door, _: &Caller, _: Nothing) -> Answer<TodayDto> {
    door.read(|desk| desk.today())
}

pub(super) fn coverage_list(door: &Door, _: &Caller, _: Nothing) -> Answer<CoverageList> {
    door.read(|desk| desk.coverage_plans())
}

pub(super) fn coverage_get(door: &Door, _: &Caller, args: CoverageRef) -> Answer<CoverageView> {
    door.read(|desk| desk.coverage_plan(&args.id))
}

pub(super) fn coverage_plan(door: &Door, _: &Caller, args: CoveragePlanArgs) -> Answer<Written> {
    door.write(|pen| pen.plan_coverage(&args))
}

pub(super) fn coverage_act(door: &Door, _: &Caller, args: CoverageActArgs) -> Answer<Written> {
    door.write(|pen| pen.coverage_act(&args))
}

pub(super) fn coverage_done(door: &Door, _: &Caller, args: CoverageDoneArgs) -> Answer<Written> {
    door.write(|pen| pen.coverage_done(&args))
}

pub(super) fn coverage_tasks(door: &Door, _: &Caller, _: Nothing) -> Answer<CoverageTasks> {
    door.read(|desk| desk.coverage_tasks())
}

pub(super) fn coverage_print(door: &Door, _: &Caller, args: DutyPrint) -> Answer<CoverageView> {
    door.write_with(|pen| pen.print_coverage(&args))
}

pub(super) fn coverage_ledger(door: &Door, _: &Caller, args: CoverageLedgerArgs) -> Answer<CoverageLedger> {
    door.read(|desk| desk.coverage_ledger(&args))
}

pub(super) fn calendar_list(door: &Door, _: &Caller, _: Nothing) -> Answer<CalendarList> {
    door.read(|desk| desk.calendar_packs())
}

pub(super) fn calendar_preview(door: &Door, _: &Caller, args: CalendarArgs) -> Answer<CalendarPreview> {
    door.read(|desk| desk.calendar_preview(&args))
}

pub(super) fn calendar_publish(door: &Door, _: &Caller, args: CalendarPublish) -> Answer<Written> {
    door.write(|pen| pen.publish_calendar(&args))
}

pub(super) fn chart_met_missed(door: &Door, _: &Caller, args: ChartArgs) -> Answer<ChartDto> {
    door.read(|desk| desk.chart(&args))
}

pub(super) fn personal_get(door: &Door, _: &Caller, _: Nothing) -> Answer<PersonalDto> {
    door.personal()
}

pub(super) fn personal_save(door: &Door, _: &Caller, args: PersonalSave) -> Answer<PersonalDto> {
    door.save_personal(args)
}

pub(super) fn draft_keep(door: &Door, _: &Caller, args: DraftDto) -> Answer<Nothing> {
    door.keep_draft(&args)
}

pub(super) fn settings_get(door: &Door, _: &Caller, _: Nothing) -> Answer<SettingsDto> {
    door.settings()
}

pub(super) fn settings_change(door: &Door, _: &Caller, args: SettingsChange) -> Answer<SettingsDto> {
    door.change_settings(&args)
}

pub(super) fn audit_verify(door: &Door, _: &Caller, _: Nothing) -> Answer<VerifyDto> {
    door.verify()
}

pub(super) fn audit_export(door: &Door, _: &Caller, _: Nothing) -> Answer<ExportDto> {
    door.export()
}

pub(super) fn attendance_mine(door: &Door, _: &Caller, _: Nothing) -> Answer<MyAttendance> {
    door.read(|desk| desk.my_attendance())
}

pub(super) fn attendance_month(
    door: &Door,
    _: &Caller,
    args: AttendanceMonthArgs,
) -> Answer<AttendanceMonth> {
    door.read(|desk| desk.attendance_month(&args))
}

pub(super) fn attendance_day(door: &Door, _: &Caller, args: AttendanceDayArgs) -> Answer<AttendanceDay> {
    door.read(|desk| desk.attendance_day(&args))
}

pub(super) fn attendance_punch(door: &Door, _: &Caller, args: PunchArgs) -> Answer<Written> {
    door.punch(&args)
}

pub(super) fn attendance_ask_correction(door: &Door, _: &Caller, args: CorrectionAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_correction(&args))
}

pub(super) fn attendance_decide_correction(
    door: &Door,
    _: &Caller,
    args: CorrectionDecide,
) -> Answer<Written> {
    door.write(|pen| pen.decide_correction(&args))
}

pub(super) fn attendance_print(door: &Door, _: &Caller, args: AttendancePrint) -> Answer<AttendanceSheets> {
    door.write_with(|pen| pen.print_attendance(&args))
}

pub(super) fn attendance_close(door: &Door, _: &Caller, args: AttendanceClose) -> Answer<Written> {
    door.write(|pen| pen.close_days(&args))
}

pub(super) fn attendance_reopen(door: &Door, _: &Caller, args: AttendanceReopen) -> Answer<Written> {
    door.write(|pen| pen.reopen_day(&args))
}

pub(super) fn attendance_export(door: &Door, _: &Caller, args: AttendancePrint) -> Answer<ExportedFile> {
    door.write_with(|pen| pen.export_attendance(&args))
}

pub(super) fn overtime_list(door: &Door, _: &Caller, args: OvertimeArgs) -> Answer<OvertimeList> {
    door.read(|desk| desk.overtime_list(&args))
}

pub(super) fn overtime_ask(door: &Door, _: &Caller, args: OvertimeAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_overtime(&args))
}

pub(super) fn overtime_withdraw(door: &Door, _: &Caller, args: OvertimeRef) -> Answer<Written> {
    door.write(|pen| pen.withdraw_overtime(&args))
}

pub(super) fn overtime_decide(door: &Door, _: &Caller, args: OvertimeDecide) -> Answer<Written> {
    door.write(|pen| pen.decide_overtime(&args))
}

pub(super) fn spotcheck_list(door: &Door, _: &Caller, args: SpotArgs) -> Answer<SpotList> {
    door.read(|desk| desk.spot_checks(&args))
}

pub(super) fn spotcheck_note(door: &Door, _: &Caller, args: SpotNote) -> Answer<Written> {
    door.write(|pen| pen.note_spot_check(&args))
}

pub(super) fn spotcheck_explain(door: &Door, _: &Caller, args: SpotExplain) -> Answer<Written> {
    door.write(|pen| pen.explain_spot_check(&args))
}

pub(super) fn attendance_compare(
    door: &Door,
    _: &Caller,
    args: AttendanceCompareArgs,
) -> Answer<AttendanceCompare> {
    door.read(|desk| desk.compare_attendance(&args))
}

pub(super) fn attendance_proposals(
    door: &Door,
    _: &Caller,
    args: AttendanceMonthArgs,
) -> Answer<AttendanceProposals> {
    door.read(|desk| desk.attendance_proposals(&args))
}

pub(super) fn stock_stores(door: &Door, _: &Caller, _: Nothing) -> Answer<StockStores> {
    door.read(|desk| desk.stock_stores())
}

pub(super) fn stock_parts(door: &Door, _: &Caller, args: StockPartsArgs) -> Answer<StockPage> {
    door.read(|desk| desk.stock_parts(&args))
}

pub(super) fn stock_part(door: &Door, _: &Caller, args: PartArgs) -> Answer<PartDetail> {
    door.read(|desk| desk.stock_part(&args))
}

pub(super) fn stock_note_part(door: &Door, _: &Caller, args: PartNote) -> Answer<Written> {
    door.write(|pen| pen.note_part(&args))
}

pub(super) fn stock_places(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<StockPlaceDto>> {
    door.read(|desk| desk.stock_places(args.store.as_deref()))
}

pub(super) fn stock_note_place(door: &Door, _: &Caller, args: PlaceNote) -> Answer<Written> {
    door.write(|pen| pen.note_place(&args))
}

pub(super) fn stock_move(door: &Door, _: &Caller, args: StockMove) -> Answer<Written> {
    door.write(|pen| pen.stock_move(&args))
}

pub(super) fn stock_ledger(door: &Door, _: &Caller, args: LedgerArgs) -> Answer<LedgerPage> {
    door.read(|desk| desk.stock_ledger(&args))
}

pub(super) fn stock_balance_at(door: &Door, _: &Caller, args: BalanceAtArgs) -> Answer<BalanceAt> {
    door.read(|desk| desk.stock_balance_at(&args))
}

pub(super) fn stock_discrepancies(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<DiscrepancyDto>> {
    door.read(|desk| desk.stock_discrepancies(args.store.as_deref()))
}

pub(super) fn stock_loans(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<OutstandingDto>> {
    door.read(|desk| desk.stock_loans(args.store.as_deref()))
}

pub(super) fn stock_repairs(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<OutstandingDto>> {
    door.read(|desk| desk.stock_repairs(args.store.as_deref()))
}

pub(super) fn stock_reorder(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<ReorderRow>> {
    door.read(|desk| desk.stock_reorder(args.store.as_deref()))
}

pub(super) fn stock_usage(door: &Door, _: &Caller, args: UsageArgs) -> Answer<UsageBoard> {
    door.read(|desk| desk.stock_usage(&args))
}

pub(super) fn stock_ageing(door: &Door, _: &Caller, args: AgeingArgs) -> Answer<AgeingBoard> {
    door.read(|desk| desk.stock_ageing(&args))
}

pub(super) fn stock_slips(door: &Door, _: &Caller, args: SlipsArgs) -> Answer<SlipPage> {
    door.read(|desk| desk.stock_slips(&args))
}

pub(super) fn stock_slip(door: &Door, _: &Caller, args: SlipRef) -> Answer<SlipDto> {
    door.read(|desk| desk.stock_slip(&args.id))
}

pub(super) fn stock_ask(door: &Door, _: &Caller, args: SlipAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_parts(&args))
}

pub(super) fn stock_approve(door: &Door, _: &Caller, args: SlipAct) -> Answer<Written> {
    door.write(|pen| pen.decide_slip(&args, "slip.approved"))
}

pub(super) fn stock_refuse(door: &Door, _: &Caller, args: SlipAct) -> Answer<Written> {
    door.write(|pen| pen.decide_slip(&args, "slip.refused"))
}

pub(super) fn stock_cancel(door: &Door, _: &Caller, args: SlipAct) -> Answer<Written> {
    door.write(|pen| pen.decide_slip(&args, "slip.cancelled"))
}

pub(super) fn stock_issue(door: &Door, _: &Caller, args: SlipIssue) -> Answer<Written> {
    door.write(|pen| pen.issue_slip(&args))
}

pub(super) fn stock_return_old(door: &Door, _: &Caller, args: ReturnOld) -> Answer<Written> {
    door.write(|pen| pen.return_old(&args))
}

pub(super) fn stock_use_form(door: &Door, _: &Caller, args: OrderGet) -> Answer<UseForm> {
    door.read(|desk| desk.use_form(&args.id))
}

pub(super) fn stock_use(door: &Door, _: &Caller, args: StockUse) -> Answer<Written> {
    door.write(|pen| pen.use_parts(&args))
}

pub(super) fn stock_scraps(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<ScrapDto>> {
    door.read(|desk| desk.stock_scraps(args.store.as_deref()))
}

pub(super) fn stock_scrap(door: &Door, _: &Caller, args: ScrapAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_scrap(&args))
}

pub(super) fn stock_scrap_sign(door: &Door, _: &Caller, args: ScrapSign) -> Answer<Written> {
    door.write(|pen| pen.sign_scrap(&args))
}

pub(super) fn stock_takes(door: &Door, _: &Caller, args: StoreRef) -> Answer<Vec<TakeRow>> {
    door.read(|desk| desk.stock_takes(args.store.as_deref()))
}

pub(super) fn stock_take(door: &Door, _: &Caller, args: TakeRef) -> Answer<TakeDto> {
    door.read(|desk| desk.stock_take(&args.id))
}

pub(super) fn stock_take_open(door: &Door, _: &Caller, args: TakeOpen) -> Answer<Written> {
    door.write(|pen| pen.open_take(&args))
}

pub(super) fn stock_take_count(door: &Door, _: &Caller, args: TakeCount) -> Answer<Written> {
    door.write(|pen| pen.count_take(&args))
}

pub(super) fn stock_take_close(door: &Door, _: &Caller, args: TakeAct) -> Answer<Written> {
    door.write(|pen| pen.close_take(&args))
}

pub(super) fn stock_take_sign(door: &Door, _: &Caller, args: TakeAct) -> Answer<Written> {
    door.write(|pen| pen.sign_take(&args))
}

pub(super) fn stock_take_adjust(door: &Door, _: &Caller, args: TakeAct) -> Answer<Written> {
    door.write(|pen| pen.adjust_take(&args))
}

pub(super) fn stock_take_cancel(door: &Door, _: &Caller, args: TakeAct) -> Answer<Written> {
    door.write(|pen| pen.cancel_take(&args))
}

pub(super) fn stock_transfers(door: &Door, _: &Caller, args: TransfersArgs) -> Answer<TransferPage> {
    door.read(|desk| desk.stock_transfers(&args))
}

pub(super) fn stock_transfer(door: &Door, _: &Caller, args: TransferRef) -> Answer<TransferDto> {
    door.read(|desk| desk.stock_transfer(&args))
}

pub(super) fn stock_transfer_ask(door: &Door, _: &Caller, args: TransferAsk) -> Answer<Written> {
    door.write(|pen| pen.ask_transfer(&args))
}

pub(super) fn stock_transfer_approve(door: &Door, _: &Caller, args: TransferAct) -> Answer<Written> {
    door.write(|pen| pen.decide_transfer(&args, "transfer.approved"))
}

pub(super) fn stock_transfer_refuse(door: &Door, _: &Caller, args: TransferAct) -> Answer<Written> {
    door.write(|pen| pen.decide_transfer(&args, "transfer.refused"))
}

pub(super) fn stock_transfer_cancel(door: &Door, _: &Caller, args: TransferAct) -> Answer<Written> {
    door.write(|pen| pen.decide_transfer(&args, "transfer.cancelled"))
}

pub(super) fn stock_transfer_ship(door: &Door, _: &Caller, args: TransferShip) -> Answer<Written> {
    door.write(|pen| pen.ship_transfer(&args))
}

pub(super) fn stock_transfer_receive(door: &Door, _: &Caller, args: TransferArrive) -> Answer<Written> {
    door.write(|pen| pen.receive_transfer(&args))
}

pub(super) fn stock_transfer_back(door: &Door, _: &Caller, args: TransferArrive) -> Answer<Written> {
    door.write(|pen| pen.take_back_transfer(&args))
}

pub(super) fn stock_transfer_settle(door: &Door, _: &Caller, args: TransferAct) -> Answer<Written> {
    door.write(|pen| pen.settle_transfer(&args))
}

pub(super) fn stock_matters(door: &Door, _: &Caller, _: Nothing) -> Answer<StockMatters> {
    door.read(|desk| desk.stock_matters())
}

pub(super) fn stock_spares(door: &Door, _: &Caller, args: StoreRef) -> Answer<SpareListDto> {
    door.read(|desk| desk.spare_list(&args))
}

pub(super) fn stock_scan(door: &Door, _: &Caller, args: ScanArgs) -> Answer<ScanReply> {
    door.read(|desk| desk.scan(&args))
}

pub(super) fn stock_print(door: &Door, _: &Caller, args: StockPrint) -> Answer<StockSheet> {
    door.write_with(|pen| pen.print_stock(&args))
}

pub(super) fn stock_export(door: &Door, _: &Caller, args: StockExport) -> Answer<ExportedFile> {
    door.write_with(|pen| pen.export_stock(&args))
}

pub(super) fn stock_import_preview(
    door: &Door,
    _: &Caller,
    args: StockImportArgs,
) -> Answer<StockImportPreview> {
    door.read(|desk| desk.preview_stock(&args))
}

pub(super) fn stock_import(door: &Door, _: &Caller, args: StockImportAccept) -> Answer<Written> {
    door.write(|pen| pen.import_stock(&args))
}

pub(super) fn asset_form(door: &Door, _: &Caller, _: Nothing) -> Answer<AssetForm> {
    door.read(|desk| desk.asset_form())
}

pub(super) fn asset_list(door: &Door, _: &Caller, args: AssetListArgs) -> Answer<AssetPage> {
    door.read(|desk| desk.assets(&args))
}

pub(super) fn asset_get(door: &Door, _: &Caller, args: AssetRef) -> Answer<AssetDetail> {
    door.read(|desk| desk.asset(&args))
}

pub(super) fn asset_note(door: &Door, _: &Caller, args: AssetNote) -> Answer<Written> {
    door.write(|pen| pen.note_asset(&args))
}

pub(super) fn asset_change(door: &Door, _: &Caller, args: AssetChange) -> Answer<Written> {
    door.write(|pen| pen.change_asset(&args))
}

pub(super) fn asset_board(door: &Door, _: &Caller, args: AssetBoardArgs) -> Answer<AssetBoard> {
    door.read(|desk| desk.asset_board(&args))
}

pub(super) fn asset_import_preview(
    door: &Door,
    _: &Caller,
    args: AssetImportArgs,
) -> Answer<AssetImportPreview> {
    door.read(|desk| desk.preview_assets(&args))
}

pub(super) fn asset_import(door: &Door, _: &Caller, args: AssetImportAccept) -> Answer<Written> {
    door.write(|pen| pen.import_assets(&args))
}

pub(super) fn asset_export(door: &Door, _: &Caller, args: AssetExport) -> Answer<ExportedFile> {
    door.write_with(|pen| pen.export_assets(&args))
}
