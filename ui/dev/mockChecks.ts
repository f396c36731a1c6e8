import type {
  AttendanceCompare,
  AttendanceDifference,
  AttendanceProposal,
  AttendanceProposals,
  OvertimeAsk,
  OvertimeDecide,
  OvertimeList,
  OvertimeRow,
  SpotExplain,
  SpotList,
  SpotNote,
  SpotRow,
} from "@/generated/door";
import { attendanceDay, attendanceMonth, myAttendance } from "./mockAttendance";
import { people } from "./mockData";

/** Made-up overtime, spot checks and days, for looking at 考勤. */

const at = (day: string, time: string) => `2025-11-${day}T${time}:00+08:00`;
const who = (index: number) => {
  const { id, name, division } = people[index] as (typeof people)[number];
  return { person: id, name, division };
};
const NONE = { by: null, decision: "", punches: [], may_decide: false, may_withdraw: false, pending: false };

const overtimes = (): OvertimeRow[] => [
  {
    ...NONE,
    ...who(1),
    id: "overtime/1",
    from: at("21", "19:00"),
    to: at("21", "21:30"),
    minutes: 150,
    work: "核心交换机夜间割接",
    stage: "asked",
    stage_name: "待审批",
    punches: ["19:02", "21:31"],
    may_decide: true,
  },
  {
    ...NONE,
    ...who(0),
    id: "overtime/2",
    from: at("20", "22:00"),
    to: "2025-11-21T02:00:00+08:00",
    minutes: 240,
    work: "会议保障，配合调试视频终端",
    stage: "asked",
    stage_name: "待审批",
    punches: ["22:04"],
    may_withdraw: true,
    pending: true,
  },
  {
    ...NONE,
    ...who(2),
    id: "overtime/3",
    from: at("15", "09:00"),
    to: at("15", "12:00"),
    minutes: 180,
    work: "机房空调更换，值守",
    by: people[3]?.name ?? null,
    stage: "approved",
    stage_name: "已批准",
    punches: ["08:55", "12:03"],
    decision: `${people[0]?.name} 同意`,
  },
  {
    ...NONE,
    ...who(4),
    id: "overtime/4",
    from: at("12", "18:30"),
    to: at("12", "20:00"),
    minutes: 90,
    work: "整理台账",
    stage: "refused",
    stage_name: "未批准",
    decision: `${people[0]?.name} 不同意：可在工作时间内完成`,
  },
];

const checks = (): SpotRow[] => [
  {
    ...who(0),
    id: "spotcheck/1",
    at: at("24", "10:12"),
    found: false,
    checker: "科信处",
    told: "机房（09:50 起）",
    note: "座位无人",
    explained: [],
    state: "owed",
    state_name: "不在岗，待本人当天说明",
    may_explain: true,
    pending: false,
  },
  {
    ...who(3),
    id: "spotcheck/2",
    at: at("20", "15:40"),
    found: false,
    checker: "监理",
    told: "当时没有登记去向",
    note: "",
    explained: [],
    state: "overdue",
    state_name: "不在岗，当天未说明",
    may_explain: false,
    pending: false,
  },
  {
    ...who(2),
    id: "spotcheck/3",
    at: at("18", "09:30"),
    found: false,
    checker: people[0]?.name ?? "",
    told: "外出（09:05 起）",
    note: "",
    explained: [{ words: "在 E 总队三楼更换会议室投影灯泡，有工单", at: at("18", "11:20") }],
    state: "explained",
    state_name: "不在岗，当天已说明",
    may_explain: false,
    pending: false,
  },
  {
    ...who(1),
    id: "spotcheck/4",
    at: at("17", "16:05"),
    found: true,
    checker: "科信处",
    told: "在岗（14:02 起）",
    note: "",
    explained: [],
    state: "found",
    state_name: "在岗",
    may_explain: false,
    pending: false,
  },
];

const differs = (
  index: number,
  date: string,
  half: string,
  theirs: string,
  ours: string,
  text: string,
): AttendanceDifference => ({ ...who(index), date, half, ours, theirs, text });
const proposal = (
  index: number,
  date: string,
  breach: string,
  title: string,
  text: string,
  by_contract: boolean,
): AttendanceProposal => ({
  ...who(index),
  date,
  breach,
  title,
  text,
  by_contract,
  source: by_contract ? "" : "本项目约定，合同没有写明扣分",
});

const colleagues = () =>
  people
    .slice(0, 8)
    .map(({ id, name, division, initials }) => ({ id, name, division, initials, onsite: true }));
