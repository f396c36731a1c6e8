import { newKey } from "@/data/idempotency";
import { usePrinting } from "@/features/export/usePrinting";
import { call } from "@/platform";

/** Prints a form of stock; each print is kept in the audit. */
export function usePaper(
  what: () => { store: string; form: string; id: string | null; from?: string | null; to?: string | null },
) {
  return usePrinting(() =>
    call("stock.print", { from: null, to: null, ...what(), idempotency_key: newKey() }),
  );
}
