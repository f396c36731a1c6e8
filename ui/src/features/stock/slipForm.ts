/** Pure logic of slips: asking, issuing, and what a user is offered. */

import type { PartDetail, PartLine, PartRow, SlipAsk, SlipDto, SlipLineDto } from "@/generated/door";
import { serialsOf } from "./moveForm";

/** A line of a slip being written. */
export interface AskLine {
  id: number;
  part: PartRow | null;
  quantity: string;
}

let lineId = 0;
export const newAsk = (part: PartRow | null, quantity = ""): AskLine => ({ id: ++lineId, part, quantity });

/** How many a line asks for; null: nothing readable. */
export function askedOf(line: AskLine): number | null {
  const text = line.quantity.trim() || "1";
  return /^\d{1,5}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

export function askLack(line: AskLine): string | null {
  if (!line.part) return "请选择备件";
  return askedOf(line) === null ? "请填写数量" : null;
}

/** A scanned model: one more of it, or a new line. */
export function withAsked(lines: readonly AskLine[], part: PartRow): AskLine[] {
  const open = lines.filter((line) => line.part !== null);
  const same = open.find((line) => line.part?.id === part.id);
  if (!same) return [...open, newAsk(part, "1")];
  return open.map((line) => (line === same ? { ...line, quantity: String((askedOf(line) ?? 0) + 1) } : line));
}

export function askArgs(
  store: string,
  order: string | null,
  lines: readonly AskLine[],
  form: { reason: string; emergency: boolean },
  key: string,
): SlipAsk {
  const asked = lines.map((line) => ({
    part: line.part?.id ?? "",
    quantity: askedOf(line) ?? 0,
    serials: [],
    batch: "",
    place: null,
    owner: "",
  }));
  return {
    store,
    order,
    lines: asked,
    reason: form.reason.trim(),
    emergency: form.emergency,
    idempotency_key: key,
  };
}

/** A line of a slip while it is issued. */
export interface IssueLine {
  asked: SlipLineDto;
  tracking: string;
  serials: string;
  quantity: string;
}

/** What is handed out to begin with: as asked, the serial numbers that were named. */
export const issueLine = (asked: SlipLineDto, detail: PartDetail | null): IssueLine => ({
  asked,
  tracking: detail?.row.tracking ?? "plain",
  serials: asked.serials.join(" "),
  quantity: String(asked.quantity),
});

/** What a line to be issued lacks; null: nothing. Fewer than asked may be issued, never more. */
export function issueLack(line: IssueLine): string | null {
  const serials = serialsOf(line.serials);
  if (line.tracking === "serial") {
    if (serials.length === 0) return "请扫描要发出的序列号";
    return serials.length > line.asked.quantity ? `只领 ${line.asked.quantity} ${line.asked.unit}` : null;
  }
  const quantity = Number(line.quantity.trim());
  if (!Number.isInteger(quantity) || quantity < 0) return "请填写数量";
  return quantity > line.asked.quantity ? `只领 ${line.asked.quantity} ${line.asked.unit}` : null;
}

/** The lines of an issue, as long as those asked for. */
export const issueArgs = (lines: readonly IssueLine[]): PartLine[] =>
  lines.map(({ asked, tracking, serials, quantity }) => ({
    part: asked.part,
    quantity: tracking === "serial" ? 0 : Number(quantity.trim()),
    serials: tracking === "serial" ? serialsOf(serials) : [],
    batch: "",
    place: asked.place_id,
    owner: "",
  }));

/** A scanned serial number, put on the line of its model; what to tell where it fits none. */
export function withIssued(lines: readonly IssueLine[], part: string, serial: string) {
  const fits = (line: IssueLine) => line.asked.part === part;
  if (!lines.some(fits)) return { lines: [...lines], note: "领用单上没有这个型号" };
  if (lines.some((line) => serialsOf(line.serials).includes(serial)))
    return { lines: [...lines], note: `${serial} 已在单上` };
  const open = lines.find((line) => fits(line) && serialsOf(line.serials).length < line.asked.quantity);
  if (!open) return { lines: [...lines], note: "这个型号已经发够了" };
  const added = (line: IssueLine) => [...serialsOf(line.serials), serial].join(" ");
  return {
    lines: lines.map((line) => (line === open ? { ...line, serials: added(line) } : line)),
    note: null,
  };
}

/** Lines whose old part is still owed. */
export const owesOld = (slip: SlipDto): number[] =>
  slip.lines.flatMap((line, index) => (line.old_returned === false ? [index] : []));
