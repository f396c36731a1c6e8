import { applied, type Change, changesBetween, type Month } from "./cells";

/** Steps that can be taken back and done again. */
export interface History {
  done: readonly (readonly Change[])[];
  undone: readonly (readonly Change[])[];
}
export const EMPTY: History = { done: [], undone: [] };
const STEPS_MAX = 200;

/** A month with its history after an edit; an edit that changes nothing leaves no step. */
export interface Edited {
  month: Month;
  history: History;
}

export function edited({ month, history }: Edited, changes: readonly Change[]): Edited {
  const next = applied(month, changes);
  // What truly changed, pins that went with their holders included.
  const step = changesBetween(month, next);
  if (step.length === 0) return { month, history };
  return { month: next, history: { done: [...history.done, step].slice(-STEPS_MAX), undone: [] } };
}

/** Takes the last step back: by its opposite, so that what others did meanwhile stays. */
export function undo({ month, history }: Edited): Edited {
  const step = history.done[history.done.length - 1];
  if (!step) return { month, history };
  const opposite = step.map((change) => ({ ...change, added: change.removed, removed: change.added }));
  return {
    month: applied(month, inOrder(opposite)),
    history: { done: history.done.slice(0, -1), undone: [...history.undone, step] },
  };
}

export function redo({ month, history }: Edited): Edited {
  const step = history.undone[history.undone.length - 1];
  if (!step) return { month, history };
  return {
    month: applied(month, inOrder(step)),
    history: { done: [...history.done, step], undone: history.undone.slice(0, -1) },
  };
}

/** Holders first: a removed holder takes his pin along, a pin that comes back needs its holder. */
function inOrder(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort((a, b) => a.layer.localeCompare(b.layer));
}
