import type { StepArgs, StepDto } from "@/generated/door";

/** Values of a step form by field key; undefined marks an unreadable entry. */
export type StepValues = Record<string, string | null | undefined>;

/** Labels of fields that stop the step: required and empty, or unreadable. */
export function missing(step: StepDto, values: StepValues): string[] {
  return step.fields
    .filter((field) => {
      const value = values[field.key];
      if (field.kind === "time" && field.key in values && value === undefined) return true;
      return field.required && !value?.trim();
    })
    .map((field) => field.label);
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
  for (const field of step.fields) {
    const value = values[field.key]?.trim();
    if (!value) continue;
    if (field.key === "text") args.text = value;
    else if (field.key === "claimed_at") args.claimed_at = value;
    else args.fields[field.key] = value;
  }
  return args;
}
