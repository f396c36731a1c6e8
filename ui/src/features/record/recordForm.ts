import type {
  ObjectDto,
  RecordCategoryDto,
  RecordForm,
  RecordLine,
  RecordRow,
  RecordTemplate,
} from "@/generated/door";
import { best } from "@/text/match";
import { dayNumber, hourText, instant, parseTime, plainTime, rfc3339 } from "@/text/time";
import { NO_REMOTE, type RemoteValues, remoteLacks, remoteOf } from "./remoteForm";

/** One line of the grid while it is being filled: everything as typed. */
export interface GridRow extends RemoteValues {
  id: number;
  /** Whether it is written with the next save. */
  ticked: boolean;
  /** Empty: now. */
  time: string;
  object: string;
  division: string;
  category: string;
  title: string;
  result: string;
  minutes: string;
  confirmed_by: string;
  authorisation: string;
  inspection: string;
  reason: string;
}

let nextId = 1;

/** An empty line; a new one takes the object of the line above, since work comes in runs. */
export function emptyRow(above?: GridRow): GridRow {
  return {
    ...NO_REMOTE,
    id: nextId++,
    ticked: true,
    time: "",
    object: above?.object ?? "",
    division: above?.division ?? "",
    category: "",
    title: "",
    result: "",
    minutes: "",
    confirmed_by: "",
    authorisation: "",
    inspection: "",
    reason: "",
  };
}

/** Whether nothing was typed that would be missed. */
export function isBlank(row: GridRow): boolean {
  return !row.title.trim() && !row.category && !row.minutes.trim() && !row.result.trim();
}

export function categoryOf(row: GridRow, form: RecordForm): RecordCategoryDto | null {
  return form.categories.find((each) => each.name === row.category) ?? null;
}

export function objectOf(row: GridRow, form: RecordForm): ObjectDto | null {
  return form.objects.find((each) => each.no === row.object) ?? null;
}

/** The object's division, the one chosen, or the only one there is. */
export function divisionOf(row: GridRow, form: RecordForm): string {
  const only = form.divisions.length === 1 ? (form.divisions[0] ?? "") : "";
  return objectOf(row, form)?.division || row.division || only;
}

/** Minutes of `20`, `20分钟`, `1小时`, `1.5h`, `1:30`; null where it says none. */
export function minutesOf(typed: string): number | null {
  const text = typed.trim().replace(/：/g, ":");
  const clock = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const hours = /^(\d{1,2}(?:\.\d)?) ?(?:小时|时|h)$/i.exec(text);
  if (hours) return Math.round(Number(hours[1]) * 60);
  const minutes = /^(\d{1,4}) ?(?:分钟?|m|min)?$/i.exec(text);
  return minutes ? Number(minutes[1]) : null;
}

/** The time a line means, in milliseconds: now where none is typed, null where it cannot be read. */
export function timeOf(row: GridRow, now: number): number | null {
  return row.time.trim() ? parseTime(row.time, now) : now;
}

/** Whether a reason is owed: written down on a later day, or outside the object's service period. */
export function owesReason(row: GridRow, form: RecordForm, now: number): boolean {
  const at = timeOf(row, now);
  const late = at !== null && dayNumber(at) < dayNumber(now);
  return late || Boolean(objectOf(row, form)?.warning);
}

/** What is missing or wrong, by field. */
export function lacks(row: GridRow, form: RecordForm, now: number): Record<string, string> {
  const found: Record<string, string> = {};
  const at = timeOf(row, now);
  if (at === null) found.at = "看不懂，请写 8:30 或 昨天 17:00";
  else if (at > now + 60_000) found.at = "不能晚于现在";
  if (row.object && !objectOf(row, form)) found.object = "没有这个对象";
  else if (!divisionOf(row, form)) found.object = "请选择对象";
  const category = categoryOf(row, form);
  if (!category) found.category = row.category ? "没有这个类别" : "请选择类别";
  if (!row.title.trim()) found.title = "请写做了什么";
  const minutes = minutesOf(row.minutes);
  if (minutes === null || minutes < 1 || minutes > 1440) found.minutes = "请写分钟数";
  if (category?.authorised && !row.authorisation.trim()) found.authorisation = "请填授权编号";
  if (category?.inspected && !row.inspection) found.inspection = "请选正常或异常";
  if ((category?.confirmed || row.on_behalf) && !row.confirmed_by.trim())
    found.confirmed_by = "须由采购人确认";
  if (owesReason(row, form, now) && !row.reason.trim()) found.reason = "请写明原因";
  return { ...found, ...remoteLacks(row) };
}

