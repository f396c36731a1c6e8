import type {
  ClockDto,
  DoorError,
  ExplainDto,
  LevelAdvice,
  OrderListArgs,
  OrderRow,
  OrderStatusDto,
  PersonalDto,
  QueueCounts,
  SegmentDto,
  SessionDto,
  SettingsDto,
  Stage,
  SyncStatus,
  WhereaboutsBoard,
} from "@/generated/door";
import type { Host } from "@/platform/types";
import { rfc3339 } from "@/text/time";
import { assetCommands } from "./mockAsset";
import { buyerCommands } from "./mockBuyer";
import { attendanceCommands } from "./mockChecks";
import { contractItems, contractRows, contractView, POLICE_QUESTIONS } from "./mockContract";
import { coverageCommands } from "./mockCoverage";
import {
  conflicts,
  day,
  detailOf,
  initials,
  knowledge,
  LEVELS,
  type MockOrder,
  makeOrders,
  objects,
  people,
  START,
} from "./mockData";
import { dutyCommands } from "./mockDuty";
import { leaveCommands } from "./mockLeave";
import { keepTemplates, recordAdd, recordDay, recordForm, recordVoid, similar } from "./mockRecord";
import { rosterCommands } from "./mockRoster";
import { settingForm, settingPreview, settingPublish, valuesNow } from "./mockSetting";
import { staffGet, staffList, staffNote } from "./mockStaff";
import { stockCommands } from "./mockStock";
import type { TomlTable } from "./toml";

/**
 * A console inside the page, for `vite --mode mock`. The address chooses what it holds:
 * `?data=empty|normal|crowded&stage=…&link=offline|stale|stopped&theme=dark&fail=code`.
 */
const asked = new URLSearchParams(location.search);
const size = { empty: 0, normal: 24, crowded: 500 }[asked.get("data") ?? "normal"] ?? 24;
const opened = Date.now();
const nowText = () => rfc3339(START + Date.now() - opened);
const orders: MockOrder[] = makeOrders(size);
let personal: PersonalDto = {
  views: size
    ? [
        { list: "orders", name: "一级未结", query: { view: "open", level: "1" } },
        { list: "orders", name: "本周会议保障", query: { view: "all", search: "会议", sort: "reported" } },
        { list: "stock", name: "主库待补", query: { view: "below_minimum" } },
      ]
    : [],
  columns: [],
  drafts: [],
};
let open = size === 0 ? [] : [...conflicts];

const session: SessionDto = {
  stage: (asked.get("stage") as Stage | null) ?? "open",
  user: {
    id: "u1",
    name: "ZHZG驻场01",
    login: "zhzg01",
    roles: ["engineer", "dispatcher"],
    divisions: ["A总队", "E总队"],
    post: "P02",
    must_change_password: asked.get("stage") === "must_change",
  },
  site: "广西公安厅集中运维",
  device: "值班室1号机",
  idle_lock_minutes: 10,
  known_users: [
    { login: "zhzg01", name: "ZHZG驻场01", offline_until: "2025-12-20T00:00:00+08:00" },
    { login: "fwt02", name: "服务台02", offline_until: "2025-12-02T00:00:00+08:00" },
    { login: "xmjl", name: "项目经理", offline_until: null },
  ].slice(0, Number(asked.get("known") ?? 3)),
  demo: true,
  now: nowText(),
};
if (asked.get("stage") === "must_change") session.stage = "open";

let settings: SettingsDto = {
  theme: asked.get("theme") ?? "light",
  idle_lock_minutes: 10,
  notify: true,
  duty_pc: asked.has("alarm"),
  centre: "https://zaigang.ga.example:8443",
  centre_fingerprint: "b3:5f:0c:91:7e:d2:44:a8:1b:60:3d:aa:0e:57:c8:19",
  device: "值班室1号机（d-7c41）",
  store_path: "~/.local/share/zaigang/console.db",
  version: "0.1.0",
  keyring_slot: true,
  contracts: ["guangxi-police 7c1e90ab（2025-10-08 起）"],
  calendar_years: "2024-2026 年已公布",
  files_here: size === 0 ? 0 : 214,
  files_kib: size === 0 ? 0 : 186_420,
};

const PLACES = [
  ["desk", "在岗"],
  ["machine_room", "机房"],
  ["meeting", "会议"],
  ["out", "外出"],
  ["meal", "用餐"],
] as [string, string][];

