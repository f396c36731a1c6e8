import type {
  AttendanceCell,
  AttendanceDay,
  AttendanceMonth,
  AttendanceRow,
  AttendanceTotals,
  CorrectionDto,
  MonthDayDto,
  MyAttendance,
} from "@/generated/door";
import { dateText } from "@/text/time";
import { people, START } from "./mockData";

const RULES =
  "迟到宽限 5 分钟，早退宽限 5 分钟；满 60 分钟记半天，满 180 分钟记旷工（程序默认，待项目经理在“本项目约定”中确认）。";
const LEGEND: [string, string, string][] = [
  ["normal", "√", "正常"],
  ["late", "迟", "迟到"],
  ["early_leave", "退", "早退"],
  ["late_early", "迟退", "迟到且早退"],
  ["missing_punch", "缺", "缺卡"],
  ["half_day", "半", "半天"],
  ["absent", "旷", "旷工"],
  ["rest", "休", "休息"],
  ["unknown", "？", "待定"],
  ["duty", "值", "值班"],
  ["leave", "病", "病假"],
  ["leave", "年", "年休假"],
  ["trip", "差", "公出"],
];
/** Letter and what it means for days that are not simply their result. */
const SPECIAL: Record<string, [string, string]> = {
  duty: ["值", "值班"],
  sick: ["病", "病假"],
  annual: ["年", "年休假"],
  trip: ["差", "公出"],
};
const TITLE = Object.fromEntries(LEGEND.map(([result, , title]) => [result, title]));
const LETTER = Object.fromEntries(LEGEND.map(([result, letter]) => [result, letter]));
const TODAY = dateText(START);
const WEEK = "日一二三四五六";

function daysOf(month: string): MonthDayDto[] {
  const [year, number] = month.split("-").map(Number) as [number, number];
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => {
    const date = `${month}-${String(index + 1).padStart(2, "0")}`;
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const off = weekday === 0 || weekday === 6;
    const closed = date < `${month}-18`;
    const changed = date === `${month}-12` ? 1 : 0;
    return { date, day: index + 1, weekday: WEEK[weekday] as string, badge: "", off, closed, changed };
  });
}

/** What a person's day came to: mostly in order, now and then not. */
function resultOn(person: number, day: MonthDayDto): string {
  if (person === 2 && day.day > 16 && day.day < 20) return day.off ? "rest" : "sick";
  if (person === 4 && day.day > 25) return day.off ? "rest" : "annual";
  if (person === 5 && day.day === 13) return "trip";
  if (day.off) return person === day.day % 7 && day.date < TODAY ? "duty" : "rest";
  if (day.date > TODAY) return "";
  if (day.date === TODAY) return "unknown";
  const odd = (person * 31 + day.day * 17) % 53;
  if (odd === 3) return "absent";
  if (odd === 7 || odd === 19) return "late";
  if (odd === 11) return "missing_punch";
  if (odd === 23) return "half_day";
  if (odd === 29) return "early_leave";
  return "normal";
}

function cellOf(result: string): AttendanceCell {
  const special = SPECIAL[result];
  if (special) {
    const [letter, title] = special;
    const kind = result === "duty" ? "normal" : result === "trip" ? "trip" : "leave";
    return { result: kind, letter, morning: letter, afternoon: letter, text: `${title}：示例` };
  }
  const letter = LETTER[result] ?? "";
  const [morning, afternoon] =
    result === "half_day" ? ["√", "旷"] : [letter, result === "late" ? "√" : letter];
  return { result, letter, morning, afternoon, text: result ? `${TITLE[result]}：示例` : "" };
}

function totalsOf(cells: AttendanceCell[]): AttendanceTotals {
  const count = (...results: string[]) => cells.filter((cell) => results.includes(cell.result)).length;
  const due = cells.filter((cell) => cell.result && cell.result !== "rest").length;
  return {
    due,
    present: count("normal", "late", "early_leave", "missing_punch", "half_day"),
    late: count("late"),
    early: count("early_leave"),
    missing: count("missing_punch"),
    half: count("half_day"),
    absent: count("absent"),
    personal: 0,
    sick: cells.filter((cell) => cell.letter === "病").length,
    annual: cells.filter((cell) => cell.letter === "年").length,
    compensatory: 0,
    other_leave: 0,
    trip: count("trip"),
    duty: cells.filter((cell) => cell.letter === "值").length,
    overtime_minutes: 0,
    unknown: count("unknown"),
  };
}

