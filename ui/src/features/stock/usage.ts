/** Pure logic of the boards: from a number to the movements behind it. */

import type { UsageRow } from "@/generated/door";
import { addressText } from "@/text/address";

type Query = Record<string, unknown>;

/** The list of movements behind a number of the usage board. */
export function usageLink(by: "part" | "object", row: UsageRow, from: string) {
  const query = { tab: "ledger", view: "all", [by === "part" ? "of" : "object"]: row.id };
  return { path: "/stock", query: { ...query, since: from, named: row.name } };
}

/** What a list of movements is narrowed to by such a link; null: nothing. */
export function usageScope(query: Query) {
  const text = (key: string) => addressText(query[key]);
  const [part, object] = [text("of"), text("object")];
  if (!part && !object) return null;
  return { part, object, from: text("since"), named: text("named") ?? "" };
}
