import type { PartDetail, PartRow } from "@/generated/door";
import { call } from "@/platform";

/** A model that was found, by a serial number of it where one was given. */
export interface Found {
  part: PartRow;
  serial: string;
  /** Place where that serial number is. */
  place: string | null;
}

/** How many are offered. */
const OFFERED = 8;

/** A model with what there is of it, without its ledger and chart. */
export const partOf = (id: string): Promise<PartDetail> =>
  call("stock.part", { id, offset: 0, limit: 1, theme: "", width: 0, height: 0 });

/** What a typed text may mean: a serial number or code first, then models by name, model and pinyin initials. */
export async function findParts(store: string, text: string): Promise<Found[]> {
  const [scan, page] = await Promise.all([
    call("stock.scan", { store, code: text }),
    call("stock.parts", { store, view: "all", text, category: null, place: null, offset: 0, limit: OFFERED }),
  ]);
  const serials = scan.hits.filter((hit) => hit.kind === "serial");
  const exact = await Promise.all(
    serials.map(async (hit) => {
      const part = page.rows.find((row) => row.id === hit.id) ?? (await partOf(hit.id)).row;
      return { part, serial: hit.serial, place: hit.place };
    }),
  );
  return [...exact, ...page.rows.map((part) => ({ part, serial: "", place: null }))].slice(0, OFFERED);
}

/** What a scanned code means where parts are wanted; null: no part. */
export async function scannedPart(store: string, code: string): Promise<Found | null> {
  const { hits } = await call("stock.scan", { store, code });
  const hit = hits.find((each) => each.kind === "serial" || each.kind === "part");
  if (!hit) return null;
  return { part: (await partOf(hit.id)).row, serial: hit.serial, place: hit.place };
}
