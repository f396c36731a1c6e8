/** Pure logic of the form that books movements: what a kind asks for, its lines, and what it comes to. */

import type {
  BalanceDto,
  PartRow,
  ScanHit,
  StockMove,
  MoveLine as StockMoveLine,
  StockPlaceDto,
} from "@/generated/door";
import { amount, isOnHand, plain } from "./words";

/** What a kind of movement asks for. */
export interface Shape {
  kind: string;
  /** The place it leaves, with the kinds of places that come first in its list; null: from outside. */
  from: readonly string[] | null;
  /** The place it goes to; null: out of the store. */
  to: readonly string[] | null;
  custodian?: boolean;
  /** Asks for the day by which it comes back. */
  due?: boolean;
  /** The quantity has a sign. */
  signed?: boolean;
  /** What its paper is called. */
  paper: string;
  /** What is to be known before it is booked. */
  hint?: string;
}

const KEPT = ["store", "cabinet", "vehicle"] as const;

/** Kinds booked by this form, in the order of their keys. */
export const SHAPES: readonly Shape[] = [
  { kind: "received", from: null, to: KEPT, paper: "到货单、送货单号" },
  { kind: "transferred", from: KEPT, to: KEPT, paper: "交接单号" },
  { kind: "borrowed", from: KEPT, to: ["loan"], custodian: true, due: true, paper: "借条号" },
  { kind: "given_back", from: ["loan"], to: KEPT, paper: "借条号" },
  { kind: "sent_to_repair", from: KEPT, to: ["vendor"], due: true, paper: "出门条号" },
  { kind: "back_from_repair", from: ["vendor"], to: KEPT, paper: "维修单号" },
  { kind: "returned", from: null, to: KEPT, paper: "领用单号", hint: "领出未用的新件退回库里。" },
  {
    kind: "scrapped",
    from: KEPT,
    to: null,
    paper: "报废单号",
    hint: "报废须两人签字：您是第一人，另一人在“流水 / 报废”签字后才出库。",
  },
  {
    kind: "corrected",
    from: null,
    to: KEPT,
    signed: true,
    paper: "依据文件",
    hint: "更正也是一笔流水，原来的记录不改。",
  },
];

export const shapeOf = (kind: string): Shape =>
  SHAPES.find((shape) => shape.kind === kind) ?? (SHAPES[0] as Shape);

/** What holds for all lines of one booking. */
export interface MoveHead {
  kind: string;
  from: string;
  to: string;
  owner: string;
  custodian: string;
  reason: string;
  document: string;
  due: string;
  /** RFC 3339; null: now; undefined: unreadable. */
  at: string | null | undefined;
  answers: string | null;
  corrects: string | null;
  settles: string | null;
}

export const NEW_HEAD: MoveHead = {
  kind: "received",
  from: "",
  to: "",
  owner: "supplier",
  custodian: "",
  reason: "",
  document: "",
  due: "",
  at: null,
  answers: null,
  corrects: null,
  settles: null,
};

/** One line: a model and how much of it. */
export interface MoveLine {
  id: number;
  part: PartRow | null;
  /** Text with serial numbers, as typed: separated by blanks, commas or line ends. */
  serials: string;
  batch: string;
  quantity: string;
  /** What there is of the model, once it is known. */
  balances: BalanceDto[] | null;
  /** What the door said of this line when the others were booked. */
  refused: string | null;
}

let lineId = 0;
export const newLine = (given: Partial<MoveLine> = {}): MoveLine => ({
  id: ++lineId,
  part: null,
  serials: "",
  batch: "",
  quantity: "",
  balances: null,
  refused: null,
  ...given,
});

/** Serial numbers as people paste them; each once. */
export function serialsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,，;；、]+/).filter(Boolean))];
}