/** Everybody's whereabouts: some said nothing, some said it yesterday, one is late. */
const board = (): WhereaboutsBoard => ({
  items: people.slice(0, asked.get("data") === "empty" ? 1 : people.length).map((person, index) => {
    const said = index % 4 === 3 ? null : (PLACES[index % PLACES.length] ?? null);
    return {
      id: person.id,
      name: person.name,
      initials: person.initials,
      division: person.division,
      at: said?.[0] ?? null,
      text: said?.[1] ?? "未说明",
      place: index % 3 === 1 ? "B1机房 3列" : index % 3 === 2 ? "4楼会议室" : "",
      since: said && rfc3339(START - (index % 6 === 5 ? 26 : 1) * 3_600_000),
      back_at: said && said[0] !== "desk" ? rfc3339(START + (index % 5 === 1 ? -10 : 40) * 60_000) : null,
      late: index % 5 === 1,
      old: index % 6 === 5,
      by: null,
      pending: index === 2,
      mine: index === 0,
    };
  }),
  choices: PLACES,
  may_tell_others: true,
});

const link = asked.get("link") ?? "synced";
const status = (): SyncStatus => ({
  state: link === "offline" || link === "stale" ? "offline" : link === "stopped" ? "stopped" : "synced",
  last_synced_at: rfc3339(START - (link === "stale" ? 7 * 3600_000 : link === "offline" ? 1500_000 : 12_000)),
  age_seconds: 12,
  stale_after_seconds: 4 * 3600,
  waiting: link === "synced" ? 0 : 7,
  conflicts: open.length,
  next_try_at: link === "offline" ? rfc3339(START + 45_000) : null,
  trouble:
    link === "stopped"
      ? "E总队工单：本机历史与中心端不一致（第 18201 条起）。"
      : link === "synced"
        ? null
        : "中心端没有应答（连接超时）。",
  files:
    link === "synced"
      ? { up: 0, up_kib: 0, down: 0, down_kib: 0 }
      : { up: 3, up_kib: 9_216, down: 1, down_kib: 6_900 },
  logs: [
    { log: "site", title: "本项目公共", seq: "402", head: "a81f03c2", stopped: null },
    { log: "orders/A", title: "A总队工单", seq: "9120", head: "07bd11f9", stopped: null },
    {
      log: "orders/E",
      title: "E总队工单",
      seq: "18245",
      head: "5c90e41a",
      stopped: link === "stopped" ? "本机历史与中心端不一致，已停止写入，等待管理员处理。" : null,
    },
  ],
});

const isOpen = (row: OrderRow) => row.status !== "closed" && row.status !== "confirmed";
const left = (row: OrderRow) =>
  row.next_clock?.deadline
    ? Date.parse(row.next_clock.deadline) - START - (Date.now() - opened)
    : Number.POSITIVE_INFINITY;
const VIEWS: Record<string, (row: OrderRow) => boolean> = {
  mine: (row) => isOpen(row) && row.assignee === "ZHZG驻场01",
  division: (row) => isOpen(row) && ["A总队", "E总队"].includes(row.division),
  unassigned: (row) => row.status === "registered",
  due_soon: (row) =>
    isOpen(row) && left(row) >= 0 && left(row) <= (row.next_clock?.warn_minutes ?? 0) * 60_000,
  broken: (row) => isOpen(row) && left(row) < 0,
  to_confirm: (row) => row.status === "restored",
  to_enter: (row) => !row.entered && !row.voided && ["restored", "confirmed", "closed"].includes(row.status),
  waiting: (row) => isOpen(row) && row.waits.length > 0,
  report_due: (row) => row.next_clock?.target === "report",
  unreconciled: (row) => row.unreconciled > 0,
  open: isOpen,
  all: () => true,
};
const inView = (view: string) => orders.map((order) => order.row).filter(VIEWS[view] ?? isOpen);
const counts = (): QueueCounts =>
  Object.fromEntries(Object.keys(VIEWS).map((view) => [view, inView(view).length])) as unknown as QueueCounts;

