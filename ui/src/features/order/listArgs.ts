import type { OrderListArgs, OrderStatusDto } from "@/generated/door";
import { addressText } from "@/text/address";

/** What a person chose to see; lives in the address so that going back keeps it. */
export type OrderFilter = {
  view: string;
  search?: string | null;
  status?: OrderStatusDto | null;
  division?: string | null;
  object?: string | null;
  level?: string | null;
  kind?: string | null;
  rule?: string | null;
  from?: string | null;
  to?: string | null;
  sort?: string | null;
};

/** What of a filter narrows or sorts a view. */
export const FILTER_KEYS = [
  "search",
  "status",
  "division",
  "object",
  "level",
  "kind",
  "rule",
  "from",
  "to",
  "sort",
] as const;

/** The filter an address asks for. */
export function filterAt(query: Record<string, unknown>, view: string): OrderFilter {
  return {
    view: addressText(query.view) ?? view,
    ...Object.fromEntries(FILTER_KEYS.map((key) => [key, addressText(query[key])])),
  };
}

/** A page request for a filter. */
export function listArgs(filter: OrderFilter, offset: number, limit: number): OrderListArgs {
  return {
    view: filter.view,
    search: filter.search || null,
    statuses: filter.status ? [filter.status] : [],
    division: filter.division || null,
    object: filter.object || null,
    level: filter.level || null,
    kind: filter.kind || null,
    assignee: null,
    rule: filter.rule || null,
    from: filter.from || null,
    to: filter.to || null,
    sort: filter.sort || null,
    offset,
    limit,
  };
}
