/** Pure logic of the form that books parts to an order. */

import type {
  BalanceDto,
  FateDto,
  OldPart,
  PartLine,
  PartRow,
  SerialDto,
  SlipDto,
  StockUse,
} from "@/generated/door";
import { fateLack, isBound, oldNumber, proposedFate, sentFate } from "./fateForm";
import { quantityOf, serialsOf } from "./moveForm";
import { amount, isOnHand, plain } from "./words";

/** One part put in, and what came out. */
export interface UseLine {
  id: number;
  part: PartRow | null;
  serials: string;
  quantity: string;
  /** Place it comes from; empty: where there is most. */
  place: string;
  slip: string | null;
  /** 坏件去向; empty: nothing was taken out. */
  fate: string;
  oldSerial: string;
  balances: BalanceDto[];
  /** Serial numbers that lie in the store, to choose from. */
  known: SerialDto[];
  refused: string | null;
}

let lineId = 0;
export const newUse = (given: Partial<UseLine> = {}): UseLine => ({
  id: ++lineId,
  part: null,
  serials: "",
  quantity: "",
  place: "",
  slip: null,
  fate: "",
  oldSerial: "",
  balances: [],
  known: [],
  refused: null,
  ...given,
});

/** A line of this model, with what is proposed for it. */
export const useOf = (part: PartRow, serial = "", place: string | null = null): Partial<UseLine> => ({
  part,
  serials: serial,
  place: place ?? "",
  fate: proposedFate(part),
  refused: null,
});

/** How many a line stands for; null: nothing readable. */
export const usedOf = (line: UseLine): number | null =>
  quantityOf({ ...line, batch: "", balances: null, id: line.id });

/** What one line lacks; null: it can be booked. `common` is said once for all lines. */
export function useLack(line: UseLine, common: FateDto, rule: string): string | null {
  if (!line.part) return "请选择备件";
  if (line.part.tracking === "serial" && serialsOf(line.serials).length === 0)
    return "请扫描或输入换上件的序列号";
  if (usedOf(line) === null) return "请填写数量";
  const old = oldNumber(line.oldSerial);
  if (line.fate && line.part.tracking === "serial" && !old.serial && !old.unreadable)
    return "请填写旧件的序列号；看不清的写“无法辨认”和缘由，没有旧件的去向选“无旧件”";
  return fateLack({ ...common, fate: line.fate }, isBound(line.part, rule));
}

/** `现存 3 → 2 块`, and whether the place falls below zero. */
export function useAfter(line: UseLine): { text: string; below: boolean } | null {
  const used = usedOf(line);
  if (!line.part || used === null) return null;
  const here = line.balances.filter(
    (each) => isOnHand(each.place_kind) && (!line.place || each.place === line.place),
  );
  const most = line.place
    ? here.reduce((sum, each) => sum + each.quantity, 0)
    : Math.max(0, ...here.map((each) => each.quantity));
  const from = line.place ? here[0]?.place_name : here.find((each) => each.quantity === most)?.place_name;
  const now = line.part.on_hand;
  const text = `现存 ${plain(now)} → ${amount(now - used, line.part.unit)}`;
  return { text: from ? `${text}，出自 ${from}` : text, below: most < used };
}

/** Lines of a slip that was issued, ready to be used. */
export function slipLines(slip: SlipDto, parts: Map<string, PartRow>): UseLine[] {
  return slip.lines.flatMap((line) => {
    const part = parts.get(line.part);
    if (!part) return [];
    const given = { slip: slip.id, place: line.place_id ?? "" };
    return part.tracking === "serial"
      ? line.serials.map((serial) => newUse({ ...useOf(part, serial), ...given }))
      : [newUse({ ...useOf(part), ...given, quantity: String(line.quantity) })];
  });
}

/** A scanned part among the lines: its serial number twice is told, a model without them counts up. */
export function withUse(lines: readonly UseLine[], part: PartRow, serial: string, place: string | null) {
  const open = lines.filter((line) => line.part !== null);
  if (serial && open.some((line) => line.part?.id === part.id && serialsOf(line.serials).includes(serial)))
    return { lines: [...lines], note: `${serial} 已在单上` };
  const same = serial ? null : open.find((line) => line.part?.id === part.id && part.tracking !== "serial");
  if (same) {
    const quantity = String((usedOf(same) ?? 0) + 1);
    return { lines: lines.map((line) => (line.id === same.id ? { ...line, quantity } : line)), note: null };
  }
  return { lines: [...open, newUse(useOf(part, serial, place))], note: null };
}

function oldOf(line: UseLine, common: FateDto): OldPart | null {
  if (!line.fate) return null;
  return {
    part: null,
    ...oldNumber(line.oldSerial),
    quantity: usedOf(line) ?? 1,
    place: null,
    owner: "",
    fate: sentFate({ ...common, fate: line.fate }),
  };
}

const lineOf = (line: UseLine): PartLine => ({
  part: line.part?.id ?? "",
  quantity: usedOf(line) ?? 0,
  serials: line.part?.tracking === "serial" ? serialsOf(line.serials) : [],
  batch: "",
  place: line.place || null,
  owner: "",
});

/** The booking of all lines: one request, so all of them stand or none. */
export function useArgs(
  about: { store: string; order: string; text: string; at: string | null | undefined },
  lines: readonly UseLine[],
  common: FateDto,
  key: string,
): StockUse {
  return {
    store: about.store,
    order: about.order,
    lines: lines.map((line) => ({ line: lineOf(line), slip: line.slip, old: oldOf(line, common) })),
    text: about.text.trim(),
    at: about.at ?? null,
    idempotency_key: key,
  };
}
