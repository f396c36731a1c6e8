import { computed, shallowRef } from "vue";
import { newKey } from "@/data/idempotency";
import { now } from "@/data/now";
import { markStale } from "@/data/reads";
import type { BulkArgs, BulkReply, DoorError, StepDto } from "@/generated/door";
import { call } from "@/platform";
import { rfc3339 } from "@/text/time";
import { type StepValues, stepArgs } from "./stepArgs";

/**
 * A bulk step waits ten seconds before anything is written, so that taking it back leaves no trace. The
 * time that counts is when it was asked for. A window closed meanwhile has written nothing.
 */
export const HOLD_MS = 10_000;

/** A bulk step that waits. */
export interface Held {
  name: string;
  args: BulkArgs;
  /** When it is sent, by the wall clock of this page. */
  until: number;
}

export const held = shallowRef<Held | null>(null);
export const bulkReply = shallowRef<BulkReply | null>(null);
export const bulkError = shallowRef<DoorError | null>(null);
export const bulkBusy = shallowRef(false);

/** Whole seconds until what waits is sent. */
export const secondsLeft = computed(() => {
  // Read for its tick alone: a demo's clock may be months away.
  void now.value;
  return held.value ? Math.max(0, Math.ceil((held.value.until - Date.now()) / 1000)) : 0;
});

let timer: ReturnType<typeof setTimeout> | null = null;

/** The request for a step on several orders, asked for at `at`. */
export function bulkArgs(
  orders: readonly string[],
  step: StepDto,
  values: StepValues,
  key: string,
  at: number,
): BulkArgs {
  const { text, claimed_at, fields } = stepArgs("", step, values, key);
  return {
    orders: [...orders],
    step: step.step,
    claimed_at: claimed_at ?? rfc3339(at),
    fields: text === null ? fields : { ...fields, text },
    idempotency_key: key,
  };
}

/** Lets a step wait, after sending the one that waits already. */
export async function hold(orders: readonly string[], step: StepDto, values: StepValues): Promise<void> {
  await sendHeld();
  bulkReply.value = null;
  bulkError.value = null;
  const args = bulkArgs(orders, step, values, newKey(), now.value);
  held.value = { name: step.name, args, until: Date.now() + HOLD_MS };
  timer = setTimeout(() => void sendHeld(), HOLD_MS);
}

/** Takes back what waits; nothing was written. */
export function takeBack(): Held | null {
  const was = held.value;
  if (timer !== null) clearTimeout(timer);
  timer = null;
  held.value = null;
  return was;
}

/** Sends what waits, now. */
export async function sendHeld(): Promise<void> {
  const what = takeBack();
  if (!what) return;
  bulkBusy.value = true;
  try {
    const reply = await call("order.bulk", what.args);
    bulkReply.value = reply;
    markStale(reply.changed);
  } catch (thrown) {
    bulkError.value = thrown as DoorError;
  } finally {
    bulkBusy.value = false;
  }
}

/** Forgets what waits and what became of the last one: the person at the console changed. */
export function forgetBulk(): void {
  takeBack();
  bulkReply.value = null;
  bulkError.value = null;
}
