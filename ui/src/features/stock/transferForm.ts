/** Pure logic of transfers: shipping, receiving, and what differs. */

import type { PartLine, TransferArriveLine, TransferDto, TransferLineDto } from "@/generated/door";
import { serialsOf } from "./moveForm";
import { amount, partText } from "./words";

/** A line while it is shipped, received or taken back. */
export interface TransferEntry {
  line: TransferLineDto;
  serials: string;
  quantity: string;
}

/** What may be shipped: all that was asked for and is not on the way; serial numbers are scanned. */
export const shipEntries = (transfer: TransferDto): TransferEntry[] =>
  transfer.lines
    .filter((line) => line.asked > 0)
    .map((line) => ({ line, serials: "", quantity: String(line.asked) }));

/** What is expected: on the way, or asked for where nothing is known of a shipment. */
export const expected = (line: TransferLineDto): number =>
  line.shipped > 0 ? Math.max(line.in_transit, 0) : line.asked;

/** What arrives or comes back to begin with: nothing, so that it is counted and not assumed. */
export const arriveEntries = (transfer: TransferDto): TransferEntry[] =>
  transfer.lines
    .filter((line) => expected(line) > 0 || line.in_transit !== 0)
    .map((line) => ({ line, serials: "", quantity: "" }));

/** All of it is there as it was shipped. */
export const filledEntries = (entries: readonly TransferEntry[]): TransferEntry[] =>
  entries.map((entry) => ({
    ...entry,
    serials: entry.line.tracking === "serial" ? entry.line.missing.join(" ") : entry.serials,
    quantity: entry.line.tracking === "serial" ? entry.quantity : String(expected(entry.line)),
  }));

/** How many an entry says; null: nothing readable. */
export function countOf(entry: TransferEntry): number | null {
  if (entry.line.tracking === "serial") return serialsOf(entry.serials).length;
  const text = entry.quantity.trim();
  return /^\d{1,6}$/.test(text) ? Number(text) : text === "" ? 0 : null;
}

/** What an entry lacks; null: nothing. More may be shipped or received than was asked for: it is told. */
export function entryLack(entry: TransferEntry): string | null {
  if (!entry.line.part) return "本库没有这个型号，请先登记同名同规格的型号";
  return countOf(entry) === null ? "请填写数量" : null;
}

/** How what arrived differs from what is expected, a sentence per model. */
export function differences(entries: readonly TransferEntry[]): string[] {
  return entries.flatMap((entry) => {
    const { line } = entry;
    const name = partText(line.item);
    const strange = serialsOf(entry.serials).filter((serial) => !line.missing.includes(serial));
    const by = (countOf(entry) ?? 0) - expected(line);
    if (by < 0) return [`${name} 短少 ${amount(-by, line.unit)}`];
    if (by > 0) return [`${name} 多出 ${amount(by, line.unit)}`];
    return line.shipped > 0 && strange.length ? [`${name} 序列号不符：${strange.join("、")}`] : [];
  });
}

/** The lines of a shipment; those of nothing are left out. */
export const shipArgs = (entries: readonly TransferEntry[]): PartLine[] =>
  entries
    .filter((entry) => countOf(entry))
    .map((entry) => ({
      part: entry.line.part,
      quantity: entry.line.tracking === "serial" ? 0 : (countOf(entry) ?? 0),
      serials: entry.line.tracking === "serial" ? serialsOf(entry.serials) : [],
      batch: "",
      place: null,
      owner: "",
    }));

/** The lines of a receipt or a return. */
export const arriveArgs = (entries: readonly TransferEntry[]): TransferArriveLine[] =>
  entries.map((entry) => ({
    item: entry.line.item,
    part: null,
    quantity: entry.line.tracking === "serial" ? 0 : (countOf(entry) ?? 0),
    serials: entry.line.tracking === "serial" ? serialsOf(entry.serials) : [],
    batch: "",
    to: null,
  }));

/** A scanned number, put where it belongs: on the line that waits for it, else on that of its model. */
export function withScanned(entries: readonly TransferEntry[], serial: string, part: string | null) {
  if (entries.some((entry) => serialsOf(entry.serials).includes(serial)))
    return { entries: [...entries], note: `${serial} 已在单上` };
  const pieces = entries.filter((entry) => entry.line.tracking === "serial");
  const waits = pieces.find((entry) => entry.line.missing.includes(serial));
  const of = waits ?? pieces.find((entry) => entry.line.part === part) ?? (part ? null : pieces[0]);
  if (!of) return { entries: [...entries], note: "调拨单上没有这个型号" };
  const note = !waits && of.line.shipped > 0 ? `发货单上没有序列号 ${serial}，已记下，请写明情况` : null;
  return {
    entries: entries.map((entry) =>
      entry === of ? { ...entry, serials: [...serialsOf(entry.serials), serial].join(" ") } : entry,
    ),
    note,
  };
}
