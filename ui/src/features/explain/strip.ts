import type { DayDto, SegmentDto } from "@/generated/door";
import { dayNumber, dayStart, hourText, instant } from "@/text/time";

/** Geometry of the bar over the calendar, in percent of its width. */
export interface StripBox {
  left: number;
  width: number;
}
export interface StripDay extends StripBox {
  day: DayDto;
  label: boolean;
}
export interface StripSegment extends StripBox {
  segment: SegmentDto;
}
export interface StripTick {
  left: number;
  text: string;
}
export interface Strip {
  days: StripDay[];
  nights: StripBox[];
  segments: StripSegment[];
  ticks: StripTick[];
  deadline: number | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Shaded as night: a help for the eye, not a rule of any contract. */
const NIGHT_FROM = 20 * HOUR;
const NIGHT_TO = 8 * HOUR;
const LABELS_MAX = 9;
const SEGMENT_MIN_PERCENT = 0.35;
const TICK_STEPS = [5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR];

/** Lays segments, days, nights and hour marks over one span. */
export function strip(segments: SegmentDto[], days: DayDto[], deadlineText: string | null): Strip {
  const first = instant(segments[0]?.from);
  const last = instant(segments[segments.length - 1]?.to);
  if (first === null || last === null)
    return { days: [], nights: [], segments: [], ticks: [], deadline: null };
  const due = instant(deadlineText);
  const end = due === null ? last : Math.max(last, due);
  const pad = Math.max((end - first) * 0.03, MINUTE);
  const from = first - pad;
  const to = end + pad;
  const at = (ms: number) => ((Math.min(to, Math.max(from, ms)) - from) / (to - from)) * 100;
  const box = (a: number, b: number): StripBox => ({ left: at(a), width: at(b) - at(a) });

  return {
    days: dayBoxes(days, from, to, box),
    nights: nightBoxes(from, to, box),
    segments: segments.map((segment) => {
      const drawn = box(instant(segment.from) ?? from, instant(segment.to) ?? to);
      return { ...drawn, width: Math.max(SEGMENT_MIN_PERCENT, drawn.width), segment };
    }),
    ticks: ticks(from, to, at),
    deadline: due === null ? null : at(due),
  };
}

function dayBoxes(
  days: DayDto[],
  from: number,
  to: number,
  box: (a: number, b: number) => StripBox,
): StripDay[] {
  const known = new Map(days.map((day) => [day.date, day]));
  const count = dayNumber(to) - dayNumber(from) + 1;
  const each = Math.ceil(count / LABELS_MAX);
  return Array.from({ length: count }, (_, index) => {
    const start = dayStart(dayNumber(from) + index);
    const date = new Date(start + 8 * HOUR).toISOString().slice(0, 10);
    const weekday = new Date(start + 8 * HOUR).getUTCDay();
    const day = known.get(date) ?? { date, kind: weekday % 6 === 0 ? "weekend" : "workday", holiday: null };
    const drawn = box(start, start + DAY);
    return { ...drawn, day, label: index % each === 0 && drawn.width > 5 };
  });
}

function nightBoxes(from: number, to: number, box: (a: number, b: number) => StripBox): StripBox[] {
  const nights: StripBox[] = [];
  for (let day = dayNumber(from) - 1; day <= dayNumber(to); day++) {
    const drawn = box(dayStart(day) + NIGHT_FROM, dayStart(day + 1) + NIGHT_TO);
    if (drawn.width > 0) nights.push(drawn);
  }
  return nights;
}

function ticks(from: number, to: number, at: (ms: number) => number): StripTick[] {
  const step = TICK_STEPS.find((size) => (to - from) / size <= 8);
  if (!step) return [];
  const origin = dayStart(dayNumber(from));
  const marks: StripTick[] = [];
  for (let ms = origin + Math.ceil((from - origin) / step) * step; ms <= to; ms += step)
    if (at(ms) > 2 && at(ms) < 98) marks.push({ left: at(ms), text: hourText(ms) });
  return marks;
}

/** Minutes counted and not counted. */
export function sums(segments: SegmentDto[]): { counted: number; uncounted: number } {
  let counted = 0;
  let uncounted = 0;
  for (const segment of segments) {
    const minutes = ((instant(segment.to) ?? 0) - (instant(segment.from) ?? 0)) / MINUTE;
    if (segment.counted) counted += minutes;
    else uncounted += minutes;
  }
  return { counted: Math.floor(counted), uncounted: Math.floor(uncounted) };
}

const DAY_KINDS: Record<string, string> = {
  statutory: "法定节假日",
  substitute: "补休",
  bridge: "调休放假",
  makeup: "调休上班",
  weekend: "周末",
  workday: "工作日",
  unannounced: "安排未公布",
};

export function dayKindName(kind: string): string {
  return DAY_KINDS[kind] ?? kind;
}

/** Whether people are off on such a day. */
export function isDayOff(kind: string): boolean {
  return ["statutory", "substitute", "bridge", "weekend"].includes(kind);
}
