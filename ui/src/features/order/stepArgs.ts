import type { StepArgs, StepDto } from "@/generated/door";

/** Steps as buttons and steps behind "more": the main one first, then those with keys. */
export function shareOut(steps: StepDto[], room: number): { shown: StepDto[]; more: StepDto[] } {
  const rank = (step: StepDto) => (step.primary ? 0 : step.key ? 1 : 2);
  const sorted = steps
    .map((step, index) => ({ step, index }))
    .sort((a, b) => rank(a.step) - rank(b.step) || a.index - b.index)
    .map((each) => each.step);
  if (sorted.length <= room) return { shown: sorted, more: [] };
  const keyed = sorted.filter((step) => step.primary || step.key).slice(0, room);
  return { shown: keyed, more: sorted.filter((step) => !keyed.includes(step)) };
}

/** Values of a step form by field key; undefined marks an unreadable entry. */
export type StepValues = Record<string, string | null | undefined>;

/** Fields that are seldom filled, under a fold with a title. */
export const FOLDED: Record<string, { title: string; keys: readonly string[] }> = {
  restore: {
    title: "影响范围与依据",
    keys: ["affected_units", "affected_users", "affected_from", "affected_to", "evidence", "on_behalf"],
  },
  close: { title: "记入处理经验，供以后查用", keys: ["symptom", "cause", "steps"] },
};

/** Keys of fields that stop the step: required and empty, or unreadable. */
export function missing(step: StepDto, values: StepValues): string[] {
  const times = ["claimed_at", ...step.fields.filter((each) => each.kind === "time").map((each) => each.key)];
  const unreadable = times.filter((key) => key in values && values[key] === undefined);
  const empty = step.fields.filter((field) => field.required && !values[field.key]?.trim());
  return [...empty.map((field) => field.key), ...unreadable];
}

/** Whether Enter in the one long text of a step writes it: nothing is required, and the text is still empty. */
export function enterSubmits(step: StepDto, values: StepValues): boolean {
  const texts = step.fields.filter((field) => field.kind === "long_text");
  const [only] = texts;
  return (
    texts.length === 1 && !step.fields.some((field) => field.required) && !(only && values[only.key]?.trim())
  );
}

/** What the fields of a step hold to begin with. */
export function begunValues(step: StepDto): StepValues {
  return Object.fromEntries(step.fields.flatMap((field) => (field.value ? [[field.key, field.value]] : [])));
}

/** What is typed, with the key of the intended step, as kept; empty while nothing was typed. */
export function stepDraft(values: StepValues, begun: StepValues, key: string): string {
  const typed = Object.entries(values).filter(([name, value]) => (value ?? "") !== (begun[name] ?? ""));
  return typed.length ? JSON.stringify({ key, values: Object.fromEntries(typed) }) : "";
}

/** A kept draft; null where there is none or another program wrote it. */
export function readStepDraft(text: string): { key: string; values: StepValues } | null {
  try {
    const kept = JSON.parse(text || "null");
    return typeof kept?.key === "string" && typeof kept.values === "object" ? kept : null;
  } catch {
    return null;
  }
}

/** The request for a step: text and time have places of their own, the rest goes by key. */
export function stepArgs(orderId: string, step: StepDto, values: StepValues, key: string): StepArgs {
  const args: StepArgs = {
    order_id: orderId,
    step: step.step,
    text: null,
    claimed_at: null,
    fields: {},
    idempotency_key: key,
  };
  args.claimed_at = values.claimed_at ?? null;
  for (const field of step.fields) {
    const value = values[field.key]?.trim();
    if (!value) continue;
    if (field.key === "text") args.text = value;
    else if (field.key !== "claimed_at") args.fields[field.key] = value;
  }
  return args;
}
