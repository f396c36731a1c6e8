import type { ScanHit } from "@/generated/door";

/** Where a scanned code leads; null: nowhere. The nearest hit counts. */
export function scanTarget(
  hits: readonly ScanHit[],
): { path: string; query?: Record<string, string> } | null {
  const hit = hits[0];
  if (!hit) return null;
  if (hit.kind === "order") return { path: `/orders/${hit.id}`, query: { view: "all" } };
  if (hit.kind === "asset") return { path: "/device", query: { view: "all", id: hit.id } };
  if (hit.kind === "slip") return { path: "/stock", query: { tab: "slips", view: "all", slip: hit.id } };
  if (hit.kind === "transfer")
    return { path: "/stock", query: { tab: "transfers", view: "all", transfer: hit.id } };
  if (hit.kind === "place") return { path: "/stock", query: { place: hit.id } };
  return { path: "/stock", query: { part: hit.id } };
}
