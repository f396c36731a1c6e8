/** Dates and months as people type, read and turn them. */

import { civil } from "@/text/time";

const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(`${text}T00:00:00Z`);
const two = (text: string) => text.padStart(2, "0");

/** `2025-10-20` if that day exists. */
function real(year: string, month: string, day: string): string | null {
  const text = `${year}-${two(month)}-${two(day)}`;
  const ms = at(text);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : text;
}

/**
 * Reads `2025-10-20`, `20251020`, `10-20`, `1020`, `20` (of the month of `today`), `今天`, `明天` and `+3`
 * (days after `today`); null for anything else, also for days that do not exist.
 */
export function readDate(typed: string, today: string): string | null {
  const text = typed
    .trim()
    .replaceAll(/[./年月]/g, "-")
    .replace(/日$/, "");
  const [year = "", month = ""] = today.split("-");
  const later = text === "今天" ? "0" : text === "明天" ? "1" : /^\+(\d{1,3})$/.exec(text)?.[1];
  if (later !== undefined) return addDays(today, Number(later));
  const full = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (full) return real(full[1] ?? "", full[2] ?? "", full[3] ?? "");
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text);
  if (short) return real(year, short[1] ?? "", short[2] ?? "");
  return /^\d{1,2}$/.test(text) ? real(year, month, text) : null;
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(at(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The month before or after `2025-10`. */
export function addMonths(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** `2025年10月` of `2025-10`. */
export function monthName(month: string): string {
  return `${month.slice(0, 4)}年${shortMonthName(month)}`;
}

/** `10月` of `2025-10`. */
export const shortMonthName = (month: string) => `${Number(month.slice(5))}月`;

/** `周一`. */
export const weekdayOf = (date: string) => civil(at(date)).weekday;

/** `10-20 周一`. */
export function dayWord(date: string): string {
  return `${date.slice(5)} ${weekdayOf(date)}`;
}

/** `10-20 周一` or `10-20 周一 至 10-22 周三`. */
export function spanWord(from: string, to: string): string {
  return from === to ? dayWord(from) : `${dayWord(from)} 至 ${dayWord(to)}`;
}
