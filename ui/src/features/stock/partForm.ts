/** The card of a model as its form holds it. */

import type { PartCard } from "@/generated/door";

/** What the form holds: numbers and lists as typed. */
export type PartDraft = Omit<PartCard, "minimum" | "compatible"> & { minimum: string; compatible: string };

const EMPTY: PartCard = {
  name: "",
  category: "",
  maker: "",
  model: "",
  unit: "个",
  tracking: "plain",
  minimum: 0,
  compatible: [],
  charge: "",
  charge_limit: "",
  storage_medium: false,
  note: "",
  closed: false,
};

export function draftOf(card: PartCard | null): PartDraft {
  const { minimum, compatible, ...rest } = card ?? EMPTY;
  return { ...rest, minimum: minimum ? String(minimum) : "", compatible: compatible.join("、") };
}

export function cardOf(draft: PartDraft): PartCard {
  return {
    ...draft,
    name: draft.name.trim(),
    model: draft.model.trim(),
    category: draft.category.trim(),
    maker: draft.maker.trim(),
    unit: draft.unit.trim(),
    note: draft.note.trim(),
    minimum: /^\d+$/.test(draft.minimum.trim()) ? Number(draft.minimum.trim()) : 0,
    compatible: draft.compatible
      .split(/[、,，;；\n]+/)
      .map((each) => each.trim())
      .filter(Boolean),
    charge_limit: draft.charge === "capped" ? draft.charge_limit.trim() : "",
  };
}
