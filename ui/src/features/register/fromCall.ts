import type { RegisterValues } from "./registerForm";

/** A call to the duty phone that an order is made of. */
export interface Called {
  /** The call's entity id. */
  id: string;
  /** What it fills in. */
  values: Partial<RegisterValues>;
}

/**
 * Reads what the hotline left in the history's state. Names and phones go this way and never by the
 * address; anything of another shape is no call.
 */
export function callAt(state: unknown): Called | null {
  if (typeof state !== "string") return null;
  try {
    const { hotline, ...given } = JSON.parse(state) as Record<string, unknown>;
    if (typeof hotline !== "string") return null;
    const known = [
      "title",
      "detail",
      "reporter_unit",
      "channel",
      "reporter_name",
      "reporter_phone",
      "reported_at",
    ];
    const values = Object.entries(given).filter(
      ([name, value]) => known.includes(name) && typeof value === "string",
    );
    return { id: hotline, values: Object.fromEntries(values) };
  } catch {
    return null;
  }
}
