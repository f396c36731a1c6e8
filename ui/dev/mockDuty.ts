import type {
  DayReport,
  DutyDay,
  DutyNow,
  HandoverDto,
  HandoverForm,
  HandoverOrder,
  HandoverRow,
  HotlinePage,
  HotlineRow,
  WallDto,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { day, type MockOrder, objects, people, START } from "./mockData";

/** Duty today for looking at screens. `asked` chooses: `duty=held|none`, `link=stale`. */
const HOUR = 3_600_000;
const at = (hours: number) => rfc3339(START + hours * HOUR);
const KINDS: [string, string][] = [
  ["part", "借出备件"],
  ["key", "钥匙"],
  ["card", "门禁卡、证件"],
  ["tool", "工具"],
];
const MATTERS: [string, string][] = [
  ["alarm", "告警"],
  ["instruction", "上级通知、领导交办"],
  ["coverage", "重保、封网"],
  ["other", "其他待办"],
];
const REMINDER = "请勿填写涉密内容和公民个人信息；报障人姓名、电话只填在专用栏。";

export function dutyCommands(asked: URLSearchParams, size: number, orders: () => MockOrder[]) {
  const none = asked.get("duty") === "none" || size === 0;
  const held = asked.get("duty") === "held";
  const stale = asked.get("link") === "stale";
  const open = () => orders().filter(({ row }) => !["closed", "confirmed"].includes(row.status));
  const seat = (post: string, name: string, who: number, standby: boolean) => ({
    post,
    name,
    standby,
    people: [
      {
        id: `u${who + 1}`,
        name: people[who]?.name ?? "",
        division: people[who]?.division ?? "",
        mine: who === 0,
      },
    ],
    since: at(-3),
    until: at(21),
    next: { names: [people[who + 2]?.name ?? ""], from: at(21) },
    standing: held && !standby ? "held_over" : "accepted",
    note: held && !standby ? `交接班未完成，应由${people[2]?.name}接班` : "",
  });
  const duty = (): DutyNow => ({
    seats: none
      ? []
      : [seat("duty", "值班", 0, false), seat("lead", "带班", 3, false), seat("standby", "备勤", 1, true)],
    line: none ? "" : `值班：${people[0]?.name} / 备勤：${people[1]?.name} 至 08:00`,
    mine: none
      ? null
      : {
          posts: ["值班"],
          on: true,
          at: at(21),
          partners: [`${people[1]?.name}（备勤）`],
          handover: "尚未交班",
          handover_id: null,
        },
    published: !none,
    note: none ? "还没有发布值班表，也没有完成过交接班。请项目经理在“排班”发布本月值班表。" : "",
    age_seconds: stale ? 7 * 3600 : 12,
    stale,
    now: rfc3339(START),
  });
  const orderLine = ({ row }: MockOrder, index: number): HandoverOrder => ({
    id: row.id,
    number: row.number,
    title: row.title,
    division: row.division,
    status: "处理中",
    assignee: row.assignee ?? "",
    note: index === 1 ? "备件明早到，到货后直接换上" : "",
  });
  const clocks = () =>
    open().flatMap(({ row }) => {
      const clock = row.next_clock;
      if (!clock?.deadline) return [];
      const left = (Date.parse(clock.deadline) - START) / 60_000;
      return [
        {
          number: row.number,
          name: clock.name,
          deadline: clock.deadline,
          near: left < clock.warn_minutes,
          clock,
        },
      ];
    });
  const things = [
    { kind: "key", name: "B1 机房钥匙", count: 2, note: "值班台抽屉" },
    { kind: "card", name: "机房临时门禁卡", count: 3, note: "" },
    { kind: "part", name: "千兆光模块", count: 1, note: "借自备件柜，用于 3 楼接入交换机" },
    { kind: "tool", name: "光功率计", count: 1, note: "" },
  ];
  const systems = objects.slice(0, 18).map((object, index) => ({
    object: object.no,
    name: object.name,
    division: object.division,
    normal: index !== 3,
    note: index === 3 ? "高峰时登录慢，已通知厂商" : "",
  }));
  const matters = [
    {
      id: "m1",
      kind: "instruction",
      text: "科信处通知：12-01 前完成弱口令核查并回执",
      since: "2025-11-22",
      done: false,
    },
    {
      id: "m2",
      kind: "coverage",
      text: "12-05 起年终重保，期间封网，变更须先报批",
      since: "2025-11-23",
      done: false,
    },
    {
      id: "m3",
      kind: "alarm",
      text: "核心交换机 CPU 告警，已压下，观察到明早",
      since: "2025-11-24",
      done: false,
    },
    { id: "m4", kind: "other", text: "三楼会议室投影线已更换", since: "2025-11-23", done: true },
  ];
  const row = (n: number, stage: string, name: string): HandoverRow => ({
    id: `handover/h${n}`,
    at: at(-24 * n - 1),
    by: people[n % 4]?.name ?? "",
    turn: "11-23 08:00 至 11-24 08:00",
    posts: "值班",
    to: people[(n + 1) % 4]?.name ?? "",
    answered_by: stage === "offered" ? "" : (people[(n + 1) % 4]?.name ?? ""),
    answered_at: stage === "offered" ? null : at(-24 * n),
    stage,
    stage_name: name,
    signings: n === 2 ? 2 : 1,
    orders: open().length,
    near: n === 0 ? 3 : 0,
    matters: 3,
    waits: stage === "offered",
    pending: n === 0,
  });
  const rows = none
    ? []
    : [
        row(0, "offered", "待接班"),
        row(1, "refused", "已退回"),
        ...[2, 3, 4, 5].map((n) => row(n, "accepted", "已接班")),
      ];
  const handover = (id: string): HandoverDto => {
    const found = rows.find((each) => each.id === id) ?? row(0, "offered", "待接班");
    return {
      row: found,
      contract: "2024-2025年度厅机关新增集中运维服务",
      signing: "s1",
      orders: open().slice(0, 12).map(orderLine),
      orders_left: Math.max(0, open().length - 12),
      clocks: clocks(),
      things,
      systems,
      matters,
      note: "UPS 例行放电测试改到 12-02。",
      answer: found.stage === "refused" ? "门禁卡实点 2 张，与记录不符" : "",
      witness: "项目经理",
      witnessed_at: null,
      may_answer: found.stage === "offered",
      may_witness: false,
      may_sign: found.stage === "refused",
      signers: [
        { login: "fwt02", name: "服务台02", offline_until: "2025-12-02T00:00:00+08:00" },
        { login: "xmjl", name: "项目经理", offline_until: "2025-12-02T00:00:00+08:00" },
      ],
      version: "第 1 次签 · 记录 01990a5d · 公共日志第 402 条 a81f03c2",
      watermark: "打印：ZHZG驻场01（zhzg01）2025-11-24 11:00，值班室1号机",
      thing_kinds: KINDS,
      matter_kinds: MATTERS,
    };
  };
  const form = (): HandoverForm => ({
    id: null,
    signing: null,
    refusal: "",
    carried: none ? "" : `承接 11-23 08:00 ${people[2]?.name} → ${people[0]?.name} 的交接`,
    turn: "11-24 08:00 至 11-25 08:00",
    posts: [
      { id: "duty", name: "值班" },
      { id: "lead", name: "带班" },
    ],
    held: ["duty"],
    to: people[2]?.id ?? null,
    witness: null,
    people,
    orders: open().slice(0, 30).map(orderLine),
    orders_left: Math.max(0, open().length - 30),
    clocks: clocks(),
    things: none ? [] : things,
    systems,
    matters: none ? [] : matters.filter((each) => !each.done),
    note: "",
    thing_kinds: KINDS,
    matter_kinds: MATTERS,
    may_sign: true,
    reminder: REMINDER,
  });
  const call = (n: number, missed: string | null, text: string, counted: boolean): HotlineRow => ({
    id: `hotline/c${n}`,
    at: at(-n * 7 - 1),
    missed,
    missed_text: { away: "离开座位", busy: "占线", caller: "主叫挂断或误拨" }[missed ?? ""] ?? "",
    ours: missed !== null && missed !== "caller",
    off_hours: n % 2 === 1,
    unit: ["科信处", "A总队指挥中心", "E总队内勤", "办公室"][n % 4] ?? "",
    caller: n % 3 === 0 ? { name: "来电人", phone: "8001" } : null,
    text,
    minutes: missed ? 0 : 4 + n,
    by: people[n % 3]?.name ?? "",
    orders:
      n === 2 ? [{ id: orders()[0]?.row.id ?? "", number: orders()[0]?.row.number ?? "", title: "" }] : [],
    counted: counted ? ["offhours-reach"] : [],
    pending: n === 0,
  });
  const calls = none
    ? []
    : [
        call(0, null, "门户网站打不开，刷新后正常，继续观察", false),
        call(1, "away", "", true),
        call(2, null, "打印机驱动报错", false),
        call(3, "busy", "已回拨，咨询口令规则", true),
        call(4, "caller", "", false),
        call(5, null, "询问节假日值班电话", false),
      ];
  const hotline = (args: { missed: boolean; rule: string | null }): HotlinePage => ({
    rows: calls.filter(
      (each) => (!args.missed || each.missed) && (!args.rule || each.counted.includes(args.rule)),
    ),
    total: calls.length,
    missed: calls.filter((each) => each.missed).length,
    counters: [
      {
        rule: "offhours-reach",
        contract: "2024-2025年度厅机关新增集中运维服务",
        value: none ? 0 : 2,
        limit: 3,
        every: true,
        state: none ? "ok" : "near",
        text: none
          ? "非工作时间联系不上 0 次，已满 0 个 3 次，再有 3 次又满"
          : "非工作时间联系不上 2 次，已满 0 个 3 次，再有 1 次又满",
        source: "001:1935",
        clause: "非工作时间必须能联系上值班工程师并在规定时间内赶到现场",
        words: "每累计发生三次，扣5分",
        note: "自服务起算日累计，文件未写明按考核周期清零；“未在规定时间内赶到现场”也在此条，文件未写明规定时间，此处不计。",
        since: "2024-12-01",
        unknown: 0,
      },
    ],
    causes: [
      ["line", "我方线路不畅", true],
      ["busy", "占线", true],
      ["away", "离开座位", true],
      ["unreached", "值班手机未接通", true],
      ["buyer_line", "采购人侧线路故障", false],
      ["caller", "主叫挂断或误拨", false],
    ],
    from: "2025-10-25",
    to: "2025-11-24",
    may_log: true,
    reminder: REMINDER,
  });
  const report = (id: string): DayReport => ({
    id,
    counts: [
      { key: "kind.incident", name: "故障", count: 6 },
      { key: "kind.request", name: "服务请求", count: 3 },
      { key: "kind.work_record", name: "工作记录", count: 41 },
      { key: "closed", name: "当日办结", count: 5 },
      { key: "open", name: "未结", count: 12 },
      { key: "broken", name: "超时未结", count: 2 },
      { key: "hotline.answered", name: "接听电话", count: 4 },
      { key: "hotline.missed", name: "未接电话", count: 2 },
      { key: "inspection.normal", name: "巡检正常", count: 18 },
      { key: "handover", name: "交接班", count: 1 },
    ],
    solved: orders()
      .slice(0, 3)
      .map(({ row: each }, index) => `${index + 1}. ${each.number} ${each.title}`)
      .join("\n"),
    unsolved: orders()
      .slice(3, 6)
      .map(({ row: each }, index) => `${index + 1}. ${each.number} ${each.title}：恢复已超时`)
      .join("\n"),
    duty: `1. 值班交接班：${people[2]?.name} 交，${people[0]?.name} 接`,
    next: id ? "核查弱口令，下午回执。" : "",
    by: id ? (people[0]?.name ?? "") : "",
    at: id ? at(-1) : null,
    received_by: "",
    received_at: null,
    received_text: "",
    pending: false,
  });
  const linked = () =>
    orders()
      .slice(0, 1)
      .map(({ row: each }) => ({ id: each.id, number: each.number, title: each.title }));
  const dutyDay = (date: string | null): DutyDay => ({
    date: date ?? "2025-11-24",
    notes: none
      ? []
      : [
          {
            id: "n1",
            at: at(-3),
            text: "接班，清点钥匙 2 把、门禁卡 3 张，无误。",
            orders: [],
            by: people[0]?.name ?? "",
            mine: true,
            before: [],
            pending: false,
          },
          {
            id: "n2",
            at: at(-2),
            text: "B1 机房巡视：温度 23 ℃，精密空调 2 号滤网告警，已报修。",
            orders: linked(),
            by: people[0]?.name ?? "",
            mine: true,
            before: ["B1 机房巡视正常。"],
            pending: true,
          },
          {
            id: "n3",
            at: at(-1),
            text: "科信处来人检查值班情况，查看日志和台账。",
            orders: [],
            by: people[1]?.name ?? "",
            mine: false,
            before: [],
            pending: false,
          },
        ],
    drafts: none
      ? []
      : orders()
          .slice(0, 3)
          .map(({ row: each }, index) => ({
            key: `${each.id}:${index}`,
            at: at(-2.5 + index / 2),
            text: `故障登记：${each.number} ${each.title}`,
            orders: linked(),
          })),
    report: asked.get("report") === "sent" ? report("r1") : null,
    reports_before: 0,
    draft: report(""),
    managers: ["项目经理"],
    clauses: [
      {
        source: "000:35",
        text: "每天下班前技术人员将当天已解决的问题，及时反馈汇报给管理人员；对超时未完成问题，管理人员定期将问题处理完成进度汇报给信息中心",
      },
    ],
    contract: "2024-2025年度厅机关新增集中运维服务",
    may_write: true,
    may_receive: asked.get("report") === "sent",
    reminder: REMINDER,
    version: "未报送 · 公共日志第 402 条 a81f03c2",
    watermark: "打印：ZHZG驻场01（zhzg01）2025-11-24 11:00，值班室1号机",
  });
  const wall = (): WallDto => ({
    clocks: open()
      .filter(({ row: each }) => each.next_clock)
      .sort((a, b) => (a.row.next_clock?.deadline ?? "9").localeCompare(b.row.next_clock?.deadline ?? "9"))
      .slice(0, 40)
      .map(({ row: each }) => ({
        number: each.number,
        object: each.object,
        division: each.division,
        level: each.level,
        assignee: each.assignee,
        target: each.next_clock?.name ?? "",
        state: each.next_clock?.state ?? "running",
        deadline: each.next_clock?.deadline ?? null,
        remaining_minutes: each.next_clock?.remaining_minutes ?? null,
        warn_minutes: each.next_clock?.warn_minutes ?? 0,
        limit_minutes: each.next_clock?.limit_minutes ?? null,
      })),
    open: open().length,
    broken: none ? 0 : 2,
    unassigned: open().filter(({ row: each }) => each.status === "registered").length,
    duty: duty(),
    day: day(0),
    upcoming: [
      { date: "2026-01-01", kind: "statutory", holiday: "元旦" },
      { date: "2026-01-04", kind: "makeup", holiday: null },
    ],
  });
  const written = (id: string, message: string) => ({ id, message, changed: ["duty", "sync"] });
  return {
    "duty.now": duty,
    "duty.wall": wall,
    "handover.list": () => rows,
    "handover.get": (args: { id: string }) => handover(args.id),
    "handover.form": form,
    "handover.sign_out": () => written("handover/h0", "已签字交班，待接班；接班前值班责任仍由您承担"),
    "handover.accept": () => written("handover/h0", "已接班：值班，自现在起由您值班"),
    "handover.refuse": () => written("handover/h0", "已退回，值班责任仍由交班人承担"),
    "handover.witness": () => written("handover/h0", "已监交签字"),
    "handover.print": (args: { id: string }) => handover(args.id),
    "hotline.list": hotline,
    "hotline.log": () => written("hotline/c9", "已记录来电"),
    "hotline.link": () => written("hotline/c9", "已关联工单"),
    "dutylog.day": (args: { date: string | null }) => dutyDay(args.date),
    "dutylog.note": () => written("dutylog/2025-11-24", "已记入值班日志"),
    "dutylog.report": () => written("dutylog/2025-11-24", "日报已报送 项目经理"),
    "dutylog.receive": () => written("dutylog/2025-11-24", "已签收"),
    "dutylog.print": (args: { id: string }) => dutyDay(args.id),
  };
}
