import { instant, plainTime } from "@/text/time";

/** A time on paper: the whole of it; empty where there is none. */
export function plainTimeOf(text: string | null): string {
  const at = instant(text);
  return at === null ? "" : plainTime(at);
}
