/** 坏件去向: what becomes of a removed part, and when the contract's rule on storage media stands against it. */

import type { FateDto, PartRow } from "@/generated/door";

export const NO_FATE: FateDto = {
  fate: "",
  name: "",
  receiver: "",
  witness: "",
  pass_no: "",
  released_by: "",
};

/** Stays with the buyer. */
export const KEPT = "kept";

/** Whether the rule holds for this part: a storage medium at a buyer whose contract keeps them. */
export const isBound = (part: Pick<PartRow, "storage_medium"> | null, rule: string): boolean =>
  rule !== "" && (part?.storage_medium ?? false);

/** What is proposed for the part taken out: one with a serial number is kept, of others there is none. */
export const proposedFate = (part: PartRow | null): string =>
  part && (part.tracking === "serial" || part.storage_medium) ? KEPT : "";

/** Whether a fate takes a storage medium away from the buyer. */
export const needsRelease = (fate: string, bound: boolean): boolean => bound && fate !== "" && fate !== KEPT;

/** What a fate lacks; null: nothing. The rule with its clause stands beside the fields. */
export function fateLack(fate: FateDto, bound: boolean): string | null {
  if (!needsRelease(fate.fate, bound) || fate.released_by.trim()) return null;
  return "存储介质须留存甲方；改作他用，请填写采购人书面同意的文件名称和编号。";
}

/** A fate as it is sent. */
export function sentFate(fate: FateDto): FateDto {
  return {
    fate: fate.fate,
    name: "",
    receiver: fate.receiver.trim(),
    witness: fate.witness.trim(),
    pass_no: fate.pass_no.trim(),
    released_by: fate.released_by.trim(),
  };
}

const UNREADABLE = "无法辨认";

/** The serial number of an old part as typed; `无法辨认 铭牌烧毁` says why there is none to be read. */
export function oldNumber(text: string): { serial: string; unreadable: string } {
  const typed = text.trim();
  return typed.startsWith(UNREADABLE)
    ? { serial: "", unreadable: typed.slice(UNREADABLE.length).replace(/^[\s：:，,]+/, "") }
    : { serial: typed, unreadable: "" };
}
