import type { ProblemDto } from "@/generated/door";

/** Problems in the order in which they are to be looked at. */
export interface ProblemGroup {
  id: "hard" | "soft" | "waived";
  name: string;
  problems: ProblemDto[];
}

const NAMES: [ProblemGroup["id"], string][] = [
  ["hard", "不解决不能发布"],
  ["soft", "请留意"],
  ["waived", "已放行"],
];

export const groupOf = (problem: ProblemDto): ProblemGroup["id"] =>
  problem.waived !== null ? "waived" : problem.severity === "hard" ? "hard" : "soft";

/** By severity, then by date; groups without problems are left out. */
export function grouped(problems: readonly ProblemDto[]): ProblemGroup[] {
  const order = (problem: ProblemDto) =>
    `${problem.date ?? "~"}/${problem.post ?? ""}/${problem.person ?? ""}`;
  return NAMES.map(([id, name]) => ({
    id,
    name,
    problems: problems
      .filter((each) => groupOf(each) === id)
      .sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0)),
  })).filter((group) => group.problems.length > 0);
}

/** A key for lists; problems have no id. */
export const problemKey = (each: ProblemDto) => [each.rule, each.date, each.post, each.person].join("|");

/** Rules that another person in the cell can mend. */
const REPLACEABLE = new Set([
  "on_leave",
  "not_member",
  "rest",
  "consecutive",
  "nights",
  "skill",
  "double_booking",
  "missing_papers",
  "same_person",
]);
export const replaceable = (each: ProblemDto) =>
  each.waived === null && each.person !== null && each.date !== null && REPLACEABLE.has(each.rule);

/** Rules that a lacking person breaks: the machine can fill the cell. */
export const fillable = (each: ProblemDto) =>
  each.waived === null && each.rule === "uncovered" && each.date !== null && each.post !== null;

/** `001:1794` is shown as a clause; everything else as agreed. */
export const isClause = (source: string) => /^\d{3}:/.test(source);
