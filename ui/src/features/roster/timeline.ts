import type { PostDto } from "@/generated/door";
import { holders, type Month } from "./cells";
import { type Ground, nameOf } from "./ground";

/** One stretch of a post on a day, in minutes from midnight of that day. */
export interface Bar {
  post: string;
  from: number;
  to: number;
  people: string;
  missing: number;
  /** Began the day before. */
  over: boolean;
}
export interface Lane {
  post: PostDto;
  bars: Bar[];
}
export const DAY_MINUTES = 24 * 60;
/** The picture ends at eight of the next morning: where a 24-hour duty ends. */
export const END_MINUTES = 32 * 60;

const SPAN = /(\d{1,2}):(\d{2})\s*[-–—至]\s*(次日|翌日)?\s*(\d{1,2}):(\d{2})/g;

/** The spans of `08:00-次日08:00` or `09:00-12:00、14:00-18:00`; empty where there are none. */
export function spansOf(hours: string): [from: number, to: number][] {
  return [...hours.matchAll(SPAN)].map(([, h1, m1, next, h2, m2]) => {
    const from = Number(h1) * 60 + Number(m1);
    const to = Number(h2) * 60 + Number(m2);
    return [from, next || to <= from ? to + DAY_MINUTES : to];
  });
}

/** The lanes of a day: one for each post that has somebody, or should have. */
export function lanesOf(ground: Ground, month: Month, date: string): Lane[] {
  const at = ground.days.findIndex((day) => day.date === date);
  const before = ground.days[at - 1]?.date;
  return ground.posts.flatMap((post) => {
    const today = barsOf(ground, month, post, date, 0);
    const carried = before
      ? barsOf(ground, month, post, before, DAY_MINUTES).filter((bar) => bar.to > 0 && bar.people)
      : [];
    const bars = [...carried.map((bar) => ({ ...bar, from: Math.max(0, bar.from), over: true })), ...today];
    return bars.length ? [{ post, bars }] : [];
  });
}

function barsOf(ground: Ground, month: Month, post: PostDto, date: string, shift: number): Bar[] {
  const people = holders(month.people, date, post.id);
  const needed = post.dates.includes(date);
  if (!needed && people.length === 0) return [];
  return spansOf(post.hours).map(([from, to]) => ({
    post: post.id,
    from: from - shift,
    to: to - shift,
    people: people.map((id) => nameOf(ground, id)).join("、"),
    missing: needed ? Math.max(0, post.count - people.length) : 0,
    over: false,
  }));
}
