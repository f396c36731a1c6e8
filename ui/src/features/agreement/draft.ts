import type { SettingForm, SettingSection } from "@/generated/door";
import { type Entries, isBasis, type Row, type Value, valueAt } from "./entry";

/** A row with a mark of its own: `b3` came with the version edited from, `n1` is new. */
export interface DraftRow {
  id: string;
  row: Row;
}
export type Rows = Record<string, DraftRow[]>;

/** A row being typed; null is a new one. */
export interface OpenRow {
  section: string;
  id: string | null;
  entries: Entries;
}

/** What a person has changed and not yet published. Kept as JSON in memory. */
export interface Draft {
  contract: string;
  version: number;
  base_hash: string;
  /** The values as they came, for keys that no section names. */
  raw: Row;
  base: Rows;
  rows: Rows;
  /** States before each change, oldest first, for undo. */
  past: Rows[];
  open: OpenRow | null;
  /** Number of the next new row. */
  next: number;
}

export interface Change {
  section: string;
  id: string;
  kind: "new" | "changed" | "removed";
}

const PAST_MAX = 50;

/** A draft without changes. */
export function startDraft(form: SettingForm): Draft {
  const raw = JSON.parse(form.values) as Row;
  const base: Rows = {};
  for (const section of form.sections) {
    const value = raw[section.key] ?? null;
    const rows = Array.isArray(value) ? value : value === null ? [] : [value];
    base[section.key] = rows.map((row, index) => ({ id: `b${index}`, row: row as Row }));
  }
  return {
    contract: form.contract,
    version: form.version,
    base_hash: form.base_hash,
    raw,
    base,
    rows: base,
    past: [],
    open: null,
    next: 1,
  };
}

/** The values as they are sent. */
export function valuesOf(draft: Draft, sections: readonly SettingSection[]): string {
  const values: Row = { ...draft.raw };
  for (const section of sections) {
    const rows = (draft.rows[section.key] ?? []).map((each) => each.row);
    if (!section.single) values[section.key] = rows;
    else if (rows[0]) values[section.key] = rows[0];
    else delete values[section.key];
  }
  return JSON.stringify(values);
}

/** Whether two rows say the same, in whatever order their keys stand. */
export function sameRow(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Value): Value {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sorted);
  const keys = Object.keys(value).sort();
  const kept = keys.filter((key) => !isNothing(value[key] ?? null));
  return Object.fromEntries(kept.map((key) => [key, sorted(value[key] ?? null)]));
}

const isNothing = (value: Value) => value === null || value === "" || (Array.isArray(value) && !value.length);

/** What differs from the version edited from, section by section in the base's order. */
export function changesOf(draft: Draft): Change[] {
  const changes: Change[] = [];
  for (const section of Object.keys(draft.base)) {
    const base = draft.base[section] ?? [];
    const rows = draft.rows[section] ?? [];
    for (const before of base) {
      const now = rows.find((each) => each.id === before.id);
      if (!now) changes.push({ section, id: before.id, kind: "removed" });
      else if (!sameRow(before.row, now.row)) changes.push({ section, id: before.id, kind: "changed" });
    }
    for (const row of rows)
      if (!base.some((each) => each.id === row.id)) changes.push({ section, id: row.id, kind: "new" });
  }
  return changes;
}

export interface ShownRow extends DraftRow {
  state: "same" | Change["kind"];
}

/** Rows of a section as they are shown: removed ones stay in their place, struck out. */
export function shownRows(draft: Draft, section: string): ShownRow[] {
  const base = draft.base[section] ?? [];
  const rows = draft.rows[section] ?? [];
  const kept = base.map((before): ShownRow => {
    const now = rows.find((each) => each.id === before.id);
    if (!now) return { ...before, state: "removed" };
    return { ...now, state: sameRow(before.row, now.row) ? "same" : "changed" };
  });
  const fresh = rows.filter((row) => !base.some((each) => each.id === row.id));
  return [...kept, ...fresh.map((row): ShownRow => ({ ...row, state: "new" }))];
}

function step(draft: Draft, section: string, rows: DraftRow[]): Draft {
  return {
    ...draft,
    rows: { ...draft.rows, [section]: rows },
    past: [...draft.past, draft.rows].slice(-PAST_MAX),
  };
}

