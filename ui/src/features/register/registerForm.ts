import type { LevelAdvice, LevelFacts, ObjectDto, RegisterArgs } from "@/generated/door";
import { dayNumber, instant } from "@/text/time";
import { NO_REMOTE, type RemoteValues, remoteLacks, remoteOf } from "../record/remoteForm";
import { type LevelAnswers, levelFacts, NO_ANSWERS, reasonFor } from "./levelQuestions";

/** What the form holds while it is being filled. `reported_at` undefined marks an unreadable entry. */
export interface RegisterValues extends LevelAnswers, RemoteValues {
  title: string;
  detail: string;
  object: string;
  /** Id or serial number of the device, as typed or scanned. */
  asset: string;
  division: string;
  level_reason: string;
  channel: string;
  reported_at: string | null | undefined;
  scheduled_at: string | null | undefined;
  reason: string;
  reporter_unit: string;
  reporter_name: string;
  reporter_phone: string;
  reporter_room: string;
  reporter_extension: string;
  dispatch_to: string;
}

export const EMPTY: RegisterValues = {
  ...NO_ANSWERS,
  ...NO_REMOTE,
  title: "",
  detail: "",
  object: "",
  asset: "",
  division: "",
  level_reason: "",
  channel: "phone",
  reported_at: null,
  scheduled_at: null,
  reason: "",
  reporter_unit: "",
  reporter_name: "",
  reporter_phone: "",
  reporter_room: "",
  reporter_extension: "",
  dispatch_to: "",
};

const LEVEL_KINDS = ["incident", "request"];

/** Whether orders of this kind have a level. */
export function hasLevel(kind: string): boolean {
  return LEVEL_KINDS.includes(kind);
}

/** The facts as the level assistant takes them. */
export function factsOf(values: RegisterValues): LevelFacts {
  return levelFacts(values, values.object || null);
}

/** The level that will be registered: the one chosen, else the one that fits. */
export function levelOf(values: RegisterValues, advice: LevelAdvice | null): string | null {
  return hasLevel(values.kind) ? values.level || advice?.level || null : null;
}

/** Whether a reason for the level is asked for, and whether it is owed or only welcome. */
export function levelReason(values: RegisterValues, advice: LevelAdvice | null): "none" | "welcome" | "owed" {
  return reasonFor(levelOf(values, advice), advice);
}

/** The object's division, or the one chosen where the contract names none. */
export function divisionOf(values: RegisterValues, object: ObjectDto): string {
  return object.division || values.division;
}

/** A registration later than this after the report owes a reason: 本项目约定, as the domain has it. */
const LATE_MINUTES = 30;

/** Whether it is written down so late that it owes a reason; a work record only on a later day. */
export function isLate(values: RegisterValues, now: number): boolean {
  const at = instant(values.reported_at);
  if (at === null) return false;
  if (values.kind === "work_record") return dayNumber(at) < dayNumber(now);
  return now - at > LATE_MINUTES * 60_000;
}

/** What is still missing, by field. */
export function lacks(
  values: RegisterValues,
  advice: LevelAdvice | null,
  object: ObjectDto | null,
  now: number,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (!values.object) found.object = "请选择运维对象";
  if (object && !divisionOf(values, object)) found.division = "请选择所属单位";
  if (!values.title.trim()) found.title = "请写一句话标题";
  if (values.reported_at === undefined) found.reported_at = "请改正报修时间";
  if (values.scheduled_at === undefined) found.scheduled_at = "请改正预约时间";
  if (object?.warning && !values.reason.trim()) found.reason = "服务期外登记须说明原因";
  else if (isLate(values, now) && !values.reason.trim())
    found.reason =
      values.kind === "work_record"
        ? "补记以前日期的工作须写明原因"
        : `发生后超过 ${LATE_MINUTES} 分钟才登记，须写明原因`;
  if (levelReason(values, advice) === "owed" && !values.level_reason.trim())
    found.level_reason = "人工定级须写明理由：谁决定的，依据什么";
  return { ...found, ...remoteLacks(values) };
}

/** The request. */
export function registerArgs(
  values: RegisterValues,
  advice: LevelAdvice | null,
  object: ObjectDto,
  key: string,
): RegisterArgs {
  const text = (value: string) => value.trim() || null;
  const reporter = {
    name: values.reporter_name.trim(),
    phone: values.reporter_phone.trim(),
    room: values.reporter_room.trim(),
    extension: values.reporter_extension.trim(),
  };
  return {
    kind: values.kind,
    title: values.title.trim(),
    detail: values.detail.trim(),
    division: divisionOf(values, object),
    object: object.no,
    asset: text(values.asset),
    level: levelOf(values, advice),
    level_reason: levelReason(values, advice) === "none" ? null : text(values.level_reason),
    facts: factsOf(values),
    channel: values.channel,
    reported_at: values.reported_at ?? null,
    reason: text(values.reason),
    reporter_unit: values.reporter_unit.trim(),
    reporter: Object.values(reporter).some(Boolean) ? reporter : null,
    scheduled_at: values.scheduled_at ?? null,
    on_behalf: text(values.on_behalf),
    remote: remoteOf(values),
    dispatch_to: values.on_behalf ? null : values.dispatch_to || null,
    idempotency_key: key,
  };
}
