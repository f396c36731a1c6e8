import { describe, expect, it } from "vitest";
import type { HandoverForm } from "@/generated/door";
import { emptyMatter, emptyThing, signArgs, valuesOf } from "./handoverForm";

const form = {
  id: null,
  signing: null,
  turn: "10-15 08:00 至 10-16 08:00",
  posts: [
    { id: "duty", name: "值班" },
    { id: "lead", name: "带班" },
  ],
  held: ["duty"],
  to: "u2",
  witness: null,
  orders: [
    { id: "order/1", note: "等件" },
    { id: "order/2", note: "" },
  ],
  things: [{ kind: "key", name: "机房钥匙", count: 2, note: "" }],
  systems: [{ object: "5.1", name: "", division: "", normal: true, note: "" }],
  matters: [{ id: "m1", kind: "other", text: "核查", since: "2025-10-14", done: false }],
  note: "",
} as unknown as HandoverForm;

describe("the form of a handover", () => {
  it("signs what is filled in and leaves empty lines out", () => {
    const values = valuesOf(form);
    values.things.push(emptyThing());
    values.matters.push(emptyMatter());
    const args = signArgs(form, values, "k");
    expect(args.posts).toEqual([{ id: "duty", name: "值班" }]);
    expect(args.notes).toEqual([["order/1", "等件"]]);
    expect([args.things.length, args.matters.length]).toEqual([1, 1]);
    expect([args.to, args.witness]).toEqual(["u2", null]);
  });

  it("keeps a carried matter whose words were wiped, so that the door names it", () => {
    const values = valuesOf(form);
    if (values.matters[0]) values.matters[0].text = "";
    expect(signArgs(form, values, "k").matters).toHaveLength(1);
  });

  it("works on copies: what was read stays as it was", () => {
    const values = valuesOf(form);
    if (values.things[0]) values.things[0].count = 1;
    expect(form.things[0]?.count).toBe(2);
  });
});