const done = (id: string, message: string) => ({ id, message, changed: ["attendance"] });
const month = (args: { month?: string | null; division?: string | null }, size: number) =>
  attendanceMonth(size, args.month ?? "2025-11", args.division ?? null);

export function attendanceCommands(size: number) {
  return {
    "attendance.mine": () => myAttendance(),
    "attendance.month": (args: { month: string; division: string | null }) => month(args, size),
    "attendance.day": (args: { person: string; date: string }) => attendanceDay(args.person, args.date),
    "attendance.print": (args: { month: string; division: string | null }) => ({
      month: month(args, size),
      watermark: "打印：王强（wang）2025-11-24 14:20，值班室1号机",
    }),
    "attendance.punch": () => done("attendance/u1", "已打卡 14:20"),
    "attendance.ask_correction": (args: { date: string }) =>
      done("attendance/u1", `已申请更正 ${args.date} 的考勤，待项目经理审批`),
    "attendance.decide_correction": () => done("attendance/u2", "已同意"),
    "attendance.close": () => done("attendance_month/2025-11", "考勤已关账"),
    "attendance.reopen": () => done("attendance_month/2025-11", "考勤已重开，更正后请重新关账"),
    "attendance.compare": (): AttendanceCompare => ({
      month: "2025-11",
      people: size ? 8 : 0,
      compared: size ? 128 : 0,
      differences: size
        ? [
            differs(1, "2025-11-06", "", "√", "迟", "迟到：08:30—12:00 迟到 12 分钟"),
            differs(2, "2025-11-18", "", "事", "病", "病假：请假，不看打卡"),
            differs(4, "2025-11-11", "下午", "旷", "√", "按时打卡"),
          ]
        : [],
      missing: size ? [people[7]?.name ?? ""] : [],
      mistakes: size ? ["第 9 行 2025-11-04：看不懂“8.5h”"] : [],
      untold: 0,
    }),
    "attendance.proposals": (): AttendanceProposals => ({
      month: "2025-11",
      rows: size
        ? [
            proposal(3, "2025-11-05", "absent", "旷工", "没有打卡，可打卡设备的数据均已到齐", true),
            proposal(1, "2025-11-06", "late", "迟到", "上班打卡晚于宽限：08:30—12:00 迟到 12 分钟", false),
            proposal(5, "2025-11-11", "half_day", "半天不在岗", "有一个时段旷工，其余时段到岗", true),
            proposal(0, "2025-11-13", "missing_punch", "缺卡", "缺下班打卡", false),
            proposal(3, "2025-11-20", "not_found", "抽查离岗", "抽查时不在岗，本人当天没有说明", true),
          ]
        : [],
      clauses: [
        {
          source: "001:1933",
          words: "现场驻点维护人员无故不在采购人指定驻点场所，每缺席一次",
          scored_by: "监理",
          points: "2",
          count: size ? 3 : 0,
          sum: size ? "6" : "0",
        },
        {
          source: "001:2027",
          words: "无故不在采购人指定驻点场所，每缺席一次",
          scored_by: "服务总队",
          points: "2",
          count: size ? 3 : 0,
          sum: size ? "6" : "0",
        },
      ],
      note: "只是建议：是否“无故”由项目经理核定，不自动扣分。旷工、半天和当天未说明的抽查离岗按“不在岗”的条款列出（我方理解）；迟到、早退、缺卡合同没有写明，只作记录。",
    }),
    "overtime.list": (): OvertimeList => ({
      month: "2025-11",
      rows: size ? overtimes() : [],
      trips: size
        ? [
            {
              id: "leave/9",
              name: people[5]?.name ?? "",
              kind_name: "公出",
              from: "2025-11-13",
              to: "2025-11-13",
              stage_name: "已批准",
            },
          ]
        : [],
      people: colleagues(),
      me: people[0]?.id ?? "",
    }),
    "overtime.ask": (args: OvertimeAsk) => done("overtime/9", `已登记加班 ${args.from.slice(0, 10)}，待审批`),
    "overtime.withdraw": () => done("overtime/2", "已撤回加班登记"),
    "overtime.decide": (args: OvertimeDecide) => done(args.id, args.approve ? "已同意加班" : "已退回加班"),
    "spotcheck.list": (): SpotList => ({
      month: "2025-11",
      rows: size ? checks() : [],
      people: colleagues(),
      may_note: true,
      rule: "抽查不在岗的，由本人当天说明去向（本项目约定）。",
    }),
    "spotcheck.note": (args: SpotNote) =>
      done("spotcheck/9", `已记录抽查：${args.found ? "在岗" : "不在岗"}`),
    "spotcheck.explain": (args: SpotExplain) => done(args.id, "已说明，项目经理可以看到"),
  };
}
