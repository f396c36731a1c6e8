import type { ProblemDto } from "@/generated/door";
import type { Change, Month } from "./cells";
import type { Tone } from "./letters";
import { box, type Range, type Spot, spots } from "./selection";

/** How a cell is drawn. */
export interface CellLook {
  text: string;
  tone: Tone;
  /** Said by the template or by leave, not by a cell. */
  faint: boolean;
  /** Not to be filled here. */
  blank: boolean;
  pin: boolean;
  comment: boolean;
  wish: "on" | "off" | null;
  swap: boolean;
  waived: boolean;
  pending: boolean;
  problem: "hard" | "soft" | null;
  /** Edited, not saved. */
  edited: boolean;
  /** Proposed by the machine, not taken. */
  ghost: boolean;
  /** Differs between the two versions compared. */
  ring: boolean;
}
export interface RowLook {
  id: string;
  cells: CellLook[];
  /** The same text, the same picture. */
  mark: string;
}

/** What lies upon the saved month while it is looked at. */
export interface Overlay {
  /** The month as saved. */
  base: Month;
  /** The month as edited. */
  month: Month;
  /** The month as the machine proposes it. */
  proposed: Month | null;
  /** `date/post` of the cells that differ between two versions. */
  ringed: ReadonlyMap<string, { before: readonly string[]; after: readonly string[] }> | null;
  problems: readonly ProblemDto[];
}

/** A place of the month; which of the three are known depends on the sheet. */
export interface Place {
  date: string | null;
  post: string | null;
  person: string | null;
}

/** What a text in a cell means: changes, or why it cannot be. */
export type Meaning = { changes: Change[]; mistake: null } | { changes: []; mistake: string };
export const meaning = (changes: Change[]): Meaning => ({ changes, mistake: null });
export const mistaken = (mistake: string): Meaning => ({ changes: [], mistake });

/** A month laid out in rows and columns. */
export interface Sheet {
  kind: "people" | "posts";
  rows: number;
  cols: number;
  looks: RowLook[];
  /** What a cell says, as it goes to the clipboard. */
  text(row: number, col: number): string;
  /** What a text put into a cell means. */
  write(row: number, col: number, text: string): Meaning;
  /** What a letter key means there; `add` keeps what is held. */
  press(row: number, col: number, key: string, add: boolean): Meaning;
  place(row: number, col: number): Place;
  /** Where a place lies; null where this sheet does not show it. */
  find(place: Place): Spot | null;
  /** The cell in words. */
  words(row: number, col: number): string;
}

/** Several meanings as one edit: what can be done is done, the first mistake is told. */
export interface Outcome {
  changes: Change[];
  mistakes: number;
  first: string | null;
}
export function together(meanings: readonly Meaning[]): Outcome {
  const wrong = meanings.filter((each) => each.mistake !== null);
  return {
    changes: meanings.flatMap((each) => each.changes),
    mistakes: wrong.length,
    first: wrong[0]?.mistake ?? null,
  };
}

/** The selected cells as a table. */
export function copied(sheet: Sheet, range: Range): string[][] {
  const { top, bottom, left, right } = box(range);
  const rows: string[][] = [];
  for (let row = top; row <= bottom; row++) {
    const cells: string[] = [];
    for (let col = left; col <= right; col++) cells.push(sheet.text(row, col));
    rows.push(cells);
  }
  return rows;
}

/** A table put in at the top left of the selection; one cell fills the whole selection. */
export function pasted(
  sheet: Sheet,
  range: Range,
  table: readonly (readonly string[])[],
): Outcome & { range: Range } {
  const { top, left, bottom, right } = box(range);
  const one = table.length === 1 && table[0]?.length === 1;
  const height = one ? bottom - top + 1 : table.length;
  const width = one ? right - left + 1 : Math.max(...table.map((row) => row.length));
  const target = {
    anchor: { row: top, col: left },
    head: { row: Math.min(top + height, sheet.rows) - 1, col: Math.min(left + width, sheet.cols) - 1 },
  };
  const meanings = spots(target).flatMap(({ row, col }) => {
    const text = one ? table[0]?.[0] : table[row - top]?.[col - left];
    return text === undefined || text === sheet.text(row, col) ? [] : [sheet.write(row, col, text)];
  });
  return { ...together(meanings), range: target };
}

/** The first row of the selection (or the row above a single one) put into all below. */
export function filledDown(sheet: Sheet, range: Range): Outcome {
  const { top, bottom, left, right } = box(range);
  const from = top === bottom ? top - 1 : top;
  if (from < 0) return together([]);
  const below = spots({ anchor: { row: from + 1, col: left }, head: { row: bottom, col: right } });
  return together(below.map(({ row, col }) => sheet.write(row, col, sheet.text(from, col))));
}

/** Nothing in the selected cells. */
export function cleared(sheet: Sheet, range: Range): Outcome {
  return together(
    spots(range)
      .filter(({ row, col }) => !sheet.looks[row]?.cells[col]?.faint)
      .map(({ row, col }) => sheet.write(row, col, "")),
  );
}

/** Rows whose picture has not changed stay the same objects: only the others are drawn again. */
export function keptRows(before: readonly RowLook[], next: RowLook[]): RowLook[] {
  const old = new Map(before.map((row) => [row.id, row]));
  return next.map((row) => {
    const same = old.get(row.id);
    return same?.mark === row.mark ? same : row;
  });
}

/** A row with its mark. */
export function rowLook(id: string, cells: CellLook[]): RowLook {
  return { id, cells, mark: cells.map(markOf).join("\n") };
}

function markOf(look: CellLook): string {
  const flags = [
    look.faint,
    look.blank,
    look.pin,
    look.comment,
    look.swap,
    look.waived,
    look.pending,
    look.edited,
    look.ghost,
    look.ring,
  ];
  return `${look.text}\t${look.tone}\t${look.wish ?? ""}\t${look.problem ?? ""}\t${flags.map(Number).join("")}`;
}

/** The worst unwaived problem of each key. */
export function worstBy(
  problems: readonly ProblemDto[],
  keys: (problem: ProblemDto) => string[],
): Map<string, "hard" | "soft"> {
  const worst = new Map<string, "hard" | "soft">();
  for (const problem of problems) {
    if (problem.waived !== null) continue;
    const severity = problem.severity === "hard" ? "hard" : "soft";
    for (const key of keys(problem)) if (worst.get(key) !== "hard") worst.set(key, severity);
  }
  return worst;
}
