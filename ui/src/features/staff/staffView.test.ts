import { describe, expect, it } from "vitest";
import type { StaffDetail } from "@/generated/door";
import { draftOf, noteOf, paperText } from "./staffView";

const detail = {
  row: {
    skills: ["网络"],
    joined: "2025-01-02",
    left: null,
    papers: [
      { paper: "vetting", date: "2025-01-01", state: "ok" },
      { paper: "badge", date: null, state: "missing" },
    ],
    deputy: null,
    notices: [],
  },
  phones: null,
} as unknown as StaffDetail;

describe("a draft of a person", () => {
  it("asks for nothing when nothing changed", () => {
    const draft = draftOf(detail);
    expect(noteOf(draft, structuredClone(draft))).toBeNull();
    expect(noteOf(draft, { ...draft, skills: " 网络 " })).toBeNull();
  });
  it("asks for what changed and no more", () => {
    const before = draftOf(detail);
    const draft = structuredClone(before);
    draft.papers.badge = "2026-01-01";
    draft.skills = "网络，数据库";
    draft.joined = "";
    expect(noteOf(before, draft)).toEqual({
      skills: ["网络", "数据库"],
      joined: "",
      left: null,
      papers: { badge: "2026-01-01" },
      deputy: null,
      notices: null,
      phones: null,
    });
  });
  it("tells what is wrong with a paper", () => {
    const text = (state: string, date: string | null) => paperText({ paper: "badge", state, date });
    expect([text("ok", "2026-01-01"), text("expired", "2025-01-01"), text("missing", null)]).toEqual([
      "2026-01-01",
      "2025-01-01 已过期",
      "缺",
    ]);
  });
});
