import { expect, it } from "vitest";
import { sumsOf } from "./owed";

it("adds up days, also where more was granted than earned", () => {
  const day = { date: "2025-10-04", posts: "值班", holiday: null };
  const people = [
    { earned: [day, day], booked_days: 1, left_days: 1 },
    { earned: [], booked_days: 2, left_days: -2 },
  ];
  expect(sumsOf(people)).toEqual({ earned: 2, booked: 3, left: -1 });
});
