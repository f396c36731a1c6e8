import type { SettingField } from "@/generated/door";
import { minutesText } from "@/text/time";

/** A value of a row as it travels: text, number, list, or a nested object. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Row = Record<string, Value>;

/** What stands in a field while it is typed: text, or the values chosen. */
export type Entry = string | string[];
export type Entries = Record<string, Entry>;

/** What an entry means: a value, or what is wrong with it. */
export type Parsed = { value: Value; reading?: string } | { error: string };

/** The value at a key; a dotted key also finds its way into nested objects. */
export function valueAt(row: Row, key: string): Value {
  if (key in row) return row[key] ?? null;
  let at: Value = row;
  for (const part of key.split(".")) {
    if (at === null || typeof at !== "object" || Array.isArray(at)) return null;
    at = at[part] ?? null;
  }
  return at;
}

/** The row with another value at a key, nested where the key is dotted, flat where the row already is. */
export function withValue(row: Row, key: string, value: Value): Row {
  const [first, ...rest] = key.split(".");
  if (key in row || rest.length === 0 || first === undefined) return put(row, key, value);
  const inner = row[first];
  const below = inner !== null && typeof inner === "object" && !Array.isArray(inner) ? inner : {};
  const next = withValue(below ?? {}, rest.join("."), value);
  return put(row, first, Object.keys(next).length ? next : null);
}

function put(row: Row, key: string, value: Value): Row {
  const { [key]: _, ...others } = row;
  return value === null ? others : { ...others, [key]: value };
}

/** What a field starts with when a row is opened. */
export function entryOf(field: SettingField, value: Value): Entry {
  if (field.kind === "choices") return Array.isArray(value) ? value.map(String) : [];
  if (Array.isArray(value)) return value.join(" ");
  return value === null ? "" : String(value);
}

/** Reads an entry. Empty is null; whether that is allowed is the field's affair. */
export function parseEntry(field: SettingField, entry: Entry): Parsed {
  if (Array.isArray(entry)) return { value: entry.length ? entry : null };
  const text = entry.trim();
  if (text === "") return { value: null };
  switch (field.kind) {
    case "date":
      return parseDate(text);
    case "month_day":
      return parseMonthDay(text);
    case "number":
      return parseNumber(text);
    case "windows":
      return parseWindows(text);
    case "percents":
      return parsePercents(text);
    case "dates":
      return parseDates(text);
    default:
      return { value: text };
  }
}

const SEPARATORS = /[\s,，、;；]+/;
const two = (value: string | number) => String(value).padStart(2, "0");
const WEEKDAYS = "日一二三四五六";

/** `2025-11-24`, `20251124`, `2025/11/24`, `2025年11月24日`. */
export function parseDate(text: string): Parsed {
  const match = /^(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?$/.exec(text);
  const wrong = { error: "请写成 2025-11-24 这样的日期" };
  if (!match) return wrong;
  const [, year, month, day] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1) return { error: "没有这一天" };
  return {
    value: `${year}-${two(month ?? "")}-${two(day ?? "")}`,
    reading: `周${WEEKDAYS[date.getUTCDay()]}`,
  };
}

/** `2025-10-01 2025-10-02`: dates as {@link parseDate} reads them, in order, each once. */
export function parseDates(text: string): Parsed {
  const dates = new Set<string>();
  for (const part of text.split(SEPARATORS).filter(Boolean)) {
    const date = parseDate(part);
    if ("error" in date) return { error: `“${part}”：${date.error}` };
    dates.add(String(date.value));
  }
  return { value: [...dates].sort(), reading: `${dates.size} 天` };
}