function list(args: OrderListArgs) {
  const word = args.search?.toLowerCase();
  const rows = inView(args.view).filter(
    (row) =>
      (!word || `${row.number}${row.title}${initials(row.title)}`.toLowerCase().includes(word)) &&
      (!args.statuses.length || args.statuses.includes(row.status)) &&
      (!args.division || row.division === args.division) &&
      (!args.object || row.object.startsWith(`${args.object} `)) &&
      (!args.level || row.level === args.level) &&
      (!args.kind || row.kind === args.kind) &&
      (!args.rule || row.level === args.rule.slice(1) || args.rule.length > 2),
  );
  if (args.view === "to_confirm" && (args.sort ?? "age") === "age")
    rows.sort((a, b) => (a.waits_since ?? "").localeCompare(b.waits_since ?? ""));
  return { rows: rows.slice(args.offset, args.offset + args.limit), total: rows.length, now: nowText() };
}

function bulkSteps(ids: string[]) {
  const each = ids.map((id) => detailOf(find(id) as MockOrder).steps);
  const [first, ...rest] = each;
  const shared = (first ?? []).filter((step) =>
    rest.every((steps) => steps.some((other) => other.step === step.step)),
  );
  const alone = [
    "add_files",
    "restore",
    "confirm",
    "arrive",
    "workaround",
    "swap",
    "diagnose",
    "give_solution",
    "note_vendor",
  ];
  return shared.filter((step) => !alone.includes(step.step)).map((step) => ({ ...step, primary: false }));
}

const fail = (code: DoorError["code"], message: string, wait: number | null = null): never => {
  throw { code, message, field: null, retry_after_seconds: wait } satisfies DoorError;
};
const find = (id: string) =>
  orders.find((order) => order.row.id === id) ?? fail("not_found", "本机没有这张工单。");

const MOVES: [string, string | null, string | null][] = [
  ["登记：电话报修，接报人 服务台02，时钟起算", null, "到期 09-30 16:30"],
  ["定级 3 级：重要应用系统、影响二分之一以下用户", "到期 09-30 16:30", "到期 09-30 16:30"],
  ["派单给 ZHZG驻场01", null, null],
  ["调级 3 级 → 2 级：业务影响扩大到二分之一以上用户", "到期 09-30 16:30", "到期 09-30 14:30"],
  ["挂起：等待采购人停机窗口（责任方 采购人），约定可停表", "到期 09-30 14:30", "停表"],
  ["日历更新：国庆中秋假期 10-01 至 10-08", "停表", "停表"],
  ["解除挂起：采购人给出停机窗口", "停表", "到期 10-10 11:30"],
  ["改用合同第2版：办公时间改为 09:00-18:00", "到期 10-10 11:30", "到期 10-10 13:00"],
  ["选定条款 L2，未采用 E-1h-24h：按较严者", "到期 10-10 13:00", "到期 10-10 13:00"],
  ["调级 2 级 → 3 级：应急办法启用后只影响个别用户", "到期 10-10 13:00", "到期 10-10 13:00"],
];
const moves = (count: number, from: number) =>
  MOVES.slice(0, count).map(([text, before, after], index) => ({
    at: rfc3339(from + index * 9 * 3600_000),
    late: index === 3 || index === 6,
    text,
    before,
    after,
  }));

