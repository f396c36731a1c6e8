import { tauriHost } from "./tauri";
import type { Host } from "./types";
import { webHost } from "./web";

/** The host this page runs in: the desktop shell, or a browser on the loopback host. */
export function openHost(): Host {
  return "__TAURI_INTERNALS__" in window ? tauriHost() : webHost();
}
