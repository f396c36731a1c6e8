import type {
  ContractItem,
  ContractView,
  FactLine,
  ObjectItem,
  PeriodItem,
  QuestionItem,
  RowArgs,
  RowItem,
  RowPage,
  RuleItem,
} from "@/generated/door";
import { withWords } from "@/text/match";
import dazhou from "../../assets/contracts/dazhou-onestop.toml?raw";
import petition from "../../assets/contracts/guangxi-petition.toml?raw";
import policeReading from "../../assets/contracts/guangxi-police.reading.toml?raw";
import policeSettings from "../../assets/contracts/guangxi-police.settings.toml?raw";
import police from "../../assets/contracts/guangxi-police.toml?raw";
import shaanxi from "../../assets/contracts/shaanxi-civil.toml?raw";
import xuchang from "../../assets/contracts/xuchang.toml?raw";
import { parseToml, type TomlTable, type TomlValue } from "./toml";

/** The five shipped contracts as the door would show them, near enough for looking at screens. */
const FILES: Record<string, string> = {
  "guangxi-police": police,
  xuchang,
  "guangxi-petition": petition,
  "shaanxi-civil": shaanxi,
  "dazhou-onestop": dazhou,
};
const HASHES: Record<string, string> = {
  "guangxi-police": "7c1e90ab41d5",
  xuchang: "5b20c7e4aa19",
  "guangxi-petition": "d03f6612c8b7",
  "shaanxi-civil": "90e1b54f3d02",
  "dazhou-onestop": "1f7ac3908e64",
};
const parsed = new Map<string, TomlTable>();
function documentOf(id: string): TomlTable {
  const known = parsed.get(id) ?? parseToml(FILES[id] ?? "");
  parsed.set(id, known);
  return known;
}
export const policeFacts = () => documentOf("guangxi-police");
export const policeAgreed = () => parseToml(policeSettings);
const policeRead = parseToml(policeReading);

const text = (row: TomlTable, key: string): string | null =>
  row[key] === undefined
    ? null
    : Array.isArray(row[key])
      ? (row[key] as TomlValue[]).join("、")
      : String(row[key]);
const number = (row: TomlTable, key: string): number | null =>
  typeof row[key] === "number" ? row[key] : null;
const rowsOf = (top: TomlTable, kind: string): TomlTable[] =>
  (kind.split(".").reduce<TomlValue | undefined>((at, key) => (at as TomlTable)?.[key], top) ??
    []) as TomlTable[];

const NUMBERS: Record<string, string> = {
  "guangxi-police": "001",
  xuchang: "002",
  "guangxi-petition": "000",
  "shaanxi-civil": "003",
  "dazhou-onestop": "004",
};
function sourceOf(id: string, row: TomlTable): string {
  const from = row.source_line ?? "";
  return `${NUMBERS[id]}:${from}${row.source_line_end ? `-${row.source_line_end}` : ""}`;
}

/** Versions published since the page was opened, by the mock's own publishing. */
export const published = new Map<string, { version: number; hash: string; by: string; at: string }[]>();
export function versionOf(id: string) {
  const own = published.get(id) ?? [];
  const first = { version: 1, hash: HASHES[id] ?? "", by: "中心端", at: "2025-10-08T09:12:00+08:00" };
  return [...own].reverse().concat(first);
}

export function contractItems(questions: (id: string) => number): ContractItem[] {
  return Object.keys(FILES).map((id) => {
    const now = versionOf(id)[0];
    return {
      id,
      title: String((documentOf(id).contract as TomlTable | undefined)?.name ?? id),
      version: now?.version ?? 1,
      hash: now?.hash ?? "",
      published_at: now?.at ?? "",
      published_by: now?.by ?? "",
      pending: false,
      open_questions: questions(id),
      mine: id !== "shaanxi-civil",
    };
  });
}