function explain(orderId: string, target: string): ExplainDto {
  const order = find(orderId) as MockOrder;
  const clock = (order.clocks.find((each) => each.target === target) ?? order.clocks[0]) as ClockDto;
  const office = asked.get("span") === "long";
  const from = office ? Date.parse("2025-09-24T16:30:00+08:00") : Date.parse(clock.starts_at ?? nowText());
  const to = office
    ? Date.parse("2025-10-10T11:00:00+08:00")
    : Math.max(Date.parse(clock.ended_at ?? nowText()), from + 60_000);
  const segments: SegmentDto[] = [];
  const push = (a: number, b: number, counted: boolean, why: string, text: string) =>
    segments.push({ from: rfc3339(a), to: rfc3339(b), counted, why, text });
  if (!office) {
    const mid = from + (to - from) * 0.55;
    push(from, mid, true, "running", "7×24 计时，全部计入。");
    push(
      mid,
      to,
      order.row.status !== "suspended",
      "pause_not_in_contract",
      "挂起期间：合同未约定停钟，仍计入，另作免责依据。",
    );
  } else {
    let cursor = from;
    for (let noon = Date.parse("2025-09-24T00:00:00+08:00"); noon < to; noon += 86_400_000) {
      const workday =
        new Date(noon + 8 * 3600_000).getUTCDay() % 6 !== 0 &&
        (noon < Date.parse("2025-10-01T00:00:00+08:00") || noon >= Date.parse("2025-10-09T00:00:00+08:00"));
      if (!workday) continue;
      const start = Math.max(noon + 9 * 3600_000, from);
      const end = Math.min(noon + 18 * 3600_000, to);
      if (start > cursor) push(cursor, start, false, "off_hours", "非工作时间，不计入。");
      if (end > start) push(start, end, true, "work_time", "工作时间 09:00-18:00，计入。");
      cursor = Math.max(cursor, end);
    }
  }
  const first = Math.floor((from + 8 * 3600_000) / 86_400_000);
  const last = Math.floor((to + 8 * 3600_000) / 86_400_000);
  const days = Array.from({ length: last - first + 1 }, (_, index) => {
    const date = new Date((first + index) * 86_400_000).toISOString().slice(0, 10);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    const holiday =
      date >= "2025-10-01" && date <= "2025-10-08" ? (date === "2025-10-06" ? "中秋节" : "国庆节") : null;
    return { date, kind: holiday ? "statutory" : weekday % 6 === 0 ? "weekend" : "workday", holiday };
  });
  return {
    clock: office ? { ...clock, starts_at: rfc3339(from), deadline: rfc3339(to + 7200_000) } : clock,
    segments,
    days,
    events: detailOf(order)
      .timeline.slice(0, 3)
      .map((event) => ({ ...event, text: `${event.title}：响应时钟由此开始` })),
    matched: [
      {
        target,
        target_name: clock.name,
        rule: clock.rule,
        source: clock.source,
        clause: clock.clause,
        suggested: true,
        why: "工单级别对应的条款。",
        needs: [],
      },
      {
        target,
        target_name: clock.name,
        rule: "E-1h-24h",
        source: "001:245",
        clause: "必须在1小时内做出响应",
        suggested: false,
        why: "E总队 12 个系统的条款，较宽，未采用。",
        needs: [],
      },
    ],
    settings: [
      "办公时间 09:00-18:00，自 2025-10-01 起（科信办，《运维服务约定事项确认单》），本项目约定。",
      "时限用去 50%、80% 时提醒，本项目约定。",
      "对象 5.2 为核心系统，本项目约定。",
    ],
    text: clock.clause,
    notes: office
      ? ["“采取相应解决方案”按恢复的时限计。", "级别小时数在本对象按办公时间计，见约定。"]
      : ["“采取相应解决方案”按恢复的时限计。"],
    moves: moves(office ? 10 : 3, from),
  };
}

const yesNo = [
  { value: "true", label: "是" },
  { value: "false", label: "否" },
];
const said = (value: unknown) => (value === null || value === undefined ? null : String(value));
const QUESTIONS: [string, string, { value: string; label: string }[]][] = [
  ["vip", "是 VIP 用户申报吗？", yesNo],
  ["request", "是服务请求（不是故障）吗？", yesNo],
  ["security_event", "是信息安全事件吗？", yesNo],
  [
    "system_class",
    "故障的系统或基础设施属于哪一类？",
    [
      { value: "core", label: "核心应用系统或核心基础设施故障" },
      { value: "important", label: "重要应用系统或重要基础设施故障" },
      { value: "general", label: "一般系统、一般基础设施或非 VIP 终端故障" },
    ],
  ],
  [
    "share",
    "运维范围内有多少用户受影响？",
    [
      { value: "half_or_more", label: "影响二分之一及以上用户" },
      { value: "under_half", label: "影响二分之一以下用户" },
      { value: "individual", label: "影响个别用户（1-3 人）" },
    ],
  ],
];

