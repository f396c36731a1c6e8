import type { DutyNow } from "@/generated/door";
import { ageText } from "@/text/time";

/** That what is shown of duty may be old, and how old it is; null while it is fresh. */
export function staleText(duty: Pick<DutyNow, "stale" | "age_seconds">): string | null {
  if (!duty.stale) return null;
  return duty.age_seconds === null
    ? "本机还没有同步过，以中心端为准"
    : `数据为${ageText(duty.age_seconds)}，之后别处的交接这里看不到`;
}
