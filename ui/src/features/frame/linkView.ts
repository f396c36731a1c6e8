import type { SyncStatus } from "@/generated/door";
import { ageText, instant } from "@/text/time";

export interface LinkView {
  tone: "ok" | "soon" | "late" | "wait";
  /** `synced` filled dot, `syncing` turning, `offline` hollow, `stopped` square. */
  shape: "dot" | "turn" | "hollow" | "square";
  label: string;
  age: string;
  stale: boolean;
}

const LOOKS: Record<SyncStatus["state"], Pick<LinkView, "tone" | "shape" | "label">> = {
  synced: { tone: "ok", shape: "dot", label: "已同步" },
  syncing: { tone: "ok", shape: "turn", label: "同步中" },
  offline: { tone: "soon", shape: "hollow", label: "离线" },
  upgrade_needed: { tone: "late", shape: "square", label: "需升级程序" },
  revoked: { tone: "late", shape: "square", label: "本机已停用" },
  stopped: { tone: "late", shape: "square", label: "同步已停" },
  wrong_centre: { tone: "late", shape: "square", label: "中心端不符" },
};

/** Seconds since the last complete round, at `now`. */
export function ageSeconds(status: SyncStatus, now: number): number | null {
  const synced = instant(status.last_synced_at);
  return synced === null ? status.age_seconds : Math.max(0, Math.floor((now - synced) / 1000));
}

/** How the chip in the top bar looks at `now`. */
export function linkView(status: SyncStatus, now: number): LinkView {
  const age = ageSeconds(status, now);
  const stale = age === null || age > status.stale_after_seconds;
  const look = LOOKS[status.state] ?? LOOKS.offline;
  return {
    ...look,
    tone: stale && look.tone === "ok" ? "soon" : look.tone,
    age: age === null ? "从未同步" : ageText(age),
    stale,
  };
}