/** `?matrix=none`: a contract whose levels are words and nothing more. */
function judge(facts: Record<string, unknown>): {
  outcome: string;
  level: string | null;
  fits: string[];
  why: string;
} {
  if (asked.get("matrix") === "none")
    return facts.level
      ? {
          outcome: "level",
          level: String(facts.level),
          fits: [String(facts.level)],
          why: `按所选定为 ${facts.level} 级。`,
        }
      : { outcome: "ask", level: null, fits: [], why: "请按文件写的级别选一项。" };
  const one = (level: string, why: string) => ({ outcome: "level", level, fits: [level], why });
  if (facts.vip === true) return one("1", "VIP 用户申报，一律为 1 级。");
  if (!facts.system_class || !facts.share)
    return { outcome: "ask", level: null, fits: [], why: "请补充影响范围。" };
  if (facts.system_class === "general" && facts.share === "half_or_more")
    return {
      outcome: "gap",
      level: null,
      fits: [],
      why: "一般系统影响二分之一及以上用户，四个级别都没有写到。请选择级别并说明理由。",
    };
  if (facts.system_class === "core" && facts.share === "individual")
    return {
      outcome: "overlap",
      level: null,
      fits: ["2", "3"],
      why: "核心系统影响个别用户，同时符合 2 级和 3 级，文件没有写以哪一级为准。请选择级别并说明理由。",
    };
  const level =
    facts.system_class === "core"
      ? facts.share === "half_or_more"
        ? "1"
        : "2"
      : facts.system_class === "important" && facts.share === "half_or_more"
        ? "2"
        : "3";
  return one(level, `按合同为 ${level} 级。`);
}

function advise(facts: Record<string, unknown>): LevelAdvice {
  const found = judge(facts);
  const level = facts.level ? String(facts.level) : found.level;
  const words = {
    key: "level",
    text: "文件把故障分为下列几级，属于哪一级？",
    choices: LEVELS.map((each) => ({
      value: each.level,
      label: `${each.level}：${each.definition} [${each.source}]`,
    })),
    answer: said(facts.level),
  };
  const questions =
    asked.get("matrix") === "none"
      ? [words]
      : QUESTIONS.filter(([key]) => key === "vip" || facts.vip !== true).map(([key, text, choices]) => ({
          key,
          text,
          choices,
          answer: said(facts[key]),
        }));
  const sample = orders.find((order) => order.row.level === level) ?? orders[0];
  const limits: Record<string, [number, number]> = {
    "1": [15, 240],
    "2": [30, 480],
    "3": [45, 1440],
    "4": [60, 2880],
  };
  const clocks =
    level && sample
      ? ["response", "restoration"].map((target, index) => ({
          ...(sample.clocks[index] as ClockDto),
          target,
          state: "running",
          starts_at: nowText(),
          ended_at: null,
          limit_text: `${limits[level]?.[index]}分钟`,
          deadline: rfc3339(START + (Date.now() - opened) + (limits[level]?.[index] ?? 0) * 60_000),
        }))
      : [];
  const clauses = LEVELS.map(({ level, definition, source }) => ({ level, definition, source }));
  return { ...found, clocks, matched: [], questions, clauses };
}

const NEXT: Record<string, OrderStatusDto> = {
  dispatch: "dispatched",
  accept: "accepted",
  arrive: "arrived",
  restore: "restored",
  workaround: "worked_around",
  suspend: "suspended",
  resume: "arrived",
  confirm: "confirmed",
  close: "closed",
  reopen: "accepted",
};

function chartSvg(dark: boolean, width: number, height: number): string {
  const bars = Array.from({ length: 8 }, (_, index) => {
    const x = 50 + (index * (width - 80)) / 8;
    return `<rect x="${x}" y="${height - 120 - (index % 4) * 12}" width="18" height="${90 + (index % 4) * 12}" fill="${dark ? "#67c498" : "#1f6f4a"}"/><rect x="${x + 20}" y="${height - 50}" width="18" height="20" fill="${dark ? "#f58b82" : "#b0241c"}"/>`;
  }).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${bars}<text x="50" y="${height - 12}" font-size="12" fill="${dark ? "#e3e7ed" : "#1b222d"}">第 40 周至第 47 周</text></svg>`;
}

