const KINDS: Record<string, { name: string; tone: "late" | "soon" | "wait" }> = {
  rejected: { name: "未被采纳", tone: "late" },
  unreconciled: { name: "待核对", tone: "soon" },
  parked: { name: "搁置", tone: "wait" },
};

export function conflictKind(kind: string) {
  return KINDS[kind] ?? { name: kind, tone: "wait" as const };
}
