import { pinyin } from "pinyin-pro";
import type {
  AssistDto,
  ClockDto,
  ConflictDto,
  DayDto,
  FileDto,
  KnowledgeDto,
  LevelDto,
  ObjectDto,
  OrderDetail,
  OrderRow,
  OrderStatusDto,
  PersonDto,
  StepDto,
  TimelineEntry,
  VendorDto,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";

/** Made-up data in the shape of contract 001, for looking at screens. */

export const START = Date.parse("2025-11-24T14:20:00+08:00");
const MIN = 60_000;

let seed = 7;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const at = (minutes: number) => rfc3339(START + minutes * MIN);
export const initials = (text: string) =>
  pinyin(text, { pattern: "first", toneType: "none", type: "array" }).join("").toLowerCase();

const OBJECTS: [string, string, string][] = [
  ["1.1", "广西公安ZHZG平台（一期）", "A总队"],
  ["2.1", "广西公安ZHZZ系统维护服务", "B总队"],
  ["2.3", "广西公安ZDCLGK系统硬件维护服务", "B总队"],
  ["5.1", "广西ZAZHYWGL应用平台门户及ZADSJ应用", "E总队"],
  ["5.2", "公安JCZCK系统（含BJLSLY智能化防控）", "E总队"],
  ["5.3", "ZHAFXQGK系统", "E总队"],
  ["5.9", "ZHBAJG系统", "E总队"],
  ["6.2", "广西F总队FZXXPT系统（二期）", "F总队"],
  ["8.1", "JDCJYJG和JSRKSJG系统运维服务（硬件设施运维）", "H总队"],
  ["8.7", "CGYWZHJG平台运维服务", "H总队"],
  ["9.1", "ZHZXSJGZ系统维护", "I总队"],
  ["12.1", "ZNKK综合应用平台", "L总队"],
  ["12.11", "通达协同办公系统维护", "L总队"],
  ["12.16", "网络核心交换机维保服务", "L总队"],
  ["12.20", "机房基础设施风冷精密空调维护", "L总队"],
];

const PEOPLE = [
  "ZHZG驻场01",
  "ZHZG驻场02",
  "ZHZZ驻场01",
  "FZXXPT驻场01",
  "机房驻场02",
  "网络驻场01",
  "桌面驻场03",
  "E总队驻场05",
];
const TITLES = [
  "三楼指挥大厅视频会议终端无法入会",
  "平台登录页打开缓慢，超过 20 秒",
  "内网打印机不出纸",
  "数据库备份任务昨夜失败",
  "检索结果缺少 11 月数据",
  "窗口叫号屏黑屏",
  "核心交换机端口告警，链路抖动",
  "精密空调回风温度高",
  "综合门户单点登录报 500",
  "值班电脑频繁蓝屏",
  "新增用户授权 12 人",
  "机房 UPS 旁路告警",
  "对接接口返回超时，研判模块无数据",
  "统计报表导出为空",
];

const LIMITS: Record<string, [number, number]> = {
  "1": [15, 240],
  "2": [30, 480],
  "3": [45, 1440],
  "4": [60, 2880],
};
const CLAUSE: Record<string, string> = {
  "1": "1级：优先级为紧急的事件，15分钟内响应，4小时内采取相应解决方案直至系统可以运行或降至2-4级别的问题。",
  "2": "2级：优先级为高的事件，30分钟内响应，8小时内采取相应解决方案直至系统可以运行或降至3-4级别的问题。",
  "3": "3级：优先级为中的事件，45分钟内响应，24小时内采取相应解决方案直至系统正常。",
  "4": "4级：优先级为低的事件，60分钟内响应，48小时内采取相应解决方案直至系统正常。",
};
const SOURCE: Record<string, string> = {
  "1": "001:52-54",
  "2": "001:55-57",
  "3": "001:58-60",
  "4": "001:61-63",
};

function clock(
  target: string,
  name: string,
  level: string,
  limit: number,
  start: number,
  state: string,
  ended: number | null,
): ClockDto {
  const due = start + limit;
  const paused = state === "paused";
  return {
    target,
    name,
    state,
    starts_at: at(start),
    deadline: paused ? null : at(due),
    ended_at: ended === null ? null : at(ended),
    limit_minutes: limit,
    limit_text: limit % 60 ? `${limit}分钟` : `${limit / 60}小时`,
    remaining_minutes: ended === null ? (paused ? Math.round(limit * 0.4) : due) : null,
    warn_minutes: Math.max(5, Math.round(limit / 5)),
    rule: `L${level}`,
    source: SOURCE[level] ?? "",
    clause: CLAUSE[level] ?? "",
  };
}

export interface MockOrder {
  row: OrderRow;
  clocks: ClockDto[];
  age: number;
}

const OPEN: OrderStatusDto[] = [
  "registered",
  "dispatched",
  "accepted",
  "arrived",
  "suspended",
  "restored",
  "worked_around",
];

function makeOrder(index: number, closed: boolean): MockOrder {
  const level = pick(["1", "2", "3", "3", "4", "4", "4"]);
  const status: OrderStatusDto = closed ? pick(["confirmed", "closed"]) : pick(OPEN);
  const [response, restore] = LIMITS[level] ?? [60, 2880];
  const answered = status !== "registered" && status !== "dispatched";
  const age = closed
    ? 2000 + Math.floor(random() * 90_000)
    : Math.floor(answered ? random() * restore * 1.06 : random() * response * 1.15);
  const start = -age;
  const took = Math.floor(response * (random() < 0.9 ? random() * 0.9 : 1.3));
  const responded = answered ? Math.min(start + took, -1) : null;
  const done = closed || status === "restored" || status === "worked_around";
  const restoredAt = done ? Math.min(start + Math.floor(restore * (random() < 0.85 ? 0.5 : 1.1)), -1) : null;
  const ended = (end: number | null, limit: number) =>
    end === null ? (age > limit ? "missed_open" : "running") : end - start > limit ? "breached" : "met";
  const clocks = [
    clock("response", "响应", level, response, start, ended(responded, response), responded),
    clock(
      "restoration",
      "恢复",
      level,
      restore,
      start,
      status === "suspended" ? "paused" : ended(restoredAt, restore),
      restoredAt,
    ),
  ];
  if (done)
    clocks.push(
      clock(
        "report",
        "故障报告",
        level,
        4320,
        restoredAt ?? start,
        closed ? "met" : "running",
        closed ? (restoredAt ?? 0) + 900 : null,
      ),
    );
  const [no, name, division] = pick(OBJECTS);
  const day = at(start).slice(0, 10).replace(/-/g, "");
  const running = clocks.filter((each) => ["running", "missed_open", "paused"].includes(each.state));
  running.sort((a, b) => (a.deadline ?? "9").localeCompare(b.deadline ?? "9"));
  const row: OrderRow = {
    id: `o${index}`,
    number: `${division[0]}-${day}-07-${String(index).padStart(3, "0")}`,
    title: index % 9 === 4 ? `${pick(TITLES)}，已电话告知科信办，等待厂商到场协同排查` : pick(TITLES),
    kind: pick(["incident", "incident", "incident", "request", "work_record", "finding"]),
    status,
    level,
    division,
    object: `${no} ${name}`,
    assignee: status === "registered" ? null : pick(index % 3 ? PEOPLE : PEOPLE.slice(0, 1)),
    reported_at: at(start),
    next_clock: running[0] ?? null,
    pending: random() < 0.06 ? 1 : 0,
    unreconciled: random() < 0.02 ? 1 : 0,
    // By number, not by chance: what else is drawn stays as it was.
    scheduled_at: index % 11 === 5 && !closed ? at(1_180 + index) : null,
    late_minutes: index % 7 === 3 ? 35 + index : null,
    voided: false,
    waits: [],
    waits_since: status === "restored" ? at(restoredAt ?? start) : null,
    external_no: index % 4 === 1 ? `IT${day}${String(index).padStart(4, "0")}` : null,
    entered: index % 4 === 1,
    alarms: index % 11 === 3 ? 3 : 0,
  };
  if (row.scheduled_at) Object.assign(row, { next_clock: null, kind: "request", title: "视频会议保障" });
  if (row.assignee === PEOPLE[0] && status === "dispatched") row.waits = ["待接单"];
  else if (row.assignee === PEOPLE[0] && index % 7 === 3) row.waits = ["被催办"];
  return { row, clocks, age };
}

export function makeOrders(count: number): MockOrder[] {
  seed = 7;
  const orders = Array.from({ length: count }, (_, index) => makeOrder(index + 1, index > count * 0.4));
  return orders.sort((a, b) =>
    (a.row.next_clock?.deadline ?? "9").localeCompare(b.row.next_clock?.deadline ?? "9"),
  );
}

export const LEVELS: LevelDto[] = [
  {
    level: "1",
    priority: "紧急",
    definition:
      "VIP用户申报；信息安全事件、核心应用系统、核心基础设施故障且业务影响到运维范围内二分之一及以上用户",
    source: "001:52-54",
  },
  {
    level: "2",
    priority: "高",
    definition:
      "信息安全事件、核心应用系统故障、核心基础设施故障且业务影响到运维范围内二分之一以下用户；重要应用系统、重要基础设施故障且业务影响到运维范围内二分之一以上用户",
    source: "001:55-57",
  },
  {
    level: "3",
    priority: "中",
    definition:
      "信息安全事件、核心应用系统故障、核心基础设施故障且影响个别用户（1-3人）；重要应用系统、重要基础设施故障且业务影响到运维范围内二分之一以下用户",
    source: "001:58-60",
  },
  {
    level: "4",
    priority: "低",
    definition: "一般应用系统、一般基础设施故障、非VIP用户计算机终端故障且影响个别用户（1-3人）；服务请求",
    source: "001:61-63",
  },
];

export const objects: ObjectDto[] = OBJECTS.map(([no, name, division]) => ({
  no,
  name,
  division,
  system_class: no === "5.2" || no === "12.1" ? "core" : no === "8.7" ? null : "important",
  period: no === "8.7" ? "5×8 电话服务；2024-11-25 起 19 个月" : "7×24；2024-07-27 至 2025-12-31",
  warning: no === "2.3" ? "该对象服务期已于 2025-10-31 届满，登记须说明原因。" : null,
  initials: initials(name),
}));

export const people: PersonDto[] = PEOPLE.map((name, index) => ({
  id: `u${index + 1}`,
  name,
  post: index === 4 ? "机房值守" : "驻场工程师",
  division: OBJECTS[index]?.[2] ?? "L总队",
  onsite: index !== 7,
  open_orders: (index * 5) % 11,
  initials: initials(name),
}));

const entry = (
  id: string,
  title: string,
  text: string,
  by: string,
  minutes: number,
  more: Partial<TimelineEntry> = {},
): TimelineEntry => ({
  id,
  kind: "order.note",
  title,
  text,
  by,
  at: at(minutes),
  recorded_at: null,
  trust: "exact",
  verdict: "accepted",
  reason: null,
  seq: String(18_200 + Number.parseInt(id.slice(1), 10)),
  trust_text: null,
  ...more,
});

function timeline(order: MockOrder): TimelineEntry[] {
  const from = -order.age;
  const span = order.age;
  const who = order.row.assignee ?? "ZHZG驻场01";
  const all = [
    entry("e1", "登记", "电话报修，接报人 服务台02。来电单位：指挥中心。", "服务台02", from),
    entry("e2", "派单", `派给 ${who}。`, "服务台02", from + span * 0.02),
    entry("e3", "接单", "", who, from + span * 0.1),
    entry("e4", "到场", "三楼指挥大厅。", who, from + span * 0.25, {
      recorded_at: at(from + span * 0.45),
      trust: "claimed",
      trust_text: "本人填报的时间，当时本机离线；早于上次同步，按填报记。",
    }),
    entry(
      "e5",
      "备注",
      "重启终端后仍无法入会，MCU 侧看到注册超时。已请网络组核对 VLAN，配置与基线比对后再报。",
      who,
      from + span * 0.5,
    ),
    entry("e6", "到场", "与本单已有到场记录重复。", "ZHZG驻场02", from + span * 0.52, {
      verdict: "unreconciled",
      reason: "工单已由 ZHZG驻场01 到场，事实保留，待核对。",
    }),
    entry("e7", "挂起", "等待厂商备件，责任方：厂商。", who, from + span * 0.7),
    entry("e8", "备注", "厂商告知备件 16:00 前到。", who, -2, { verdict: "pending", trust: null, seq: null }),
  ];
  const upto: Partial<Record<OrderStatusDto, number>> = {
    registered: 1,
    dispatched: 2,
    accepted: 3,
    arrived: 6,
  };
  return all.slice(0, upto[order.row.status] ?? 8);
}

const step = (
  id: string,
  name: string,
  key: string | null,
  primary = false,
  fields: StepDto["fields"] = [],
): StepDto => ({ step: id, name, key, primary, fields });
const field = (
  key: string,
  label: string,
  kind: string,
  required: boolean,
  choices: [string, string][] = [],
): StepDto["fields"][number] => ({
  key,
  label,
  kind,
  required,
  choices: choices.map(([value, text]) => ({ value, label: text })),
});

function steps(status: OrderStatusDto): StepDto[] {
  const text = field("text", "说明", "long_text", false);
  const needed = field("text", "说明", "long_text", true);
  const reason = field("reason", "原因", "long_text", true);
  const users: [string, string][] = people.map((person) => [person.id, person.name]);
  const behalf = field("on_behalf", "代记（实际办理人）", "user", false, users);
  const parties: [string, string][] = [
    ["supplier", "服务方"],
    ["buyer", "采购人"],
    ["third_party", "第三方"],
    ["force_majeure", "不可抗力"],
  ];
  const levels: [string, string][] = LEVELS.map((each) => [each.level, `${each.level}级 ${each.priority}`]);
  const main: Partial<Record<OrderStatusDto, string>> = {
    registered: "dispatch",
    dispatched: "accept",
    accepted: "arrive",
    arrived: "restore",
    suspended: "resume",
    restored: "confirm",
    worked_around: "restore",
    confirmed: "close",
  };
  const all: [OrderStatusDto[], StepDto][] = [
    [["registered", "dispatched"], step("accept", "接单", "A", false, [text, behalf])],
    [
      ["registered", "dispatched"],
      step("dispatch", "派单", "P", false, [field("to", "派给（留空为派到组）", "user", false, users), text]),
    ],
    [["registered", "dispatched", "accepted"], step("respond", "响应", "R", false, [text, behalf])],
    [["dispatched", "accepted", "arrived", "suspended"], step("arrive", "到场", "D", false, [text, behalf])],
    [["dispatched", "accepted", "arrived"], step("start_work", "开始处理", null, false, [text, behalf])],
    [["accepted", "arrived"], step("diagnose", "定位原因", null, false, [needed, behalf])],
    [["accepted", "arrived"], step("give_solution", "给出方案", null, false, [needed, behalf])],
    [["accepted", "arrived"], step("remote_failed", "远程未解决", null, false, [text, behalf])],
    [["accepted", "arrived"], step("workaround", "应急办法", "W", false, [needed, behalf])],
    [
      ["accepted", "arrived", "worked_around", "suspended"],
      step("restore", "恢复", "S", false, [
        needed,
        field("cause_class", "原因类别（本项目约定）", "choice", false, [
          ["function_defect", "功能缺陷"],
          ["hardware", "硬件故障"],
        ]),
        field("party", "责任方", "choice", false, parties),
        field("security_class", "安全事件类别", "choice", false, [["malware", "有害程序事件"]]),
        field("cause", "原因分析", "long_text", false),
        field("affected_units", "影响单位", "text", false),
        field("affected_users", "影响用户数", "number", false),
        field("affected_from", "中断自", "time", false),
        field("affected_to", "中断至", "time", false),
        field("evidence", "依据", "text", false),
        behalf,
      ]),
    ],
    [
      ["accepted", "arrived"],
      step("swap", "更换备件", null, false, [
        needed,
        field("old_serial", "换下序列号", "text", false),
        field("new_serial", "换上序列号", "text", false),
        behalf,
      ]),
    ],
    [
      ["accepted", "arrived"],
      step("suspend", "挂起", "H", false, [
        reason,
        field("party", "责任方", "choice", true, parties),
        field("evidence", "依据", "text", true),
      ]),
    ],
    [["suspended"], step("resume", "解除挂起", "H", false, [text])],
    [
      ["registered", "dispatched", "accepted", "arrived"],
      step("change_level", "调级", "L", false, [field("level", "级别", "level", true, levels), reason]),
    ],
    [["dispatched", "accepted", "arrived"], step("return", "退单", "B", false, [reason])],
    [
      ["dispatched", "accepted", "arrived"],
      step("transfer", "转派", "T", false, [
        field("to", "转给（留空为转到组）", "user", false, users),
        reason,
      ]),
    ],
    [
      ["restored"],
      step("confirm", "确认", "C", false, [
        field("who", "确认人", "text", true),
        field("unit", "单位", "text", false),
        field("way", "确认方式", "choice", true, [
          ["paper", "签字单"],
          ["phone", "电话"],
          ["onsite", "当面"],
        ]),
        field("paper", "签字单编号", "text", false),
        text,
      ]),
    ],
    [
      ["confirmed"],
      step("close", "关闭", "Z", false, [
        text,
        field("symptom", "现象（记入处理经验）", "long_text", false),
        field("cause", "原因", "long_text", false),
        field("steps", "处理办法", "long_text", false),
      ]),
    ],
    [
      ["accepted", "arrived", "suspended"],
      step("ask_assist", "请求协办", "Q", false, [
        field("to", "协办人", "user", false, users),
        field("unit", "或协办单位", "text", false),
        needed,
      ]),
    ],
    [
      ["accepted", "arrived", "suspended"],
      step("note_vendor", "外协", "V", false, [
        field("maker", "厂商或单位", "text", true),
        field("case_no", "对方单号", "text", false),
        field("promised_at", "承诺到场", "time", false),
        field("arrived_at", "实际到场", "time", false),
        field("people", "人数", "number", false),
        field("names", "来人姓名（仅办理人员可见）", "text", false),
        field("escort", "陪同人", "user", false, users),
        field("permit_no", "入场审批单号", "text", false),
        text,
      ]),
    ],
    [
      ["dispatched", "accepted", "arrived"],
      step("merge", "并单", null, false, [
        field("into", "并入工单", "order", true, [
          ["A-20251124-07-003", "A-20251124-07-003 视频会议终端无法入会"],
          ["A-20251124-07-009", "A-20251124-07-009 视频会议无声音"],
        ]),
        reason,
      ]),
    ],
    [["restored", "confirmed", "closed"], step("reopen", "重新打开", "O", false, [reason])],
  ];
  const legal = all
    .filter(([from]) => from.includes(status))
    .map(([, each]) => ({ ...each, primary: each.step === main[status] }));
  return [
    ...legal,
    step("urge", "催办", "U", false, [text]),
    step("note", "备注", "N", false, [needed]),
    step("add_files", "添加附件", "F", false, []),
  ];
}

/** One file of each state. */
function files(order: MockOrder): FileDto[] {
  if (order.row.division !== "E总队") return [];
  const file = (
    n: number,
    name: string,
    kind_name: string,
    bytes: number,
    state: string,
    percent: number | null,
  ): FileDto => ({
    event_id: `f${n}`,
    hash: String(n).repeat(64).slice(0, 64),
    name,
    file_type: name.split(".").pop() ?? "",
    kind_name,
    bytes,
    by: n % 2 ? "ZHZG驻场01" : "网络驻场01",
    at: at(-40 + n),
    state,
    percent,
    is_image: /jpg|png/.test(name),
    is_here: ["waiting", "uploading", "uploaded"].includes(state),
  });
  return [
    file(1, "机柜 A03 指示灯.jpg", "现场照片", 2_411_724, "uploaded", null),
    file(2, "注册超时提示.png", "截图", 318_204, "uploading", 62),
    file(3, "运维服务记录单 E-20251124-07-003 签字.pdf", "签字单扫描件", 884_736, "waiting", null),
    file(4, "交换机日志导出.txt", "文档", 41_204, "absent", null),
    file(5, "厂商诊断包说明.docx", "文档", 24_117_248, "at_centre", null),
    file(6, "端口流量.xlsx", "文档", 6_291_456, "downloading", 35),
    file(7, "误传照片.jpg", "现场照片", 1_204_224, "erased", null),
  ];
}

const ASSISTS: AssistDto[] = [
  { id: "a1", who: "网络驻场01", text: "核对 MCU 所在 VLAN 与上联端口配置", state: "accepted", mine: false },
  { id: "a2", who: "视频会议维保组", text: "提供终端注册日志", state: "asked", mine: false },
];

function vendors(order: MockOrder): VendorDto[] {
  if (order.row.status !== "suspended") return [];
  const told = (id: string, minutes: number, more: Partial<VendorDto>): VendorDto => ({
    id,
    maker: "某视讯厂商",
    case_no: "SR-20251124-0077",
    promised_at: at(95),
    arrived_at: null,
    people: 2,
    names: "赵某、钱某",
    escort: "ZHZG驻场01",
    permit_no: "RC-2025-118",
    text: "",
    by: "ZHZG驻场01",
    at: at(minutes),
    current: false,
    ...more,
  });
  return [
    told("v2", -20, { current: true, text: "备件已从南宁仓发出，工程师随件到场。" }),
    told("v1", -140, {
      promised_at: at(-15),
      people: null,
      names: null,
      escort: null,
      permit_no: "",
      text: "已报修，厂商约定今日到场。",
    }),
  ];
}

export const knowledge: KnowledgeDto[] = [
  {
    id: "k1",
    order_id: "o5",
    number: "A-20251103-07-018",
    title: "视频会议终端无法入会",
    object: "2.3 视频会议系统",
    symptom: "终端提示“注册超时”，同网段其他终端正常",
    cause: "终端时间回拨 8 小时，证书校验失败",
    steps: "1. 校对终端时间并指向内网 NTP\n2. 重启注册服务\n3. 入会测试 10 分钟",
    by: "ZHZG驻场02",
    at: at(-31_000),
    why: "同一对象",
  },
  {
    id: "k2",
    order_id: "o9",
    number: "L-20250918-03-004",
    title: "会议室终端注册失败",
    object: "8.7 会议室设备",
    symptom: "交换机端口被改到错误 VLAN",
    cause: "",
    steps: "恢复端口 VLAN，核对基线",
    by: "网络驻场01",
    at: at(-96_000),
    why: "标题相近",
  },
];

export function detailOf(order: MockOrder): OrderDetail {
  return {
    row: order.row,
    detail: "会场 09:30 起无法入会，提示“注册超时”。同网段另一终端正常，已更换网线无效。",
    channel: "phone",
    reporter_unit: "指挥中心",
    source: order.row.alarms ? "监控平台" : null,
    last_alarm_at: order.row.alarms ? order.row.reported_at : null,
    reporter: { name: "王某", phone: "", room: "B1204", extension: "8312" },
    assets: [],
    late_reason: order.row.late_minutes === null ? null : "先电话指导，处理完后补录",
    planned_at: order.row.scheduled_at,
    on_behalf: null,
    remote: null,
    record: null,
    clocks: order.clocks,
    timeline: timeline(order),
    files: files(order),
    file_rules: {
      types: ["jpg", "png", "pdf", "ofd", "docx", "xlsx", "txt", "csv"],
      bytes_max: 52_428_800,
      files_max: 20,
      piece_bytes: 524_288,
      kinds: [
        { value: "photo", label: "现场照片" },
        { value: "screenshot", label: "截图" },
        { value: "document", label: "文档" },
        { value: "signed_paper", label: "签字单扫描件" },
        { value: "other", label: "其他" },
      ],
    },
    steps: steps(order.row.status),
    callees: ["registered", "dispatched"].includes(order.row.status)
      ? people.slice(0, 5).map((person, index) => ({
          id: person.id,
          name: person.name,
          tier: ["duty", "duty", "standby", "second", "manager"][index] ?? "duty",
          tier_name: ["值班", "值班", "备勤", "二线", "项目经理"][index] ?? "值班",
          whereabouts: ["在岗", "用餐", "", "", "会议"][index] ?? "",
          phone: index === 3 ? null : `130 0000 000${index}`,
          extension: index === 0 ? "80120" : null,
          leave: index === 2 ? "病假" : null,
          calls: index === 0 ? 2 : 0,
          last: index === 0 ? "无人接听" : null,
        }))
      : [],
    level_why: "重要应用系统、影响二分之一以下用户，合同矩阵得 3 级。",
    open_choices:
      order.row.division === "E总队"
        ? [
            {
              target: "response",
              target_name: "响应",
              rule: "E-1h-24h",
              source: "001:245",
              clause: "必须在1小时内做出响应",
              suggested: false,
              why: "与 3 级的 45 分钟并存，文件未写明优先关系；建议取较严者。",
              needs: ["rule"],
            },
          ]
        : [],
    contract_version: "7c1e90ab（2025-10-08）",
    as_of_seq: "18245",
    vendors: vendors(order),
    assists: order.row.status === "suspended" || order.row.status === "arrived" ? ASSISTS : [],
    urged: order.row.waits.includes("被催办") ? 2 : 0,
  };
}

export const day = (offset: number): DayDto => {
  const date = at(offset * 1440).slice(0, 10);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  return { date, kind: weekend ? "weekend" : "workday", holiday: null };
};

export const conflicts: ConflictDto[] = [
  {
    id: "c1",
    kind: "rejected",
    order_id: "o12",
    order: "E-20251124-07-012 平台登录页打开缓慢，超过 20 秒",
    act: "接单",
    by: "ZHZG驻场01",
    at: at(-52),
    text: "已电话联系报修人，先远程看日志。",
    reason: "中心端收到时工单已派给他人，接单不成立。",
    winner: "FZXXPT驻场01 于 今天 13:31 接单",
    can_redo: false,
  },
  {
    id: "c2",
    kind: "unreconciled",
    order_id: "o30",
    order: "L-20251124-07-030 精密空调回风温度高",
    act: "恢复",
    by: "ZHZG驻场01",
    at: at(-95),
    text: "清洗滤网后回风 23℃，观察半小时无告警。",
    reason: "离线期间工单被转派，恢复的事实已保留，需要确认由谁结束。",
    winner: "网络驻场01 于 今天 12:20 被转派为处理人",
    can_redo: true,
  },
];
