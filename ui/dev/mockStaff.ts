import type {
  PaperDto,
  StaffDetail,
  StaffList,
  StaffNote,
  StaffRow,
  StaffTask,
  Written,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { people, START } from "./mockData";

/** Made-up people of contract 001, for looking at 人员. */

const TODAY = "2025-11-24";
const RULES = [
  { paper: "vetting", name: "岗前审查", expires: false, source: "001:103" },
  { paper: "nda", name: "保密承诺书", expires: false, source: "001:99" },
  { paper: "filing", name: "采购人备案", expires: false, source: "001:31" },
  { paper: "badge", name: "工作证", expires: true, source: "001:33" },
];
const SKILLS = [
  ["网络", "机房"],
  ["应用", "数据库"],
  ["网络"],
  [],
  ["机房", "动环"],
  ["网络", "安全"],
  ["应用"],
];

function papers(index: number, onsite: boolean): PaperDto[] {
  if (!onsite) return RULES.map((rule) => ({ paper: rule.paper, date: null, state: "not_needed" }));
  const dates = ["2024-11-20", "2024-11-22", "2024-11-28", "2026-11-30"];
  return RULES.map((rule, at) => {
    const paper = { paper: rule.paper, date: dates[at] ?? null, state: "ok" };
    if (index === 3 && at > 0) return { ...paper, date: null, state: "missing" };
    if (index === 5 && at === 3) return { ...paper, date: "2025-11-20", state: "expired" };
    if (index === 2 && at === 3) return { ...paper, date: "2025-12-10", state: "soon" };
    return paper;
  });
}

function row(index: number): StaffRow {
  const person = people[index] as (typeof people)[number];
  const held = papers(index, person.onsite);
  return {
    id: person.id,
    name: person.name,
    initials: person.initials,
    division: person.division,
    post: `P${String(index + 2).padStart(2, "0")}`,
    roles: index === 6 ? "驻场工程师、项目经理" : "驻场工程师",
    onsite: person.onsite,
    skills: SKILLS[index % SKILLS.length] ?? [],
    joined: index === 3 ? "2025-12-01" : "2024-12-01",
    left: index === 1 ? "2025-12-31" : null,
    present: index !== 3,
    papers: held,
    missing: held.filter((paper) => paper.state === "missing" || paper.state === "expired").length,
    has_phone: index % 4 !== 3,
    deputy:
      index === 6
        ? { user: "u1", name: "ZHZG驻场01", from: "2025-11-20", to: "2025-11-28", now: true }
        : null,
    notices:
      index === 1
        ? [
            {
              kind: "resignation",
              name: "离职更换",
              date: "2025-12-31",
              apply_by: "2025-11-30",
              applied: null,
              confirmed: null,
              paper: "",
            },
          ]
        : [],
    tasks: tasks().filter((task) => task.user === person.id).length,
    pending: index === 4,
    mine: index === 0,
    may_note: "all",
    may_name_deputy: index === 6,
  };
}

function tasks(): StaffTask[] {
  const task = (index: number, text: string, due: string | null, source: string): StaffTask => ({
    user: people[index]?.id ?? "",
    name: people[index]?.name ?? "",
    text,
    due,
    overdue: due !== null && due < TODAY,
    source,
  });
  return [
    task(5, "工作证已过期，办妥前不能排驻场班", "2025-11-20", "001:33"),
    task(1, "离职更换（2025-12-31）：向采购人提出申请", "2025-11-30", "001:32"),
    task(3, "保密承诺书没有登记，办妥前不能排驻场班", "2025-12-01", "001:99"),
    task(3, "采购人备案没有登记，办妥前不能排驻场班", "2025-12-01", "001:31"),
    task(3, "工作证没有登记，办妥前不能排驻场班", "2025-12-01", "001:33"),
    task(2, "工作证 2025-12-10 到期，请换发", "2025-12-10", "001:33"),
  ];
}

export function staffList(filled: boolean): StaffList {
  return {
    contract: "guangxi-police",
    contract_name: "2024-2025年度厅机关新增集中运维服务",
    today: TODAY,
    people: filled ? people.map((_, index) => row(index)) : [],
    tasks: filled ? tasks() : [],
    skills: ["安全", "动环", "机房", "数据库", "网络", "应用"],
    papers: RULES,
  };
}

export function staffGet(args: { user: string }): StaffDetail {
  const index = Math.max(
    0,
    people.findIndex((person) => person.id === args.user),
  );
  const noted = row(index);
  const entry = (id: string, text: string, days: number) => ({
    id,
    kind: "staff.noted",
    title: "人员资料",
    text,
    by: "项目经理",
    at: rfc3339(START - days * 86_400_000),
    recorded_at: null,
    trust: "exact",
    verdict: "accepted",
    reason: null,
    seq: "12",
    trust_text: null,
  });
  return {
    row: noted,
    may_see_phones: true,
    phones: noted.has_phone ? { mobile: "130 0000 0000", extension: "80120" } : null,
    tasks: tasks().filter((task) => task.user === noted.id),
    timeline: [
      entry(
        "t1",
        "到场：2024-12-01；岗前审查：2024-11-20；保密承诺书：2024-11-22；采购人备案：2024-11-28",
        330,
      ),
      entry("t2", "更新电话；技能：网络、机房", 42),
    ],
    deputies: people
      .filter((person) => person.id !== noted.id)
      .map(({ id, name, initials, division, onsite }) => ({ id, name, initials, division, onsite })),
  };
}

export const staffNote = (args: StaffNote): Written => ({
  id: `staff/${args.user}`,
  message: "已登记资料",
  changed: ["staff"],
});
