import type {
  DoorError,
  LeaveAnswer,
  LeaveAsk,
  LeaveCheck,
  LeaveDecide,
  LeaveList,
  LeaveRow,
  LeaveStep,
  Written,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { people, START } from "./mockData";

/** Made-up leaves, for looking at 请假. */

const TODAY = "2025-11-24";
const KINDS: [string, string, string][] = [
  ["personal", "事假", "事"],
  ["sick", "病假", "病"],
  ["annual", "年休假", "年"],
  ["compensatory", "调休", "调"],
  ["marriage", "婚假", "婚"],
  ["maternity", "产假", "产"],
  ["paternity", "陪产假", "陪"],
  ["bereavement", "丧假", "丧"],
  ["trip", "公出", "差"],
  ["training", "培训", "培"],
];
const RULE = "驻场人员缺岗须有替班人，依次经替班人、项目经理、采购人同意；紧急时先顶岗，一个工作日内补办";
const NOTHING = { withdraw: false, decide: false, substitute: false, answer: null, records_buyer: false };
const ago = (hours: number) => rfc3339(START - hours * 3_600_000);
const off = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay() % 6 === 0;
const range = (from: string, to: string) => {
  const days: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to) && days.length < 200; ms += 86_400_000)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
};

const step = (name: string, state: string, by: string, hours: number | null, text = ""): LeaveStep => ({
  step:
    { 申请: "asked", 审批: "decision", 替班人: "substitute", 项目经理: "manager", 采购人: "buyer" }[name] ??
    "",
  name,
  state,
  by,
  at: hours === null ? null : ago(hours),
  text,
});

function leave(
  n: number,
  index: number,
  kind: number,
  from: string,
  to: string,
  more: Partial<LeaveRow>,
): LeaveRow {
  const person = people[index] as (typeof people)[number];
  const [code, name, letter] = KINDS[kind] as [string, string, string];
  const days = range(from, to);
  return {
    id: `leave/${n}`,
    person: person.id,
    name: person.name,
    division: person.division,
    kind: code,
    kind_name: name,
    letter,
    from,
    to,
    days: days.length,
    workdays: days.filter((day) => !off(day)).length,
    emergency: false,
    reason: null,
    stage: "approved",
    stage_name: "已批准",
    counts: true,
    steps: [step("申请", "done", person.name, 90), step("审批", "done", "项目经理", 80)],
    substitute: null,
    substitute_stage: null,
    substitute_name: null,
    stands_in: false,
    due: null,
    overdue: false,
    may: NOTHING,
    pending: false,
    mine: index === 0,
    ...more,
  };
}

const chain = (name: string, states: string[], hours: (number | null)[]): LeaveStep[] => [
  step("替班人", states[0] ?? "", name, hours[0] ?? null),
  step("项目经理", states[1] ?? "", "项目经理", hours[1] ?? null),
  step(
    "采购人",
    states[2] ?? "",
    states[2] === "done" ? "项目经理" : "采购人",
    hours[2] ?? null,
    states[2] === "done" ? "科信办 2025-11-17，凭替班报备单" : "",
  ),
];
const name = (index: number) => people[index]?.name ?? "";

