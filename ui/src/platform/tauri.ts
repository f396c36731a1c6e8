import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { PushDto } from "@/generated/door";
import type { Host } from "./types";

/** The desktop shell: one command, one event. */
export function tauriHost(): Host {
  return {
    call: (command, args) => invoke("call", { command, args }),
    openFile: (file) => invoke("call", { command: "file.open", args: file }),
    listen(onPush) {
      void listen<PushDto>("push", (event) => onPush(event.payload));
    },
    needsCode: () => false,
    enterCode: () => Promise.resolve(),
  };
}
