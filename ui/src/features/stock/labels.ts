/** Labels: what stands on one, how many go on a sheet, and whether bars fit on it. */

import type { PartDetail, StockPlaceDto } from "@/generated/door";
import type { Code } from "./codes";

/** What stands on a label. */
export interface Label {
  /** What a scanner reads: a serial number, or an entity id. */
  code: string;
  title: string;
  /** Smaller lines below the title. */
  lines: string[];
  /** The code as people read it; empty: it says nothing to them. */
  plain: string;
}

/** A sheet of labels. Millimetres. */
export interface Sheet {
  id: string;
  name: string;
  columns: number;
  rows: number;
  width: number;
  height: number;
}

/** 63.5 × 38.1 mm, 21 on A4, is the common die-cut sheet (3 × 7); the others come on a roll, one after the other. */
export const SHEETS: readonly Sheet[] = [
  { id: "a4", name: "A4 不干胶 63.5×38.1 mm（21 张）", columns: 3, rows: 7, width: 63.5, height: 38.1 },
  { id: "r60", name: "标签机 60×40 mm", columns: 1, rows: 1, width: 60, height: 40 },
  { id: "r40", name: "标签机 40×30 mm", columns: 1, rows: 1, width: 40, height: 30 },
];

export const sheetAt = (id: string | null): Sheet =>
  SHEETS.find((sheet) => sheet.id === id) ?? (SHEETS[0] as Sheet);

/** Quiet zone beside the bars, in modules (ISO/IEC 15417: ten). */
const QUIET = 10;
/** The thinnest bar common printers and scanners agree on, 7.5 mil. */
const MODULE_MM_MIN = 0.19;
const MODULE_MM_MAX = 0.35;
const MARGIN_MM = 2;

/** How wide one bar becomes on a sheet's label, in millimetres; null: the code is too long for bars there. */
export function moduleMm(code: Code, sheet: Sheet): number | null {
  const room = sheet.width - 2 * MARGIN_MM;
  const width = Math.min(MODULE_MM_MAX, room / (code.modules + 2 * QUIET));
  return width < MODULE_MM_MIN ? null : Math.round(width * 1000) / 1000;
}

/** Labels of a model: one for each serial number, else copies of its own. */
export function partLabels(detail: PartDetail, copies: number, storeName: string): Label[] {
  const { row } = detail;
  const model = [row.model, row.maker].filter(Boolean).join("　");
  if (row.tracking === "serial")
    return detail.serials.map((each) => ({
      code: each.serial,
      title: row.name,
      lines: [model, storeName].filter(Boolean),
      plain: each.serial,
    }));
  const label = { code: row.id, title: row.name, lines: [model, storeName].filter(Boolean), plain: "" };
  return Array.from({ length: copies }, () => label);
}

export const placeLabels = (places: readonly StockPlaceDto[], storeName: string): Label[] =>
  places
    .filter((place) => !place.closed)
    .map((place) => ({ code: place.id, title: place.path, lines: [place.kind_name, storeName], plain: "" }));

/** Labels laid on sheets; the first `skip` places of the first sheet are used up already. */
export function laid(labels: readonly Label[], sheet: Sheet, skip: number): (Label | null)[][] {
  const room = sheet.columns * sheet.rows;
  const slots: (Label | null)[] = [
    ...Array<null>(room > 1 ? Math.min(skip, room - 1) : 0).fill(null),
    ...labels,
  ];
  const pages: (Label | null)[][] = [];
  for (let at = 0; at < slots.length; at += room) pages.push(slots.slice(at, at + room));
  return labels.length ? pages : [];
}