// biome-ignore lint/suspicious/noExplicitAny: a mock takes what comes.
const COMMANDS: Record<string, (args: any) => unknown> = {
  ...rosterCommands,
  "session.get": () => ({ ...session, now: nowText() }),
  "session.log_in": (args) =>
    args.password === "x"
      ? fail("wrong_password", "用户名或密码不对。再错 3 次将锁定 15 分钟。")
      : args.password === "y"
        ? fail("too_many_failures", "尝试次数过多，请稍后再试。", 245)
        : Object.assign(session, { stage: "open" }),
  "session.enrol": () => Object.assign(session, { stage: "logged_out" }),
  "session.log_out": () => Object.assign(session, { stage: "logged_out" }),
  "session.lock": () => Object.assign(session, { stage: "locked" }),
  "session.unlock": () => Object.assign(session, { stage: "open" }),
  "session.change_password": () => session,
  "sync.status": status,
  "sync.now": status,
  "sync.conflicts": () => open,
  "sync.settle": (args) => {
    open = open.filter((item) => item.id !== args.id);
    return { id: args.id, message: "已处理", changed: ["sync", "orders"] };
  },
  "order.list": list,
  "order.counts": counts,
  "order.alarms": () => ({
    sounds: asked.has("alarm"),
    orders: asked.has("alarm")
      ? orders.filter(({ row }) => row.status === "dispatched" && row.level === "1").map(({ row }) => row)
      : [],
  }),
  ...dutyCommands(asked, size, () => orders),
  ...attendanceCommands(size),
  ...coverageCommands(size),
  "whereabouts.board": board,
  "whereabouts.tell": (args) => ({ id: `whereabouts/${args.person}`, message: "去向已登记", changed: [] }),
  "order.get": (args) => detailOf(find(args.id) as MockOrder),
  "order.step": (args) => {
    const voided = args.step === "void" ? recordVoid(args.order_id) : undefined;
    if (voided) return voided;
    const order = find(args.order_id) as MockOrder;
    order.row = { ...order.row, status: NEXT[args.step] ?? order.row.status, pending: order.row.pending + 1 };
    return {
      id: args.order_id,
      message: `已记录${args.step === "note" ? "备注" : "步骤"}，待中心端确认`,
      changed: ["orders", `order:${args.order_id}`, "counts"],
    };
  },
  "order.bulk_steps": (args) => bulkSteps(args.orders),
  "order.bulk": (args) => {
    const results = (args.orders as string[]).map((id, index) => {
      const order = find(id) as MockOrder;
      const done = index % 5 !== 3;
      if (done) order.row = { ...order.row, status: NEXT[args.step] ?? order.row.status };
      const message = done
        ? "已接单，15分钟内响应"
        : "工单现由他人负责，不能由您“接单”；需要接手请先由其转派。";
      return { order_id: id, number: order.row.number, done, message };
    });
    const failed = results.filter((each) => !each.done).length;
    const message = failed
      ? `${results.length - failed} 张已办理，${failed} 张未办理`
      : `${results.length} 张都已办理`;
    return { results, message, changed: ["orders", "counts"] };
  },
  "order.knowledge": (args) =>
    size
      ? knowledge
          .filter((each) => !args.search || JSON.stringify(each).includes(args.search))
          .map((each) => ({ ...each, why: args.order_id ? each.why : "" }))
      : [],
  "personal.get": () => personal,
  "personal.save": (args) => {
    personal = {
      ...personal,
      ...(args.views && { views: args.views }),
      ...(args.columns && { columns: args.columns }),
    };
    return personal;
  },
  "draft.keep": () => ({}),
  "order.add_files": (args) => ({
    id: args.order_id,
    message: `已添加 ${args.files.length} 个附件`,
    changed: [`order:${args.order_id}`],
  }),
  "file.stage": (args) => {
    const received = args.from + Math.floor((args.piece.length * 3) / 4);
    const file_type = args.name.split(".").pop() ?? "";
    return {
      upload: args.upload,
      received,
      ready: received >= args.bytes,
      name: args.name,
      file_type,
      is_image: /jpg|png/.test(file_type),
      findings: args.name.includes("138") ? ["手机号"] : [],
    };
  },
  "file.discard": () => ({}),
  "file.picture": (args) => picture(args.large),
  "file.fetch": () => ({}),
  "order.explain": (args) => explain(args.order_id, args.target),
  "order.register_form": () => ({
    divisions: ["A总队", "B总队", "E总队", "F总队", "H总队", "I总队", "L总队"],
    objects,
    levels: LEVELS,
    people,
    reminder: "严禁录入涉密信息和公民个人信息",
  }),
  "order.level_advice": advise,
  "order.register": () => ({
    id: orders[0]?.row.id ?? "o1",
    message: "已登记并派单，15 分钟内响应",
    changed: ["orders", "counts"],
  }),
  "order.similar": (args) => similar(orders, args),
  "record.form": () => recordForm(size > 0),
  "record.day": (args) => recordDay(args, size > 0),
  "record.add": recordAdd,
  "record.templates": keepTemplates,
  "today.get": () => ({
    day: day(0),
    mine: inView("mine").slice(0, 30),
    unassigned: inView("unassigned").slice(0, 30),
    waiting: inView("waiting").slice(0, 30),
    reports: inView("report_due").slice(0, 30),
    counts: counts(),
    today: size
      ? [
          { target: "response", name: "响应", met: 11, missed: 1 },
          { target: "arrival", name: "到场", met: 4, missed: 0 },
          { target: "restoration", name: "恢复", met: 6, missed: 2 },
        ]
      : [],
    conflicts: open,
    upcoming: [5, 6, 12, 13].map(day),
    now: nowText(),
  }),
  "chart.met_missed": (args) => ({
    svg: chartSvg(args.theme === "dark", args.width, args.height),
    rows: size
      ? ["2025-11-03", "2025-11-10", "2025-11-17"].flatMap((week, index) => [
          { week, target: "响应", met: 40 + index * 3, missed: index },
          { week, target: "恢复", met: 31 + index, missed: 2 },
        ])
      : [],
  }),
  ...buyerCommands(
    () => orders,
    (args) => list({ ...args, offset: 0, limit: 10_000 }).rows,
    (code, message) => fail(code, message),
  ),
  ...leaveCommands((code, message) => fail(code, message), size > 0),
  ...assetCommands(asked, size),
  ...stockCommands(asked, size, (code, message) => fail(code, message)),
  "staff.list": () => staffList(size > 0),
  "staff.get": staffGet,
  "staff.note": staffNote,
  "contract.list": () =>
    size ? contractItems((id) => (id === "guangxi-police" ? POLICE_QUESTIONS.length : 3)) : [],
  "contract.view": (args) => {
    const values = valuesNow(args.contract);
    const accepted = (values.acceptance as { date?: string } | undefined)?.date ?? null;
    return contractView(args.contract, (values.system_class ?? []) as TomlTable[], accepted);
  },
  "contract.rows": contractRows,
  "contract.questions": (args) => (args.contract === "guangxi-police" ? POLICE_QUESTIONS : []),
  "setting.form": (args) => settingForm(args.contract),
  "setting.preview": (args) => settingPreview(args.contract, args.values, orders),
  "setting.publish": (args) => settingPublish(args, (code, message) => fail(code, message)),
  "settings.get": () => settings,
  "settings.change": (args) => {
    settings = {
      ...settings,
      ...Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null)),
    };
    return settings;
  },
  "audit.verify": () => ({
    ok: true,
    events: 27_767,
    problems: [],
    message: "27,767 条事件的哈希链与投影一致。",
  }),
};

