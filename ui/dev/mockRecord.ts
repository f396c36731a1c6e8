import type {
  RecordAdd,
  RecordDay,
  RecordForm,
  RecordRow,
  RecordTemplate,
  RecordTotals,
  SimilarOrder,
} from "@/generated/door";
import { dateText, rfc3339 } from "@/text/time";
import { initials, type MockOrder, objects, people, START } from "./mockData";

/** Categories of attachment 3 of contract 001, with the lines they stand on. */
const CATEGORIES: [string, number, string][] = [
  ["日常维护", 1123, ""],
  ["设备与系统监控", 1134, ""],
  ["设备与系统巡检", 1141, "inspected"],
  ["缺陷管理", 1156, ""],
  ["故障处置", 1166, ""],
  ["应急保障", 1178, ""],
  ["资产与配置维护", 1187, ""],
  ["数据服务", 1196, "authorised"],
  ["培训及知识管理", 1204, ""],
  ["资料维护", 1215, ""],
  ["运维报告及其他技术支持", 1220, ""],
  ["远程服务", 1229, "confirmed"],
  ["安全管理", 1235, ""],
  ["增值服务", 1242, ""],
];
let templates: RecordTemplate[] = [
  {
    name: "机房晨检",
    object: "8.1",
    category: "设备与系统巡检",
    title: "机房环境与服务器指示灯检查",
    result: "温湿度、指示灯正常",
    minutes: 20,
    inspection: "normal",
  },
  {
    name: "日志备份",
    object: "5.2",
    category: "日常维护",
    title: "系统日志备份",
    result: "已备份",
    minutes: 15,
    inspection: null,
  },
];

/** What was done on a working day: hour, object, category, title, result, minutes, confirmed by, more. */
const WORK: [string, string, string, string, string, number, string, Partial<RecordRow["record"]>][] = [
  [
    "08:20",
    "2.3",
    "设备与系统巡检",
    "机房环境与服务器指示灯检查",
    "温湿度、指示灯正常",
    20,
    "",
    { inspection: "normal" },
  ],
  ["08:50", "5.2", "日常维护", "系统日志备份、清理过期临时文件", "已备份，释放 18 GB", 15, "", {}],
  [
    "09:30",
    "5.2",
    "设备与系统巡检",
    "平台接口与后台进程检查",
    "级联接口两次超时",
    25,
    "",
    { inspection: "abnormal" },
  ],
  [
    "10:10",
    "12.1",
    "数据服务",
    "按授权导出九月接入统计",
    "已交综合科",
    40,
    "科信办数据岗",
    { authorisation: "SQ-2025-117" },
  ],
  ["11:05", "8.1", "故障处置", "电话指导重装签章控件", "用户确认可用", 12, "法制科内勤", {}],
  [
    "13:40",
    "2.1",
    "远程服务",
    "调整视频平台地市接入参数",
    "接入恢复",
    60,
    "视频科",
    {
      on_behalf: "远程工程师",
      remote: { way: "visit", entry_permit: "RC-0231", escort: "视频科值班员", person_days: "0.5" },
    },
  ],
];

function rowsOf(date: string, count: number): RecordRow[] {
  return WORK.slice(0, count).map(
    ([hour, no, category, title, result, minutes, confirmed_by, more], index) => ({
      id: `order/r${date}-${index}`,
      number: `E-${date.replace(/-/g, "")}-07-${String(index + 1).padStart(3, "0")}`,
      at: `${date}T${hour}:00+08:00`,
      object_no: no,
      object: `${no} ${objects.find((each) => each.no === no)?.name ?? ""}`.trim(),
      division: objects.find((each) => each.no === no)?.division ?? "E总队",
      title,
      record: {
        category,
        minutes,
        result,
        confirmed_by,
        authorisation: null,
        inspection: null,
        on_behalf: null,
        remote: null,
        ...more,
      },
      by: "ZHZG驻场01",
      mine: true,
      late: index === 3,
      voided: false,
      open: false,
      pending: index === 4 ? 2 : 0,
    }),
  );
}

const today = dateText(START);
const days = new Map<string, RecordRow[]>();

