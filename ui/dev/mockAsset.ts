import { EMPTY, VIEWS } from "@/features/asset/words";
import type {
  AssetBoard,
  AssetCardDto,
  AssetChange,
  AssetDetail,
  AssetExport,
  AssetForm,
  AssetHistory,
  AssetImportArgs,
  AssetImportPreview,
  AssetListArgs,
  AssetNote,
  AssetPage,
  AssetRow,
  DoorError,
  ExportedFile,
  Written,
} from "@/generated/door";
import { rfc3339 } from "@/text/time";
import { initials, objects, people, START } from "./mockData";

/** Made-up devices, for looking at 设备. */

const fail = (code: DoorError["code"], message: string, field: string | null = null): never => {
  throw { code, message, field, retry_after_seconds: null } satisfies DoorError;
};
const DAY = 86_400_000;
const day = (offset: number) => rfc3339(START + offset * DAY).slice(0, 10);
const NETWORKS = [
  { value: "police", label: "公安网" },
  { value: "video", label: "视频专网" },
  { value: "government", label: "政务外网" },
  { value: "internet", label: "互联网" },
  { value: "other", label: "其他" },
];
const LIVES = [
  { value: "in_use", label: "在用" },
  { value: "standby", label: "备用" },
  { value: "in_repair", label: "维修中" },
  { value: "stopped", label: "停用" },
  { value: "removed", label: "已拆除" },
  { value: "scrapped", label: "已报废" },
];
const SOON_DAYS = 90;

/** Name, maker, model, network, place, room. */
const MODELS: [string, string, string, string, string, string][] = [
  ["核心交换机", "华为", "S12708", "police", "信息中心三楼", "主机房"],
  ["汇聚交换机", "华三", "S7506X", "police", "信息中心三楼", "主机房"],
  ["应用服务器", "浪潮", "NF5280M6", "police", "信息中心三楼", "主机房"],
  ["数据库服务器", "浪潮", "NF8480M6", "police", "信息中心三楼", "主机房"],
  ["磁盘阵列", "宏杉", "MS5580G2", "police", "信息中心三楼", "主机房"],
  ["视频存储", "海康威视", "DS-A72024R", "video", "指挥中心一楼", "视频机房"],
  ["视频综合平台", "大华", "DSS-C9", "video", "指挥中心一楼", "视频机房"],
  ["防火墙", "天融信", "NGFW4000", "government", "信息中心三楼", "主机房"],
  ["服务器密码机", "三未信安", "SJJ1012", "police", "信息中心三楼", "主机房"],
  ["UPS 主机", "科华", "YTR3340", "other", "信息中心负一层", "配电间"],
  ["精密空调", "艾默生", "PEX1040", "other", "信息中心三楼", "主机房"],
  ["激光打印机", "得力", "P2500DN", "police", "办公楼二楼", ""],
];

const choiceName = (choices: { value: string; label: string }[], value: string) =>
  choices.find((each) => each.value === value)?.label ?? "";

function coverOf(days: number | null): string {
  if (days === null) return "unknown";
  if (days < 0) return "expired";
  return days <= SOON_DAYS ? "soon" : "covered";
}

function makeRow(index: number): AssetRow {
  const [name = "", maker = "", model = "", network = "", place = "", room = ""] =
    MODELS[index % MODELS.length] ?? [];
  const object = objects[(index * 7) % Math.max(objects.length, 1)];
  const days = index % 9 === 8 ? null : ((index * 53) % 700) - 120;
  const life = (index % 13 === 5 && "in_repair") || (index % 17 === 9 && "stopped") || "in_use";
  const rack = room ? `A${String(1 + (index % 8)).padStart(2, "0")} ${1 + ((index * 3) % 40)}U` : "";
  const many = name === "激光打印机";
  return {
    id: `asset/a${index}`,
    name,
    division: object?.division ?? "E总队",
    object: object?.no ?? "",
    object_name: object?.name ?? "",
    network,
    network_name: choiceName(NETWORKS, network),
    maker,
    model,
    serial: many ? "" : `21${(98_231_745 + index * 7_919).toString(36).toUpperCase()}`,
    quantity: many ? 12 : 1,
    unit: "台",
    spot: [place, room, rack].filter(Boolean).join(" "),
    life,
    life_name: choiceName(LIVES, life),
    cover_end: days === null ? null : day(days),
    cover: coverOf(days),
    cover_days: days,
    twin: index === 3 || index === 15,
    pending: index === 2,
  };
}

