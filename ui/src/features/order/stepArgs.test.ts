import { expect, it } from "vitest";
import type { StepDto, StepField } from "@/generated/door";
import { missing, stepArgs } from "./stepArgs";

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
  fields: [
    field("reason", "choice", true),
    field("text", "long_text", true),
    field("claimed_at", "time", false),
  ],
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