/** The request of a line without fault. */
export function lineOf(row: GridRow, form: RecordForm, now: number): RecordLine {
  const category = categoryOf(row, form);
  const text = (value: string) => value.trim() || null;
  return {
    at: row.time.trim() ? rfc3339(timeOf(row, now) ?? now) : null,
    object: row.object,
    division: divisionOf(row, form),
    category: row.category,
    title: row.title.trim(),
    result: row.result.trim(),
    minutes: minutesOf(row.minutes) ?? 0,
    confirmed_by: row.confirmed_by.trim(),
    authorisation: category?.authorised ? text(row.authorisation) : null,
    inspection: category?.inspected ? text(row.inspection) : null,
    reason: owesReason(row, form, now) ? text(row.reason) : null,
    on_behalf: text(row.on_behalf),
    remote: remoteOf(row),
  };
}

/** A record of an earlier day as a draft: same hour today, and nobody has confirmed or authorised it yet. */
export function draftOf(row: RecordRow, now: number): GridRow {
  const at = instant(row.at);
  const typed = at === null ? "" : hourText(at);
  const today = typed ? parseTime(typed, now) : null;
  return {
    ...emptyRow(),
    ticked: false,
    // An hour still to come would be read as yesterday's.
    time: today !== null && dayNumber(today) === dayNumber(now) ? typed : "",
    object: row.object_no,
    division: row.division,
    category: row.record.category,
    title: row.title,
    result: row.record.result,
    minutes: String(row.record.minutes || ""),
    inspection: row.record.inspection === "normal" ? "normal" : "",
  };
}

/** The same record once more, with all it said: to put right what was taken back. */
export function againOf(row: RecordRow, now: number): GridRow {
  const at = instant(row.at) ?? now;
  return {
    ...draftOf(row, now),
    ticked: true,
    time: dayNumber(at) === dayNumber(now) ? hourText(at) : plainTime(at),
    confirmed_by: row.record.confirmed_by,
    authorisation: row.record.authorisation ?? "",
    inspection: row.record.inspection ?? "",
  };
}

/** Fills a line from a template; time and people stay as they are. */
export function fromTemplate(row: GridRow, template: RecordTemplate): GridRow {
  return {
    ...row,
    object: template.object,
    category: template.category,
    title: template.title,
    result: template.result,
    minutes: template.minutes ? String(template.minutes) : "",
    inspection: template.inspection ?? "",
  };
}

/** A line kept as a template. */
export function templateOf(row: GridRow, name: string): RecordTemplate {
  return {
    name: name.trim(),
    object: row.object,
    category: row.category,
    title: row.title.trim(),
    result: row.result.trim(),
    minutes: minutesOf(row.minutes) ?? 0,
    inspection: row.inspection || null,
  };
}

/** Columns of a pasted table, in the order of the grid. */
const COLUMNS = [
  "time",
  "object",
  "category",
  "title",
  "result",
  "minutes",
  "confirmed_by",
  "extra",
] as const;

/**
 * Lines of a table copied from a spreadsheet: cells apart by tabs, one record a line. A head line is left
 * out; objects and categories may be numbers, names or parts of them. The last column is 正常 or 异常, or
 * the number of an authorisation.
 */
export function pastedRows(text: string, form: RecordForm): GridRow[] {
  const lines = text
    .replace(/\r/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const cells = lines.map((line) => line.split("\t").map((cell) => cell.trim()));
  return cells.filter((row) => !isHead(row)).map((row) => pastedRow(row, form));
}

/** Whether a paste is a table and not a piece of text for one field. */
export function isTable(text: string): boolean {
  return text.includes("\t");
}

const isHead = (cells: string[]) => cells[0] === "时间" || cells[2] === "类别";

function pastedRow(cells: string[], form: RecordForm): GridRow {
  const cell = (name: (typeof COLUMNS)[number]) => cells[COLUMNS.indexOf(name)] ?? "";
  const extra = cell("extra");
  const inspection = { 正常: "normal", 异常: "abnormal" }[extra] ?? "";
  return {
    ...emptyRow(),
    time: cell("time"),
    object: pickedObject(cell("object"), form),
    category: pickedCategory(cell("category"), form),
    title: cell("title"),
    result: cell("result"),
    minutes: cell("minutes"),
    confirmed_by: cell("confirmed_by"),
    authorisation: inspection ? "" : extra,
    inspection,
  };
}

/** The object that was meant; what is not known stays as typed, so that it is seen. */
function pickedObject(typed: string, form: RecordForm): string {
  if (!typed || form.objects.some((each) => each.no === typed)) return typed;
  const number = typed.split(" ")[0] ?? "";
  if (form.objects.some((each) => each.no === number)) return number;
  const items = form.objects.map((each) => ({ no: each.no, text: each.name, initials: each.initials }));
  return best(typed, items, 1)[0]?.no ?? typed;
}

function pickedCategory(typed: string, form: RecordForm): string {
  if (!typed) return "";
  const items = form.categories.map((each) => ({ text: each.name, initials: each.initials }));
  return best(typed, items, 1)[0]?.text ?? typed;
}
