import type {
  BalanceDto,
  CountRow,
  DiscrepancyDto,
  DoorError,
  FateDto,
  MovementRow,
  OutstandingDto,
  PartDetail,
  PartNote,
  PartRow,
  ScanHit,
  SerialDto,
  SlipAct,
  SlipDto,
  SlipLineDto,
  SpareListDto,
  StockImportPreview,
  StockMatter,
  StockMove,
  StockPartsArgs,
  StockPlaceDto,
  StockPrint,
  StockSheet,
  StockStores,
  TakeCount,
  TakeDto,
  TakeRow,
  UseForm,
  Written,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { initials, people, START } from "./mockData";
import { OPEN_TRANSFERS, transferCommands, transferSheet, transitOf } from "./mockTransfer";

/** A made-up store-room, for looking at 备件. */

const STORE = "c/guangxi-police/s/main";
const HOUR = 3_600_000;
const ago = (hours: number) => rfc3339(START - hours * HOUR);
const RULE = "001:735 损坏的存储介质须留存甲方";

/** Name, category, maker, model, unit, tracking, minimum, on hand, medium. */
const MODELS: [string, string, string, string, string, string, number, number, boolean][] = [
  ["企业级硬盘", "存储", "希捷", "ST4000NM000A 4TB", "块", "serial", 4, 6, true],
  ["企业级硬盘", "存储", "西部数据", "HUS728T8TALE6L4 8TB", "块", "serial", 2, 1, true],
  ["固态硬盘", "存储", "英特尔", "S4510 960GB", "块", "serial", 2, 3, true],
  ["服务器内存", "服务器配件", "三星", "DDR4 RECC 32GB", "条", "serial", 4, 9, false],
  ["服务器电源", "服务器配件", "长城", "GW-CRPS800", "个", "serial", 2, 2, false],
  ["RAID 卡电池", "服务器配件", "博通", "CVPM05", "块", "serial", 1, 0, false],
  ["光模块", "网络", "华为", "SFP+-10G-LR", "个", "serial", 6, 11, false],
  ["光模块", "网络", "华为", "eSFP-GE-SX", "个", "serial", 6, 4, false],
  ["接入交换机", "网络", "华为", "S5735-L48T4S-A", "台", "serial", 1, 2, false],
  ["交换机风扇模块", "网络", "华三", "LSPM1FANSB", "个", "plain", 1, 1, false],
  ["单模光纤跳线", "线缆", "", "LC-LC 3m", "根", "plain", 20, 46, false],
  ["单模光纤跳线", "线缆", "", "LC-SC 5m", "根", "plain", 10, 12, false],
  ["六类网线", "线缆", "安普", "305m/箱", "箱", "plain", 1, 2, false],
  ["水晶头", "线缆", "安普", "RJ45 六类", "个", "plain", 100, 380, false],
  ["网络摄像机", "安防", "海康威视", "DS-2CD3T47", "台", "serial", 2, 3, false],
  ["监控级硬盘", "安防", "希捷", "ST8000VX004 8TB", "块", "serial", 2, 2, true],
  ["UPS 蓄电池", "机房", "理士", "DJM12-100", "节", "batch", 4, 8, false],
  ["精密空调滤网", "机房", "艾默生", "PEX 通用", "片", "plain", 4, 3, false],
  ["断路器", "机房", "施耐德", "iC65N C32", "个", "plain", 2, 5, false],
  ["打印机硒鼓", "终端", "惠普", "CF228A", "支", "plain", 3, -1, false],
  ["键盘鼠标套装", "终端", "联想", "M120 Pro", "套", "plain", 5, 7, false],
  ["显示器", "终端", "AOC", "24B2XH", "台", "serial", 1, 1, false],
  ["视频会议终端遥控器", "终端", "华为", "TE 系列", "个", "plain", 1, 2, false],
  ["瘦客户机", "终端", "升腾", "C92", "台", "serial", 1, 1, false],
];

const matter = (kind: string, id: string, text: string, due: string | null, overdue: boolean) => ({
  kind,
  store: STORE,
  id,
  text,
  who: kind === "take" ? "库管员与采购人" : "",
  due,
  overdue,
});
const MATTERS: StockMatter[] = [
  matter(
    "loan",
    "movement/l1",
    "借出未还：网络摄像机 DS-2CD3T47 1 台，11-20 到期，已逾期 4 天",
    "2025-11-20",
    true,
  ),
  matter("transfer", "transfer/t3", "调拨 DB-20251112-3f2a-003 至柳州备件库：收货有差异，待结清", null, true),
  matter("slip", "slip/s3", "紧急领用待补批：LY-20251123-3f2a-004，周伟", "2025-11-24", false),
  matter("take", "", "信息中心备件库 2025 年第 4 季度联合盘点（全库），12-31 到期", "2025-12-31", false),
];
const spare = (
  id: string,
  item: string,
  state: string,
  state_name: string,
  parts: string,
  available: number,
) => ({
  id,
  item,
  group: "重要硬件",
  clause: "002:3288",
  state,
  state_name,
  parts,
  available,
});
const SPARES: SpareListDto = {
  required: 100,
  clause: "002:101 备件库覆盖率达 100%",
  share: 60,
  covered: 3,
  rows: [
    spare("SPR-016", "屏幕", "covered", "已覆盖", "显示器 24B2XH", 1),
    spare("SPR-017", "主板", "missing", "缺", "", 0),
    spare("SPR-018", "供电单元", "out", "有型号，无可用", "服务器电源 GW-CRPS800", 0),
    spare(
      "SPR-019",
      "硬盘",
      "covered",
      "已覆盖",
      "企业级硬盘 ST4000NM000A 4TB、监控级硬盘 ST8000VX004 8TB",
      8,
    ),
    spare("SPR-020", "光模块", "covered", "已覆盖", "光模块 SFP+-10G-LR、光模块 eSFP-GE-SX", 15),
  ],
  hint: "按名称、类别和适用设备与库里的型号对照；对不上的，请在型号的“适用设备”中写明清单上的名称。",
};

let seed = 11;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const serialOf = (part: number, at: number) =>
  `${["ZC4", "WD", "PH", "M393", "GW", "LV", "HW", "AX"][part % 8]}${(part * 7919 + at * 104_729 + 100_003).toString(36).toUpperCase()}`;

const place = (
  id: string,
  name: string,
  kind: string,
  kind_name: string,
  pieces: number,
  given: Partial<StockPlaceDto> = {},
): StockPlaceDto => ({
  id: `place/${id}`,
  name,
  path: name,
  parent: null,
  depth: 0,
  kind,
  kind_name,
  note: "",
  models: Math.ceil(pieces / 6),
  pieces,
  closed: false,
  pending: false,
  ...given,
});
const inside = (parent: string, path: string) => ({ parent: `place/${parent}`, depth: 1, path });
const PLACES: StockPlaceDto[] = [
  place("main", "主库", "store", "库房", 402, { note: "信息中心负一层 B108" }),
  place("c1", "1 号柜", "cabinet", "柜子", 34, inside("main", "主库 / 1 号柜")),
  place("c2", "2 号柜", "cabinet", "柜子", 46, inside("main", "主库 / 2 号柜")),
  place("c3", "线缆架", "cabinet", "柜子", 58, { ...inside("main", "主库 / 线缆架"), pending: true }),
  place("duty", "值班室应急柜", "cabinet", "柜子", 21),
  place("car", "抢修车", "vehicle", "车辆", 17),
  place("loan", "借出", "loan", "借用", 4),
  place("vendor", "送修：华为授权服务中心", "vendor", "厂家", 3),
  place("removed", "换下件", "removed", "换下件", 9, { note: "待资产科清点" }),
  place("old", "老机房柜子", "cabinet", "柜子", 0, { closed: true }),
];
const pathOf = (id: string | null) => PLACES.find((each) => each.id === id)?.path ?? "";

function makeParts(count: number): PartRow[] {
  return Array.from({ length: count }, (_, index) => {
    const model = MODELS[index % MODELS.length] as (typeof MODELS)[number];
    const [name, category, maker, spec, unit, tracking, minimum, onHand, medium] = model;
    const round = Math.floor(index / MODELS.length);
    const on_hand = round === 0 ? onHand : Math.floor(random() * 30);
    const reserved = index % 7 === 0 ? 1 : 0;
    const in_repair = index === 8 || index === 1 ? 1 : 0;
    const available = on_hand - reserved;
    const alert =
      available >= minimum
        ? "none"
        : available <= 0
          ? "out"
          : available + in_repair >= minimum
            ? "covered"
            : "below";
    const texts: Record<string, string> = {
      below: `可用 ${available}，低于最低 ${minimum}`,
      out: `已无可用，最低 ${minimum}`,
      covered: `可用 ${available}，修回后够最低 ${minimum}`,
    };
    return {
      id: `part/p${index}`,
      name,
      category,
      maker,
      model: round ? `${spec} 第 ${round + 1} 批` : spec,
      unit,
      tracking,
      minimum,
      on_hand,
      reserved,
      available,
      in_repair,
      on_loan: index === 14 || index === 21 ? 1 : 0,
      arriving: transitOf(`part/p${index}`)
        .filter((each) => each.role === "in")
        .reduce((sum, each) => sum + each.quantity, 0),
      discrepancy: index === 19,
      alert,
      alert_text: texts[alert] ?? "",
      places: on_hand > 3 ? `主库 / 2 号柜 ${on_hand - 2}，值班室应急柜 2` : `主库 ${on_hand}`,
      storage_medium: medium,
      closed: index === 22,
      pending: index === 3,
    };
  });
}

const NO_FATE: FateDto = { fate: "", name: "", receiver: "", witness: "", pass_no: "", released_by: "" };
const KINDS: [string, string][] = [
  ["received", "入库"],
  ["issued", "领用出库"],
  ["returned", "退库"],
  ["transferred", "移库"],
  ["borrowed", "借出"],
  ["given_back", "归还"],
  ["sent_to_repair", "送修"],
  ["back_from_repair", "修回"],
  ["replaced", "换下"],
  ["scrapped", "报废"],
  ["counted", "盘点"],
  ["corrected", "更正"],
];
const FATES: [string, string][] = [
  ["kept", "留存甲方"],
  ["erased", "消磁销毁"],
  ["returned", "返厂"],
  ["scrapped", "报废"],
];
const choices = (pairs: [string, string][]) => pairs.map(([value, label]) => ({ value, label }));

function movement(n: number, part: PartRow, given: Partial<MovementRow>): MovementRow {
  return {
    id: `movement/m${n}`,
    at: ago(n * 9 + 2),
    kind: "issued",
    kind_name: KINDS.find(([kind]) => kind === (given.kind ?? "issued"))?.[1] ?? "",
    part: part.id,
    part_name: `${part.name} ${part.model}`,
    unit: part.unit,
    serial: "",
    batch: "",
    quantity: 1,
    change: -1,
    balance: null,
    from: "主库 / 2 号柜",
    to: "",
    owner: "supplier",
    custodian: "",
    order: "",
    order_id: null,
    reason: "",
    document: "",
    slip: "",
    slip_id: null,
    due: null,
    fate: null,
    by: people[n % people.length]?.name ?? "",
    pending: false,
    unreconciled: "",
    half: "",
    corrected: false,
    ...given,
  };
}

/** A ledger that adds up: from the newest line back, by what each changed. */
function ledgerOf(part: PartRow, index: number, length: number): MovementRow[] {
  let balance = part.on_hand;
  return Array.from({ length }, (_, n) => {
    const turn = (n + index) % 8;
    const serial = part.tracking === "serial" ? serialOf(index, n) : "";
    const order = {
      order: `E-20251${120 - (n % 20)}-07-0${10 + (n % 80)}`,
      order_id: n < 6 ? `o${n + 1}` : null,
    };
    const variants: Partial<MovementRow>[] = [
      { ...order, reason: "故障更换", slip: `LY-20251120-${n}A`, to: "" },
      {
        kind: "received",
        change: 2,
        quantity: 2,
        from: "",
        to: "主库 / 2 号柜",
        document: `送货单 25-${300 - n}`,
        reason: "季度补库",
      },
      { kind: "transferred", change: 0, to: "值班室应急柜", reason: "应急柜补件" },
      { ...order, reason: "故障更换", pending: n < 2 },
      {
        kind: "borrowed",
        to: "借出",
        custodian: people[2]?.name ?? "",
        due: "2025-11-28",
        reason: "B总队演练借用",
      },
      { kind: "given_back", change: 1, from: "借出", to: "主库 / 2 号柜", reason: "演练结束归还" },
      {
        kind: "sent_to_repair",
        to: "送修：华为授权服务中心",
        document: `出门条 2025-${118 - (n % 60)}`,
        due: "2025-12-05",
      },
      {
        kind: "replaced",
        change: 0,
        from: "",
        to: "换下件",
        owner: "buyer",
        ...order,
        fate: { ...NO_FATE, fate: "kept", name: "留存甲方", receiver: "资产科", witness: "值班室" },
        half: n === 7 ? "工单里没有这次更换的记录，请在工单上补记“更换备件”。" : "",
      },
    ];
    const row = movement(n, part, { serial, ...variants[turn] });
    row.balance = balance;
    balance -= row.change;
    if (n === 4) row.corrected = true;
    return row;
  });
}

function chart(part: PartRow, args: { theme: string; width: number; height: number }): string {
  const { width, height } = args;
  if (!width) return "";
  const dark = args.theme === "dark";
  const [ink, line, low] = dark ? ["#a9b3c1", "#79b0f2", "#f58b82"] : ["#525d6c", "#1b5da6", "#b0241c"];
  const most = Math.max(part.on_hand, part.minimum, 4) * 1.6;
  const y = (value: number) => height - 26 - (value / most) * (height - 44);
  const points = Array.from({ length: 25 }, (_, week) => {
    const value = Math.max(0, part.on_hand + Math.round(Math.sin(week * 1.7 + part.minimum) * most * 0.3));
    return week === 24 ? part.on_hand : value;
  });
  const step = (width - 60) / 24;
  const path = points.map((value, at) => `${at ? `H${40 + at * step}V` : `M40 `}${y(value)}`).join("");
  const labels = ["06-10", "08-12", "10-14"].map(
    (text, at) =>
      `<text x="${40 + at * 8 * step}" y="${height - 8}" font-size="11" fill="${ink}">${text}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><path d="M40 ${y(part.minimum)}H${width - 20}" stroke="${low}" stroke-dasharray="4 3"/><text x="${width - 22}" y="${y(part.minimum) - 4}" font-size="11" fill="${low}" text-anchor="end">最低 ${part.minimum}</text><path d="${path}" fill="none" stroke="${line}" stroke-width="2"/>${labels.join("")}<text x="8" y="${y(0) + 4}" font-size="11" fill="${ink}">0</text></svg>`;
}

/** As the report crate draws named bars. */
function bars(
  rows: { name: string; quantity: number; unit: string }[],
  args: { theme: string; width: number },
): string {
  if (!args.width || rows.length === 0) return "";
  const [ink, fill] = args.theme === "dark" ? ["#e3e7ed", "#79b0f2"] : ["#1b222d", "#1b5da6"];
  const most = Math.max(...rows.map((row) => row.quantity), 1);
  const room = args.width - 208 - 72;
  const drawn = rows.map((row, at) => {
    const middle = 6 + at * 22 + 11;
    const long = Math.max(1, Math.round((room * row.quantity) / most));
    const name = row.name.length > 16 ? `${row.name.slice(0, 15)}…` : row.name;
    return `<text x="200" y="${middle + 4}" font-size="12" text-anchor="end" fill="${ink}">${name}</text><rect x="208" y="${middle - 6}" width="${long}" height="12" fill="${fill}"/><text x="${208 + long + 6}" y="${middle + 4}" font-size="12" fill="${ink}">${row.quantity} ${row.unit}</text>`;
  });
  const height = 12 + rows.length * 22;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${args.width}" height="${height}" viewBox="0 0 ${args.width} ${height}" font-family="sans-serif">${drawn.join("")}</svg>`;
}

type Fail = (code: DoorError["code"], message: string) => never;

export function stockCommands(asked: URLSearchParams, size: number, fail: Fail) {
  const none = size === 0 && asked.get("stock") !== "new";
  const parts = makeParts(size === 0 ? 0 : size > 100 ? 600 : MODELS.length);
  const places = size === 0 ? [] : PLACES;
  const find = (id: string) =>
    parts.find((part) => part.id === id) ?? fail("not_found", "本机没有这个型号。");
  const indexOf = (id: string) => parts.findIndex((part) => part.id === id);
  const done = (id: string, message: string, more: string[] = []): Written => ({
    id,
    message,
    changed: ["stock", ...more],
  });
  const mayAll = asked.get("role") !== "engineer";

  const stores = (): StockStores => ({
    stores: none
      ? []
      : [
          {
            id: STORE,
            contract: "guangxi-police",
            central: false,
            name: "信息中心备件库",
            place: "信息中心负一层 B108",
            divisions: [],
            note: "",
            basis: "本项目约定",
            media_rule: RULE,
            may: { keep: mayAll, ask: true, approve: mayAll, count: true, adjust: mayAll, export: true },
            parts: parts.length,
            below_minimum: parts.filter((part) => part.alert !== "none").length,
            discrepancies: size ? 1 : 0,
            loans_overdue: size ? 1 : 0,
            slips_waiting: size ? 3 : 0,
            transfers_open: size ? OPEN_TRANSFERS : 0,
            takes_open: size ? 1 : 0,
            categories: [...new Set(parts.map((part) => part.category))],
            people: people.map(({ id, name, initials, division, onsite }) => ({
              id,
              name,
              initials,
              division,
              onsite,
            })),
            stale:
              asked.get("link") === "stale" ? "本库的日志 7 小时前同步过，之后别处的出入库这里看不到。" : "",
          },
        ],
    hint: none
      ? "本合同的约定里没有备件库。请项目经理在“合同 / 本项目约定”登记，再请系统管理员把库的日志登记到本机。"
      : "",
    kinds: choices(KINDS),
    owners: choices([
      ["supplier", "我方"],
      ["buyer", "甲方"],
    ]),
    trackings: choices([
      ["serial", "按序列号"],
      ["batch", "按批次"],
      ["plain", "按数量"],
    ]),
    place_kinds: choices([
      ["store", "库房"],
      ["cabinet", "柜子"],
      ["vehicle", "车辆"],
      ["loan", "借用"],
      ["vendor", "厂家"],
      ["transit", "在途"],
      ["removed", "换下件"],
      ["other", "其他"],
    ]),
    charges: choices([
      ["free", "免费"],
      ["at_cost", "按成本"],
      ["capped", "有上限"],
    ]),
    fates: choices(FATES),
    me: "u1",
  });

  const FITS: Record<string, (part: PartRow) => boolean> = {
    all: (part) => !part.closed,
    below_minimum: (part) => !part.closed && part.alert !== "none",
    in_repair: (part) => part.in_repair > 0,
    on_loan: (part) => part.on_loan > 0,
    discrepant: (part) => part.discrepancy,
    closed: (part) => part.closed,
  };
  const NAMES: Record<string, string> = {
    all: "全部",
    below_minimum: "低于最低",
    in_repair: "维修中",
    on_loan: "借出",
    discrepant: "账实不符",
    closed: "停用",
  };
  const serialsOf = (part: PartRow): SerialDto[] =>
    part.tracking !== "serial"
      ? []
      : Array.from({ length: Math.max(0, part.on_hand) + part.in_repair }, (_, n) => ({
          serial: serialOf(indexOf(part.id), n),
          part: part.id,
          part_name: `${part.name} ${part.model}`,
          batch: "",
          place: n >= part.on_hand ? "place/vendor" : n % 3 === 2 ? "place/duty" : "place/c2",
          place_name:
            n >= part.on_hand ? "送修：华为授权服务中心" : n % 3 === 2 ? "值班室应急柜" : "主库 / 2 号柜",
          owner: "supplier",
          custodian: n % 3 === 2 ? (people[1]?.name ?? "") : "",
          since: ago(40 + n * 61),
        }));
  const balance = (part: PartRow, id: string, owner: string, quantity: number): BalanceDto => ({
    part: part.id,
    part_name: `${part.name} ${part.model}`,
    unit: part.unit,
    place: id,
    place_name: pathOf(id),
    place_kind: PLACES.find((each) => each.id === id)?.kind ?? "",
    owner,
    quantity,
  });
  const balancesOf = (part: PartRow): BalanceDto[] => {
    const spread = part.on_hand > 3 ? 2 : 0;
    return [
      balance(part, "place/c2", "supplier", part.on_hand - spread),
      ...(spread ? [balance(part, "place/duty", "buyer", spread)] : []),
      ...(part.on_loan ? [balance(part, "place/loan", "supplier", part.on_loan)] : []),
      ...(part.in_repair ? [balance(part, "place/vendor", "supplier", part.in_repair)] : []),
    ];
  };
  const discrepancy = (part: PartRow): DiscrepancyDto => ({
    id: "d1",
    kind: "below_zero",
    text: "账上没有，却在 11-21 夜间离线用了 2 支：两台电脑各记了一次领用。请核对实物后用“更正”或“盘点”改正。",
    part: part.id,
    part_name: `${part.name} ${part.model}`,
    unit: part.unit,
    place: "place/main",
    place_name: "主库",
    owner: "supplier",
    serial: "",
    quantity: -1,
    now: -1,
    since: ago(62),
    movements: ledgerOf(part, 0, 2),
    may_settle: false,
  });

  function partDetail(args: {
    id: string;
    offset: number;
    limit: number;
    theme: string;
    width: number;
    height: number;
  }): PartDetail {
    const row = find(args.id);
    const all = ledgerOf(row, indexOf(row.id), size > 100 ? 1200 : 38);
    return {
      store: STORE,
      row,
      card: {
        name: row.name,
        category: row.category,
        maker: row.maker,
        model: row.model,
        unit: row.unit,
        tracking: row.tracking,
        minimum: row.minimum,
        compatible: row.category === "存储" ? ["研判平台存储节点", "备份一体机"] : [],
        charge: row.tracking === "serial" ? "capped" : "free",
        charge_limit: row.tracking === "serial" ? "单件 500 元以内免费，本项目约定" : "",
        storage_medium: row.storage_medium,
        note: "",
        closed: row.closed,
      },
      balances: balancesOf(row),
      serials: serialsOf(row),
      ledger: all.slice(args.offset, args.offset + (args.limit || 50)),
      ledger_total: all.length,
      discrepancies: row.discrepancy ? [discrepancy(row)] : [],
      transit: transitOf(row.id),
      chart: { svg: chart(row, args), rows: [] },
      forecast: "近 90 天用 7 件，平均每月 2.3 件；可用 6 件约够 2.6 个月（按近 90 天平均，未计季节）。",
    };
  }

  function page(args: StockPartsArgs) {
    if (asked.get("failing") === "stock") fail("internal", "读取备件失败：存储暂时被占用。");
    const word = args.text?.toLowerCase();
    const matches = (part: PartRow) =>
      (!word ||
        `${part.name} ${part.model} ${part.maker} ${initials(part.name)}`.toLowerCase().includes(word) ||
        serialsOf(part).some((each) => each.serial.toLowerCase().includes(word))) &&
      (!args.category || part.category === args.category) &&
      (!args.place || balancesOf(part).some((each) => each.place === args.place));
    const open = parts.filter(matches);
    const rows = open.filter(FITS[args.view ?? "all"] ?? (() => true));
    return {
      total: rows.length,
      rows: rows.slice(args.offset, args.offset + (args.limit || 50)),
      counts: Object.entries(FITS).map(([view, fits]) => ({
        view,
        name: NAMES[view] ?? view,
        count: open.filter(fits).length,
      })),
    };
  }

  const slipLine = (at: number, quantity: number, given: Partial<SlipLineDto> = {}): SlipLineDto => {
    const part = parts[at] as PartRow;
    return {
      part: part.id,
      part_name: part.name,
      model: part.model,
      unit: part.unit,
      quantity,
      serials: [],
      place: "主库 / 2 号柜",
      place_id: "place/c2",
      available: part.available,
      old_returned: null,
      ...given,
    };
  };
  const slip = (n: number, given: Partial<SlipDto>): SlipDto => ({
    id: `slip/s${n}`,
    store: STORE,
    number: `LY-202511${24 - n}-${(n * 4099 + 3).toString(16).toUpperCase().padStart(4, "0")}`,
    stage: "asked",
    stage_name: "待审批",
    at: ago(n * 13 + 1),
    asker: people[n % people.length]?.id ?? "",
    asker_name: people[n % people.length]?.name ?? "",
    department: people[n % people.length]?.division ?? "",
    order: n % 3 ? `E-20251124-07-00${n}` : "",
    order_id: n % 3 ? `o${n}` : null,
    reason: n % 3 ? "" : "机房季度更换滤网",
    emergency: false,
    due: null,
    overdue: false,
    lines: [slipLine(0, 2)],
    decided: "",
    words: "",
    issued: "",
    returned: [],
    may: { decide: false, issue: false, return_old: false, cancel: false, why_not: "" },
    pending: false,
    ...given,
  });
  const slips: SlipDto[] = size
    ? [
        slip(1, {
          lines: [slipLine(0, 2), slipLine(13, 20)],
          may: { decide: mayAll, issue: false, return_old: false, cancel: !mayAll, why_not: "" },
        }),
        slip(2, {
          stage: "approved",
          stage_name: "待发放",
          decided: "项目经理 11-23 16:20 批准",
          lines: [slipLine(0, 2), slipLine(6, 1), slipLine(10, 4)],
          may: { decide: false, issue: mayAll, return_old: false, cancel: true, why_not: "" },
        }),
        slip(3, {
          stage: "taken",
          stage_name: "已用，待补批",
          emergency: true,
          due: ago(-4),
          overdue: false,
          lines: [slipLine(4, 1, { serials: [serialOf(4, 0)], old_returned: false })],
          issued: "ZHZG驻场01 11-23 02:14 紧急领用",
          may: {
            decide: false,
            issue: false,
            return_old: true,
            cancel: false,
            why_not: "本人领用的，须由他人补批。",
          },
          pending: true,
        }),
        slip(4, {
          stage: "issued",
          stage_name: "已发放",
          decided: "项目经理 11-22 09:02 批准",
          issued: "库管员 11-22 09:31 发放",
          lines: [
            slipLine(0, 1, { serials: [serialOf(0, 1)], old_returned: true }),
            slipLine(2, 1, { serials: [serialOf(2, 1)], old_returned: false }),
          ],
          returned: ["企业级硬盘 旧件 WD-9F31：留存甲方，接收 资产科，见证 值班室"],
          may: { decide: false, issue: false, return_old: mayAll, cancel: false, why_not: "" },
        }),
        slip(5, {
          stage: "refused",
          stage_name: "未批准",
          decided: "项目经理 11-21 不批准",
          words: "请先用应急柜的",
          lines: [slipLine(8, 1)],
        }),
        ...Array.from({ length: size > 100 ? 300 : 6 }, (_, n) =>
          slip(n + 6, {
            stage: "issued",
            stage_name: "已发放",
            decided: "项目经理 批准",
            issued: "库管员 发放",
            lines: [slipLine((n * 3) % MODELS.length, 1 + (n % 3))],
          }),
        ),
      ]
    : [];
  const takeRow = (given: Partial<TakeRow>): TakeRow => ({
    id: "stocktake/t1",
    name: "2025年第四季度盘点",
    stage: "counting",
    stage_name: "清点中",
    places: "全部库位",
    blind: true,
    at: ago(3),
    by: "库管员",
    counted: 5,
    counters: "ZHZG驻场01、ZHZG驻场02",
    differs: null,
    pending: false,
    ...given,
  });
  const countRow = (at: number, n: number, given: Partial<CountRow>): CountRow => {
    const part = parts[at] as PartRow;
    return {
      part: part.id,
      part_name: `${part.name} ${part.model}`,
      unit: part.unit,
      place: "place/c2",
      place_name: "主库 / 2 号柜",
      serial: part.tracking === "serial" ? serialOf(at, n) : "",
      batch: "",
      owner: "supplier",
      quantity: 1,
      book: null,
      by: "ZHZG驻场01",
      at: ago(n * 0.1),
      pending: n < 2,
      mine: true,
      ...given,
    };
  };
  const counts: CountRow[] = size
    ? [
        countRow(0, 0, {}),
        countRow(0, 1, {}),
        countRow(0, 2, {}),
        countRow(10, 3, { quantity: 45 }),
        countRow(13, 4, { quantity: 372 }),
      ]
    : [];
  const noTake = { count: false, close: false, sign: false, adjust: false, cancel: false, why_not: "" };
  function take(id: string): TakeDto {
    const open = id === "stocktake/t1";
    const row = open
      ? takeRow({ counted: counts.length })
      : takeRow({
          id,
          name: "2025年第三季度盘点",
          stage: id === "stocktake/t2" ? "closed" : "adjusted",
          stage_name: id === "stocktake/t2" ? "待签字" : "已调整",
          counted: 118,
          differs: 3,
          at: ago(1900),
        });
    const variance = [
      ["missing", "盘亏", 0, 6, 5, serialOf(0, 3)],
      ["surplus", "盘盈", 10, 46, 48, ""],
      ["misplaced", "错位", 6, 1, 1, serialOf(6, 2)],
    ] as const;
    return {
      store: STORE,
      row,
      places: places.filter((each) => ["store", "cabinet", "vehicle"].includes(each.kind) && !each.closed),
      lines: open
        ? counts
        : counts.map((line) => ({ ...line, book: line.quantity, mine: false, pending: false })),
      disputes: open
        ? []
        : [`${serialOf(6, 2)}：ZHZG驻场01 在“主库 / 2 号柜”点到，ZHZG驻场02 在“抢修车”点到，请核对。`],
      found: open ? 0 : 115,
      variance: open
        ? []
        : variance.map(([kind, kind_name, at, book, counted, serial]) => ({
            kind,
            kind_name,
            part: parts[at]?.id ?? "",
            part_name: `${parts[at]?.name} ${parts[at]?.model}`,
            unit: parts[at]?.unit ?? "",
            place: "place/c2",
            place_name: "主库 / 2 号柜",
            book_place: kind === "misplaced" ? "抢修车" : "",
            serial,
            owner: "supplier",
            book,
            counted,
          })),
      closed_at: open ? null : ago(1890),
      signatures: open ? [] : [{ name: "库管员", user: "u9", at: ago(1889) }],
      cancelled: "",
      may: open
        ? { ...noTake, count: true, close: mayAll, cancel: mayAll }
        : id === "stocktake/t2"
          ? { ...noTake, sign: true, cancel: mayAll }
          : { ...noTake, why_not: "已调整，账面与实物一致。" },
    };
  }
  const ledger = () =>
    parts.slice(0, 24).flatMap((part, index) => ledgerOf(part, index, size > 100 ? 60 : 6));
  const sorted = () => ledger().sort((a, b) => b.at.localeCompare(a.at));

  function scan(code: string): { hits: ScanHit[]; hint: string } {
    const hits: ScanHit[] = [];
    for (const part of parts.slice(0, MODELS.length)) {
      const serial = serialsOf(part).find((each) => each.serial === code.toUpperCase());
      if (serial)
        hits.push({
          kind: "serial",
          id: part.id,
          title: part.name,
          serial: serial.serial,
          place: serial.place,
        });
      if (part.id === code)
        hits.push({ kind: "part", id: part.id, title: part.name, serial: "", place: null });
    }
    const at = places.find((each) => each.id === code);
    if (at) hits.push({ kind: "place", id: at.id, title: at.path, serial: "", place: null });
    return { hits, hint: hits.length ? "" : "不是本库的序列号、标签、工单号或领用单号。" };
  }
  function outstanding(at: number, days: number, late: boolean, given: Partial<MovementRow>): OutstandingDto {
    const part = parts[at] as PartRow;
    const row = movement(at, part, { serial: part.tracking === "serial" ? serialOf(at, 0) : "", ...given });
    return {
      movement: row,
      part: part.id,
      quantity: 1,
      place: given.kind === "borrowed" ? "place/loan" : "place/vendor",
      custodian: given.kind === "borrowed" ? "u3" : null,
      due: row.due,
      overdue: late,
      text: row.due ? `${row.due.slice(5)} 到期，${late ? `已逾期 ${days} 天` : `还有 ${days} 天`}` : "",
    };
  }
  const useForm = (id: string): UseForm => {
    const n = Number(id.replace(/\D/g, ""));
    const own = size && n % 3 === 1;
    return {
      order: id,
      number: `E-20251124-07-${String(n).padStart(3, "0")}`,
      why_not: "",
      slips: own ? slips.slice(3, 4) : [],
      movements: own
        ? [
            movement(1, parts[0] as PartRow, { serial: serialOf(0, 1) }),
            movement(2, parts[0] as PartRow, {
              kind: "replaced",
              kind_name: "换下",
              serial: "WD-9F31",
              fate: { ...NO_FATE, fate: "kept", name: "留存甲方", receiver: "资产科", witness: "值班室" },
            }),
          ]
        : [],
      missing: own ? ["11-23 02:10 工单记了“更换备件”，备件流水里还没有这一笔，请用“用备件”补记。"] : [],
      swap_decide: "",
      swap_due: n % 2 ? "4 小时内更换备件，至 18:05（合同 E-4h）" : "",
    };
  };

  const sheet = (args: StockPrint): StockSheet => {
    const moved = args.form === "transfer" ? transferSheet(args.id) : null;
    if (moved) return moved;
    const one = slips.find((each) => each.id === args.id) ?? slips[0];
    if (args.form !== "slip" || !one)
      return {
        title: args.form === "take" ? "备件盘点表" : "维修服务台账",
        head: [
          { name: "备件库", text: "信息中心备件库" },
          { name: "日期", text: "2025-11-24" },
        ],
        columns: ["序号", "名称", "规格型号", "库位", "序列号", "账面", "实数", "差异", "备注"],
        rows: counts.map((line, index) => [
          String(index + 1),
          line.part_name,
          "",
          line.place_name,
          line.serial,
          String(line.quantity),
          String(line.quantity),
          "0",
          "",
        ]),
        signatures: ["盘点人", "监盘人", "库管员", "项目经理"].map((name) => ({ name, text: "" })),
        note: "差异按清点时的账面计算。",
        watermark: "ZHZG驻场01 2025-11-24 14:20 打印",
      };
    return {
      title: "备件领用单",
      head: [
        { name: "单号", text: one.number },
        { name: "日期", text: "2025-11-24" },
        { name: "领用人/部门", text: `${one.asker_name} / ${one.department}` },
        { name: "工单号/用途", text: one.order || one.reason },
      ],
      columns: ["序号", "名称", "规格型号", "单位", "数量", "序列号", "旧件是否交回", "备注"],
      rows: one.lines.map((line, index) => [
        String(index + 1),
        line.part_name,
        line.model,
        line.unit,
        String(line.quantity),
        line.serials.join("、"),
        line.old_returned === null ? "" : line.old_returned ? "是" : "否",
        "",
      ]),
      signatures: [
        { name: "领用人", text: one.asker_name },
        { name: "发放人", text: "" },
        { name: "审批人", text: one.decided ? "项目经理" : "" },
        { name: "日期", text: "" },
      ],
      note: "",
      watermark: "ZHZG驻场01 2025-11-24 14:20 打印",
    };
  };
  const preview = (args: { text: string | null }): StockImportPreview => {
    const wrong = args.text?.includes("错");
    return {
      rows: 42,
      added: 12,
      changed: 3,
      same: 27,
      received: 61,
      places: ["主库 / 3 号柜"],
      differences: [
        { row: 2, part: "企业级硬盘 ST4000NM000A 4TB", text: "最低 4 → 6" },
        { row: 5, part: "光模块 SFP+-10G-LR", text: "入库 4 个到 主库 / 2 号柜" },
        { row: 9, part: "理线架 1U", text: "新增，入库 6 个到 主库 / 3 号柜" },
      ],
      mistakes: wrong
        ? [
            { row: 7, column: "数量", text: "“两块”不是数字，请写 2。" },
            { row: 11, column: "序列号", text: "ZC4XX1 在第 4 行已经写过。" },
          ]
        : [],
      digest: "x",
    };
  };

  const act = (stage: string, stage_name: string, message: string) => (args: SlipAct) => {
    const one = slips.find((each) => each.id === args.id) ?? fail("not_found", "本机没有这张领用单。");
    Object.assign(one, { stage, stage_name, pending: true, words: args.words });
    one.may = { decide: false, issue: stage === "approved", return_old: false, cancel: false, why_not: "" };
    return done(args.id, message);
  };

  return {
    "stock.stores": stores,
    "stock.parts": page,
    "stock.part": partDetail,
    "stock.note_part": (args: PartNote) =>
      args.card.name ? done(args.id ?? "part/p0", "型号已登记") : fail("bad_input", "请填写名称。"),
    "stock.places": () => places,
    "stock.note_place": () => done("place/main", "库位已登记"),
    "stock.move": (args: StockMove) => {
      for (const line of args.lines) if (args.kind === "received") find(line.part).on_hand += line.quantity;
      return done("movement/new", `已记账 ${args.lines.length} 行`);
    },
    "stock.ledger": (args: {
      kind: string | null;
      part: string | null;
      used: boolean;
      offset: number;
      limit: number;
    }) => {
      const rows = sorted().filter(
        (row) =>
          (!args.kind || row.kind === args.kind) &&
          (!args.part || row.part === args.part) &&
          (!args.used || row.kind === "issued" || row.kind === "returned"),
      );
      return { total: rows.length, rows: rows.slice(args.offset, args.offset + args.limit) };
    },
    "stock.balance_at": (args: { at: string; text: string | null; offset: number; limit: number }) => {
      const found = parts.filter((part) => !args.text || `${part.name} ${part.model}`.includes(args.text));
      return {
        at: args.at,
        total: found.length,
        balances: found.slice(args.offset, args.offset + args.limit).flatMap(balancesOf),
        movements: size ? 1208 : 0,
      };
    },
    "stock.usage": (args: { days: number; theme: string; width: number }) => {
      const named = (part: PartRow) => `${part.name} ${part.model}`.trim();
      const models = parts.slice(0, 14).map((part, at) => ({
        id: part.id,
        name: named(part),
        unit: part.unit,
        quantity: Math.max(1, Math.round((args.days / 90) * (36 - at * 2.4))),
      }));
      const objects = size
        ? [
            { id: "12.1", name: "12.1 视频会议终端", unit: "件", quantity: 61 },
            { id: "8.1", name: "8.1 服务器", unit: "件", quantity: 44 },
            { id: "12.6", name: "12.6 监控摄像机", unit: "件", quantity: 23 },
            { id: "-", name: "未关联维护对象", unit: "件", quantity: 9 },
            { id: "?", name: "工单不在本机", unit: "件", quantity: 4 },
          ]
        : [];
      return {
        from: "2025-07-18",
        models_total: models.length,
        models,
        objects,
        model_svg: bars(models.slice(0, 12), args),
        object_svg: bars(objects, args),
        how: "2025-07-18 至 2025-10-15，领用出库数量减退库数量；借出、送修、移库、报废不算用量。维护对象取自用件工单。",
      };
    },
    "stock.ageing": (args: { age: string | null; theme: string; width: number }) => {
      const rows = ["90 天以内", "91 至 180 天", "181 至 365 天", "1 至 2 年", "2 年以上"].map(
        (name, at) => ({
          id: ["d90", "d180", "d365", "y2", "old"][at] ?? "",
          name,
          quantity: size ? ([212, 96, 41, 7, 0][at] ?? 0) : 0,
          models: size ? ([18, 11, 6, 2, 0][at] ?? 0) : 0,
        }),
      );
      const there = parts.filter((part) => part.on_hand > 0);
      const shown = args.age ? (rows.find((row) => row.id === args.age)?.models ?? 0) : there.length;
      return {
        rows,
        svg: bars(
          rows.map((row) => ({ ...row, unit: "件" })),
          args,
        ),
        total: shown,
        parts: there.slice(0, Math.min(shown, 500)).map((part, at) => ({
          part: part.id,
          name: `${part.name} ${part.model}`.trim(),
          unit: part.unit,
          on_hand: part.on_hand,
          oldest: `2024-${String(1 + (at % 12)).padStart(2, "0")}-${String(1 + (at % 28)).padStart(2, "0")}`,
          ages: [],
        })),
        how: "按先进先出推算：现存的视为最近入库的那些，从入库之日算到今天；没有入库记录的（盘盈、更正）从该型号第一笔流水算起。",
      };
    },
    "stock.discrepancies": () => (size ? [discrepancy(parts[19] as PartRow)] : []),
    "stock.loans": () =>
      size
        ? [
            outstanding(14, 3, true, {
              kind: "borrowed",
              to: "借出",
              custodian: "ZHZZ驻场01",
              due: "2025-11-21",
              reason: "B总队演练借用",
            }),
            outstanding(21, 4, false, {
              kind: "borrowed",
              to: "借出",
              custodian: "桌面驻场03",
              due: "2025-11-28",
              reason: "临时工位",
            }),
          ]
        : [],
    "stock.repairs": () =>
      size
        ? [
            outstanding(8, 11, false, {
              kind: "sent_to_repair",
              to: "送修：华为授权服务中心",
              due: "2025-12-05",
              reason: "端口整板不亮",
              document: "出门条 2025-118",
            }),
          ]
        : [],
    "stock.reorder": () =>
      parts
        .filter((part) => part.alert !== "none")
        .slice(0, 40)
        .map((part) => ({
          part,
          used_90: 4,
          suggested: Math.max(1, part.minimum - part.available + 2),
          why: `补到最低 ${part.minimum}，加一个月用量 2，减维修中 ${part.in_repair}`,
        })),
    "stock.slips": (args: { view: string | null; order: string | null; offset: number; limit: number }) => {
      const rows = slips.filter(
        (each) =>
          (args.view !== "waiting" || ["asked", "approved", "taken"].includes(each.stage)) &&
          (args.view !== "mine" || each.asker === "u1"),
      );
      return { total: rows.length, rows: rows.slice(args.offset, args.offset + args.limit) };
    },
    "stock.slip": (args: { id: string }) =>
      slips.find((each) => each.id === args.id) ?? fail("not_found", "本机没有这张领用单。"),
    "stock.ask": () => done("slip/new", "已提交领用，待审批"),
    "stock.approve": act("approved", "待发放", "已批准，待发放"),
    "stock.refuse": act("refused", "未批准", "已退回领用单"),
    "stock.cancel": act("cancelled", "已撤回", "已撤回领用单"),
    "stock.issue": (args: { id: string }) =>
      act("issued", "已发放", "已发放并出库")({ ...args, words: "", idempotency_key: "" }),
    "stock.use_form": (args: { id: string }) => useForm(args.id),
    "stock.use": (args: { order: string }) => done(args.order, "已记到工单并出库", [`order:${args.order}`]),
    "stock.return_old": () => done("slip/s3", "旧件已登记"),
    "stock.scraps": () =>
      size
        ? [
            {
              id: "scrapping/1",
              stage: "asked",
              stage_name: "待第二人签字",
              part: parts[8]?.id ?? "",
              part_name: "接入交换机 S5735-L48T4S-A",
              unit: "台",
              serial: serialOf(8, 0),
              quantity: 1,
              place: "主库 / 2 号柜",
              owner: "buyer",
              reason: "主板烧毁，厂家无维修价值",
              fate: { ...NO_FATE, fate: "scrapped", name: "报废", receiver: "资产科", pass_no: "2025-121" },
              signatures: [{ name: "库管员", user: "u9", at: ago(20) }],
              may_sign: true,
              pending: false,
            },
          ]
        : [],
    "stock.scrap": () => done("scrapping/2", "已签字，待第二人签字后出库"),
    "stock.scrap_sign": () => done("scrapping/1", "已签字，报废出库"),
    ...transferCommands(size, fail, done),
    "stock.matters": () => ({
      matters: size && asked.get("role") !== "engineer" ? MATTERS : [],
    }),
    "stock.spares": () => SPARES,
    "stock.takes": () =>
      size
        ? [
            take("stocktake/t1").row,
            take("stocktake/t2").row,
            { ...take("stocktake/t3").row, name: "2025年第二季度盘点", at: ago(4100) },
          ]
        : [],
    "stock.take": (args: { id: string }) => take(args.id),
    "stock.take_open": () => done("stocktake/t1", "已开始盘点"),
    "stock.take_count": (args: TakeCount) => {
      for (const line of args.lines) {
        const at = indexOf(line.part);
        const row = {
          place: line.place,
          place_name: pathOf(line.place),
          serial: line.serial,
          quantity: line.quantity,
        };
        const same = counts.findIndex(
          (each) => each.part === line.part && each.place === line.place && each.serial === line.serial,
        );
        if (same >= 0) counts.splice(same, 1);
        counts.unshift(countRow(at, 0, row));
      }
      return done(args.id, "已记下");
    },
    "stock.take_close": () => done("stocktake/t1", "已结束清点，差异 3 行，待两人签字"),
    "stock.take_sign": () => done("stocktake/t2", "已签字"),
    "stock.take_adjust": () => done("stocktake/t2", "已调整 3 行"),
    "stock.take_cancel": () => done("stocktake/t1", "已取消2025年第四季度盘点，账面不变"),
    "stock.scan": (args: { code: string }) => scan(args.code),
    "stock.print": sheet,
    "stock.export": () => ({
      name: "备件库存-20251124.xlsx",
      media_type: "application/octet-stream",
      base64: "",
      rows: parts.length,
      message: `已导出 ${parts.length} 行`,
    }),
    "stock.import_preview": preview,
    "stock.import": () => done("stock", "已导入 42 行"),
  };
}
