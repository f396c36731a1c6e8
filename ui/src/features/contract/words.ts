import type { ContractView, ObjectItem, RuleItem } from "@/generated/door";
import { divisionWord } from "@/text/division";
import { withWords } from "@/text/match";
import { levelName } from "../order/words";

/** The pages of a contract, in the order of their tabs. */
export const TABS = [
  { id: "overview", name: "概览" },
  { id: "rules", name: "时限规则" },
  { id: "objects", name: "对象" },
  { id: "posts", name: "岗位与义务" },
  { id: "rows", name: "原文检索" },
  { id: "open", name: "待甲方提供" },
  { id: "agreed", name: "本项目约定" },
] as const;

export type TabId = (typeof TABS)[number]["id"];

/** The tab an address names; the first one where it names none. */
export function tabOf(name: unknown): TabId {
  return TABS.find((tab) => tab.id === name)?.id ?? "overview";
}

const CLASSES: Record<string, string> = { core: "核心", important: "重要", general: "一般" };

export function className(value: string): string {
  return CLASSES[value] ?? value;
}

/** `2024-07-27 至 2025-12-31`, `2024-07-27 起`, or null where neither day is known. */
export function periodText(from: string | null, to: string | null): string | null {
  if (from && to) return `${from} 至 ${to}`;
  if (from) return `${from} 起`;
  return to ? `至 ${to}` : null;
}

export interface RuleGroup {
  id: string;
  name: string;
  rules: RuleItem[];
}

/** Rules by what they apply to, or by level; groups and rules keep the document's order. */
export function groupRules(rules: readonly RuleItem[], by: "object" | "level"): RuleGroup[] {
  const groups = new Map<string, RuleGroup>();
  for (const rule of rules) {
    const id = by === "object" ? rule.applies_to : (rule.level ?? "");
    const name = by === "object" ? rule.applies_to : rule.level ? levelName(rule.level) : "不分级";
    const group = groups.get(id) ?? { id, name, rules: [] };
    group.rules.push(rule);
    groups.set(id, group);
  }
  const all = [...groups.values()];
  return by === "object" ? all : all.sort((a, b) => rank(a.id) - rank(b.id));
}

/** Numbered levels first, heaviest at the top; words in the document's order; what has no level last. */
function rank(level: string): number {
  if (level === "") return 1000;
  return /^\d+$/.test(level) ? Number(level) : 100;
}

/** Rules in which every word typed occurs somewhere. */
export function findRules(rules: readonly RuleItem[], query: string): RuleItem[] {
  return withWords(query, rules, (rule) =>
    [
      rule.id,
      rule.applies_to,
      rule.text,
      rule.note,
      rule.window,
      rule.source,
      ...rule.targets.flatMap((target) => [target.name, target.limit_text]),
    ].join("\n"),
  );
}

/** What the picker matches an object by. */
export function objectText(object: ObjectItem): string {
  return [object.no, object.name, object.division ?? "", object.class ? className(object.class) : ""].join(
    " ",
  );
}

/** The divisions that have objects, once each. */
export function divisionsWithObjects(view: ContractView): string[] {
  return [...new Set(view.objects.flatMap((object) => object.division ?? []))];
}

/** `12 个总队、59 个对象、17 条时限规则`; a contract may call its divisions otherwise. */
export function sizeText(view: ContractView): string {
  const divisions = divisionsWithObjects(view);
  const parts: [number, string][] = [
    [divisions.length, `个${divisionWord(divisions)}`],
    [view.objects.length, "个对象"],
    [view.rules.length, "条时限规则"],
    [view.posts.length, "个岗位"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join("、");
}