/** `05-01`, `5-1`, `5月1日`; a day that every leap year has. */
export function parseMonthDay(text: string): Parsed {
  const match = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (!match) return { error: "请写成 05-01 这样的月和日" };
  const [, month, day] = match;
  const date = new Date(Date.UTC(2024, Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1) return { error: "没有这一天" };
  return { value: `${two(month ?? "")}-${two(day ?? "")}` };
}

function parseNumber(text: string): Parsed {
  if (!/^\d{1,9}$/.test(text)) return { error: "请写整数，例如 30" };
  return { value: Number(text) };
}

/** `08:00-12:00 14:30-18:30`: spans of a day in order, none crossing midnight. */
export function parseWindows(text: string): Parsed {
  const spans: { from: number; to: number }[] = [];
  for (const part of text
    .replace(/\s*[-–—~～至到]\s*/g, "-")
    .split(SEPARATORS)
    .filter(Boolean)) {
    const match = /^(\d{1,2})[:：]?(\d{2})-(\d{1,2})[:：]?(\d{2})$/.exec(part);
    if (!match) return { error: `看不懂“${part}”，请写成 08:00-12:00` };
    const from = Number(match[1]) * 60 + Number(match[2]);
    const to = Number(match[3]) * 60 + Number(match[4]);
    if (Number(match[2]) > 59 || Number(match[4]) > 59 || to > 1440 || from >= 1440)
      return { error: `“${part}”不是一天之内的时间` };
    if (to <= from)
      return { error: `“${part}”结束不晚于开始；跨零点请分成 ${clock(from)}-24:00 和 00:00-${clock(to)}` };
    spans.push({ from, to });
  }
  spans.sort((a, b) => a.from - b.from);
  const overlap = spans.find((span, index) => span.from < (spans[index - 1]?.to ?? 0));
  if (overlap) return { error: `${clock(overlap.from)} 起的一段与前一段重叠` };
  const minutes = spans.reduce((sum, span) => sum + span.to - span.from, 0);
  return {
    value: spans.map((span) => `${clock(span.from)}-${clock(span.to)}`),
    reading: `${spans.length} 段，每天 ${minutesText(minutes)}`,
  };
}

const clock = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/** `50 80`: percents of a limit, each 1-99, kept in rising order. */
export function parsePercents(text: string): Parsed {
  const points: number[] = [];
  for (const part of text.split(SEPARATORS).filter(Boolean)) {
    const match = /^(\d{1,2})[%％]?$/.exec(part);
    if (!match || Number(match[1]) === 0) return { error: `“${part}”不在 1 到 99 之间` };
    points.push(Number(match[1]));
  }
  const sorted = [...new Set(points)].sort((a, b) => a - b);
  return { value: sorted, reading: `用到时限的 ${sorted.map((each) => `${each}%`).join("、")} 时提醒` };
}

/** Whether a field says on what the row rests. */
export const isBasis = (field: SettingField) => field.key.startsWith("basis.");

/** Reads a whole row. Fields that the form does not know stay as they were. */
export function parseRow(
  fields: readonly SettingField[],
  entries: Entries,
  before: Row,
): { row: Row; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  let row = before;
  const basisGiven = fields.some((field) => isBasis(field) && (entries[field.key] ?? "").length > 0);
  for (const field of fields) {
    const parsed = parseEntry(field, entries[field.key] ?? "");
    if ("error" in parsed) errors[field.key] = parsed.error;
    else if (field.required && parsed.value === null) errors[field.key] = `请填写“${field.label}”`;
    else if (basisGiven && isBasis(field) && parsed.value === null)
      errors[field.key] = `请填写“${field.label}”，依据三项须一并填写`;
    else row = withValue(row, field.key, parsed.value);
  }
  return { row, errors };
}

/** What the fields of a row start with. */
export function entriesOf(fields: readonly SettingField[], row: Row): Entries {
  return Object.fromEntries(fields.map((field) => [field.key, entryOf(field, valueAt(row, field.key))]));
}

/** A value as people read it; empty where there is none. */
export function valueText(field: SettingField, value: Value): string {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return "";
  const label = (each: Value) =>
    field.choices?.find((choice) => choice.value === String(each))?.label ?? String(each);
  if (field.kind === "percents" && Array.isArray(value)) return value.map((each) => `${each}%`).join("、");
  return Array.isArray(value) ? value.map(label).join("、") : label(value);
}