const leaves: LeaveRow[] = [
  leave(1, 2, 1, "2025-11-24", "2025-11-25", {
    emergency: true,
    reason: "夜间发热，已就诊",
    stage: "asked",
    stage_name: "待审批",
    substitute: name(5),
    substitute_stage: "named",
    substitute_name: "待替班人同意",
    stands_in: true,
    due: "2025-11-25",
    steps: [
      step("申请", "done", "服务台02", 5, "代记"),
      step("审批", "next", "项目经理", null),
      ...chain(name(5), ["next", "waiting", "waiting"], []),
    ],
    may: { ...NOTHING, decide: true, substitute: true },
  }),
  leave(2, 4, 0, "2025-11-28", "2025-11-28", {
    reason: "家中有事",
    stage: "asked",
    stage_name: "待审批",
    counts: false,
    steps: [step("申请", "done", name(4), 26), step("审批", "next", "项目经理", null)],
    may: { ...NOTHING, decide: true, substitute: true },
  }),
  leave(3, 6, 8, "2025-11-26", "2025-11-27", {
    substitute: "ZHZG驻场01",
    substitute_stage: "named",
    substitute_name: "待替班人同意",
    steps: [
      step("申请", "done", name(6), 49),
      step("审批", "done", "项目经理", 47),
      ...chain("ZHZG驻场01", ["next", "waiting", "waiting"], []),
    ],
    may: { ...NOTHING, answer: "substitute" },
  }),
  leave(4, 0, 2, "2025-12-08", "2025-12-12", {
    reason: "探亲",
    stage: "asked",
    stage_name: "待审批",
    counts: false,
    pending: true,
    steps: [step("申请", "done", name(0), 1), step("审批", "next", "项目经理", null)],
    may: { ...NOTHING, withdraw: true, substitute: true },
  }),
  leave(5, 0, 3, "2025-11-14", "2025-11-14", { reason: "国庆值班换休" }),
  leave(6, 1, 2, "2025-11-17", "2025-11-21", {
    substitute: name(2),
    substitute_stage: "consented",
    substitute_name: "采购人已同意",
    stands_in: true,
    steps: [
      step("申请", "done", name(1), 260),
      step("审批", "done", "ZHZG驻场01（代项目经理）", 250),
      ...chain(name(2), ["done", "done", "done"], [240, 236, 170]),
    ],
  }),
  leave(7, 5, 9, "2025-11-10", "2025-11-12", {}),
  leave(8, 3, 0, "2025-11-07", "2025-11-07", {
    stage: "refused",
    stage_name: "未批准",
    counts: false,
    steps: [
      step("申请", "done", name(3), 430),
      step("审批", "refused", "项目经理", 420, "当日有保障任务，请改期"),
    ],
  }),
];

export function leaveList(args: { month: string | null }, filled: boolean): LeaveList {
  const month = args.month ?? TODAY.slice(0, 7);
  const [year = 2025, number = 1] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return {
    contract: "guangxi-police",
    month,
    today: TODAY,
    days: range(`${month}-01`, last).map((date) => ({
      date,
      kind: off(date) ? "weekend" : "workday",
      holiday: null,
    })),
    leaves: filled ? leaves : [],
    kinds: KINDS.map(([code, name, letter]) => ({ code, name, letter })),
    people: people.map(({ id, name, initials, division, onsite }) => ({
      id,
      name,
      initials,
      division,
      onsite,
    })),
    me: "u1",
    deputy_for: filled ? name(6) : "",
    substitute_rule: RULE,
    substitute_source: "本项目约定",
  };
}

export function leaveCheck(args: LeaveAsk): LeaveCheck {
  const days = range(args.from, args.to);
  const clash = args.from <= "2025-12-12" && args.to >= "2025-12-08" && !args.person;
  return {
    days: days.length,
    workdays: days.filter((day) => !off(day)).length,
    problem: clash
      ? "与本人 2025-12-08 至 2025-12-12 的年休假（待审批）重叠，请先撤回那一份或改日期。"
      : null,
    due: args.emergency ? "2025-11-25" : null,
  };
}

type Fail = (code: DoorError["code"], message: string) => never;
const done = (id: string, message: string): Written => ({ id, message, changed: ["leave"] });

export const leaveCommands = (fail: Fail, filled: boolean) => ({
  "leave.list": (args: { month: string | null }) => leaveList(args, filled),
  "leave.check": leaveCheck,
  "leave.ask": (args: LeaveAsk) =>
    args.reason.trim()
      ? done("leave/9", "已申请，待审批")
      : fail("bad_input", "请填写事由；事由加密保存，只有审批人看得到。"),
  "leave.withdraw": (args: { id: string }) => done(args.id, "已撤回请假"),
  "leave.decide": (args: LeaveDecide) =>
    args.approve || args.words
      ? done(args.id, args.approve ? "已批准请假" : "已退回请假申请")
      : fail("bad_input", "不批准须写明理由。"),
  "leave.substitute": (args: { id: string }) => done(args.id, "已指定替班人，待其同意"),
  "leave.answer": (args: LeaveAnswer) =>
    done(args.id, args.approve ? "已同意替班，待项目经理同意" : "已记录：不同意替班"),
});
