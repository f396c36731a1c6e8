import { expect, it } from "vitest";
import type { StepDto, StepField } from "@/generated/door";
import { begunValues, enterSubmits, missing, readStepDraft, shareOut, stepArgs, stepDraft } from "./stepArgs";

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

it("lets Enter write a step with nothing to be filled, until its text is begun", () => {
  const accept = { ...step, fields: [field("text", "long_text", false), field("on_behalf", "user", false)] };
  expect(enterSubmits(accept, {})).toBe(true);
  expect(enterSubmits(accept, { text: "  " })).toBe(true);
  expect(enterSubmits(accept, { text: "马上到" })).toBe(false);
  expect(enterSubmits(step, {})).toBe(false);
  const two = { ...accept, fields: [...accept.fields, field("cause", "long_text", false)] };
  expect(enterSubmits(two, {})).toBe(false);
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

it("keeps what was typed and nothing that was there before", () => {
  const prefilled = { ...step, fields: [{ ...field("maker", "text", true), value: "甲厂" }] };
  const begun = begunValues(prefilled);
  expect(begun).toEqual({ maker: "甲厂" });
  expect(stepDraft({ maker: "甲厂" }, begun, "k")).toBe("");
  const kept = stepDraft({ maker: "甲厂", text: "等备件" }, begun, "k");
  expect(readStepDraft(kept)).toEqual({ key: "k", values: { text: "等备件" } });
  for (const text of ["", "{", "7", '{"key":1}']) expect(readStepDraft(text)).toBeNull();
});

it("stops at an unreadable time of a field", () => {
  const vendor = { ...step, fields: [field("promised_at", "time", false)] };
  expect(missing(vendor, { promised_at: undefined })).toEqual(["promised_at"]);
  expect(missing(vendor, { promised_at: null })).toEqual([]);
});
