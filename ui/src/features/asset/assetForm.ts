/** The card of a device as its form holds it. */

import type { AddressesDto, AssetCardDto } from "@/generated/door";
import { EMPTY } from "./words";

/** What the form holds: the number of pieces as typed. */
export type AssetDraft = Omit<AssetCardDto, "quantity"> & { quantity: string };

export function draftOf(card: AssetCardDto | null): AssetDraft {
  const { quantity, ...rest } = card ?? EMPTY;
  return { ...rest, quantity: String(quantity) };
}

/** `2025.1.5`, `2025/01/05` and `20250105` as `2025-01-05`; what is no date stays as typed, for the door to tell. */
export function dateTyped(text: string): string {
  const typed = text.trim();
  const parts = /^(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?$/.exec(typed);
  if (!parts) return typed;
  const [, year = "", month = "", day = ""] = parts;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

const DATES = ["since", "warranty_end", "maintenance_end"] as const;

export function cardOf(draft: AssetDraft): AssetCardDto {
  const typed = draft.quantity.trim();
  const card = { ...draft, quantity: /^\d+$/.test(typed) ? Number(typed) : 1 };
  for (const date of DATES) card[date] = dateTyped(card[date]);
  return card;
}

/** Addresses that differ from what was seen; null: they stay as they are. */
export function addressesOf(draft: AddressesDto, seen: AddressesDto | null): AddressesDto | null {
  const before = seen ?? { ip: "", mac: "" };
  const ip = draft.ip.trim();
  const mac = draft.mac.trim();
  return ip === before.ip && mac === before.mac ? null : { ip, mac };
}
