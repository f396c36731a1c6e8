import type { ExportedFile } from "@/generated/door";

/** Hands a file over to be kept: the shell or the browser asks where, or takes its download folder. */
export function saveFile(file: Pick<ExportedFile, "name" | "media_type" | "base64">): void {
  saveBlob(file.name, new Blob([bytesOf(file.base64)], { type: file.media_type }));
}

/** The same of bytes at hand. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download reads the address after this call returns.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** The text of a UTF-8 file. */
export const textOf = (base64: string): string => new TextDecoder().decode(bytesOf(base64));

/** A file as base64. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  // One call with all bytes as arguments would overflow the stack.
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Puts a text on the clipboard; false where the host does not let it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The old way, for hosts that keep the clipboard from pages. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
