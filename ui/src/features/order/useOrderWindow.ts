import { noteNow } from "@/data/now";
import { usePages } from "@/data/usePages";
import { call } from "@/platform";
import { listArgs, type OrderFilter } from "./listArgs";

/** A long order list, read page by page as it is looked at. */
export function useOrderWindow(filter: () => OrderFilter) {
  const read = async (offset: number, limit: number) => {
    const reply = await call("order.list", listArgs(filter(), offset, limit));
    noteNow(reply.now);
    return reply;
  };
  return usePages(filter, read, () => ["orders"]);
}
