/** The selection of a sheet: where it began and where it is, as in a spreadsheet. */
export interface Spot {
  row: number;
  col: number;
}
export interface Range {
  anchor: Spot;
  head: Spot;
}
export interface Size {
  rows: number;
  cols: number;
  /** Rows that PgUp and PgDn leap over. */
  page: number;
}

export const at = (row: number, col: number): Range => ({ anchor: { row, col }, head: { row, col } });

/** The selected rectangle, both ends included. */
export function box({ anchor, head }: Range) {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.col, head.col),
    right: Math.max(anchor.col, head.col),
  };
}

/** Every selected spot, row by row. */
export function spots(range: Range): Spot[] {
  const { top, bottom, left, right } = box(range);
  const all: Spot[] = [];
  for (let row = top; row <= bottom; row++) for (let col = left; col <= right; col++) all.push({ row, col });
  return all;
}

/** The range inside a sheet that may have become smaller. */
export function within(range: Range, size: Pick<Size, "rows" | "cols">): Range {
  const inside = (spot: Spot) => ({
    row: Math.max(0, Math.min(spot.row, size.rows - 1)),
    col: Math.max(0, Math.min(spot.col, size.cols - 1)),
  });
  return { anchor: inside(range.anchor), head: inside(range.head) };
}

const STEPS: Record<string, (size: Size, spot: Spot) => Spot> = {
  arrowup: (_, spot) => ({ ...spot, row: spot.row - 1 }),
  arrowdown: (_, spot) => ({ ...spot, row: spot.row + 1 }),
  arrowleft: (_, spot) => ({ ...spot, col: spot.col - 1 }),
  arrowright: (_, spot) => ({ ...spot, col: spot.col + 1 }),
  home: (_, spot) => ({ ...spot, col: 0 }),
  end: (size, spot) => ({ ...spot, col: size.cols - 1 }),
  pageup: (size, spot) => ({ ...spot, row: spot.row - size.page }),
  pagedown: (size, spot) => ({ ...spot, row: spot.row + size.page }),
  "ctrl+home": () => ({ row: 0, col: 0 }),
  "ctrl+end": (size) => ({ row: size.rows - 1, col: size.cols - 1 }),
};
const LEAPS: Record<string, Spot> = {
  "ctrl+arrowup": { row: -1, col: 0 },
  "ctrl+arrowdown": { row: 1, col: 0 },
  "ctrl+arrowleft": { row: 0, col: -1 },
  "ctrl+arrowright": { row: 0, col: 1 },
};

/** Where a key leads, null where it leads nowhere. Shift keeps the beginning: it selects. */
export function moved(
  key: string,
  range: Range,
  size: Size,
  text: (row: number, col: number) => string,
): Range | null {
  const extend = key.includes("shift+");
  const name = key.replace("shift+", "");
  if (name === "ctrl+a")
    return { anchor: { row: 0, col: 0 }, head: { row: size.rows - 1, col: size.cols - 1 } };
  const step = STEPS[name];
  const leap = LEAPS[name];
  if (!step && !leap) return null;
  const head = step ? step(size, range.head) : nextChange(range.head, leap as Spot, size, text);
  const next = within({ anchor: extend ? range.anchor : head, head }, size);
  return next;
}

/** The first spot in a direction that shows something else; the edge where nothing does. */
export function nextChange(
  from: Spot,
  by: Spot,
  size: Pick<Size, "rows" | "cols">,
  text: (row: number, col: number) => string,
): Spot {
  const inside = (spot: Spot) =>
    spot.row >= 0 && spot.col >= 0 && spot.row < size.rows && spot.col < size.cols;
  const step = (spot: Spot) => ({ row: spot.row + by.row, col: spot.col + by.col });
  const here = text(from.row, from.col);
  let spot = from;
  while (inside(step(spot))) {
    spot = step(spot);
    if (text(spot.row, spot.col) !== here) return spot;
  }
  return spot;
}
