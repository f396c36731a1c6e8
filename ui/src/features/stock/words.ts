/** Words and tones of stock. */

export type Tone = "ok" | "soon" | "late" | "wait" | "accent" | "quiet";

/** `3 块`; a bare number where there is no unit. */
export const amount = (quantity: number, unit: string): string =>
  [plain(quantity), unit].filter(Boolean).join(" ");

/** `+3`, `−1`, `0`: with the sign a person writes. */
export function signed(quantity: number): string {
  if (quantity === 0) return "0";
  return quantity > 0 ? `+${quantity}` : `−${-quantity}`;
}

/** A number as it stands in a list; a true minus sign. */
export const plain = (quantity: number): string => (quantity < 0 ? `−${-quantity}` : String(quantity));

/** Name and model of a part on one line. */
export const partText = (part: { name: string; model: string }): string =>
  [part.name, part.model].filter(Boolean).join(" ");

/** How an alert under the minimum is shown. */
export const ALERT_TONES: Record<string, Tone> = { below: "soon", out: "late", covered: "wait" };

/** How far a slip is. */
export const SLIP_TONES: Record<string, Tone> = {
  asked: "soon",
  approved: "accent",
  issued: "ok",
  taken: "soon",
  refused: "late",
  disputed: "late",
  cancelled: "quiet",
};

/** How far a transfer is. */
export const TRANSFER_TONES: Record<string, Tone> = {
  asked: "soon",
  approved: "accent",
  in_transit: "wait",
  differs: "late",
  unshipped: "soon",
  done: "ok",
  refused: "late",
  cancelled: "quiet",
  declined: "late",
};

/** How far a stocktake is. */
export const TAKE_TONES: Record<string, Tone> = {
  counting: "accent",
  closed: "soon",
  signed: "soon",
  adjusted: "ok",
  cancelled: "quiet",
};

/** What a line of a variance report is. */
export const VARIANCE_TONES: Record<string, Tone> = {
  missing: "late",
  misplaced: "soon",
  surplus: "accent",
};

/** Kinds of places that count as on hand. */
const ON_HAND = ["store", "vehicle", "cabinet"];
export const isOnHand = (placeKind: string | undefined): boolean => ON_HAND.includes(placeKind ?? "");

/** The views of the list, in their order, before the door has told them with their counts. */
export const VIEWS: { view: string; name: string; empty: string }[] = [
  { view: "all", name: "全部", empty: "还没有备件型号。" },
  { view: "below_minimum", name: "低于最低", empty: "没有低于最低库存的备件。" },
  { view: "in_repair", name: "维修中", empty: "没有送修未回的备件。" },
  { view: "on_loan", name: "借出", empty: "没有借出未还的备件。" },
  { view: "discrepant", name: "账实不符", empty: "账实相符。" },
  { view: "closed", name: "停用", empty: "没有停用的型号。" },
];