const TARGETS: [string, string, string, string][] = [
  ["response_minutes", "response", "响应", "自报修起"],
  ["solution_minutes", "solution", "解决方案", "自报修起"],
  ["arrive_minutes", "arrival", "到场", "自报修起"],
  ["resolve_minutes", "restoration", "恢复", "自报修起"],
  ["rca_report_minutes", "report", "故障报告", "自恢复起"],
];
const WORDS: Record<string, string> = {
  response: "响应",
  start: "启动修复",
  diagnosis: "初步诊断",
  solution: "解决方案",
  arrival: "到场",
  restoration: "恢复",
  escalation: "升级",
};
export function limitText(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440}天`;
  return minutes % 60 ? `${minutes}分钟` : `${minutes / 60}小时`;
}

const PLACES: Record<string, string> = {
  "all business systems": "全部业务系统",
  "network links": "网络链路",
  needs: "各项需求",
};
const openOf: Record<string, number> = {
  L1: 2,
  L2: 9,
  L3: 41,
  L4: 63,
  "fault-report-3d": 17,
  "E-1h-24h": 12,
};
function rules(id: string): RuleItem[] {
  const readings = id === "guangxi-police" ? rowsOf(policeRead, "rule") : [];
  return rowsOf(documentOf(id), "sla").map((row) => {
    const reading = readings.find((each) => each.id === row.id);
    const targets = TARGETS.flatMap(([key, target, name, starts_text]) => {
      const minutes = number(row, key);
      return minutes === null ? [] : [{ target, name, limit_text: limitText(minutes), starts_text }];
    });
    const days = number(row, "rca_report_days");
    if (days !== null)
      targets.push({ target: "report", name: "故障报告", limit_text: `${days}天`, starts_text: "自恢复起" });
    for (const target of (reading?.unnumbered ?? []) as string[])
      targets.push({
        target,
        name: WORDS[target] ?? target,
        limit_text: "未写数字",
        starts_text: "只显示已用时间",
      });
    return {
      id: String(row.id),
      level: text(row, "level"),
      applies_to: PLACES[text(row, "applies_to") ?? ""] ?? text(row, "applies_to") ?? "全项目",
      text: text(row, "definition") ?? text(row, "source_text") ?? "",
      targets,
      window: reading?.window ? `${reading.window}${reading.inside === false ? "以外" : ""}` : null,
      note: reading ? text(reading, "note") : null,
      source: sourceOf(id, row),
      open_orders: id === "guangxi-police" ? (openOf[String(row.id)] ?? 0) : 0,
    };
  });
}

function plusMonths(from: string | null, months: number | null): string | null {
  if (from === null || months === null) return null;
  const date = new Date(Date.parse(from) - 86_400_000);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

function objects(id: string, accepted: string | null, all: RuleItem[], agreed: TomlTable[]): ObjectItem[] {
  const sla = rowsOf(documentOf(id), "sla");
  const own = (no: string) =>
    sla
      .filter((row) => ((row.object_nos ?? []) as TomlValue[]).map(String).includes(no))
      .map((row) => String(row.id));
  const general = all
    .filter((rule) => rule.level && /^全项目|^全部/.test(rule.applies_to))
    .map((rule) => rule.id);
  return rowsOf(documentOf(id), "maintenance_object").map((row) => {
    const no = String(row.no ?? row.id);
    const setting = agreed.find((each) => each.object === no);
    return {
      no,
      name: String(row.name ?? row.title ?? ""),
      division: text(row, "division"),
      class: setting ? String(setting.class) : null,
      users: (setting?.users as number | undefined) ?? null,
      from: text(row, "service_start") ?? accepted,
      to: text(row, "service_end") ?? plusMonths(accepted, number(row, "service_months")),
      note: no === "2.3" ? "服务期已于 2025-10-31 届满" : null,
      rules: [...own(no), ...general],
      source: sourceOf(id, row),
    };
  });
}

const HEAD: [string, string, string?][] = [
  ["buyer", "采购人"],
  ["buyer_type", "采购人类型"],
  ["name", "标的"],
  ["quantity", "数量"],
  ["supervisor", "监理"],
  ["place", "地点", "place_source_line"],
  ["industry", "所属行业", "industry_source_line"],
  ["procurement", "采购方式"],
];
function head(id: string): FactLine[] {
  const row = (documentOf(id).contract ?? {}) as TomlTable;
  return HEAD.filter(([key]) => row[key] !== undefined).map(([key, label, line]) => ({
    id: key,
    label,
    text: String(row[key]),
    source: `${NUMBERS[id]}:${(line && row[line]) || row.source_line || 1}`,
  }));
}

function periods(id: string, accepted: string | null): PeriodItem[] {
  return rowsOf(documentOf(id), "contract.period").map((row, index) => {
    const begins = text(row, "starts")?.replace(/之日$/, "") ?? null;
    const months = number(row, "months");
    return {
      id: `period-${index}`,
      name: text(row, "applies_to") ?? "全部",
      text: text(row, "source_text") ?? "",
      from: text(row, "start_date") ?? (begins ? accepted : null),
      to: text(row, "end_date") ?? (begins ? plusMonths(accepted, months) : null),
      begins,
      agreed: begins !== null && accepted !== null,
      source: sourceOf(id, row),
    };
  });
}

function facts(id: string, kind: string, label: (row: TomlTable) => string, words: string[]): FactLine[] {
  return rowsOf(documentOf(id), kind).map((row, index) => ({
    id: String(row.id ?? `${kind}-${index}`),
    label: label(row),
    text:
      words
        .map((key) => text(row, key))
        .filter(Boolean)
        .join("；") ||
      (text(row, "source_text") ?? ""),
    source: sourceOf(id, row),
  }));
}

const TITLES: Record<string, string> = {
  sla: "时限",
  coverage: "值守与覆盖",
  position: "岗位",
  staff_rule: "人员规定",
  quota: "次数与数量",
  threshold: "监控阈值",
  inspection: "巡检",
  deliverable: "交付物",
  assessment: "考核",
  maintenance_object: "运维对象",
  asset: "设备与资产",
  spare: "备件",
  security_rule: "安全与保密",
  record_rule: "记录要求",
  requirement: "需求",
  ticket_feature: "工单功能要求",
  platform_feature: "平台功能要求",
  onsite: "驻场",
};

export function contractView(id: string, agreed: TomlTable[], accepted: string | null): ContractView {
  const top = documentOf(id);
  const all = rules(id);
  const versions = versionOf(id);
  const now = versions[0];
  const list = objects(id, accepted, all, agreed);
  return {
    id,
    title: String((top.contract as TomlTable | undefined)?.name ?? id),
    version: now?.version ?? 1,
    hash: now?.hash ?? "",
    pending: false,
    facts_hash: "e2b80c11d7f0",
    settings_hash: "48aa19c0b3d2",
    published_at: now?.at ?? "",
    published_by: now?.by ?? "",
    head: head(id),
    periods: periods(id, accepted),
    divisions: [
      ...new Set(list.map((each) => each.division).filter((each): each is string => each !== null)),
    ],
    objects: list,
    rules: all,
    posts: facts(id, "position", (row) => `${row.name ?? ""}${row.count ? `　${row.count} 人` : ""}`, [
      "division",
      "work_hours",
      "education",
      "experience",
      "duty",
    ]),
    duties: [
      ...facts(id, "coverage", (row) => text(row, "applies_to") ?? "值守", ["hours", "obligation"]),
      ...facts(id, "staff_rule", (row) => text(row, "applies_to") ?? "人员", ["rule"]),
    ],
    tables: Object.keys(TITLES)
      .map((kind) => ({ kind, title: TITLES[kind] ?? kind, count: rowsOf(top, kind).length }))
      .filter((table) => table.count > 0),
    versions: versions.map((each) => ({
      version: each.version,
      hash: each.hash,
      pending: false,
      published_at: each.at,
      by: each.by,
    })),
  };
}

const LABELS: Record<string, string> = {
  applies_to: "适用",
  definition: "定义",
  name: "名称",
  what: "内容",
  division: "总队",
  count: "数量",
  quantity: "数量",
  unit: "单位",
  rule: "规定",
  obligation: "义务",
  hours: "时间",
  content: "内容",
  per: "频次",
  duty: "职责",
  indicator: "指标",
  due: "期限",
  object_no: "对象",
  object_nos: "对象",
  condition: "条件",
  min_count: "不少于",
  response_minutes: "响应（分钟）",
  resolve_minutes: "恢复（分钟）",
  evidence: "凭据",
  group: "分组",
};
const NOT_SHOWN = new Set(["id", "source_line", "source_line_end", "source_text", "also_lines", "note"]);

function rowItems(id: string): RowItem[] {
  const top = documentOf(id);
  return Object.keys(TITLES).flatMap((table) =>
    rowsOf(top, table).map((row, index) => ({
      table,
      table_title: TITLES[table] ?? table,
      id: String(row.id ?? `${table}-${index + 1}`),
      source: sourceOf(id, row),
      text: text(row, "source_text"),
      fields: Object.keys(row)
        .filter((key) => LABELS[key] && !NOT_SHOWN.has(key))
        .map((key) => ({ label: LABELS[key] ?? key, value: text(row, key) ?? "" })),
    })),
  );
}
const indexed = new Map<string, RowItem[]>();

export function contractRows(args: RowArgs): RowPage {
  const all = indexed.get(args.contract) ?? rowItems(args.contract);
  indexed.set(args.contract, all);
  const rows = args.table ? all.filter((row) => row.table === args.table) : all;
  const found = withWords(args.search, rows, (row) =>
    [row.id, row.text, ...row.fields.map((field) => field.value)].join("\n"),
  );
  return { rows: found.slice(args.offset, args.offset + args.limit), total: found.length };
}

const ask = (
  id: string,
  question: string,
  sources: string[],
  blocks: string,
  rules: string[],
  section: string,
): QuestionItem => ({
  id,
  question,
  sources,
  blocks,
  rules,
  section,
});
export const POLICE_QUESTIONS: QuestionItem[] = [
  ask(
    "office-hours",
    "各总队的办公时间（分季节）是几点到几点？文件没有写明",
    ["001:1262"],
    "到岗、迟到早退与 5×8 班次无法核对",
    [],
    "office_hours",
  ),
  ask(
    "window:工作时间",
    "“工作时间”从几点到几点，哪些日子？文件没有写明",
    ["001:1935"],
    "规则 offhours-reach 不能自动选用，每张工单须由人给出时段",
    ["offhours-reach"],
    "window",
  ),
  ask(
    "system-class",
    "42 个对象属于核心、重要还是一般？文件没有附清单",
    ["001:53", "001:56", "001:59", "001:62"],
    "对象 2.4、3.1、4.1、4.2 等 42 项的故障不能自动定级",
    ["L1", "L2", "L3", "L4"],
    "system_class",
  ),
  ask(
    "users",
    "59 个对象的运维范围内各有多少用户？",
    ["001:53", "001:56"],
    "“二分之一”只能由报修人估计",
    ["L1", "L2", "L3", "L4"],
    "system_class",
  ),
  ask(
    "level-gap:general/half_or_more",
    "“一般系统故障、影响二分之一及以上用户”是哪一级？文件没有写",
    ["001:52-63"],
    "此类工单须由人定级并写明理由",
    ["L1", "L2", "L3", "L4"],
    "answer",
  ),
  ask(
    "level-overlap:core/individual",
    "“核心系统故障、影响个别用户”同时符合 2、3 级，以哪一级为准？",
    ["001:56", "001:59"],
    "此类工单须由人定级并写明理由",
    ["L2", "L3"],
    "answer",
  ),
  ask(
    "pause",
    "哪些理由可以停表（等采购人停机窗口、等第三方、不可抗力……）？文件没有列出",
    [],
    "挂起只作记录，照常计时",
    [],
    "pause",
  ),
  ask(
    "days",
    "“天”是 24 小时的自然日还是工作日？",
    ["001:1921"],
    "规则 fault-report-3d：暂按一天 24 小时计",
    ["fault-report-3d"],
    "day_meaning",
  ),
  ask(
    "precedence",
    "对象自己的条款与通用条款不一致时以哪条为准？文件没有写",
    ["001:245", "001:490", "001:667"],
    "规则 E-1h-24h、H87-1h-12h、L1211-oa 暂作为更贴切的规则建议，由人选定并记下理由",
    ["E-1h-24h", "H87-1h-12h", "L1211-oa"],
    "precedence",
  ),
  ask(
    "calendar",
    "以分钟和小时计的时限，夜间与节假日是否计入？文件没有写",
    ["001:54", "001:57", "001:60", "001:63"],
    "暂按自然时间连续计时",
    ["L1", "L2", "L3", "L4"],
    "calendar",
  ),
  ask(
    "days-off",
    "非工作日是否到场由采购人的谁决定、怎样留下凭据？",
    ["001:60", "001:63"],
    "规则 L3、L4 的工单在非工作日须先问采购人",
    ["L3", "L4"],
    "answer",
  ),
  ask(
    "number:H84-specified",
    "“按规定时间进行响应，到达现场”：响应、解决方案、到场各以几分钟为限？",
    ["001:435"],
    "规则 H84-specified 只显示已用时间，不判按时或超时",
    ["H84-specified"],
    "limit",
  ),
  ask(
    "number:offhours-reach",
    "“在规定时间内赶到现场”：到场以几分钟为限？",
    ["001:1935"],
    "规则 offhours-reach 只显示已用时间，不判按时或超时",
    ["offhours-reach"],
    "limit",
  ),
  ask(
    "basis",
    "下列约定自何日起、由谁、凭哪份文件定的？",
    [],
    "没有书面依据，考核时不能作数：acceptance_date，vip 2 条，system_class 17 条",
    [],
    "vip",
  ),
];
