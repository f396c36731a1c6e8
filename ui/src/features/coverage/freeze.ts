import type { CoverageFreeze } from "@/generated/door";
import { instant } from "@/text/time";

/** The 封网 spans that hold a moment. */
export function frozenAt(freezes: CoverageFreeze[], at: number): CoverageFreeze[] {
  return freezes.filter((each) => (instant(each.from) ?? at + 1) <= at && at < (instant(each.to) ?? at));
}
