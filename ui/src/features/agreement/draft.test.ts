import { describe, expect, it } from "vitest";
import type { SettingForm, SettingSection } from "@/generated/door";
import {
  changesOf,
  type Draft,
  lastBasis,
  putRow,
  rebase,
  removeRow,
  revertRow,
  rowIdOf,
  shownRows,
  startDraft,
  undo,
  valuesOf,
} from "./draft";

const section = (key: string, single = false): SettingSection => ({
  key,
  title: key,
  help: "",
  single,
  open: 0,
  fields: ["name", "note", "basis.effective", "basis.who", "basis.paper"].map((name) => ({
    key: name,
    label: name,
    kind: "text",
    required: false,
    help: null,
    choices: null,
  })),
});
const SECTIONS = [section("vip"), section("acceptance", true)];
const form = (values: unknown, base_hash = "h1"): SettingForm => ({
  contract: "c",
  version: 1,
  base_hash,
  values: JSON.stringify(values),
  sections: SECTIONS,
  may_publish: true,
});
const BASE = {
  vip: [{ name: "厅领导办公室" }, { name: "值班室", note: "24 小时" }],
  acceptance: { name: "2024-09-01" },
  unknown: 7,
};
const kinds = (draft: Draft) => changesOf(draft).map((change) => `${change.id} ${change.kind}`);
const sent = (draft: Draft) => JSON.parse(valuesOf(draft, SECTIONS));

describe("a draft", () => {
  it("sends back what came when nothing changed", () => expect(sent(startDraft(form(BASE)))).toEqual(BASE));

  it("counts new, changed and removed rows", () => {
    let draft = startDraft(form(BASE));
    draft = putRow(draft, "vip", null, { name: "机要室" });
    draft = putRow(draft, "vip", "b1", { name: "值班室" });
    draft = removeRow(draft, "vip", "b0");
    expect(kinds(draft)).toEqual(["b0 removed", "b1 changed", "n1 new"]);
    expect(sent(draft).vip).toEqual([{ name: "值班室" }, { name: "机要室" }]);
    expect(shownRows(draft, "vip").map((row) => row.state)).toEqual(["removed", "changed", "new"]);
    expect(rowIdOf(draft, SECTIONS[0] as SettingSection, 1)).toBe("n1");
    expect(rowIdOf(draft, SECTIONS[1] as SettingSection, null)).toBe("b0");
  });

  it("does not count a row written as it was", () => {
    const draft = putRow(startDraft(form(BASE)), "vip", "b1", {
      note: "24 小时",
      name: "值班室",
      basis: null,
    });
    expect(kinds(draft)).toEqual([]);
    expect(shownRows(draft, "vip").map((row) => row.state)).toEqual(["same", "same"]);
  });

  it("takes back step by step, and row by row in its old place", () => {
    const start = startDraft(form(BASE));
    const removed = removeRow(start, "vip", "b0");
    expect(undo(removed).rows).toEqual(start.rows);
    expect(undo(start)).toBe(start);
    const both = putRow(removed, "vip", null, { name: "机要室" });
    const back = revertRow(both, "vip", "b0");
    expect(back.rows.vip?.map((row) => row.id)).toEqual(["b0", "b1", "n1"]);
    expect(kinds(revertRow(back, "vip", "n1"))).toEqual([]);
  });

  it("takes back every step there was, each once", () => {
    const start = startDraft(form(BASE));
    let draft = removeRow(removeRow(start, "vip", "b0"), "vip", "b1");
    draft = undo(draft);
    expect(kinds(draft)).toEqual(["b0 removed"]);
    draft = undo(draft);
    expect(kinds(draft)).toEqual([]);
    expect(undo(draft)).toBe(draft);
  });

  it("leaves out a single row that is empty", () => {
    const draft = startDraft(form({ vip: [] }));
    expect(sent(draft)).toEqual({ vip: [] });
    expect(sent(removeRow(startDraft(form(BASE)), "acceptance", "b0"))).not.toHaveProperty("acceptance");
    expect(sent(putRow(draft, "acceptance", null, { name: "2025-01-01" })).acceptance).toEqual({
      name: "2025-01-01",
    });
  });

  it("offers the basis of the last entry", () => {
    const basis = { effective: "2025-01-01", who: "科信办", paper: "函 3 号" };
    const draft = putRow(startDraft(form(BASE)), "acceptance", "b0", { name: "2024-09-02", basis });
    expect(lastBasis(draft, SECTIONS[0] as SettingSection)).toEqual({
      "basis.effective": "2025-01-01",
      "basis.who": "科信办",
      "basis.paper": "函 3 号",
    });
    expect(lastBasis(startDraft(form(BASE)), SECTIONS[0] as SettingSection)).toBeNull();
  });

  it("prefers the basis just given to one of the version edited from", () => {
    const basis = (who: string) => ({ effective: "2025-01-01", who, paper: "函 3 号" });
    const start = startDraft(form({ vip: [{ name: "机要室", basis: basis("办公室") }] }));
    const given = (draft: Draft) => lastBasis(draft, SECTIONS[0] as SettingSection)?.["basis.who"];
    expect(given(start)).toBe("办公室");
    const once = putRow(start, "acceptance", null, { name: "2024-09-02", basis: basis("科信办") });
    expect(given(once)).toBe("科信办");
    let twice = putRow(start, "vip", null, { name: "值班室", basis: basis("科信办") });
    twice = putRow(twice, "vip", null, { name: "机房", basis: basis("指挥中心") });
    expect(given(twice)).toBe("指挥中心");
  });
});

