import type { ClockDto, WallClock } from "@/generated/door";

/** Height of a row, and of head and foot together, in the units of the page: the smaller of 1 % of its width and 1.78 % of its height. */
const ROW_UNITS = 5.2;
const AROUND_UNITS = 10.5;

/** Whole rows that fit a screen of this size, in pixels. */
export function rowsFor(width: number, height: number): number {
  const unit = Math.min(width / 100, (height * 1.78) / 100);
  return Math.floor((height / unit - AROUND_UNITS) / ROW_UNITS);
}

/** A clock of the wall as the one clock of the program shows it. */
export function wallClock(clock: WallClock): ClockDto {
  return {
    target: clock.target,
    name: clock.target,
    state: clock.state,
    starts_at: null,
    deadline: clock.deadline,
    ended_at: null,
    limit_minutes: clock.limit_minutes,
    limit_text: "",
    remaining_minutes: clock.remaining_minutes,
    warn_minutes: clock.warn_minutes,
    rule: "",
    source: "",
    clause: "",
  };
}
