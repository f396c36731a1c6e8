import type { ImportPreview, ImportRow } from "@/generated/door";

const ACTIONS: Record<string, { name: string; tone: "ok" | "soon" | "late" | "quiet" }> = {
  new: { name: "将登记", tone: "ok" },
  differs: { name: "已有，不一致", tone: "soon" },
  same: { name: "已有，一致", tone: "quiet" },
  bad: { name: "有误", tone: "late" },
};

export const actionOf = (row: ImportRow) =>
  ACTIONS[row.action] ?? { name: row.action, tone: "quiet" as const };

/** Rows that can be registered. */
export const fresh = (preview: ImportPreview | null): number[] =>
  (preview?.rows ?? []).filter((row) => row.action === "new").map((row) => row.row);

/** What is to be said of a row: its mistakes, or what the platform says otherwise. */
export function remarks(row: ImportRow): string[] {
  const mistakes = row.mistakes.map((each) =>
    each.column ? `${each.column}：${each.message}` : each.message,
  );
  const differences = row.differences.map(
    (each) => `${each.field}：本机“${each.ours || "空"}”，平台“${each.theirs}”`,
  );
  return [...mistakes, ...differences];
}

/** What an import comes to, in one line. */
export function summary(preview: ImportPreview): string {
  const parts = [
    preview.fresh && `${preview.fresh} 行可登记`,
    preview.differing && `${preview.differing} 行与本机不一致`,
    preview.same && `${preview.same} 行已登记`,
    preview.bad && `${preview.bad} 行有误`,
  ].filter(Boolean);
  return parts.length ? parts.join("，") : "没有可读的行";
}
