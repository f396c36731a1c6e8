import type { AssetListArgs } from "@/generated/door";
import { addressText } from "@/text/address";

type Query = Record<string, unknown>;

const NAMES = [
  "text",
  "object",
  "network",
  "place",
  "division",
  "end_from",
  "end_to",
  "since_from",
  "since_to",
] as const;

/** What the address asks of the list. */
export type Filter = Pick<AssetListArgs, "view" | (typeof NAMES)[number]> & { view: string };

export function filterOf(query: Query): Filter {
  const filter: Record<string, string | null> = { view: addressText(query.view as string) ?? "all" };
  for (const name of NAMES) filter[name] = addressText(query[name] as string);
  return filter as Filter;
}

/** Without any condition but the view. */
export const NO_FILTER: Record<string, null> = Object.fromEntries(NAMES.map((name) => [name, null]));

export const isNarrowed = (filter: Filter): boolean => NAMES.some((name) => filter[name]);

/** A span of days the board asked for, in words; null: none. */
export function spanText(filter: Filter): string | null {
  const span = (from: string | null | undefined, to: string | null | undefined) =>
    [from ?? "不限", to ?? "不限"].join(" 至 ");
  if (filter.end_from || filter.end_to) return `到期 ${span(filter.end_from, filter.end_to)}`;
  if (filter.since_from || filter.since_to) return `启用 ${span(filter.since_from, filter.since_to)}`;
  return null;
}
