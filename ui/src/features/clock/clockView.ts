import type { ClockDto } from "@/generated/door";
import { instant, leftText, spanText, timeText } from "@/text/time";

/** What the ring draws. Each shape differs without its colour. */
export type ClockShape = "run" | "soon" | "late" | "wait" | "pause" | "met" | "broke" | "none";
export type Tone = "ok" | "soon" | "late" | "wait";

export interface ClockView {
  shape: ClockShape;
  tone: Tone;
  /** Part of the limit that is left, 1 to 0. */
  fraction: number;
  /** `04:12`, `3时20分`, `已超 1时05分`, `按时`. */
  text: string;
  /** The meaning in words: `计时中`, `即将超时`, `已超时` … */
  words: string;
  /** For the tooltip and for readers of screens. */
  title: string;
}

/** How a clock looks at `now` (milliseconds). */
export function clockView(clock: ClockDto, now: number): ClockView {
  const look = lookOf(clock, now);
  return { ...look, title: titleOf(clock, look, now) };
}

type Look = Omit<ClockView, "title">;

const still = (shape: ClockShape, tone: Tone, text: string, words: string, fraction = 0): Look => ({
  shape,
  tone,
  fraction,
  text,
  words,
});

function lookOf(clock: ClockDto, now: number): Look {
  switch (clock.state) {
    case "waiting":
      return still("wait", "wait", "未开始", "未开始", 1);
    case "paused":
      return still("pause", "wait", pausedText(clock), "已暂停", pausedFraction(clock));
    case "met":
      return still("met", "ok", "按时", "按时完成", 1);
    case "breached":
      return still("broke", "late", lateBy(clock), "超时完成");
    case "void":
      return still("none", "wait", "不计", "不计时");
    case "no_limit":
      return still("none", "wait", "不限时", "未约定时限");
    default:
      return running(clock, now);
  }
}

function running(clock: ClockDto, now: number): Look {
  const deadline = instant(clock.deadline);
  if (deadline === null) return still("none", "wait", "—", "计时中");
  const left = deadline - now;
  if (left < 0) return still("late", "late", `已超 ${spanText(-left)}`, "已超时");
  const fraction = leftFraction(clock, deadline, now);
  if (left <= clock.warn_minutes * 60_000) return still("soon", "soon", leftText(left), "即将超时", fraction);
  return still("run", "ok", leftText(left), "计时中", fraction);
}

/** Part of the span from start to deadline that is left, 0 to 1. */
export function leftFraction(clock: ClockDto, deadline: number, now: number): number {
  const start = instant(clock.starts_at);
  const whole = start !== null ? deadline - start : (clock.limit_minutes ?? 0) * 60_000;
  if (whole <= 0) return 0;
  return Math.min(1, Math.max(0, (deadline - now) / whole));
}

function pausedText(clock: ClockDto): string {
  return clock.remaining_minutes === null ? "暂停" : `暂停 ${spanText(clock.remaining_minutes * 60_000)}`;
}

function pausedFraction(clock: ClockDto): number {
  if (!clock.limit_minutes || clock.remaining_minutes === null) return 0.5;
  return Math.min(1, Math.max(0, clock.remaining_minutes / clock.limit_minutes));
}

function lateBy(clock: ClockDto): string {
  const deadline = instant(clock.deadline);
  const ended = instant(clock.ended_at);
  return deadline !== null && ended !== null ? `超 ${spanText(ended - deadline)}` : "超时";
}

function titleOf(clock: ClockDto, look: Look, now: number): string {
  const deadline = instant(clock.deadline);
  const due = deadline === null ? "" : `，时限 ${timeText(deadline, now)}`;
  return `${clock.name}：${look.words}，${look.text}${due}（${clock.limit_text}，${clock.source}）`;
}
