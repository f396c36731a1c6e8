/** Telling what a keyboard-wedge scanner sends from what a person types. */

/** Keys closer than this come from a scanner; the fastest typists need about 60 ms. */
export const BURST_GAP_MS = 35;
/** Shorter than this it may be two keys struck at once. */
const CODE_MIN = 4;

/** What came in close succession, and when the last of it came. */
export interface Burst {
  text: string;
  at: number;
}

export const NO_BURST: Burst = { text: "", at: Number.NEGATIVE_INFINITY };

/** A key as far as it matters here: its name, its time stamp in milliseconds, whether it is held down. */
interface Press {
  key: string;
  at: number;
  repeat?: boolean;
}

/** The burst after a key, and the code it ends when the key is Enter. */
export function struck(burst: Burst, press: Press): { burst: Burst; code: string | null } {
  const close = press.at - burst.at <= BURST_GAP_MS;
  const text = close && !press.repeat ? burst.text : "";
  if (press.key === "Enter") {
    const code = text.trim();
    return { burst: NO_BURST, code: code.length >= CODE_MIN ? code : null };
  }
  // A scanner holds Shift for capital letters.
  if (press.key === "Shift") return { burst: { text, at: press.at }, code: null };
  if (Array.from(press.key).length !== 1 || press.repeat) return { burst: NO_BURST, code: null };
  return { burst: { text: text + press.key, at: press.at }, code: null };
}
