/** Tone of a check's state; its words say the same. */
export const STATE_TONES: Record<string, "ok" | "soon" | "late" | "wait" | "quiet"> = {
  found: "ok",
  owed: "soon",
  overdue: "late",
  explained: "quiet",
  late: "late",
};
