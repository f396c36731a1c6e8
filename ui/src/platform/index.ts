import { shallowRef } from "vue";
import type { Commands, FileRef, PushDto } from "@/generated/door";
import { openHost } from "@/platform/host";
import { isDoorError, localError } from "./types";

export { isDoorError };

export type Command = keyof Commands;
export type Args<C extends Command> = Commands[C]["args"];
export type Reply<C extends Command> = Commands[C]["reply"];

const host = openHost();

/** Whether the browser still needs the one-time code. */
export const codeNeeded = shallowRef(host.needsCode());

/** Counts replies that say the session is over or locked: the frame asks again how far it is. */
export const sessionDoubts = shallowRef(0);

/** Calls the door. Rejects with a `DoorError`, whatever went wrong. */
export async function call<C extends Command>(command: C, args: Args<C>): Promise<Reply<C>> {
  try {
    return (await host.call(command, args)) as Reply<C>;
  } catch (thrown) {
    codeNeeded.value = host.needsCode();
    if (!isDoorError(thrown)) throw localError(String(thrown));
    const over = thrown.code === "log_in_needed" || thrown.code === "locked";
    if (over && !command.startsWith("session.")) sessionDoubts.value++;
    throw thrown;
  }
}

/** Opens a file of an order outside this page. */
export function openFile(file: FileRef): Promise<void> {
  return host.openFile(file);
}

/** Trades the typed one-time code for a token. */
export async function enterCode(code: string): Promise<void> {
  await host.enterCode(code);
  codeNeeded.value = host.needsCode();
}

/** Follows pushes for as long as the page lives. */
export function listen(onPush: (push: PushDto) => void, onGap: () => void): void {
  host.listen(onPush, onGap);
}
