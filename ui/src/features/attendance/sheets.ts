import type { AttendanceMonth, AttendanceRow } from "@/generated/door";

export interface DivisionSheet {
  division: string;
  rows: AttendanceRow[];
}

/** One sheet a division, in the order of the month's rows. */
export function sheetsOf(month: AttendanceMonth): DivisionSheet[] {
  const sheets: DivisionSheet[] = [];
  for (const row of month.rows) {
    const last = sheets[sheets.length - 1];
    if (last && last.division === row.division) last.rows.push(row);
    else sheets.push({ division: row.division, rows: [row] });
  }
  return sheets;
}