/** A made-up photo of a rack. */
function picture(large: boolean) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = large ? [1280, 860] : [240, 161];
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.scale(canvas.width / 240, canvas.height / 161);
  pen.fillStyle = "#39424f";
  pen.fillRect(0, 0, 240, 161);
  for (let row = 0; row < 9; row++) {
    pen.fillStyle = row % 3 === 1 ? "#525d6c" : "#242b35";
    pen.fillRect(24, 10 + row * 16, 192, 12);
    for (let lamp = 0; lamp < 12; lamp++) {
      pen.fillStyle = (row * 7 + lamp) % 11 === 0 ? "#eab355" : "#67c498";
      pen.fillRect(34 + lamp * 14, 14 + row * 16, 4, 3);
    }
  }
  const jpeg = canvas.toDataURL("image/jpeg").replace(/^[^,]*,/, "");
  return { width: canvas.width, height: canvas.height, jpeg };
}

export function openHost(): Host {
  return {
    openFile: () => Promise.resolve(),
    async call(command, args) {
      if (asked.get("fail") && /^(order|coverage)\./.test(command))
        fail(asked.get("fail") as DoorError["code"], "读取失败：存储暂时被占用。");
      await new Promise((resolve) => setTimeout(resolve, 15));
      return JSON.parse(JSON.stringify((await COMMANDS[command]?.(args)) ?? null));
    },
    listen(onPush) {
      if (asked.get("remind"))
        setTimeout(
          () =>
            onPush({
              changed: [],
              reminders: [
                {
                  kind: "soon",
                  order_id: "o3",
                  title: "响应时钟还剩 3 分钟",
                  body: "E-20251124-07-003 平台登录页打开缓慢",
                },
              ],
            }),
          800,
        );
    },
    needsCode: () => asked.get("stage") === "code",
    enterCode: () => Promise.resolve(),
  };
}
