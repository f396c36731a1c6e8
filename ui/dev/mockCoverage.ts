import type {
  CoverageDutyDay,
  CoverageForm,
  CoverageLedger,
  CoverageLine,
  CoverageList,
  CoverageRow,
  CoverageSlot,
  CoverageTasks,
  CoverageView,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { people, START } from "./mockData";

/** Made-up 保障 for looking at screens: a key period that runs, 元旦 that waits for approval, 国庆 that is over. */
const DAY = 86_400_000;
const TODAY = "2025-11-24";
const CONTRACT = "2024-2025年度厅机关新增集中运维服务";
const name = (index: number) => people[index % people.length]?.name ?? "";
const range = (from: string, to: string) => {
  const days: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
};
const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay();
const before = (date: string, days: number) =>
  new Date(Date.parse(date) - days * DAY).toISOString().slice(0, 10);
const off = (date: string) =>
  [0, 6].includes(weekday(date)) || (date >= "2025-10-01" && date <= "2025-10-08") || date === "2026-01-01";

const FORM: CoverageForm = {
  name: "2025年11月专项活动网络安全保障方案",
  occasion: "key_period",
  from: "2025-11-22",
  to: "2025-11-26",
  divisions: [],
  lead: "u1",
  escalation: ["值班岗", "带班", "项目经理", "科信办值班室"],
  checks: [
    { key: "1", what: "机房环境、供电和空调巡检", days_before: 3 },
    { key: "2", what: "核心系统、网络设备和备份检查", days_before: 3 },
    { key: "3", what: "备件和工具到位，值班电话和应急联系方式核对", days_before: 1 },
    { key: "4", what: "未结工单、告警和遗留问题清零或交代", days_before: 1 },
  ],
  spares: [
    { name: "核心交换机电源模块", quantity: 2, place: "备件库" },
    { name: "SFP-10G 光模块", quantity: 8, place: "备件库" },
    { name: "服务器硬盘 4TB", quantity: 4, place: "机房二号柜" },
  ],
  patrols: ["09:00", "21:00"],
  reports: ["08:30", "16:00"],
  round_the_clock: true,
  freezes: [
    { from: "2025-11-21T18:00:00+08:00", to: "2025-11-27T08:00:00+08:00", what: "核心业务系统、核心网络" },
  ],
  fallback: "主链路中断时启用备用链路；核心系统不可用时转手工登记，每 30 分钟报一次进展。",
  paper: "专项活动保障通知（2025）18 号",
};
const NEW_YEAR: CoverageForm = {
  ...FORM,
  name: "2026年元旦保障方案",
  occasion: "statutory_holiday",
  from: "2026-01-01",
  to: "2026-01-03",
  freezes: [],
  paper: "",
  round_the_clock: false,
};
const AUTUMN: CoverageForm = {
  ...FORM,
  name: "2025年国庆节、中秋节保障方案",
  occasion: "statutory_holiday",
  from: "2025-10-01",
  to: "2025-10-08",
};
const PLANS: Record<string, { form: CoverageForm; stage: string; stage_name: string; over: boolean }> = {
  "coverage/now": { form: FORM, stage: "consented", stage_name: "采购人已同意", over: false },
  "coverage/next": { form: NEW_YEAR, stage: "submitted", stage_name: "待审核", over: false },
  "coverage/past": { form: AUTUMN, stage: "closed", stage_name: "已总结", over: true },
};

function slots(id: string): CoverageSlot[] {
  const plan = PLANS[id];
  if (!plan) return [];
  const { form, over } = plan;
  const one = (kind: string, slot: string, title: string, date: string, time: string): CoverageSlot => {
    const at = Date.parse(`${date}T${time}:00+08:00`);
    const missed = slot === "2025-11-23 21:00" || slot === "4";
    const done = plan.stage !== "submitted" && at < START && !missed;
    const found = slot === "2025-11-23 09:00" || slot === "2025-10-03 09:00";
    return {
      kind,
      slot,
      title,
      date,
      due_at: rfc3339(at),
      overdue: !over && at < START && missed && plan.stage !== "submitted",
      fine: done ? !found : null,
      text: done && found ? "一块硬盘预警，已更换" : "",
      by: done ? name(weekday(date)) : "",
      at: done ? rfc3339(at - 20 * 60_000) : null,
    };
  };
  const all = [
    ...form.checks.map((check) =>
      one("check", check.key, check.what, before(form.from, check.days_before), "18:00"),
    ),
    ...range(form.from, form.to).flatMap((date) => [
      ...form.patrols.map((time) => one("patrol", `${date} ${time}`, `特巡 ${time}`, date, time)),
      ...form.reports.map((time) => one("report", `${date} ${time}`, `报告 ${time}`, date, time)),
    ]),
  ];
  return all.sort((a, b) => a.due_at.localeCompare(b.due_at));
}

function row(id: string): CoverageRow {
  const { form, stage, stage_name, over } = PLANS[id] as (typeof PLANS)[string];
  const all = slots(id);
  const checks = all.filter((slot) => slot.kind === "check");
  const next = all.find((slot) => slot.fine === null && Date.parse(slot.due_at) >= START);
  return {
    id,
    name: form.name,
    occasion: form.occasion === "key_period" ? "重保" : "节假日",
    from: form.from,
    to: form.to,
    stage,
    stage_name,
    days_ahead: over ? null : Math.max(0, Math.round((Date.parse(form.from) - Date.parse(TODAY)) / DAY)),
    overdue: all.filter((slot) => slot.overdue).length,
    checks_done: checks.filter((slot) => slot.fine !== null).length,
    checks: checks.length,
    next_title: stage === "consented" ? (next?.title ?? "") : "",
    next_at: stage === "consented" ? (next?.due_at ?? null) : null,
    pending: id === "coverage/next",
  };
}

function duty(form: CoverageForm): CoverageDutyDay[] {
  return range(form.from, form.to).map((date, index) => ({
    day: {
      date,
      kind: off(date)
        ? date.includes("-10-0") || date === "2026-01-01"
          ? "statutory"
          : "weekend"
        : "workday",
      holiday: date.startsWith("2025-10-0") ? "国庆节、中秋节" : date.startsWith("2026") ? "元旦" : null,
    },
    published: !date.startsWith("2026"),
    unattended_minutes: date === "2025-11-26" ? 480 : 0,
    posts: date.startsWith("2026")
      ? []
      : [
          { name: "带班", place: "", people: [name(index + 4)], lacking: 0 },
          { name: "值班", place: "值班室", people: [name(index), name(index + 1)], lacking: 0 },
          {
            name: "备勤",
            place: "",
            people: date === "2025-11-26" ? [] : [name(index + 2)],
            lacking: date === "2025-11-26" ? 1 : 0,
          },
        ],
  }));
}

const SUMMARY =
  "2025年国庆节、中秋节保障方案（2025-10-01 至 2025-10-08）；保障前检查应 4 次，已做 4 次；特巡应 16 次，已做 16 次；报告应 16 次，已做 16 次。\n2025-10-03 特巡 09:00：一块硬盘预警，已更换";

function view(id: string): CoverageView {
  const { form, stage, over } = PLANS[id] as (typeof PLANS)[string];
  const may = {
    change: stage === "consented",
    submit: false,
    give_back: stage === "submitted",
    approve: stage === "submitted",
    consent: false,
    consent_by_account: false,
    close: stage === "consented",
    cancel: !over,
    record: stage === "consented",
  };
  const act = (stage_name: string, by: string, days: number, text = "") => ({
    stage_name,
    by,
    at: rfc3339(Date.parse(`${before(form.from, days)}T10:20:00+08:00`)),
    text,
  });
  const acts = [act("编制中", name(0), 9), act("待审核", name(0), 9)];
  if (stage !== "submitted") acts.push(act("已审核", name(3), 8), act("采购人已同意", name(0), 7));
  if (over) acts.push(act("已总结", name(0), -9, SUMMARY));
  return {
    row: row(id),
    plan: form,
    version: 1,
    lead_name: name(0),
    consent: stage === "submitted" ? null : "科信办于 2025-11-15 同意，凭保障方案确认单",
    acts,
    slots: slots(id),
    duty: duty(form),
    may,
    summary: SUMMARY,
    contract: CONTRACT,
    printed: "第 1 版 · 公共日志第 402 条 a81f03c2",
    watermark: "打印：ZHZG驻场01（zhzg01）2025-11-24 14:20，值班室1号机",
  };
}

const list = (size: number): CoverageList => ({
  plans: size ? Object.keys(PLANS).map(row) : [],
  unplanned: size ? [] : [NEW_YEAR],
  blank: { ...FORM, name: "", freezes: [], spares: [], fallback: "", paper: "" },
  occasions: [
    ["statutory_holiday", "节假日"],
    ["weekend", "周末"],
    ["two_sessions", "两会"],
    ["expo", "博览会"],
    ["key_period", "重保"],
    ["other", "其他"],
  ].map(([value = "", text = ""]) => ({ value, text })),
  leads: people.slice(0, 6).map((person) => ({ value: person.id, text: person.name })),
  divisions: ["A总队", "B总队", "E总队", "L总队"],
  own_divisions: [],
  may_plan: true,
  today: TODAY,
});

function tasks(size: number): CoverageTasks {
  const due = size
    ? slots("coverage/now").filter(
        (slot) => slot.fine === null && (slot.date === TODAY || slot.kind === "check"),
      )
    : [];
  return {
    due: due.map(({ kind, slot, title, due_at, overdue }) => ({
      plan: "coverage/now",
      name: FORM.name,
      kind,
      slot,
      title,
      due_at,
      overdue,
    })),
    missed: size ? 1 : 0,
    waiting: size ? [{ plan: "coverage/next", name: NEW_YEAR.name, act: "待审核" }] : [],
    unplanned: [],
    freezes: FORM.freezes.map((freeze) => ({ ...freeze, plan: "coverage/now", name: FORM.name })),
  };
}

function ledger(args: { from: string | null; to: string | null }): CoverageLedger {
  const from = args.from ?? "2025-01-01";
  const to = args.to ?? "2025-12-31";
  const year = range(from, to).length >= 365;
  const line = (
    id: string,
    source: string,
    applies_to: string,
    obligation: string,
    owed: string,
    more: Partial<CoverageLine> & { on?: (date: string) => boolean } = {},
  ): CoverageLine => {
    const { on, ...rest } = more;
    const days = (on ? range(from, to).filter(on) : []).map((date) => {
      const state =
        date > "2025-11-30" ? "empty" : date === "2025-11-16" ? "thin" : date > TODAY ? "planned" : "proven";
      const planned = { empty: 0, thin: 1, planned: 2, proven: 2 }[state] ?? 0;
      return { date, holiday: null, planned, proven: state === "proven" ? 2 : 0, state };
    });
    const count = (states: string[]) => days.filter((day) => states.includes(day.state)).length;
    const planned_days = count(["planned", "proven"]);
    return {
      id,
      source,
      applies_to,
      obligation,
      measure: "节假日各天（含假期内的周末）",
      counted: on !== undefined,
      owed,
      people: 1,
      calendar_days: days.length,
      planned_days,
      proven_days: count(["proven"]),
      short_days: days.length - planned_days,
      days,
      ...rest,
    };
  };
  const holiday = (date: string) => date >= "2025-10-01" && date <= "2025-10-08";
  return {
    contract: "guangxi-petition",
    title: "网上信访信息系统维护",
    from,
    to,
    lines: [
      line("p1-holiday", "000:40", "网上信访信息系统", "不少于36天法定节假日进行保障", "每年不少于 36 天", {
        on: holiday,
        short_days: year ? 28 : null,
      }),
      line(
        "p1-weekend",
        "000:46",
        "网上信访信息系统",
        "扣除节假日重叠的周末后，常规周末保障约98天",
        "每年约 98 天",
        {
          on: (date) => off(date) && !holiday(date),
          measure: "节假日以外的周末各天",
          short_days: null,
        },
      ),
      line(
        "p1-congress",
        "000:42",
        "网上信访信息系统",
        "两会（人民代表大会、政协会议）约5天驻场值班保障",
        "每年约 5 天",
        {
          on: () => false,
          measure: "保障计划列明的各天",
          short_days: null,
        },
      ),
      line("p1-expo", "000:44", "网上信访信息系统", "东盟博览会约5天值班保障", "每年约 5 天", {
        on: () => false,
        measure: "保障计划列明的各天",
        short_days: null,
      }),
      line("p2-holiday", "000:471", "大数据平台", "不少于13天法定节假日24小时待命", "每年不少于 13 天", {
        on: holiday,
        short_days: year ? 5 : null,
      }),
      line("dynamic-pair", "000:224", "动态考核监控平台", "主备双人 7×24 小时值守", "每一天", {
        on: () => true,
        people: 2,
        measure: "每天",
      }),
      line("p1-724", "000:28", "网上信访信息系统", "提供7×24小时技术支持服务", "每一天"),
      line("account-724", "000:61", "信访管理系统账号维护", "提供7×24小时电话支持", "每一天"),
    ],
    oddities: [
      {
        text: "网上信访信息系统：节假日 36 天 + 周末 98 天 + 2025 年日历上的工作日 248 天 = 382 天，全年 365 天，多 17 天",
        sources: ["000:40", "000:46"],
      },
      {
        text: "网上信访信息系统：合同写 36 天；2025 年放假安排中节假日 28 天（含假期内的周末），其中法定节日 13 天",
        sources: ["000:40"],
      },
      {
        text: "大数据平台：节假日 13 天 + 周末 90 天 + 2025 年日历上的工作日 248 天 = 351 天，全年 365 天，少 14 天",
        sources: ["000:471", "000:474"],
      },
    ],
    unannounced_years: [],
    synced_at: rfc3339(START - 12_000),
  };
}

export function coverageCommands(size: number) {
  const written = (id: string, message: string) => ({ id, message, changed: ["coverage", "sync"] });
  return {
    "coverage.list": () => list(size),
    "coverage.get": (args: { id: string }) => view(args.id),
    "coverage.plan": (args: { id: string | null }) =>
      written(args.id ?? "coverage/now", "已编制，送审后由另一位项目经理审核"),
    "coverage.act": (args: { id: string }) => written(args.id, "已办理"),
    "coverage.done": (args: { id: string }) => written(args.id, "已记录"),
    "coverage.tasks": () => tasks(size),
    "coverage.print": (args: { id: string }) => view(args.id),
    "coverage.ledger": ledger,
    "calendar.list": () => ({
      packs: [2024, 2025, 2026].map((year) => ({
        year,
        title: `国务院办公厅关于${year}年部分节假日安排的通知`,
        number:
          { 2024: "国办发明电〔2023〕7号", 2025: "国办发明电〔2024〕12号" }[year] ?? "国办发明电〔2025〕7号",
        issued: { 2024: "2023-10-25", 2025: "2024-11-12" }[year] ?? "2025-11-04",
        source: "国务院公报",
        shipped: year !== 2026,
      })),
      pending: false,
      may_publish: true,
    }),
    "calendar.preview": () => ({
      year: 2026,
      title: "国务院办公厅关于2026年部分节假日安排的通知（更正）",
      number: "更正",
      issued: "2025-12-01",
      known: false,
      days: [
        {
          date: "2026-01-02",
          before: { date: "2026-01-02", kind: "bridge", holiday: "元旦" },
          after: { date: "2026-01-02", kind: "workday", holiday: null },
        },
        {
          date: "2026-01-04",
          before: { date: "2026-01-04", kind: "makeup", holiday: "元旦" },
          after: { date: "2026-01-04", kind: "weekend", holiday: null },
        },
      ],
      shifts: [
        { date: "2026-01-02", text: "正常上班 0 人 → 31 人；值班改为不设岗" },
        { date: "2026-01-04", text: "正常上班 33 人 → 0 人；值班改为须设岗" },
      ],
      orders: [
        {
          id: "order/calendar-1",
          number: "GX-20251222-003",
          title: "全省视频会商平台分屏显示异常",
          status: "accepted",
          changes: ["故障报告：到期 01-06 18:00 → 01-05 18:00"],
        },
        {
          id: "order/calendar-2",
          number: "GX-20251223-011",
          title: "六楼会议终端更换",
          status: "suspended",
          changes: ["恢复：到期 01-05 17:30 → 01-02 17:30"],
        },
      ],
      open_orders: 24,
      may_rebind: true,
    }),
    "calendar.publish": () => ({
      id: "calendar/2026",
      message: "已发布 2026 年日历，中心端确认后对新工单和排班生效",
      changed: ["contract", "orders"],
    }),
  };
}
