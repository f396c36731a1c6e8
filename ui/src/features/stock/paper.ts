/** Layout of a printed form. */

const ROWS_MIN = 6;

/** How wide a cell is in letters of the CJK face: Latin letters and figures take half. */
const breadth = (text: string) =>
  Array.from(text).reduce((sum, sign) => sum + (sign.charCodeAt(0) < 0x2e80 ? 0.55 : 1), 0);

/** Widths of the columns in percent, by what stands in them; none starves, none swallows the page. */
export function columnWidths(columns: readonly string[], rows: readonly string[][]): number[] {
  const widths = columns.map((name, index) => {
    const cells = rows.map((row) => breadth(row[index] ?? "")).sort((a, b) => a - b);
    const usual = cells[Math.floor(cells.length * 0.8)] ?? 0;
    return Math.min(16, Math.max(3, breadth(name), usual));
  });
  const total = widths.reduce((sum, width) => sum + width, 0);
  return widths.map((width) => Math.round((width / total) * 1000) / 10);
}

/** Empty lines under few rows, to be filled by hand. */
export const emptyRows = (rows: number): number => Math.max(0, ROWS_MIN - rows);
