import { instant, rfc3339 } from "@/text/time";

/** A time of day on a date, as RFC 3339 in +08:00; null when empty, undefined when it cannot be read. */
export function timeOn(date: string, typed: string, nextDay = false): string | null | undefined {
  const text = typed.trim().replace("：", ":");
  if (!text) return null;
  const [, hour, minute] = /^(\d{1,2}):?(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const at = instant(`${date}T${hour.padStart(2, "0")}:${minute}:00+08:00`);
  if (at === null) return undefined;
  return rfc3339(nextDay ? at + 86_400_000 : at);
}

/** Leaving is on the next day where it is not later than coming, or where the shift ends then. */
export function leavesNextDay(came: string, left: string, spanEnds: string | null, date: string): boolean {
  if (spanEnds && spanEnds.slice(0, 10) > date) return true;
  const plain = (text: string) => text.trim().replace("：", ":").padStart(5, "0");
  return came.trim() !== "" && left.trim() !== "" && plain(left) <= plain(came);
}