/** Writes a row; without an id it is a new one. */
export function putRow(draft: Draft, section: string, id: string | null, row: Row): Draft {
  const rows = draft.rows[section] ?? [];
  if (id === null)
    return {
      ...step(draft, section, [...rows, { id: `n${draft.next}`, row }]),
      next: draft.next + 1,
    };
  return step(
    draft,
    section,
    rows.map((each) => (each.id === id ? { id, row } : each)),
  );
}

export function removeRow(draft: Draft, section: string, id: string): Draft {
  const rows = draft.rows[section] ?? [];
  return step(
    draft,
    section,
    rows.filter((each) => each.id !== id),
  );
}

/** Makes a row again what it was: back from removal, its old words, or gone if it was new. */
export function revertRow(draft: Draft, section: string, id: string): Draft {
  const base = draft.base[section] ?? [];
  const before = base.find((each) => each.id === id);
  if (!before) return removeRow(draft, section, id);
  const rows = (draft.rows[section] ?? []).filter((each) => each.id !== id);
  const order = (row: DraftRow) => {
    const at = base.findIndex((each) => each.id === row.id);
    return at < 0 ? base.length : at;
  };
  return step(
    draft,
    section,
    [...rows, before].sort((a, b) => order(a) - order(b)),
  );
}

/** Takes back the last change. */
export function undo(draft: Draft): Draft {
  const before = draft.past[draft.past.length - 1];
  return before ? { ...draft, rows: before, past: draft.past.slice(0, -1) } : draft;
}

/** The mark of the row that a problem names by its place in what was sent; a single row has no place. */
export function rowIdOf(draft: Draft, section: SettingSection, index: number | null): string | null {
  const at = section.single ? 0 : index;
  return at === null ? null : (draft.rows[section.key]?.[at]?.id ?? null);
}

/** A change that meets a change of somebody else. */
export interface Clash {
  section: string;
  kind: Change["kind"];
  mine: Row | null;
  theirs: Row | null;
}

/** The same changes on a newer version. Where both changed one entry, mine stands and is told. */
export function rebase(draft: Draft, form: SettingForm): { draft: Draft; clashes: Clash[] } {
  let next = startDraft(form);
  next.next = draft.next;
  const clashes: Clash[] = [];
  for (const { section, id, kind } of changesOf(draft)) {
    const spec = form.sections.find((each) => each.key === section);
    const before = draft.base[section]?.find((each) => each.id === id)?.row ?? null;
    const mine = draft.rows[section]?.find((each) => each.id === id)?.row ?? null;
    const there = next.base[section] ?? [];
    if (kind === "new") {
      if (mine && !there.some((each) => sameRow(each.row, mine))) next = putRow(next, section, null, mine);
      continue;
    }
    const same = before && there.find((each) => sameRow(each.row, before));
    if (same) {
      next = mine ? putRow(next, section, same.id, mine) : removeRow(next, section, same.id);
      continue;
    }
    const twin =
      before && spec ? there.find((each) => named(spec, each.row) === named(spec, before)) : undefined;
    if (mine ? twin && sameRow(twin.row, mine) : !twin) continue;
    clashes.push({ section, kind, mine, theirs: twin?.row ?? null });
    if (mine) next = putRow(next, section, twin?.id ?? null, mine);
  }
  return { draft: { ...next, past: [] }, clashes };
}

/** What an entry is about: its first field; there is only one where the section is single. */
function named(section: SettingSection, row: Row): string {
  const key = section.fields[0]?.key;
  return section.single || !key ? "" : JSON.stringify(valueAt(row, key));
}

/** A basis to take over, for another entry on the same paper: of what was changed, else of the section. */
export function lastBasis(draft: Draft, section: SettingSection): Entries | null {
  const fields = section.fields.filter(isBasis);
  if (fields.length === 0) return null;
  const fresh = changesOf(draft)
    .map((change) => draft.rows[change.section]?.find((each) => each.id === change.id)?.row)
    .reverse();
  const old = [...(draft.rows[section.key] ?? [])].reverse().map((each) => each.row);
  for (const row of [...fresh, ...old]) {
    if (!row) continue;
    const given = fields.map((field) => [field.key, valueAt(row, field.key)] as const);
    if (given.every(([, value]) => typeof value === "string" && value !== ""))
      return Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
  }
  return null;
}
