/** The word for the parts of a buyer: 总队 where most are named so, else 单位. */
export function divisionWord(names: readonly string[]): string {
  const own = names.filter((name) => name.endsWith("总队"));
  return own.length * 2 > names.length ? "总队" : "单位";
}