const inView = (row: AssetRow, view: string): boolean => {
  if (view === "soon" || view === "expired") return row.cover === view;
  if (view === "in_repair") return row.life === "in_repair";
  if (view === "stopped") return row.life === "stopped";
  return view === "twin" ? row.twin : true;
};

function fits(row: AssetRow, args: AssetListArgs): boolean {
  const text = (args.text ?? "").toLowerCase();
  const words = [row.name, row.model, row.maker, row.serial, row.spot, initials(row.name)]
    .join(" ")
    .toLowerCase();
  const end = row.cover_end ?? "";
  return (
    words.includes(text) &&
    (!args.object || row.object === args.object || (args.object === "-" && !row.object)) &&
    (!args.network || row.network === args.network) &&
    (!args.place || row.spot.startsWith(args.place)) &&
    (!args.end_from || (end !== "" && end >= args.end_from)) &&
    (!args.end_to || (end !== "" && end <= args.end_to))
  );
}

function boardSvg(
  counts: { label: string; count: number }[],
  dark: boolean,
  width: number,
  height: number,
): string {
  const most = Math.max(1, ...counts.map((each) => each.count));
  const slot = (width - 16) / counts.length;
  const text = dark ? "#c8ccd4" : "#3a4150";
  const bars = counts
    .map((each, index) => {
      const high = ((height - 68) * each.count) / most;
      const x = 8 + index * slot + slot / 2;
      const fill = index < 4 ? (dark ? "#d98a45" : "#c2661c") : dark ? "#5b8fd9" : "#2f6bc0";
      return `<rect x="${x - slot / 3}" y="${height - 24 - high}" width="${(slot * 2) / 3}" height="${high}" fill="${fill}"/><text x="${x}" y="${height - 8}" text-anchor="middle" font-size="12" fill="${text}">${each.label.slice(2)}</text><text x="${x}" y="${height - 30 - high}" text-anchor="middle" font-size="12" fill="${text}">${each.count || ""}</text>`;
    })
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><text x="8" y="16" font-size="12" fill="${text}">到期（台）</text>${bars}</svg>`;
}

const addMonths = (first: string, months: number): string => {
  const [year = 2025, month = 1] = first.split("-").map(Number);
  const at = year * 12 + month - 1 + months;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}-01`;
};
const dayBefore = (date: string) => rfc3339(Date.parse(`${date}T00:00:00+08:00`) - DAY).slice(0, 10);