export function recordForm(full: boolean): RecordForm {
  return {
    divisions: ["A总队", "B总队", "C总队", "E总队", "L总队"],
    objects,
    categories: CATEGORIES.map(([name, line, need]) => ({
      name,
      source: `001:${line}`,
      initials: initials(name),
      authorised: need === "authorised",
      inspected: need === "inspected",
      confirmed: need === "confirmed",
    })),
    colleagues: people.filter((each) => !each.onsite),
    caretakers: [{ division: "C总队", may: true, text: "C总队由岗位 P02 代记（ZHZG驻场01），本项目约定。" }],
    templates: full ? templates : [],
    may_add: true,
    reminder: "严禁录入涉密信息和公民个人信息",
  };
}

export function recordDay(args: { date: string | null }, full: boolean): RecordDay {
  const date = args.date ?? today;
  if (!days.has(date)) days.set(date, full ? rowsOf(date, date === today ? 6 : 4) : []);
  const rows = days.get(date) ?? [];
  const previous = full ? dateText(Date.parse(`${date}T12:00:00+08:00`) - 3 * 86_400_000) : null;
  return { date, rows, totals: totals(rows), previous };
}

function totals(rows: RecordRow[]): RecordTotals {
  const counted = rows.filter((row) => !row.voided);
  const names = [...new Set(counted.map((row) => row.record.category))];
  const minutes = (of: RecordRow[]) => of.reduce((sum, row) => sum + row.record.minutes, 0);
  const found = (what: string) => counted.filter((row) => row.record.inspection === what).length;
  return {
    count: counted.length,
    minutes: minutes(counted),
    normal: found("normal"),
    abnormal: found("abnormal"),
    unconfirmed: counted.filter((row) => !row.record.confirmed_by).length,
    categories: names
      .map((category) => counted.filter((row) => row.record.category === category))
      .map((of) => ({ category: of[0]?.record.category ?? "", count: of.length, minutes: minutes(of) }))
      .sort((a, b) => b.minutes - a.minutes),
  };
}

let added = 0;
export function recordAdd(args: RecordAdd) {
  const rows = days.get(today) ?? [];
  const made = args.lines.map((line): RecordRow => {
    added += 1;
    return {
      id: `order/n${added}`,
      number: `E-20251124-07-${100 + added}`,
      at: line.at ?? rfc3339(START),
      object_no: line.object,
      object: `${line.object} ${objects.find((each) => each.no === line.object)?.name ?? ""}`.trim(),
      division: line.division,
      title: line.title,
      record: {
        ...line,
        authorisation: line.authorisation,
        inspection: line.inspection,
        on_behalf: line.on_behalf,
        remote: line.remote,
      },
      by: "ZHZG驻场01",
      mine: true,
      late: false,
      voided: false,
      open: false,
      pending: 2,
    };
  });
  days.set(today, [...rows, ...made]);
  return {
    id: made[made.length - 1]?.id ?? "",
    message: `已记录 ${made.length} 条工作`,
    changed: ["orders"],
  };
}

/** Makes a record void; undefined where there is none with this id. */
export function recordVoid(id: string) {
  const rows = [...days.values()].flat();
  const row = rows.find((each) => each.id === id);
  if (!row) return undefined;
  for (const [date, of] of days)
    days.set(
      date,
      of.map((each) => (each.id === id ? { ...each, voided: true } : each)),
    );
  return { id, message: "已作废", changed: ["orders"] };
}

export function keepTemplates(args: { templates: RecordTemplate[] }) {
  templates = args.templates;
  return { id: "", message: `已保存 ${templates.length} 个模板`, changed: ["record_templates"] };
}

export function similar(orders: MockOrder[], args: { object: string }): SimilarOrder[] {
  const open = orders.filter((order) => !["closed", "confirmed"].includes(order.row.status));
  const same = open.filter((order) => args.object && order.row.object.startsWith(`${args.object} `));
  return same
    .slice(0, 3)
    .map((order, index) => ({ row: order.row, why: index ? "同一对象" : "同一对象，文字相近" }));
}