describe("a newer version under a draft", () => {
  const mine = () => {
    let draft = startDraft(form(BASE));
    draft = putRow(draft, "vip", "b1", { name: "值班室", note: "改过" });
    return putRow(draft, "vip", null, { name: "机要室" });
  };

  it("carries changes to entries nobody else touched", () => {
    const theirs = { ...BASE, vip: [{ name: "新增" }, ...BASE.vip] };
    const { draft, clashes } = rebase(mine(), form(theirs, "h2"));
    expect(clashes).toEqual([]);
    expect(draft.base_hash).toBe("h2");
    expect(undo(draft)).toBe(draft);
    expect(sent(draft).vip).toEqual([
      { name: "新增" },
      { name: "厅领导办公室" },
      { name: "值班室", note: "改过" },
      { name: "机要室" },
    ]);
  });

  it("tells where both changed one entry, and keeps mine", () => {
    const theirs = { ...BASE, vip: [BASE.vip[0], { name: "值班室", note: "他改的" }] };
    const { draft, clashes } = rebase(mine(), form(theirs, "h2"));
    expect(clashes).toEqual([
      {
        section: "vip",
        kind: "changed",
        mine: { name: "值班室", note: "改过" },
        theirs: { name: "值班室", note: "他改的" },
      },
    ]);
    expect(kinds(draft)).toEqual(["b1 changed", "n2 new"]);
  });

  it("forgets what the other has done just so", () => {
    const theirs = { ...BASE, vip: [BASE.vip[0], { name: "值班室", note: "改过" }, { name: "机要室" }] };
    const { draft, clashes } = rebase(mine(), form(theirs, "h2"));
    expect(clashes).toEqual([]);
    expect(kinds(draft)).toEqual([]);
  });

  it("tells where both changed the one entry of a kind, even its first field", () => {
    const draft = putRow(startDraft(form(BASE)), "acceptance", "b0", { name: "2024-10-01" });
    const moved = rebase(draft, form({ ...BASE, acceptance: { name: "2024-11-01" } }, "h2"));
    expect(moved.clashes.map((clash) => clash.theirs)).toEqual([{ name: "2024-11-01" }]);
    expect(sent(moved.draft).acceptance).toEqual({ name: "2024-10-01" });
  });

  it("does not remove what another has just changed, but says so", () => {
    const removal = removeRow(startDraft(form(BASE)), "vip", "b1");
    const theirs = { ...BASE, vip: [BASE.vip[0], { name: "值班室", note: "他改的" }] };
    const { draft, clashes } = rebase(removal, form(theirs, "h2"));
    expect(clashes).toHaveLength(1);
    expect(kinds(draft)).toEqual([]);
  });
});
