import type { Tone } from "@/features/clock/clockView";
import type { OrderStatusDto } from "@/generated/door";

const STATUS: Record<OrderStatusDto, { name: string; tone: Tone | "accent" | "quiet" }> = {
  registered: { name: "待派单", tone: "soon" },
  dispatched: { name: "待接单", tone: "soon" },
  accepted: { name: "已接单", tone: "accent" },
  arrived: { name: "已到场", tone: "accent" },
  suspended: { name: "已挂起", tone: "wait" },
  restored: { name: "待确认", tone: "ok" },
  worked_around: { name: "应急恢复", tone: "ok" },
  confirmed: { name: "已确认", tone: "quiet" },
  closed: { name: "已关闭", tone: "quiet" },
  merged: { name: "已合并", tone: "quiet" },
};

export const STATUSES = Object.keys(STATUS) as OrderStatusDto[];

export function statusName(status: OrderStatusDto): string {
  return STATUS[status]?.name ?? status;
}

export function statusTone(status: OrderStatusDto) {
  return STATUS[status]?.tone ?? "quiet";
}

export const KINDS: Record<string, string> = {
  incident: "故障",
  request: "服务请求",
  work_record: "工作记录",
  change: "变更",
  problem: "问题",
  finding: "巡检发现",
};

export const CHANNELS: Record<string, string> = {
  dispatch: "服务台派单",
  phone: "电话",
  onsite: "现场",
  alarm: "告警",
  inspection: "巡检",
  platform: "平台",
};

/** A queue every person has, with what an empty one means. */
export interface Queue {
  id: string;
  name: string;
  empty: string;
}

/** The queues; `division` is the word for the parts of the buyer. */
export const queuesWith = (division: string): Queue[] => [
  { id: "mine", name: "我的", empty: "没有派给您的未结工单。新派单会立即出现并提醒。" },
  {
    id: "waiting",
    name: "待我处理",
    empty: "没有等您答复的工单：派给您未接的、被催办的、请您协办的、退回给您的，都会列在这里。",
  },
  { id: "division", name: `本${division}`, empty: `本${division}没有未结工单。` },
  { id: "unassigned", name: "未派到人", empty: "工单都已派到人。" },
  { id: "due_soon", name: "即将超时", empty: "没有临近时限的时钟。" },
  { id: "broken", name: "已超时", empty: "没有超时未结的时钟。" },
  { id: "to_confirm", name: "待确认", empty: "没有等待采购人确认的工单。" },
  {
    id: "report_due",
    name: "待交故障报告",
    empty: "没有待交的故障报告。故障恢复后须按合同期限提交的会列在这里。",
  },
  { id: "to_enter", name: "待录入", empty: "没有待录入采购人平台的记录。" },
  { id: "unreconciled", name: "待核对", empty: "没有需要核对的离线事实。" },
  { id: "open", name: "全部未结", empty: "没有未结工单。" },
  { id: "all", name: "全部", empty: "本机还没有工单。首次同步完成后会出现。" },
];

/** Why an order waits for whoever looks, but for what its status says already. */
export function waitsBeside(row: { waits: string[]; status: OrderStatusDto }): string[] {
  return row.waits.filter((wait) => wait !== statusName(row.status));
}

/** How much of an order fits on a line of so many pixels. */
export function lineWidthFor(pixels: number): "slim" | "plain" | "wide" {
  if (pixels >= 1080) return "wide";
  return pixels >= 600 ? "plain" : "slim";
}

/** `3 级`, or the contract's own word such as `重大故障`. */
export function levelName(level: string): string {
  return /^\d+$/.test(level) ? `${level} 级` : level;
}

/** A level and its priority word, said once where they are the same. */
export function levelLabel(level: { level: string; priority: string }): string {
  return [levelName(level.level), level.priority].filter(Boolean).join(" ");
}

/** How long an order has waited for the buyer: `40分钟`, `5小时`, `3天`. */
export function waitText(since: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (minutes < 60) return `${minutes}分钟`;
  return minutes < 1440 ? `${Math.floor(minutes / 60)}小时` : `${Math.floor(minutes / 1440)}天`;
}
