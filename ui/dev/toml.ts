/** Just enough of TOML for the shipped contracts: tables, lists of tables, texts, numbers, lists. */
export type TomlValue = string | number | boolean | TomlValue[] | TomlTable | TomlTable[];
export interface TomlTable {
  [key: string]: TomlValue;
}

export function parseToml(text: string): TomlTable {
  const top: TomlTable = {};
  let at = top;
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const list = /^\[\[(.+)\]\]$/.exec(line);
    const table = /^\[([^[].*)\]$/.exec(line);
    if (list?.[1]) at = place(top, list[1].split("."), true);
    else if (table?.[1]) at = place(top, table[1].split("."), false);
    else {
      const equals = line.indexOf(" = ");
      let value = line.slice(equals + 3);
      // A list over several lines ends with a bracket alone.
      if (value === "[") while (!value.endsWith("\n]")) value += `\n${(lines[++index] ?? "").trim()}`;
      at[line.slice(0, equals)] = read(value);
    }
  }
  return top;
}

function place(top: TomlTable, path: string[], list: boolean): TomlTable {
  let at = top;
  for (const [index, key] of path.entries()) {
    const last = index === path.length - 1;
    if (last && list) {
      const all = (at[key] ?? []) as TomlTable[];
      at[key] = all;
      all.push({});
      return all[all.length - 1] as TomlTable;
    }
    at[key] ??= {};
    const next = at[key];
    at = (Array.isArray(next) ? next[next.length - 1] : next) as TomlTable;
  }
  return at;
}

const read = (value: string): TomlValue => JSON.parse(value.replace(/,\s*\]$/, "]")) as TomlValue;
