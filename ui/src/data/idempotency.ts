/** A fresh key for one intended write; a retry of the same write must reuse it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One key for each act and its words: a repeat after a broken reply has no second effect. `forget` what was done:
 * the same act in the same words is another write then.
 */
export function keyring(): { keyOf: (what: string) => string; forget: () => void } {
  const keys = new Map<string, string>();
  const keyOf = (what: string) => {
    const key = keys.get(what) ?? newKey();
    keys.set(what, key);
    return key;
  };
  return { keyOf, forget: () => keys.clear() };
}
