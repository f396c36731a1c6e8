/** A plan as it is typed: lists are lines of text, times stand in one field. */

import type {
  CoverageCheckForm,
  CoverageForm,
  CoverageFreezeForm,
  CoverageSpareForm,
} from "@/generated/door";

/** A 封网 span being typed; an end that cannot be read is not there. */
export type TypedFreeze = { from: string | null | undefined; to: string | null | undefined; what: string };

export interface TypedPlan {
  name: string;
  occasion: string;
  from: string;
  to: string;
  divisions: string[];
  lead: string;
  escalation: string;
  checks: CoverageCheckForm[];
  spares: string;
  patrols: string;
  reports: string;
  round_the_clock: boolean;
  freezes: TypedFreeze[];
  fallback: string;
  paper: string;
}

export function typed(form: CoverageForm): TypedPlan {
  return {
    ...form,
    divisions: [...form.divisions],
    lead: form.lead ?? "",
    escalation: form.escalation.join("\n"),
    checks: form.checks.map((each) => ({ ...each })),
    spares: form.spares.map(spareLine).join("\n"),
    patrols: form.patrols.join(" "),
    reports: form.reports.join(" "),
    freezes: form.freezes.map((each) => ({ ...each })),
  };
}

export function formOf(plan: TypedPlan): CoverageForm {
  const ends = (each: TypedFreeze): CoverageFreezeForm => ({
    from: each.from ?? "",
    to: each.to ?? "",
    what: each.what.trim(),
  });
  return {
    ...plan,
    lead: plan.lead || null,
    escalation: lines(plan.escalation),
    spares: lines(plan.spares).map(readSpare),
    patrols: times(plan.patrols),
    reports: times(plan.reports),
    freezes: plan.freezes.map(ends),
  };
}

export const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** `09:00` of `9:00` and `0900`; what is no time stays as it is, for the door to name. */
export function times(text: string): string[] {
  return text
    .split(/[\s,，、;；]+/)
    .filter(Boolean)
    .map((each) => {
      const parts = /^(\d{1,2})[:：]?(\d{2})$/.exec(each);
      return parts ? `${parts[1]?.padStart(2, "0")}:${parts[2]}` : each;
    });
}

/** `交换机电源 ×2，备件库`: name, how many (1 unless told), where. */
export function readSpare(line: string): CoverageSpareForm {
  const parts = /^(.*?)\s*[×xX*]\s*(\d{1,4})\s*(?:[,，]\s*(.*))?$/.exec(line);
  if (parts) return { name: parts[1] ?? "", quantity: Number(parts[2]), place: parts[3]?.trim() ?? "" };
  const [name = "", ...place] = line.split(/[,，]/);
  return { name: name.trim(), quantity: 1, place: place.join("，").trim() };
}

export const spareLine = (spare: CoverageSpareForm) =>
  `${spare.name} ×${spare.quantity}${spare.place ? `，${spare.place}` : ""}`;
