import type {
  DoorError,
  EnterArgs,
  ExportArgs,
  ExportedFile,
  ImportPreview,
  ImportSource,
  OrderListArgs,
  OrderRow,
  SheetArgs,
  SheetDto,
} from "@/generated/door";
import type { MockOrder } from "./mockData";

/** What goes to the buyer and comes from him, made up: sheets, files, his platform. */
export function buyerCommands(
  orders: () => MockOrder[],
  list: (args: OrderListArgs) => OrderRow[],
  fail: (code: DoorError["code"], message: string) => never,
  // biome-ignore lint/suspicious/noExplicitAny: a mock takes what comes.
): Record<string, (args: any) => unknown> {
  const rows = (args: SheetArgs): OrderRow[] =>
    args.ids.length
      ? orders()
          .map((order) => order.row)
          .filter((row) => args.ids.includes(row.id))
      : list(args.list as OrderListArgs);
  return {
    "sheet.get": (args: SheetArgs) => ({ sheets: rows(args).map(sheet), watermark: "" }),
    "sheet.print": (args: SheetArgs) => ({
      sheets: rows(args).map(sheet),
      watermark: "打印：ZHZG驻场01（zhzg01）2025-11-24 14:20，值班室1号机",
    }),
    "export.make": (args: ExportArgs): ExportedFile => {
      const count = rows(args).length;
      if (count === 0) fail("bad_input", "请先勾选工单，或指明列表。");
      return {
        name: `工单-20251124-1420.${args.format}`,
        media_type: "text/plain;charset=utf-8",
        base64: btoa("mock"),
        rows: count,
        message: args.format === "text" ? `已复制 ${count} 行，已记入审计` : `已导出 ${count} 行，已记入审计`,
      };
    },
    "platform.line": () => ({
      platform: "智能运维平台",
      fields: ["工单编号", "标题", "运维对象", "级别", "处理过程", "结果"],
      line: "E-1\t打不开",
    }),
    "platform.enter": (args: EnterArgs) => {
      for (const { order_id, number } of args.rows) {
        const order = orders().find((each) => each.row.id === order_id);
        if (order) order.row = { ...order.row, external_no: number, entered: true };
      }
      return { id: "", message: `已标记 ${args.rows.length} 条为已录入`, changed: ["orders", "counts"] };
    },
    "platform.preview": preview,
    "platform.import": (args: { accept: number[] }) => ({
      id: "",
      message: `已登记 ${args.accept.length} 张工单，待派单`,
      changed: ["orders", "counts"],
    }),
  };
}

const LONG =
  "11-24 09:42 响应：已电话联系，先远程看日志\n11-24 10:05 到场：第二会议室终端离线\n11-24 10:20 定位原因：终端注册证书过期，平台侧拒绝注册\n11-24 10:48 恢复：更换证书并重启服务，与会场联调入会正常；原因分析：证书到期未续；责任方：服务方";

function sheet(row: OrderRow, index: number): SheetDto {
  const time = (minutes: number) =>
    row.reported_at.slice(0, 11).replace("T", " ") + (minutes < 10 ? `09:0${minutes}` : `10:${minutes}`);
  const many = index % 7 === 3;
  return {
    id: row.id,
    number: row.number,
    contract: "广西壮族自治区公安厅信息系统集中运维服务项目",
    division: row.division,
    reporter_unit: "指挥中心",
    reporter: "王某",
    phone: "8312",
    room: "B1204",
    object: row.object,
    level: `${row.level}级`,
    reported_at: time(1),
    responded_at: time(9),
    arrived_at: time(15),
    restored_at: time(48),
    symptom: many
      ? `${row.title}\n${"会场无法入会，提示注册超时。".repeat(14)}……（余见工单时间线）`
      : row.title,
    handling: many ? `${LONG}\n${LONG}\n11-24 15:20 备注……（余见工单时间线）` : LONG,
    parts: many
      ? Array.from({ length: 4 }, () => ({
          text: "会议终端主板 TE40-C 型，厂商返修件替换原板，已登记资产编号",
          old_serial: "210235A2XYH190000123",
          new_serial: "210235A2XYH210000456",
        }))
      : [],
    parts_left: many ? 2 : 0,
    result: "已恢复",
    satisfaction: "",
    engineer: row.assignee ?? "",
    confirmed_by: "",
    confirmed_at: "",
    external_no: row.external_no ?? "",
  };
}

function preview(source: ImportSource): ImportPreview {
  const base = {
    title: "平台登录页打开缓慢，超过 20 秒",
    division: "E总队",
    order_id: null,
    order_number: null,
    differences: [],
    mistakes: [],
  };
  if (!source.file && !source.text?.includes("\t"))
    return {
      rows: [],
      mistakes: ["只有标题行，没有派单。"],
      ignored: [],
      fresh: 0,
      differing: 0,
      same: 0,
      bad: 0,
    };
  return {
    rows: [
      { ...base, row: 2, action: "new", external_no: "IT202511240031" },
      { ...base, row: 3, action: "new", external_no: "IT202511240032", title: "领导办公室打印机卡纸" },
      {
        ...base,
        row: 4,
        action: "differs",
        external_no: "IT202511230007",
        order_id: "o5",
        order_number: "E-20251123-07-005",
        differences: [
          { field: "级别", ours: "3级", theirs: "2级" },
          { field: "标题", ours: "会议终端离线", theirs: "会议终端离线，影响视频会" },
        ],
      },
      {
        ...base,
        row: 5,
        action: "bad",
        external_no: "IT202511240033",
        mistakes: [{ column: "报修时间", message: "“昨天下午”不是时间，应如 2025-11-24 14:20。" }],
      },
      {
        ...base,
        row: 6,
        action: "bad",
        external_no: "",
        mistakes: [{ column: "平台单号", message: "没有平台单号，无法对应工单，请补上。" }],
      },
    ],
    mistakes: [],
    ignored: ["紧急程度"],
    fresh: 2,
    differing: 1,
    same: 0,
    bad: 2,
  };
}