/** How many a line stands for; null: nothing readable. */
export function quantityOf(line: MoveLine, isSigned = false): number | null {
  const serials = serialsOf(line.serials);
  if (line.part?.tracking === "serial" && serials.length) return serials.length;
  const text = line.quantity.trim().replace(/^−/, "-");
  if (text === "") return line.part && line.part.tracking !== "serial" && !isSigned ? 1 : null;
  if (!/^[+-]?\d{1,6}$/.test(text)) return null;
  const number = Number(text);
  return number === 0 || (number < 0 && !isSigned) ? null : number;
}

/** What one line lacks; null: it can be booked. */
export function lineLack(line: MoveLine, shape: Shape): string | null {
  if (!line.part) return "请选择备件";
  if (line.part.tracking === "serial" && !shape.signed && serialsOf(line.serials).length === 0)
    return "请扫描或输入序列号";
  if (line.part.tracking === "batch" && !line.batch.trim() && shape.kind === "received") return "请填写批次";
  if (quantityOf(line, shape.signed) === null) return shape.signed ? "请填写带正负号的数量" : "请填写数量";
  return null;
}

/** What the head lacks, by field. */
export function headLacks(head: MoveHead): Record<string, string> {
  const shape = shapeOf(head.kind);
  const lacks: Record<string, string> = {};
  if (shape.from && !head.from) lacks.from = "请选择从哪里移出";
  if (shape.to && !head.to) lacks.to = "请选择放到哪里";
  if (shape.from && shape.to && head.from && head.from === head.to) lacks.to = "与移出的库位相同";
  if (shape.custodian && !head.custodian) lacks.custodian = "请选择借用人";
  if ((shape.signed || head.kind === "scrapped") && !head.reason.trim()) lacks.reason = "请写明原因";
  if (head.at === undefined) lacks.at = "看不懂这个时间";
  return lacks;
}

/** What is at a place of one owner. */
const at = (balances: BalanceDto[], place: string, owner: string) =>
  balances
    .filter((each) => each.place === place && each.owner === owner)
    .reduce((sum, each) => sum + each.quantity, 0);

/** What booking a line comes to: in words, and whether it falls below zero. */
export interface After {
  text: string;
  below: boolean;
}

/** `现存 3 → 1；主库 2 → 0`: what there will be, by the book of this console. Null while something is missing. */
export function afterwards(line: MoveLine, head: MoveHead, places: readonly StockPlaceDto[]): After | null {
  const shape = shapeOf(head.kind);
  const quantity = quantityOf(line, shape.signed);
  if (!line.part || quantity === null || line.balances === null) return null;
  const place = (id: string) => places.find((each) => each.id === id);
  const moves = [
    ...(shape.from && head.from ? [{ place: place(head.from), by: -quantity }] : []),
    ...(shape.to && head.to ? [{ place: place(head.to), by: quantity }] : []),
  ].flatMap(({ place, by }) => (place ? [{ place, by }] : []));
  if (moves.length === 0) return null;
  const onHand = moves.filter(({ place }) => isOnHand(place.kind)).reduce((sum, { by }) => sum + by, 0);
  const now = line.part.on_hand;
  const steps = moves.map(({ place, by }) => {
    const before = at(line.balances ?? [], place.id, head.owner);
    return { name: place.name, before, after: before + by };
  });
  const below = steps.some((step) => step.after < 0 && step.after < step.before);
  const words = steps.map((step) => `${step.name} ${plain(step.before)} → ${plain(step.after)}`);
  return {
    text: [`现存 ${plain(now)} → ${amount(now + onHand, line.part.unit)}`, ...words].join("；"),
    below,
  };
}

/** What a scan did to the lines. */
export interface Scanned {
  lines: MoveLine[];
  /** The line it went to. */
  line: number | null;
  /** What to tell: a serial number scanned twice. */
  note: string | null;
}

