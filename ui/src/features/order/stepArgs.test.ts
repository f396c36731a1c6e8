import { expect, it } from "vitest";
import type { StepDto, StepField } from "@/generated/door";
import { missing, shareOut, stepArgs } from "./stepArgs";

const field = (key: string, kind: string, required: boolean): StepField => ({
  key,
  label: key,
  kind,
  required,
  choices: [],
});
const step: StepDto = {
  step: "suspend",
  name: "挂起",
  key: "S",
  primary: false,
  fields: [field("reason", "choice", true), field("text", "long_text", true)],
};

it("names what is missing", () => {
  expect(missing(step, {})).toEqual(["reason", "text"]);
  expect(missing(step, { reason: "parts", text: "  " })).toEqual(["text"]);
  expect(missing(step, { reason: "parts", text: "等备件", claimed_at: undefined })).toEqual(["claimed_at"]);
  expect(missing(step, { reason: "parts", text: "等备件", claimed_at: null })).toEqual([]);
});

it("puts text and time in their places", () => {
  const values = { reason: "parts", text: " 等备件 ", claimed_at: "2025-11-24T14:00:00+08:00" };
  expect(stepArgs("o1", step, values, "k")).toEqual({
    order_id: "o1",
    step: "suspend",
    text: "等备件",
    claimed_at: "2025-11-24T14:00:00+08:00",
    fields: { reason: "parts" },
    idempotency_key: "k",
  });
});

it("keeps the main step and those with keys in sight", () => {
  const named = (name: string, key: string | null, primary = false): StepDto => ({
    step: name,
    name,
    key,
    primary,
    fields: [],
  });
  const steps = [
    named("start", null),
    named("accept", "A"),
    named("respond", "R", true),
    named("diagnose", null),
  ];
  const names = (list: StepDto[]) => list.map((each) => each.step);
  expect(names(shareOut(steps, 4).shown)).toEqual(["respond", "accept", "start", "diagnose"]);
  expect(names(shareOut(steps, 3).shown)).toEqual(["respond", "accept"]);
  expect(names(shareOut(steps, 3).more)).toEqual(["start", "diagnose"]);
});
