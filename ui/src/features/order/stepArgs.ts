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

/** Keys of fields that stop the step: required and empty, or unreadable. */
export function missing(step: StepDto, values: StepValues): string[] {
  const unreadable = "claimed_at" in values && values.claimed_at === undefined ? ["claimed_at"] : [];
  const empty = step.fields.filter((field) => field.required && !values[field.key]?.trim());
  return [...empty.map((field) => field.key), ...unreadable];
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