/** A scanned model or serial number as a line: added to the line of its model, or on a new one. */
export function withScan(lines: readonly MoveLine[], hit: ScanHit, part: PartRow): Scanned {
  const same = lines.find((line) => line.part?.id === part.id);
  if (hit.serial) {
    const twice = lines.find(
      (line) => line.part?.id === part.id && serialsOf(line.serials).includes(hit.serial),
    );
    if (twice) return { lines: [...lines], line: twice.id, note: `${hit.serial} 已在单上` };
    if (same) return changed(lines, same.id, { serials: [...serialsOf(same.serials), hit.serial].join(" ") });
    return added(lines, { part, serials: hit.serial });
  }
  if (same && part.tracking !== "serial")
    return changed(lines, same.id, { quantity: String((quantityOf(same) ?? 0) + 1) });
  if (same) return { lines: [...lines], line: same.id, note: null };
  return added(lines, { part, quantity: part.tracking === "serial" ? "" : "1" });
}

function changed(lines: readonly MoveLine[], id: number, next: Partial<MoveLine>): Scanned {
  return { lines: lines.map((line) => (line.id === id ? { ...line, ...next } : line)), line: id, note: null };
}

function added(lines: readonly MoveLine[], given: Partial<MoveLine>): Scanned {
  const line = newLine(given);
  const kept = lines.filter((each) => each.part !== null || each.serials || each.quantity);
  return { lines: [...kept, line], line: line.id, note: null };
}

/** Places of the kinds wanted first, each group in the order of the tree; closed ones left out. */
export function placeItems(places: readonly StockPlaceDto[], first: readonly string[]) {
  const rank = (place: StockPlaceDto) => {
    const at = first.indexOf(place.kind);
    return at < 0 ? first.length : 0;
  };
  return places
    .filter((place) => !place.closed && place.kind !== "removed")
    .map((place, index) => ({ place, index }))
    .sort((a, b) => rank(a.place) - rank(b.place) || a.index - b.index)
    .map(({ place }) => ({ value: place.id, text: place.path, initials: "", note: place.kind_name }));
}

/** The place a kind most likely means: the only one of its kinds, or the first for what is kept. */
export function likelyPlace(places: readonly StockPlaceDto[], kinds: readonly string[] | null): string {
  const fitting = places.filter((place) => !place.closed && kinds?.includes(place.kind));
  return fitting.length === 1 || kinds?.includes("store") ? (fitting[0]?.id ?? "") : "";
}

/** The place of these kinds at which most of a model lies; null: nowhere. */
export function mostAt(
  balances: readonly BalanceDto[],
  places: readonly StockPlaceDto[],
  kinds: readonly string[],
): BalanceDto | null {
  const open = balances.filter(
    (each) =>
      each.quantity > 0 && kinds.includes(places.find((place) => place.id === each.place)?.kind ?? ""),
  );
  return open.reduce<BalanceDto | null>(
    (most, each) => (each.quantity > (most?.quantity ?? 0) ? each : most),
    null,
  );
}

/** A line as it is booked. */
export function lineArgs(line: MoveLine, shape: Shape): StockMoveLine {
  return {
    part: line.part?.id ?? "",
    serials: line.part?.tracking === "serial" ? serialsOf(line.serials) : [],
    batch: line.batch.trim(),
    quantity: quantityOf(line, shape.signed) ?? 0,
  };
}

/** The booking of all lines: one request, so all of them stand or none. */
export function moveArgs(store: string, head: MoveHead, lines: readonly MoveLine[], key: string): StockMove {
  const shape = shapeOf(head.kind);
  return {
    store,
    kind: head.kind,
    lines: lines.map((line) => lineArgs(line, shape)),
    from: shape.from ? head.from : null,
    to: shape.to ? head.to : null,
    owner: head.owner,
    custodian: shape.custodian ? head.custodian || null : null,
    reason: head.reason.trim(),
    document: head.document.trim(),
    due: shape.due ? head.due || null : null,
    answers: head.answers,
    corrects: head.corrects,
    settles: head.settles,
    at: head.at ?? null,
    idempotency_key: key,
  };
}

/** The place among the lines that a refusal is about; null: it is about the head. */
export function refusedLine(field: string | null): number | null {
  const found = /^lines\.(\d+)\./.exec(field ?? "");
  return found ? Number(found[1]) : null;
}
