/** Texts for instants and spans. Everything is shown at +08:00, whatever the PC says. */

const ZONE_MS = 8 * 3600_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"] as const;

export interface Civil {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: string;
}

const two = (value: number) => String(value).padStart(2, "0");

/** Civil date and time at +08:00. */
export function civil(ms: number): Civil {
  const date = new Date(ms + ZONE_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: WEEKDAYS[date.getUTCDay()] ?? "",
  };
}

/** Number of the civil day at +08:00, for comparing days. */
export function dayNumber(ms: number): number {
  return Math.floor((ms + ZONE_MS) / DAY_MS);
}

/** The instant at which a civil day number begins. */
export function dayStart(day: number): number {
  return day * DAY_MS - ZONE_MS;
}

/** Milliseconds of an RFC 3339 text, or null. */
export function instant(text: string | null | undefined): number | null {
  if (!text) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** RFC 3339 at +08:00, whole seconds. */
export function rfc3339(ms: number): string {
  const at = civil(ms);
  return `${dateText(ms)}T${two(at.hour)}:${two(at.minute)}:${two(at.second)}+08:00`;
}

/** `2025-11-24`. */
export function dateText(ms: number): string {
  const at = civil(ms);
  return `${at.year}-${two(at.month)}-${two(at.day)}`;
}

/** `14:20`. */
export function hourText(ms: number): string {
  const at = civil(ms);
  return `${two(at.hour)}:${two(at.minute)}`;
}

/** `今天 14:20`, `明天 08:00`, else `11-24 周二 08:00`, with the year where it is another. */
export function timeText(ms: number, now: number): string {
  const ahead = dayNumber(ms) - dayNumber(now);
  if (ahead === 0) return `今天 ${hourText(ms)}`;
  if (ahead === 1) return `明天 ${hourText(ms)}`;
  return `${dayText(ms, now)} ${hourText(ms)}`;
}

/** `11-24 周二`, with the year where it is another. */
export function dayText(ms: number, now: number): string {
  const at = civil(ms);
  const year = at.year === civil(now).year ? "" : `${at.year}-`;
  return `${year}${two(at.month)}-${two(at.day)} ${at.weekday}`;
}

/** `2025-11-24 08:00`, as `parseTime` reads it back. */
export function plainTime(ms: number): string {
  return `${dateText(ms)} ${hourText(ms)}`;
}

/** Like `timeText`, short enough for a table: `14:20` today, else `11-24 08:00`. */
export function shortTimeText(ms: number, now: number): string {
  if (dayNumber(ms) === dayNumber(now)) return hourText(ms);
  const at = civil(ms);
  const year = at.year === civil(now).year ? "" : `${at.year}-`;
  return `${year}${two(at.month)}-${two(at.day)} ${hourText(ms)}`;
}

/** A span for people: `04:12` under an hour, then `3时20分`, then `2天3时`. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 3600) return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}时${two(Math.floor((seconds % 3600) / 60))}分`;
  return `${Math.floor(seconds / 86_400)}天${Math.floor((seconds % 86_400) / 3600)}时`;
}

/** What is left of a span: like `spanText`, but a second or minute that has begun still counts. */
export function leftText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return spanText((seconds < 3600 ? seconds : Math.ceil(seconds / 60) * 60) * 1000);
}

/** A span in words, to the minute: `15分钟`, `3时20分`, `2天3时`. */
export function minutesText(minutes: number): string {
  if (minutes < 60) return `${minutes}分钟`;
  if (minutes < 1440)
    return minutes % 60 ? `${Math.floor(minutes / 60)}时${two(minutes % 60)}分` : `${minutes / 60}小时`;
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (hours) return `${days}天${hours}时`;
  return minutes % 60 ? `${days}天${minutes % 60}分` : `${days}天`;
}

/** How old something is: `12秒前`, `3分钟前`, `5小时前`, `2天前`. */
export function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))}秒前`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}分钟前`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}小时前`;
  return `${Math.floor(seconds / 86_400)}天前`;
}

/**
 * Reads a typed time: `14:20`, `1420`, `昨天 23:50`, `11-24 08:00`, `2025-11-24 08:00`, `10分钟前`, `-10`.
 * An hour without a date means the last time the clock showed it, or with `ahead` the next one.
 */
export function parseTime(typed: string, now: number, ahead = false): number | null {
  const text = typed.trim().replace(/：/g, ":").replace(/\s+/g, " ");
  const ago = /^(?:-(\d{1,4})|(\d{1,4}) ?分钟?前)$/.exec(text);
  if (ago) return now - Number(ago[1] ?? ago[2]) * 60_000;
  const match =
    /^(?:(今天|昨天|前天|明天|后天) ?|(?:(\d{4})[-/])?(\d{1,2})[-/](\d{1,2}) )?(\d{1,2}):?(\d{2})$/.exec(
      text,
    );
  if (!match) return null;
  const [, word, year, month, day, hourTyped, minuteTyped] = match;
  const hour = Number(hourTyped);
  const minute = Number(minuteTyped);
  if (hour > 23 || minute > 59) return null;
  const inDay = (hour * 60 + minute) * 60_000;
  if (word) {
    const shift = { 前天: -2, 昨天: -1, 今天: 0, 明天: 1, 后天: 2 }[word] ?? 0;
    return dayStart(dayNumber(now) + shift) + inDay;
  }
  if (month && day) return inDate(year ? Number(year) : null, Number(month), Number(day), now, inDay, ahead);
  const today = dayStart(dayNumber(now)) + inDay;
  if (ahead) return today <= now ? today + DAY_MS : today;
  return today > now ? today - DAY_MS : today;
}

function inDate(
  year: number | null,
  month: number,
  day: number,
  now: number,
  inDay: number,
  ahead: boolean,
): number | null {
  const thisYear = civil(now).year;
  const utc = Date.UTC(year ?? thisYear, month - 1, day);
  const date = new Date(utc);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const ms = utc - ZONE_MS + inDay;
  // `01-05` typed in December for what is planned means next year.
  if (year === null && ahead && ms < now - 2 * DAY_MS)
    return Date.UTC(thisYear + 1, month - 1, day) - ZONE_MS + inDay;
  // `12-31 23:00` typed in January means last year, unless it is a plan.
  if (year === null && !ahead && ms > now + 2 * DAY_MS)
    return Date.UTC(thisYear - 1, month - 1, day) - ZONE_MS + inDay;
  return ms;
}
