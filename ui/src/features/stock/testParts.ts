import type { PartRow, StockPlaceDto } from "@/generated/door";

/** A model for tests. */
export const part = (given: Partial<PartRow> = {}): PartRow => ({
  id: "part/1",
  name: "硬盘",
  category: "存储",
  maker: "",
  model: "ST4000",
  unit: "块",
  tracking: "plain",
  minimum: 2,
  on_hand: 3,
  reserved: 0,
  available: 3,
  in_repair: 0,
  on_loan: 0,
  arriving: 0,
  discrepancy: false,
  alert: "none",
  alert_text: "",
  places: "主库 3",
  storage_medium: true,
  closed: false,
  pending: false,
  ...given,
});

/** A place for tests. */
export const place = (id: string, kind = "store", given: Partial<StockPlaceDto> = {}): StockPlaceDto => ({
  id,
  name: id,
  path: id,
  parent: null,
  depth: 0,
  kind,
  kind_name: kind,
  note: "",
  models: 0,
  pieces: 0,
  closed: false,
  pending: false,
  ...given,
});
