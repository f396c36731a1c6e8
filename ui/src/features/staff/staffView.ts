/** Pure logic of the 人员 page: what a paper looks like, what a draft changes. */

import type { NoticeDto, PaperDto, PhonesDto, StaffDetail, StaffNote, StaffRow } from "@/generated/door";

export const PAPER_WORDS: Record<string, { text: string; tone: "ok" | "soon" | "late" | "quiet" }> = {
  ok: { text: "有", tone: "ok" },
  soon: { text: "将到期", tone: "soon" },
  expired: { text: "已过期", tone: "late" },
  missing: { text: "缺", tone: "late" },
  not_needed: { text: "—", tone: "quiet" },
};

/** A paper in a cell: its date, or the word for what is wrong. */
export function paperText(paper: PaperDto): string {
  const word = PAPER_WORDS[paper.state]?.text ?? "";
  if (!paper.date) return word;
  return paper.state === "ok" ? paper.date : `${paper.date} ${word}`;
}

export const NOTICES = [
  { value: "replacement", label: "更换人员" },
  { value: "resignation", label: "离职更换" },
  { value: "strike", label: "更换后仍不合格" },
];

/** What the drawer holds while it is edited. */
export interface StaffDraft {
  skills: string;
  joined: string;
  left: string;
  papers: Record<string, string>;
  deputy: { user: string; from: string; to: string };
  notices: NoticeDto[];
  phones: PhonesDto;
}

export function draftOf(detail: StaffDetail): StaffDraft {
  const { row, phones } = detail;
  return {
    skills: row.skills.join("、"),
    joined: row.joined ?? "",
    left: row.left ?? "",
    papers: Object.fromEntries(row.papers.map((paper) => [paper.paper, paper.date ?? ""])),
    deputy: { user: row.deputy?.user ?? "", from: row.deputy?.from ?? "", to: row.deputy?.to ?? "" },
    notices: row.notices.map((notice) => ({ ...notice })),
    phones: { mobile: phones?.mobile ?? "", extension: phones?.extension ?? "" },
  };
}

const skillsOf = (text: string) =>
  text
    .split(/[、,，;；\s]+/)
    .map((skill) => skill.trim())
    .filter(Boolean);
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What a draft asks to change; null when nothing is changed. */
export function noteOf(
  before: StaffDraft,
  draft: StaffDraft,
): Omit<StaffNote, "contract" | "user" | "idempotency_key"> | null {
  const papers = Object.fromEntries(
    Object.entries(draft.papers).filter(([paper, date]) => date !== before.papers[paper]),
  );
  const note = {
    skills: same(skillsOf(before.skills), skillsOf(draft.skills)) ? null : skillsOf(draft.skills),
    joined: before.joined === draft.joined ? null : draft.joined,
    left: before.left === draft.left ? null : draft.left,
    papers,
    deputy: same(before.deputy, draft.deputy) ? null : draft.deputy,
    notices: same(before.notices, draft.notices) ? null : draft.notices,
    phones: same(before.phones, draft.phones) ? null : draft.phones,
  };
  const { papers: changed, ...whole } = note;
  return Object.keys(changed).length === 0 && Object.values(whole).every((value) => value === null)
    ? null
    : note;
}

/** Words a row is found by. */
export function staffWords(row: StaffRow): string {
  return [row.name, row.initials, row.division, row.post, row.roles, ...row.skills].join(" ");
}
