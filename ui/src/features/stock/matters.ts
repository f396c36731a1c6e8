import type { StockMatter } from "@/generated/door";

/** Where a matter of a store is dealt with. */
export function matterPath(matter: StockMatter): { path: string; query: Record<string, string> } {
  const { store, id } = matter;
  const queries: Record<string, Record<string, string>> = {
    loan: { tab: "ledger", view: "loans" },
    repair: { tab: "ledger", view: "repairs" },
    slip: { tab: "slips", slip: id },
    transfer: { tab: "transfers", view: "all", transfer: id },
    take: { tab: "takes" },
  };
  return { path: "/stock", query: { store, ...queries[matter.kind] } };
}
