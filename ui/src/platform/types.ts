import type { DoorError, FileRef, PushDto } from "@/generated/door";

/** What a host must be able to do. Commands are typed one level up, in `index.ts`. */
export interface Host {
  /** Resolves to the reply, or rejects with a `DoorError`. */
  call(command: string, args: unknown): Promise<unknown>;
  /** Opens a file with the system's program, or downloads it where there is none. Rejects with a `DoorError`. */
  openFile(file: FileRef): Promise<void>;
  /** Starts listening for pushes. `onGap` fires when pushes may have been missed. */
  listen(onPush: (push: PushDto) => void, onGap: () => void): void;
  /** Whether the one-time code must be typed before anything else. */
  needsCode(): boolean;
  /** Trades the typed one-time code for a token. Rejects with a `DoorError`. */
  enterCode(code: string): Promise<void>;
}

/** An error of our own making in the shape of the door's. */
export function localError(message: string): DoorError {
  return { code: "internal", message, field: null, retry_after_seconds: null };
}

/** Whether something thrown is the door's error. */
export function isDoorError(thrown: unknown): thrown is DoorError {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown;
}
