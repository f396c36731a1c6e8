/** Words of ledger lines. */

import type { FateDto, MovementRow } from "@/generated/door";

/** `留存甲方，接收 资产科，见证 值班室，出门条 2025-118`: what becomes of a removed part. */
export function fateText(fate: FateDto | null): string {
  if (!fate) return "";
  const said: [string, string][] = [
    ["接收", fate.receiver],
    ["见证", fate.witness],
    ["出门条", fate.pass_no],
    ["书面同意", fate.released_by],
  ];
  return [fate.name || fate.fate, ...said.flatMap(([word, text]) => (text ? [`${word} ${text}`] : []))].join(
    "，",
  );
}

/** Why, by which paper, on which slip, and by when it comes back. */
export function movementNote(row: MovementRow): string {
  return [
    row.reason,
    row.document && `凭 ${row.document}`,
    row.slip && `领用单 ${row.slip}`,
    row.due && `应还 ${row.due}`,
  ]
    .filter(Boolean)
    .join("；");
}
