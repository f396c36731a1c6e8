import { describe, expect, it } from "vitest";
import type { SegmentDto } from "@/generated/door";
import { strip, sums } from "./strip";

const segment = (from: string, to: string, counted: boolean): SegmentDto => ({
  from,
  to,
  counted,
  why: "x",
  text: "",
});
const evening = [
  segment("2025-11-21T17:00:00+08:00", "2025-11-21T18:00:00+08:00", true),
  segment("2025-11-21T18:00:00+08:00", "2025-11-24T09:00:00+08:00", false),
  segment("2025-11-24T09:00:00+08:00", "2025-11-24T10:30:00+08:00", true),
];

describe("strip", () => {
  it("covers days and nights of the span", () => {
    const drawn = strip(
      evening,
      [{ date: "2025-11-22", kind: "weekend", holiday: null }],
      "2025-11-24T12:00:00+08:00",
    );
    expect(drawn.days.map((day) => day.day.date)).toEqual([
      "2025-11-21",
      "2025-11-22",
      "2025-11-23",
      "2025-11-24",
    ]);
    expect(drawn.nights).toHaveLength(3);
    expect(drawn.deadline).toBeGreaterThan(95);
    const edge = (index: number) => (drawn.segments[index]?.left ?? 0) + (drawn.segments[index]?.width ?? 0);
    expect(edge(0)).toBeCloseTo(drawn.segments[1]?.left ?? 0);
  });

  it("marks minutes when the span is short", () => {
    const drawn = strip([segment("2025-11-24T14:00:00+08:00", "2025-11-24T14:30:00+08:00", true)], [], null);
    expect(drawn.ticks.map((tick) => tick.text)).toContain("14:10");
    expect(drawn.nights).toHaveLength(0);
  });

  it("is empty for a clock that has not started", () => expect(strip([], [], null).segments).toEqual([]));

  it("adds up", () => expect(sums(evening)).toEqual({ counted: 150, uncounted: 63 * 60 }));
});
