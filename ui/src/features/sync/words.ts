const KINDS: Record<string, { name: string; tone: "late" | "soon" | "wait" }> = {
  rejected: { name: "未被采纳", tone: "late" },
  unreconciled: { name: "待核对", tone: "soon" },
  parked: { name: "搁置", tone: "wait" },
};

export function conflictKind(kind: string) {
  return KINDS[kind] ?? { name: kind, tone: "wait" as const };
}

/** What the list of conflicts says when it is empty: what still waits has not been judged. */
export function nothingToSettle(waiting: number) {
  return waiting
    ? `还有 ${waiting} 项待上传，连接后由中心端逐项确认；已上传的都已接受。`
    : "离线期间的操作都已被中心端接受。";
}