const correction: CorrectionDto = {
  id: "c1",
  entity: "attendance/u2.2025-11",
  person: "u2",
  name: people[1]?.name ?? "",
  date: "2025-11-20",
  asked: "补上班 08:26",
  reason: "到岗后先处理会议室故障，忘记打卡",
  evidence: "门禁记录",
  at: "2025-11-20T18:05:00+08:00",
  state: "waiting",
  decision: "",
  pending: false,
  may_decide: true,
};

/** The month of 33 people when crowded, of a handful else. */
export function attendanceMonth(size: number, month: string, division: string | null): AttendanceMonth {
  const days = daysOf(month);
  const count = size > 100 ? 33 : size ? 8 : 0;
  const rows: AttendanceRow[] = Array.from({ length: count }, (_, index) => {
    const person = people[index % people.length];
    const cells = days.map((day) => cellOf(resultOn(index, day)));
    return {
      person: `u${index + 1}`,
      name: `${person?.name ?? ""}${index >= people.length ? Math.floor(index / people.length) + 1 : ""}`,
      division: person?.division ?? "",
      post: person?.post ?? "",
      cells,
      totals: { ...totalsOf(cells), overtime_minutes: index === 1 ? 150 : 0 },
    };
  })
    .filter((row) => !division || row.division === division)
    .sort((a, b) => a.division.localeCompare(b.division, "zh"));
  return {
    month,
    contract: "信息化运维服务项目（示例）",
    divisions: [...new Set(rows.map((row) => row.division))],
    days,
    rows,
    corrections: size ? [correction] : [],
    legend: LEGEND.map(([result, letter, title]) => ({ result, letter, title })),
    hours_missing: size === 0,
    rules: RULES,
    may_close: true,
    as_of: `${TODAY}T14:20:00+08:00`,
  };
}

export function attendanceDay(person: string, date: string): AttendanceDay {
  const at = (time: string) => `${date}T${time}:00+08:00`;
  const own = person === "u1";
  return {
    person,
    name: people.find((each) => each.id === person)?.name ?? people[0]?.name ?? "",
    date,
    weekday: `周${WEEK[new Date(`${date}T00:00:00Z`).getUTCDay()]}`,
    result: "unknown",
    title: "待定",
    text: "时段尚未结束：08:30—12:00 迟到 12 分钟；14:00—18:00 尚未结束",
    spans: [
      {
        from: at("08:30"),
        to: at("12:00"),
        punched_in: at("08:42"),
        punched_out: at("12:03"),
        result: "late",
        title: "迟到",
        text: "上班打卡晚于宽限，迟到 12 分钟",
        waits_for: [],
      },
      {
        from: at("14:00"),
        to: at("18:00"),
        punched_in: at("13:55"),
        punched_out: null,
        result: "unknown",
        title: "待定",
        text: "时段尚未结束",
        waits_for: [],
      },
    ],
    punches: [
      { id: "p1", at: at("08:42"), place: "值班室1号机", trust_text: null, pending: false, set_aside: false },
      {
        id: "p2",
        at: at("12:03"),
        place: "值班室1号机",
        trust_text: "离线打卡。",
        pending: false,
        set_aside: false,
      },
      {
        id: "p3",
        at: at("13:55"),
        place: "机房1号机",
        trust_text: "离线打卡，待同步。",
        pending: true,
        set_aside: false,
      },
    ],
    corrections: own ? [] : [{ ...correction, person, date }],
    may_ask: own && date.slice(8) >= "18",
    closed: date.slice(8) < "18" ? "王强 11-19 09:12 关账" : null,
    reopened: date.endsWith("-12") ? ["王强 11-20 10:05 重开：门禁故障，补录两人打卡"] : [],
    may_close: date < TODAY,
    rules: RULES,
  };
}

export const myAttendance = (): MyAttendance => ({
  name: people[0]?.name ?? "",
  days: [attendanceDay("u1", TODAY)],
  next: "当前时段 14:00—18:00",
  rules: RULES,
});
