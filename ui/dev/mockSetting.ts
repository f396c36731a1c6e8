import type {
  Choice,
  SettingField,
  SettingForm,
  SettingPreview,
  SettingProblem,
  SettingPublish,
  SettingSection,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { POLICE_QUESTIONS, policeAgreed, policeFacts, published, versionOf } from "./mockContract";
import { type MockOrder, START } from "./mockData";
import type { TomlTable } from "./toml";

/** The settings of a contract as a form, and a check of them that finds a few of the real mistakes. */
const asked = new URLSearchParams(location.search);
type Values = Record<string, unknown>;
type Row = Record<string, unknown>;

const field = (key: string, label: string, kind: string, more: Partial<SettingField> = {}): SettingField => ({
  key,
  label,
  kind,
  required: false,
  help: null,
  choices: null,
  ...more,
});
const must = { required: true };
const pairs = (names: Record<string, string>): Choice[] =>
  Object.entries(names).map(([value, label]) => ({ value, label }));
const BASIS = [
  field("basis.effective", "自何日起", "date", { help: "依据三项须一并填写；没有依据的约定列入待甲方提供" }),
  field("basis.who", "由谁约定", "text", { help: "写单位或岗位，不写姓名" }),
  field("basis.paper", "依据文件", "text", { help: "文件名，连同文号或日期" }),
];
const TARGETS = pairs({
  response: "响应",
  arrival: "到场",
  solution: "解决方案",
  restoration: "恢复",
  report: "故障报告",
});

function sections(id: string): SettingSection[] {
  const facts = id === "guangxi-police" ? policeFacts() : {};
  const objects = ((facts.maintenance_object ?? []) as TomlTable[]).map((row) => ({
    value: String(row.no),
    label: `${row.no} ${row.name}`,
  }));
  const rules = ((facts.sla ?? []) as TomlTable[]).map((row) => ({
    value: String(row.id),
    label: String(row.id),
  }));
  const divisions = [..."ABCDEFGHIJKL"].map((letter) => ({ value: `${letter}总队`, label: `${letter}总队` }));
  const posts = ((facts.position ?? []) as TomlTable[]).map((row) => ({
    value: String(row.id),
    label: `${row.id} ${row.name}`,
  }));
  const open = (key: string) =>
    id === "guangxi-police" ? POLICE_QUESTIONS.filter((each) => each.section === key).length : 0;
  const make = (
    key: string,
    title: string,
    help: string,
    fields: SettingField[],
    single = false,
  ): SettingSection => ({
    key,
    title,
    help,
    single,
    open: open(key),
    fields,
  });
  const whole = [
    field("rules", "规则", "choices", { choices: rules }),
    field("targets", "目标", "choices", { choices: TARGETS }),
  ];
  const note = field("note", "说明", "long");
  return [
    make(
      "acceptance",
      "验收日期",
      "服务期自验收之日起算的对象，以此日为准。",
      [field("date", "通过阶段验收之日", "date", must), ...BASIS],
      true,
    ),
    make("office_hours", "办公时间", "分季节、分总队的办公时间。到岗和按工作时间计的时限以此为准。", [
      field("from", "自（月日）", "month_day"),
      field("to", "至（月日）", "month_day"),
      field("divisions", "总队", "choices", { choices: divisions }),
      field("windows", "时间", "windows", must),
      note,
      ...BASIS,
    ]),
    make("day", "特定日期", "采购人对某一天另作的安排。时间留空表示全天不办公。", [
      field("date", "日期", "date", must),
      field("divisions", "总队", "choices", { choices: divisions }),
      field("windows", "办公时间", "windows"),
      field("reason", "事由", "text", must),
      ...BASIS,
    ]),
    make("window", "有名称的时段", "文件提到而没有写明起止的时段，如“工作时间”“关键运行时段”。", [
      field("name", "名称", "text", { required: true, help: "与条文用词一致" }),
      field("days", "日子", "choice", {
        choices: pairs({ all: "每天", workdays: "工作日", days_off: "非工作日" }),
        required: true,
      }),
      field("windows", "时间", "windows", must),
      field("objects", "对象", "choices", { choices: objects }),
      field("from", "自", "date"),
      field("to", "至", "date"),
      ...BASIS,
    ]),
    make(
      "system_class",
      "对象类别与用户数",
      "核心、重要、一般决定故障级别；用户数用来判断是否达到二分之一。",
      [
        field("object", "对象", "choice", { required: true, choices: objects }),
        field("class", "类别", "choice", {
          required: true,
          choices: pairs({ core: "核心", important: "重要", general: "一般" }),
        }),
        field("users", "用户数", "number"),
        ...BASIS,
      ],
    ),
    make("vip", "VIP 用户", "按岗位或房间列出，不写个人姓名。", [
      field("name", "岗位或房间", "text", must),
      field("kind", "列的是", "choice", { choices: pairs({ post: "岗位", room: "房间" }) }),
      field("division", "总队", "choice", { choices: divisions }),
      ...BASIS,
    ]),
    make("pause", "停表理由", "挂起时可以停表的理由。没有列出的，挂起只作记录，照常计时。", [
      field("reason", "理由", "text", must),
      field("party", "责任方", "choice", {
        choices: pairs({
          buyer: "采购人",
          supplier: "供应商",
          third_party: "第三方",
          force_majeure: "不可抗力",
        }),
        required: true,
      }),
      ...whole,
      note,
      ...BASIS,
    ]),
    make("limit", "另定时限", "文件没有写数字，或双方另有约定的时限。", [
      field("rule", "规则", "choice", { required: true, choices: rules }),
      field("target", "目标", "choice", { required: true, choices: TARGETS }),
      field("minutes", "分钟", "number", must),
      note,
      ...BASIS,
    ]),
    make("calendar", "计时日历", "以分钟和小时计的时限，是连续计时，还是只计办公时间。", [
      field("calendar", "计时", "choice", {
        required: true,
        choices: pairs({ elapsed: "连续计时", office: "只计办公时间" }),
      }),
      ...whole,
      note,
      ...BASIS,
    ]),
    make("day_meaning", "“天”的算法", "文件写“几天”“几个工作日”时怎样计算。", [
      field("day", "天", "choice", {
        required: true,
        choices: pairs({ hours: "24 小时一天", date: "到那天 24:00", workday: "工作日" }),
      }),
      ...whole,
      note,
      ...BASIS,
    ]),
    make("precedence", "条款的先后", "几条条款都适用时，建议用哪一条。", [
      field("prefer", "建议", "choice", {
        required: true,
        choices: pairs({ specific: "更贴切的", strict: "更严的" }),
      }),
      field("objects", "对象", "choices", { choices: objects }),
      field("targets", "目标", "choices", { choices: TARGETS }),
      ...BASIS,
    ]),
    make(
      "warning_percent",
      "提醒时间",
      "时限用去多少时提醒。",
      [field("percent", "百分比", "percents", must)],
      true,
    ),
    make("duty_order", "值守通知", "采购人下发的重保、节假日、会议值守通知。", [
      field("number", "文号", "text", must),
      field("date", "发文日期", "date", must),
      field("title", "标题", "text", must),
      field("from", "自", "date", must),
      field("to", "至", "date", must),
      field("divisions", "总队", "choices", { choices: divisions }),
      field("posts", "岗位", "choices", { choices: posts }),
      note,
    ]),
    make("answer", "书面答复", "采购人对其他事项的答复，只作记录和解释用。", [
      field("question", "事项", "choice", {
        required: true,
        choices: POLICE_QUESTIONS.map((each) => ({ value: each.id, label: each.question })),
      }),
      field("text", "答复", "long", must),
      ...BASIS,
    ]),
  ];
}

const paper = { effective: "2025-10-09", who: "科信办", paper: "《运维服务约定事项确认单》2025-10-08" };
function start(id: string): Values {
  const empty = Object.fromEntries(
    sections(id)
      .filter((each) => !each.single)
      .map((each) => [each.key, []]),
  );
  if (id !== "guangxi-police" || asked.get("agreed") === "none") return { ...empty, contract: id };
  const agreed = policeAgreed();
  const crowded = asked.get("data") === "crowded";
  const classed = (agreed.system_class ?? []) as TomlTable[];
  const rest = ((policeFacts().maintenance_object ?? []) as TomlTable[])
    .map((row) => String(row.no))
    .filter((no) => !classed.some((each) => each.object === no))
    .map((object, index) => ({
      object,
      class: ["core", "important", "general"][index % 3],
      users: 120 + index * 37,
      basis: paper,
    }));
  return {
    ...empty,
    contract: id,
    note: String(agreed.note),
    acceptance: { date: agreed.acceptance_date, basis: { ...paper, effective: "2024-09-01" } },
    warning_percent: { percent: agreed.warning_percent },
    vip: (agreed.vip as TomlTable[]).map((row, index) =>
      index ? row : { ...row, kind: "post", basis: paper },
    ),
    system_class: [
      ...classed.map((row, index) =>
        index % 4 ? { ...row, basis: paper } : { ...row, users: 860 - index * 20 },
      ),
      ...(crowded ? rest : []),
    ],
    office_hours: crowded
      ? [
          { from: "05-01", to: "09-30", windows: ["08:00-12:00", "15:00-18:00"], basis: paper },
          { from: "10-01", to: "04-30", windows: ["08:00-12:00", "14:30-17:30"], basis: paper },
          {
            divisions: ["H总队", "I总队"],
            windows: ["09:00-12:00", "13:00-17:00"],
            note: "窗口单位",
            basis: paper,
          },
        ]
      : [],
    duty_order: crowded
      ? [
          {
            number: "桂公科〔2025〕88号",
            date: "2025-09-20",
            title: "国庆中秋期间运维保障的通知",
            from: "2025-10-01",
            to: "2025-10-08",
            divisions: ["A总队", "E总队", "L总队"],
            posts: ["P02", "P05"],
          },
        ]
      : [],
  };
}

const stored = new Map<string, Values>();
export function valuesNow(id: string): Values {
  const known = stored.get(id) ?? start(id);
  stored.set(id, known);
  return known;
}

const writable = asked.get("role") !== "engineer";
export function settingForm(id: string): SettingForm {
  const now = versionOf(id)[0];
  return {
    contract: id,
    version: now?.version ?? 1,
    base_hash: now?.hash ?? "",
    values: JSON.stringify(valuesNow(id)),
    sections: sections(id),
    may_publish: writable,
  };
}

const rows = (values: Values, key: string): Row[] =>
  Array.isArray(values[key]) ? (values[key] as Row[]) : values[key] ? [values[key] as Row] : [];
const words = (section: SettingSection, row: Row): string =>
  section.fields
    .filter((each) => !each.key.startsWith("basis."))
    .map((each) => {
      const value = row[each.key];
      const label = (one: unknown) =>
        each.choices?.find((choice) => choice.value === one)?.label ?? String(one);
      return value === undefined || value === null
        ? ""
        : Array.isArray(value)
          ? value.map(label).join("、")
          : label(value);
    })
    .filter(Boolean)
    .join("，");

function problems(values: Values): SettingProblem[] {
  const found: SettingProblem[] = [];
  const seen = new Map<string, number>();
  rows(values, "system_class").forEach((row, index) => {
    const first = seen.get(String(row.object));
    if (first !== undefined)
      found.push({
        section: "system_class",
        row: index,
        field: "object",
        message: `对象 ${row.object} 已在第 ${first + 1} 条定为另一类，请只留一条。`,
      });
    else seen.set(String(row.object), index);
  });
  rows(values, "vip").forEach((row, index) => {
    if (/王|李|张|刘/.test(String(row.name)))
      found.push({ section: "vip", row: index, field: "name", message: "像是个人姓名，请改写岗位或房间。" });
  });
  rows(values, "duty_order").forEach((row, index) => {
    if (String(row.to) < String(row.from))
      found.push({ section: "duty_order", row: index, field: "to", message: "结束日期早于开始日期。" });
  });
  return found;
}

export function settingPreview(id: string, text: string, orders: MockOrder[]): SettingPreview {
  const values = JSON.parse(text) as Values;
  const before = valuesNow(id);
  const changes = sections(id).flatMap((section) => {
    const old = rows(before, section.key).map((row) => JSON.stringify(row));
    const now = rows(values, section.key).map((row) => JSON.stringify(row));
    const gone = old.filter((row) => !now.includes(row)).map((row) => JSON.parse(row) as Row);
    const fresh = now.filter((row) => !old.includes(row)).map((row) => JSON.parse(row) as Row);
    const first = section.fields[0]?.key ?? "";
    return [
      ...fresh.map((row) => {
        const twin = gone.find((each) => each[first] === row[first]);
        if (twin) gone.splice(gone.indexOf(twin), 1);
        return {
          section: section.key,
          title: words(section, row).split("，")[0] ?? "",
          before: twin ? words(section, twin) : null,
          after: words(section, row),
        };
      }),
      ...gone.map((row) => ({
        section: section.key,
        title: words(section, row).split("，")[0] ?? "",
        before: words(section, row),
        after: null,
      })),
    ];
  });
  const open = orders.filter((order) => !["closed", "confirmed", "merged"].includes(order.row.status));
  const touched = changes.length ? open.slice(0, asked.get("data") === "crowded" ? 14 : 3) : [];
  return {
    problems: problems(values),
    changes,
    orders: touched.map((order, index) => ({
      id: order.row.id,
      number: order.row.number,
      title: order.row.title,
      status: order.row.status,
      changes:
        index % 2
          ? ["恢复：24小时 → 8小时，到期 11-25 09:10 → 11-24 17:10"]
          : [
              "响应：45分钟 → 30分钟，到期 11-24 14:52 → 11-24 14:37",
              "恢复：24小时 → 8小时，到期 11-25 14:07 → 11-24 22:07",
            ],
    })),
    open_orders: open.length,
  };
}

let hurried = asked.get("race") !== null;
export function settingPublish(args: SettingPublish, fail: (code: "not_now", message: string) => never) {
  const now = versionOf(args.contract)[0];
  const own = published.get(args.contract) ?? [];
  published.set(args.contract, own);
  // Somebody else is quicker, once.
  if (hurried) {
    hurried = false;
    const values = valuesNow(args.contract);
    const vip = rows(values, "vip").map((row, index) =>
      index ? { ...row, kind: "room", basis: paper } : row,
    );
    stored.set(args.contract, { ...values, vip });
    own.push({ version: (now?.version ?? 1) + 1, hash: "a4410ff2e97b", by: "项目经理", at: rfc3339(START) });
  }
  const current = versionOf(args.contract)[0];
  if (args.base_hash !== current?.hash)
    return fail("not_now", "您修改期间，别人已发布第2版。草稿还在，请载入新版对照后再发布。");
  const version = (current?.version ?? 1) + 1;
  stored.set(args.contract, JSON.parse(args.values) as Values);
  own.push({ version, hash: `c9d20b7${version}5e11`, by: "项目经理", at: rfc3339(START + 60_000) });
  return {
    id: args.contract,
    message: `已发布第${version}版${args.rebind.length ? `；${args.rebind.length} 张工单改用新版本` : "，未结工单保持原版本"}`,
    changed: ["contract", "orders", "counts"],
  };
}
