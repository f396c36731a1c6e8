import type {
  PartTransit,
  StockSheet,
  TransferAct,
  TransferArrive,
  TransferDto,
  TransferLineDto,
  TransferMay,
  TransferPage,
  Written,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { START } from "./mockData";

/** Made-up transfers between the centre's store and this one, for looking at 调拨. */

const HOUR = 3_600_000;
const ago = (hours: number) => rfc3339(START - hours * HOUR);
const HUB = "c/guangxi-police/s/hub";

const line = (
  part: string,
  name: string,
  model: string,
  unit: string,
  asked: number,
  given: Partial<TransferLineDto> = {},
): TransferLineDto => ({
  item: { name, model, owner: "supplier" },
  part: `part/${part}`,
  tracking: "plain",
  unit,
  asked,
  shipped: 0,
  received: 0,
  returned: 0,
  settled: 0,
  in_transit: 0,
  missing: [],
  strange: [],
  available: 2,
  ...given,
});
const NO: TransferMay = {
  decide: false,
  cancel: false,
  ship: false,
  receive: false,
  take_back: false,
  settle: false,
  why_not: "",
};
const transfer = (id: string, number: string, given: Partial<TransferDto>): TransferDto => ({
  id: `transfer/${id}`,
  store: "c/guangxi-police/s/main",
  number,
  role: "in",
  other: HUB,
  other_name: "中心备件库",
  other_held: true,
  stage: "asked",
  stage_name: "待审批",
  at: ago(5),
  asker_name: "库管员",
  reason: "补到最低库存",
  order: "",
  decided: "",
  words: "",
  shipped: "",
  ship_words: "",
  carrier: "",
  document: "",
  days: 0,
  receipts: [],
  notes: [],
  lines: [],
  may: NO,
  pending: false,
  ...given,
});

const DISKS = ["ZC4A81F2", "ZC4A81F3", "ZC4A81F9"];
const TRANSFERS: TransferDto[] = [
  transfer("t1", "DB-20251124-3f2a-002", {
    lines: [
      line("p5", "RAID 卡电池", "CVPM05", "块", 2, { tracking: "serial", available: 0 }),
      line("p7", "光模块", "eSFP-GE-SX", "个", 6, { tracking: "serial", available: 4 }),
    ],
    may: { ...NO, decide: true, cancel: true },
    pending: true,
  }),
  transfer("t2", "DB-20251120-3f2a-001", {
    stage: "in_transit",
    stage_name: "在途",
    at: ago(120),
    decided: "项目经理 11-20 10:05",
    shipped: "中心库管员 11-21 09:40",
    carrier: "专车",
    document: "出-2025-0117",
    days: 3,
    reason: "核心机房硬盘批次更换",
    lines: [
      line("p0", "企业级硬盘", "ST4000NM000A 4TB", "块", 4, {
        tracking: "serial",
        shipped: 3,
        in_transit: 3,
        missing: DISKS,
        available: 6,
      }),
      line("p9", "交换机风扇模块", "LSPM1FANSB", "个", 5, { shipped: 5, in_transit: 5, available: 1 }),
    ],
    may: { ...NO, receive: true },
  }),
  transfer("t3", "DB-20251112-3f2a-003", {
    stage: "differs",
    stage_name: "收货有差异",
    role: "out",
    other: "c/guangxi-police/s/liuzhou",
    other_name: "柳州备件库",
    at: ago(300),
    decided: "项目经理 11-12 15:20",
    shipped: "库管员 11-13 08:50",
    carrier: "快递",
    document: "SF-0098",
    days: 11,
    reason: "柳州分中心跳线告急",
    receipts: ["收货 柳州库管员 11-15 10:12：外箱破损，少 2 根"],
    notes: ["账实不符：单模光纤跳线 LC-LC 3m 发 20，收 18，短少 2 根"],
    lines: [
      line("p10", "单模光纤跳线", "LC-LC 3m", "根", 20, {
        shipped: 20,
        received: 18,
        in_transit: 2,
        available: 46,
      }),
    ],
    may: { ...NO, take_back: true, settle: true },
  }),
  transfer("t4", "DB-20251123-8c11-001", {
    stage: "approved",
    stage_name: "待发货",
    role: "out",
    other: "c/guangxi-police/s/liuzhou",
    other_name: "柳州备件库",
    at: ago(22),
    asker_name: "柳州库管员",
    decided: "柳州项目经理 11-23 17:30",
    reason: "备季度更换",
    lines: [
      line("p0", "企业级硬盘", "ST4000NM000A 4TB", "块", 2, { tracking: "serial", available: 6 }),
      line("p13", "水晶头", "RJ45 六类", "个", 100, { available: 380 }),
    ],
    may: { ...NO, ship: true },
  }),
  transfer("t5", "DB-20251020-3f2a-004", {
    stage: "done",
    stage_name: "已完成",
    at: ago(840),
    decided: "项目经理 10-20 09:10",
    shipped: "中心库管员 10-21 14:00",
    carrier: "专车",
    days: 34,
    receipts: ["收货 库管员 10-22 11:05"],
    lines: [line("p12", "六类网线", "305m/箱", "箱", 2, { shipped: 2, received: 2 })],
  }),
];
const OPEN = ["asked", "approved", "in_transit", "differs", "unshipped"];
const FITS: Record<string, (each: TransferDto) => boolean> = {
  open: (each) => OPEN.includes(each.stage),
  in_transit: (each) => each.stage === "in_transit" || each.stage === "differs",
  done: (each) => !OPEN.includes(each.stage),
  all: () => true,
};
const NAMES: Record<string, string> = { open: "待办", in_transit: "在途", done: "已办结", all: "全部" };

type Fail = (code: "not_found", message: string) => never;
type Done = (id: string, message: string) => Written;

/** What of a model is on the way. */
export const transitOf = (part: string): PartTransit[] =>
  TRANSFERS.filter(FITS.in_transit as (each: TransferDto) => boolean).flatMap((each) =>
    each.lines
      .filter((one) => one.part === part && one.in_transit !== 0)
      .map((one) => ({
        transfer: each.id,
        number: each.number,
        role: each.role,
        other_name: each.other_name,
        quantity: one.in_transit,
        days: each.days,
      })),
  );

/** How many transfers wait for somebody. */
export const OPEN_TRANSFERS = TRANSFERS.filter((each) => OPEN.includes(each.stage)).length;

export function transferSheet(id: string | null): StockSheet | null {
  const one = TRANSFERS.find((each) => each.id === id);
  if (!one) return null;
  const [from, to] =
    one.role === "in" ? [one.other_name, "信息中心备件库"] : ["信息中心备件库", one.other_name];
  return {
    title: "备件调拨单（交接单）",
    head: [
      { name: "单号", text: one.number },
      { name: "申请日期", text: one.at.slice(0, 10) },
      { name: "发货库", text: from ?? "" },
      { name: "收货库", text: to ?? "" },
      { name: "事由", text: one.reason },
      { name: "承运/单号", text: `${one.carrier} ${one.document}` },
      { name: "状态", text: one.stage_name },
    ],
    columns: ["序号", "名称", "规格型号", "单位", "申请", "发出", "收到", "归属", "在途序列号", "差异"],
    rows: one.lines.map((each, index) => [
      String(index + 1),
      each.item.name,
      each.item.model,
      each.unit,
      String(each.asked),
      String(each.shipped),
      String(each.received),
      "供应商",
      each.missing.join("、"),
      "",
    ]),
    signatures: ["申请人", "审批人", "发货人", "收货人"].map((name) => ({ name, text: "" })),
    note: "",
    watermark: "ZHZG驻场01 2025-11-24 14:20 打印",
  };
}

export function transferCommands(size: number, fail: Fail, done: Done) {
  const all = size ? TRANSFERS : [];
  const find = (id: string) =>
    all.find((each) => each.id === id) ?? fail("not_found", "本机没有这张调拨单。");
  return {
    "stock.transfers": (args: { view: string | null }): TransferPage => ({
      counts: Object.keys(NAMES).map((view) => ({
        view,
        name: NAMES[view] ?? "",
        count: all.filter(FITS[view] ?? (() => true)).length,
      })),
      rows: all.filter(FITS[args.view ?? "open"] ?? (() => true)),
      sources: [
        { id: HUB, name: "中心备件库", central: true, held: true },
        { id: "c/guangxi-police/s/liuzhou", name: "柳州备件库", central: false, held: false },
      ],
    }),
    "stock.transfer": (args: { id: string }) => find(args.id),
    "stock.transfer_ask": () => done("transfer/t1", "已向中心备件库申请调拨，待审批"),
    "stock.transfer_approve": (args: TransferAct) => done(args.id, "已批准调拨单"),
    "stock.transfer_refuse": (args: TransferAct) => done(args.id, "已退回调拨单"),
    "stock.transfer_cancel": (args: TransferAct) => done(args.id, "已撤回调拨单"),
    "stock.transfer_ship": (args: { id: string }) => done(args.id, "已发货，在途"),
    "stock.transfer_receive": (args: TransferArrive) => done(args.id, "已收货"),
    "stock.transfer_back": (args: TransferArrive) => done(args.id, "已退回入库"),
    "stock.transfer_settle": (args: TransferAct) => done(args.id, "已结清差异"),
  };
}
