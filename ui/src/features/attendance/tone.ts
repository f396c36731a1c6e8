const TONES: Record<string, string> = {
  normal: "tone-ok",
  late: "tone-soon",
  early_leave: "tone-soon",
  late_early: "tone-soon",
  missing_punch: "tone-soon",
  half_day: "tone-late",
  absent: "tone-late",
  unknown: "tone-wait",
};

/** Colour of a result; the word or letter beside it says the same. */
export const tone = (result: string): string => TONES[result] ?? "";
