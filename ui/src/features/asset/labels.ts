import type { AssetRow } from "@/generated/door";
import type { Label } from "../stock/labels";

/** Labels of devices: the serial number where there is one, else the id. */
export const assetLabels = (
  rows: readonly Pick<AssetRow, "id" | "name" | "model" | "maker" | "serial" | "spot">[],
): Label[] =>
  rows.map((row) => ({
    code: row.serial || row.id,
    title: row.name,
    lines: [[row.model, row.maker].filter(Boolean).join("　"), row.spot].filter(Boolean),
    plain: row.serial,
  }));
