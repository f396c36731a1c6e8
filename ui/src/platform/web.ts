import { saveBlob } from "@/data/files";
import type { PushDto } from "@/generated/door";
import { takeEvents } from "./sse";
import { type Host, isDoorError, localError } from "./types";

const TOKEN_KEY = "zaigang.token";
const RETRY_MS_MAX = 10_000;

/** A browser on the loopback host: bearer token from a typed one-time code, no cookie. */
export function webHost(): Host {
  let token = sessionStorage.getItem(TOKEN_KEY);
  let wake: (() => void) | null = null;

  function keepToken(next: string | null) {
    token = next;
    if (next) sessionStorage.setItem(TOKEN_KEY, next);
    else sessionStorage.removeItem(TOKEN_KEY);
    wake?.();
  }

  /** The answer where it is a good one. */
  async function ask(path: string, body: unknown): Promise<Response> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    let response: Response;
    try {
      response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    } catch {
      throw localError("本机服务没有应答。请确认 zaigangctl web 仍在运行，然后重试。");
    }
    if (response.ok) return response;
    const reply: unknown = await response.json().catch(() => null);
    // A refused token has no door behind it: ask for a code again.
    if (response.status === 401 && token && !isDoorError(reply)) keepToken(null);
    throw isDoorError(reply) ? reply : localError(`本机服务返回 ${response.status}，请重试。`);
  }

  const post = async (path: string, body: unknown): Promise<unknown> =>
    (await ask(path, body)).json().catch(() => null);

  /** Hands the answer to the browser's downloads; nothing of it is shown as a page. */
  async function download(path: string, body: unknown): Promise<void> {
    const response = await ask(path, body);
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "");
    saveBlob(decodeURIComponent(named?.[1] ?? "附件"), await response.blob());
  }

  async function stream(onPush: (push: PushDto) => void): Promise<void> {
    const response = await fetch("/api/events", { headers: { Authorization: `Bearer ${token}` } });
    if (!response.ok || !response.body) throw new Error(`events ${response.status}`);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let buffer = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const taken = takeEvents(buffer + decoder.decode(value, { stream: true }));
      buffer = taken.rest;
      for (const event of taken.events) onPush(JSON.parse(event) as PushDto);
    }
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function follow(onPush: (push: PushDto) => void, onGap: () => void) {
    let delay = 500;
    for (;;) {
      if (token) {
        const started = Date.now();
        await stream(onPush).catch(() => undefined);
        if (Date.now() - started > RETRY_MS_MAX) delay = 500;
        onGap();
      }
      await pause(delay);
      delay = Math.min(delay * 2, RETRY_MS_MAX);
    }
  }

  return {
    call: (command, args) => post("/api/call", { command, args }),
    openFile: (file) => download("/api/file", file),
    listen(onPush, onGap) {
      void follow(onPush, onGap);
    },
    needsCode: () => token === null,
    async enterCode(code) {
      const reply = (await post("/api/token", { code })) as { token: string };
      keepToken(reply.token);
    },
  };
}
