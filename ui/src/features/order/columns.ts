/** Columns of the wide order list beside clock, level and title. */
export interface Column {
  id: string;
  name: string;
  /** Track of the grid. */
  width: string;
}

export const COLUMNS: readonly Column[] = [
  { id: "object", name: "对象", width: "minmax(0, 2fr)" },
  { id: "division", name: "部门", width: "84px" },
  { id: "kind", name: "类型", width: "72px" },
  { id: "assignee", name: "处理人", width: "104px" },
  { id: "status", name: "状态", width: "76px" },
  { id: "deadline", name: "截止", width: "92px" },
  { id: "number", name: "单号", width: "156px" },
  { id: "reported_at", name: "报修", width: "92px" },
];

const USUAL = ["object", "assignee", "status", "number", "reported_at"];

/** The columns to show: what was chosen, or the usual ones. Words of a newer program are left out. */
export function columnsOf(chosen: readonly string[]): Column[] {
  const ids = chosen.length ? chosen : USUAL;
  return ids.flatMap((id) => COLUMNS.find((column) => column.id === id) ?? []);
}

/** A column shown or no longer, at its usual place. */
export function withColumn(chosen: readonly string[], id: string, shown: boolean): string[] {
  const now = columnsOf(chosen).map((column) => column.id);
  const wanted = shown ? [...now, id] : now.filter((each) => each !== id);
  return COLUMNS.map((column) => column.id).filter((each) => wanted.includes(each));
}

/** The tracks of a line: box, clock, level, title, and the columns. */
export function tracks(columns: readonly Column[]): string {
  return ["164px", "20px", "minmax(0, 3fr)", ...columns.map((column) => column.width)].join(" ");
}
