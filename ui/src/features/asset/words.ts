/** Words and tones of devices. */

import type { AssetCardDto, AssetRow } from "@/generated/door";

export type Tone = "ok" | "soon" | "late" | "wait" | "accent" | "quiet";

/** How a life-cycle state is shown. */
export const LIFE_TONES: Record<string, Tone> = {
  in_use: "ok",
  standby: "accent",
  in_repair: "soon",
  stopped: "wait",
  removed: "quiet",
  scrapped: "quiet",
};

/** The views of the list, before the door has told them with their counts. */
export const VIEWS: { view: string; name: string; empty: string }[] = [
  { view: "all", name: "全部", empty: "还没有设备。" },
  { view: "soon", name: "即将过保", empty: "90 天内没有要过保的设备。" },
  { view: "expired", name: "已过保", empty: "没有已过保的设备。" },
  { view: "in_repair", name: "维修中", empty: "没有维修中的设备。" },
  { view: "stopped", name: "停用拆除", empty: "没有停用、拆除或报废的设备。" },
  { view: "twin", name: "序列号重复", empty: "没有序列号重复的设备。" },
];

/** What stands in the column of the end: `剩 47 天`, `已过 12 天`, `未填`. */
export function coverText(row: Pick<AssetRow, "cover" | "cover_days">): string {
  const days = row.cover_days;
  if (days === null) return "未填";
  if (days < 0) return `已过 ${-days} 天`;
  return days === 0 ? "今天到期" : `剩 ${days} 天`;
}

export const COVER_TONES: Record<string, Tone> = {
  expired: "late",
  soon: "soon",
  covered: "ok",
  unknown: "quiet",
};

/** Name and model on one line. */
export const assetText = (row: { name: string; model: string }): string =>
  [row.name, row.model].filter(Boolean).join(" ");

/** An empty card. */
export const EMPTY: AssetCardDto = {
  name: "",
  object: "",
  network: "",
  maker: "",
  model: "",
  serial: "",
  quantity: 1,
  unit: "台",
  place: "",
  room: "",
  rack: "",
  rack_unit: "",
  since: "",
  warranty_end: "",
  maintenance_end: "",
  supplier: "",
  parent: "",
  listed: "",
  note: "",
};