export function assetCommands(asked: URLSearchParams, size: number) {
  const rows = Array.from({ length: size === 0 ? 0 : size > 100 ? 1_200 : 58 }, (_, index) => makeRow(index));
  const may = asked.get("role") !== "overseer";
  const find = (id: string): AssetRow =>
    rows.find((row) => row.id === id) ?? fail("not_found", "本机没有这台设备，请同步后重试。");
  const done = (id: string, message: string): Written => ({ id, message, changed: ["assets"] });
  const link = (row: AssetRow) => ({
    id: row.id,
    title: `${row.name} ${row.model} ${row.serial}`,
    life_name: row.life_name,
  });
  const cardOf = (row: AssetRow): AssetCardDto => ({
    ...EMPTY,
    name: row.name,
    object: row.object,
    network: row.network,
    maker: row.maker,
    model: row.model,
    serial: row.serial,
    quantity: row.quantity,
    place: row.spot.split(" ")[0] ?? "",
    room: row.spot.split(" ")[1] ?? "",
    rack: row.spot.split(" ")[2] ?? "",
    rack_unit: (row.spot.split(" ")[3] ?? "").replace("U", ""),
    since: day(-1_400),
    warranty_end: row.cover_end ?? "",
    supplier: "演示供应商",
    listed: "2.1-1",
  });
  const by = people[0]?.name ?? "";
  const line = (kind: string, kind_name: string, daysAgo: number, text: string): AssetHistory => ({
    kind,
    kind_name,
    at: rfc3339(START - daysAgo * DAY),
    text,
    by,
    order: kind === "order" || kind === "inspection" ? "order/o1" : null,
    part: kind === "stock" ? "part/p4" : null,
    pending: false,
    refused: false,
  });
  const history = (row: AssetRow): AssetHistory[] => [
    { ...line("card", "卡片", 0.1, "机柜 A02 → A03；U 位 8 → 12"), pending: row.pending },
    line("inspection", "巡检", 3, "E总队-20251119-7F2A-004 机房设备巡检，正常（已关闭）"),
    line("stock", "备件", 12, "领用出库 服务器电源 GW-CRPS800，工单 E总队-20251110-7F2A-002"),
    line("order", "工单", 12.2, `E总队-20251110-7F2A-002 ${row.name}电源告警（已确认）`),
    line("life", "状态", 12.3, `${day(-12)} 维修中：一路电源模块故障，等备件`),
    line("card", "卡片", 60, "建立卡片；登记地址"),
  ];

  const list = (args: AssetListArgs): AssetPage => {
    if (asked.get("failing") === "asset") fail("internal", "读取设备失败：存储暂时被占用。");
    const found = rows.filter((row) => inView(row, args.view ?? "all") && fits(row, args));
    return {
      total: found.length,
      rows: found.slice(args.offset, args.offset + (args.limit || 100)),
      counts: VIEWS.map(({ view, name }) => ({
        view,
        name,
        count: rows.filter((row) => inView(row, view)).length,
      })),
    };
  };
  const form = (): AssetForm => ({
    divisions: asked.get("device") === "none" ? [] : ["E总队", "G总队"],
    hint: "本机没有登记您负责的部门，看不到设备。请联系管理员为本机增加部门的数据。",
    objects,
    networks: NETWORKS,
    lives: LIVES,
    places: size ? [...new Set(MODELS.map((model) => model[4]))] : [],
    makers: size ? [...new Set(MODELS.map((model) => model[1]))] : [],
    listed: 59,
    may_note: may,
    may_export: may,
    may_see_addresses: may,
    soon_days: SOON_DAYS,
    today: day(0),
  });
  const get = (args: { id: string }): AssetDetail => {
    const row = find(args.id);
    return {
      row,
      card: cardOf(row),
      life_on: row.life === "in_use" ? null : day(-12),
      life_text: row.life === "in_use" ? "" : "一路电源模块故障，等备件",
      has_addresses: true,
      addresses: may ? { ip: "10.0.8.21", mac: "00:1B:21:AA:03:7C" } : null,
      may_see_addresses: may,
      may_note: may,
      next: LIVES.filter((life) => life.value !== row.life),
      parent: null,
      children: row.id === "asset/a1" ? rows.slice(4, 6).map(link) : [],
      twins: row.twin ? rows.filter((other) => other.twin && other.id !== row.id).map(link) : [],
      listed_text: `合同设备清单 2.1-1 第 812 行：${row.name}`,
      history: history(row),
    };
  };
  const secretIn = (text: string) => /(口令|密码|pwd|password)\s*[:：=]\s*\S{2,}/i.test(text);
  const note = (args: AssetNote): Written => {
    if (!args.card.name.trim()) fail("bad_input", "请填写设备名称：一行，不超过 100 字。", "card.name");
    if (secretIn(args.card.note))
      fail(
        "bad_input",
        "“备注”里像是写了口令或密钥。本系统不保存任何口令：请删去口令，只写由谁保管、存放在哪里。",
        "card.note",
      );
    return done(args.id ?? "asset/a1", `已登记设备 ${args.card.name}`);
  };
  const change = (args: AssetChange): Written => {
    if (!args.reason.trim()) fail("bad_input", "请填写原因，不要超过规定长度。", "reason");
    return done(args.id, `已登记 ${find(args.id).name} 为${choiceName(LIVES, args.life)}`);
  };
  const board = (args: { theme: string; width: number; height: number }): AssetBoard => {
    const count = (from: string, to: string) =>
      rows.filter((row) => row.cover_end !== null && row.cover_end >= from && row.cover_end <= to).length;
    const month = `${day(0).slice(0, 7)}-01`;
    const span = (from: string, months: number, label: string) => {
      const to = dayBefore(addMonths(from, months));
      return { label, from, to, count: count(from, to) };
    };
    const months = Array.from({ length: 13 }, (_, index) => {
      const from = addMonths(month, index);
      return span(from, 1, `${from.slice(0, 4)}年${Number(from.slice(5, 7))}月`);
    });
    const quarters = Array.from({ length: 12 }, (_, index) => {
      const from = addMonths("2025-10-01", index * 3);
      return span(
        from,
        3,
        `${from.slice(0, 4)}年${"一二三四"[Math.floor((Number(from.slice(5, 7)) - 1) / 3)]}季度`,
      );
    });
    const sums = (of: AssetRow[]) => ({
      total: of.length,
      expired: of.filter((row) => row.cover === "expired").length,
      soon: of.filter((row) => row.cover === "soon").length,
      unknown: of.filter((row) => row.cover === "unknown").length,
    });
    const used = [...new Set(rows.map((row) => row.object))];
    return {
      today: day(0),
      basis:
        "按卡片计，不含已拆除和已报废；到期日取质保和维保中较晚的一个；90 天内到期为即将过保（本项目约定）",
      all: { object: "", name: "全部", ...sums(rows) },
      months,
      quarters,
      ages: ["不满 1 年", "1～3 年", "3～5 年", "5～8 年", "8 年以上"].map((label, index) => ({
        label,
        from: null,
        to: null,
        count: Math.round(rows.length * ([0.12, 0.3, 0.34, 0.18, 0.04][index] ?? 0)),
      })),
      ageless: Math.round(rows.length * 0.02),
      objects: used
        .map((no) => {
          const of = rows.filter((row) => row.object === no);
          return { object: no, name: of[0]?.object_name ?? "", ...sums(of) };
        })
        .sort((a, b) => b.expired + b.soon - a.expired - a.soon)
        .slice(0, 24),
      svg: boardSvg(
        months.map((each) => ({ label: each.from?.slice(0, 7) ?? "", count: each.count })),
        args.theme === "dark",
        args.width,
        args.height,
      ),
    };
  };
  const preview = (args: AssetImportArgs): AssetImportPreview => {
    const lines = (args.text ?? "").split("\n").slice(1).filter(Boolean);
    const wrong = lines.some(secretIn);
    return {
      rows: args.listed ? 59 : lines.length,
      added: wrong ? 0 : args.listed ? 57 : lines.length,
      changed: 0,
      same: args.listed ? 2 : 0,
      differences: lines.map((text, index) => ({
        row: index + 2,
        title: text.split("\t")[0] ?? "",
        text: "新增，E总队",
      })),
      mistakes: wrong
        ? [
            {
              row: 2,
              column: "备注",
              text: "“备注”里像是写了口令或密钥。本系统不保存任何口令：请删去口令，只写由谁保管、存放在哪里。",
            },
          ]
        : [],
      digest: "d",
    };
  };
  const exported = (args: AssetExport): ExportedFile => ({
    name: `设备清单.${args.format}`,
    media_type: "text/csv",
    base64: "",
    rows: rows.length,
    message: `已导出 ${rows.length} 行，已记入审计`,
  });

  return {
    "asset.form": form,
    "asset.list": list,
    "asset.get": get,
    "asset.note": note,
    "asset.change": change,
    "asset.board": board,
    "asset.import_preview": preview,
    "asset.import": () => done("asset/a1", "已导入"),
    "asset.export": exported,
  };
}
