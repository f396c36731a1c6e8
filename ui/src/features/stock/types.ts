/** What crosses the door about stock: mirrors the door's types until the generated ones have them. */

import type { Choice, Colleague } from "@/generated/door";

/** Reply: the stores of this console, and the words of their forms. */
export type StockStores = {
  /** In the order of the settings; none: this console holds no store's log. */
  stores: Array<StoreDto>;
  /** Why there is none, and what to do; empty where there are. */
  hint: string;
  /** Kinds of movements with their Chinese names. */
  kinds: Array<Choice>;
  /** `buyer|supplier`. */
  owners: Array<Choice>;
  /** `serial|batch|plain`. */
  trackings: Array<Choice>;
  /** Kinds of places. */
  place_kinds: Array<Choice>;
  /** `free|at_cost|capped`. */
  charges: Array<Choice>;
  /** 坏件去向: `kept|erased|returned|scrapped`. */
  fates: Array<Choice>;
  /** User id of whoever asks. */
  me: string;
};

/** A store. */
export type StoreDto = {
  /** Its log, `c/<contract>/s/<store>`. */
  id: string;
  /** Contract id. */
  contract: string;
  /** `信息中心备件库`. */
  name: string;
  /** Where it is. */
  place: string;
  /** Divisions it serves; empty: all. */
  divisions: Array<string>;
  /** Remark of the settings. */
  note: string;
  /** Where the settings take it from; `本项目约定` where no clause states it. */
  basis: string;
  /** Why removed storage media stay with the buyer, with the clause; empty where they do not. */
  media_rule: string;
  /** What this user may do here. */
  may: StoreMay;
  /** Models not closed. */
  parts: number;
  /** Models whose available quantity is under their minimum. */
  below_minimum: number;
  /** 账实不符 not settled. */
  discrepancies: number;
  /** Loans past their day. */
  loans_overdue: number;
  /** Slips that wait for approval, issue, or approval afterwards. */
  slips_waiting: number;
  /** Stocktakes not adjusted yet. */
  takes_open: number;
  /** Categories in use, in the order of their names. */
  categories: Array<string>;
  /** Colleagues under the contract, for forms. */
  people: Array<Colleague>;
  /** The log is stopped or not synced yet: a sentence; else empty. */
  stale: string;
};

/** What a user may do in a store. */
export type StoreMay = {
  /** Note models and places, book movements, import. */
  keep: boolean;
  /** Ask for parts, and use them on orders. */
  ask: boolean;
  /** Approve what others ask for, and issue it. */
  approve: boolean;
  /** Count. */
  count: boolean;
  /** Approve the adjustments of a stocktake. */
  adjust: boolean;
  /** Print and export. */
  export: boolean;
};

/** Request: models of a store. */
export type StockPartsArgs = {
  /** The store. */
  store: string | null;
  /** `all|below_minimum|in_repair|on_loan|discrepant|closed`; `all` when absent: those not closed. */
  view: string | null;
  /** Name, model, maker, serial number, or pinyin initials. */
  text: string | null;
  /** One category. */
  category: string | null;
  /** A place, with those inside it. */
  place: string | null;
  /** Rows to skip. */
  offset: number;
  /** Rows wanted, at most 200; 0: 50. */
  limit: number;
};

/** Reply: a page of models, by category, name and model. */
export type StockPage = {
  /** Of all that fit. */
  total: number;
  /** This page. */
  rows: Array<PartRow>;
  /** Per view how many there are, in the order of the views. */
  counts: Array<ViewCount>;
};

/** How many rows a view has. */
export type ViewCount = {
  /** The view. */
  view: string;
  /** Its Chinese name. */
  name: string;
  /** Rows. */
  count: number;
};

/** A model in a list. */
export type PartRow = {
  /** Entity id, `part/…`. */
  id: string;
  /** `硬盘`. */
  name: string;
  /** Category. */
  category: string;
  /** Maker. */
  maker: string;
  /** Model, 规格型号. */
  model: string;
  /** Unit. */
  unit: string;
  /** `serial|batch|plain`. */
  tracking: string;
  /** Least that shall be available; 0: none stated. */
  minimum: number;
  /** In the store, vehicles and cabinets. */
  on_hand: number;
  /** Approved and not issued yet. */
  reserved: number;
  /** `on_hand - reserved`. */
  available: number;
  /** At a vendor. */
  in_repair: number;
  /** Lent out. */
  on_loan: number;
  /** Has a 账实不符 not settled. */
  discrepancy: boolean;
  /** `none|below|out|covered`: under the minimum, nothing left, under it but for what is in repair. */
  alert: string;
  /** The alert in words; empty for none. */
  alert_text: string;
  /** `主库 3，应急柜 1`. */
  places: string;
  /** Removed storage media of it stay with the buyer. */
  storage_medium: boolean;
  /** Not in use any more. */
  closed: boolean;
  /** Something of it waits for the centre. */
  pending: boolean;
};

/** Request: one model. */
export type PartArgs = {
  /** Its entity id. */
  id: string;
  /** Lines of the ledger to skip, newest first. */
  offset: number;
  /** Lines wanted, at most 200; 0: 50. */
  limit: number;
  /** `light` or `dark`, for the chart. */
  theme: string;
  /** Width of the chart in CSS pixels; 0: no chart is drawn. */
  width: number;
  /** Height of the chart in CSS pixels. */
  height: number;
};

/** On hand of a model over time. */
export type StockChart = {
  /** SVG text drawn in Rust; empty where none was asked for or nothing moved. */
  svg: string;
  /** The same as rows, for the table under it and for readers of screens. */
  rows: Array<StockChartRow>;
};

/** What was on hand at the end of a day on which something moved. */
export type StockChartRow = {
  /** The day. */
  date: string;
  /** On hand. */
  on_hand: number;
};

/** Reply: a model with what there is of it, and its ledger. */
export type PartDetail = {
  /** The store. */
  store: string;
  /** Its row. */
  row: PartRow;
  /** Its card. */
  card: PartCard;
  /** What there is, by place and owner; zero is left out. */
  balances: Array<BalanceDto>;
  /** Serial numbers at a place. */
  serials: Array<SerialDto>;
  /** Lines of the ledger. */
  ledger: Array<MovementRow>;
  /** Lines in all. */
  ledger_total: number;
  /** 账实不符 of this model. */
  discrepancies: Array<DiscrepancyDto>;
  /** On hand over time against the minimum. */
  chart: StockChart;
  /** What is used in a month, and how long it lasts, with how it was reckoned. */
  forecast: string;
};

/** A model's card, as it is shown and as it is written. */
export type PartCard = {
  /** `硬盘`. */
  name: string;
  /** Category. */
  category: string;
  /** Maker. */
  maker: string;
  /** Model, 规格型号. */
  model: string;
  /** Unit: `块`. */
  unit: string;
  /** `serial|batch|plain`; fixed once something moved. */
  tracking: string;
  /** Least that shall be available; 0: none stated. */
  minimum: number;
  /** Devices it fits. */
  compatible: Array<string>;
  /** `free|at_cost|capped`; empty: not stated. */
  charge: string;
  /** For `capped`: up to how much, and where that stands. */
  charge_limit: string;
  /** A storage medium: once removed it stays with the buyer unless released in writing. */
  storage_medium: boolean;
  /** Remark. */
  note: string;
  /** Not in use any more. */
  closed: boolean;
};

/** Request: note a model, new or changed. */
export type PartNote = {
  /** The store. */
  store: string | null;
  /** Entity id; absent: a new model. */
  id: string | null;
  /** The whole card. */
  card: PartCard;
  /** The card as the form was opened with: what was changed meanwhile by somebody else and here is told. */
  seen: PartCard | null;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** What there is at a place. */
export type BalanceDto = {
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Unit. */
  unit: string;
  /** Place's entity id. */
  place: string;
  /** Its path: `主库 / 2 号柜`. */
  place_name: string;
  /** Kind of the place. */
  place_kind: string;
  /** `buyer|supplier`. */
  owner: string;
  /** Below zero: 账实不符. */
  quantity: number;
};

/** Where a serial number is. */
export type SerialDto = {
  /** It. */
  serial: string;
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Batch, where one was stated. */
  batch: string;
  /** Place's entity id. */
  place: string;
  /** Its path. */
  place_name: string;
  /** `buyer|supplier`. */
  owner: string;
  /** Who has it, by name; empty: nobody in particular. */
  custodian: string;
  /** Since when it is there. */
  since: string;
};

/** A line of the ledger. */
export type MovementRow = {
  /** Entity id, `movement/…`. */
  id: string;
  /** When it counts from. */
  at: string;
  /** Kind. */
  kind: string;
  /** `领用出库`. */
  kind_name: string;
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Unit. */
  unit: string;
  /** Serial number; empty: none. */
  serial: string;
  /** Batch; empty: none. */
  batch: string;
  /** How many; signed for a correction, absolute for a count. */
  quantity: number;
  /** What it did to what is on hand of the model in the store. */
  change: number;
  /** On hand of the model after it; absent where the list holds several models. */
  balance: number | null;
  /** Path of the place it left; empty: from outside. */
  from: string;
  /** Path of the place it went to; empty: out of the store. */
  to: string;
  /** `buyer|supplier`. */
  owner: string;
  /** Who has it now, by name; empty: nobody in particular. */
  custodian: string;
  /** Number of the order; empty: none. */
  order: string;
  /** Entity id of the order where this console holds it. */
  order_id: string | null;
  /** Why. */
  reason: string;
  /** Number of the paper. */
  document: string;
  /** Number of the slip; empty: none. */
  slip: string;
  /** Entity id of the slip. */
  slip_id: string | null;
  /** Day by which something lent comes back. */
  due: string | null;
  /** 坏件去向, for a removed part. */
  fate: FateDto | null;
  /** Who booked it. */
  by: string;
  /** Waits for the centre. */
  pending: boolean;
  /** Taken by the centre but moves nothing until somebody settles it: why; else empty. */
  unreconciled: string;
  /** The order does not tell of it here, or the order's half is not here: a sentence; else empty. */
  half: string;
  /** Corrected by a later movement. */
  corrected: boolean;
};

/** 坏件去向. */
export type FateDto = {
  /** `kept|erased|returned|scrapped`. */
  fate: string;
  /** `留存甲方`. */
  name: string;
  /** Who took it over. */
  receiver: string;
  /** Who was there. */
  witness: string;
  /** 出门条号. */
  pass_no: string;
  /** For a storage medium that leaves: the buyer's written release, by name of paper and number. */
  released_by: string;
};

/** Request: places of a store. */
export type StoreRef = {
  /** The store. */
  store: string | null;
};

/** A place, in the order of the tree: each after the one it lies in. */
export type StockPlaceDto = {
  /** Entity id, `place/…`. */
  id: string;
  /** Name. */
  name: string;
  /** Path from the top: `主库 / 2 号柜`. */
  path: string;
  /** The place it lies in. */
  parent: string | null;
  /** How deep, 0 at the top. */
  depth: number;
  /** `store|vehicle|cabinet|loan|vendor|transit|removed|other`. */
  kind: string;
  /** Its Chinese name. */
  kind_name: string;
  /** Remark. */
  note: string;
  /** Models with something in it, without places inside. */
  models: number;
  /** Pieces in it, without places inside. */
  pieces: number;
  /** Not in use any more. */
  closed: boolean;
  /** Waits for the centre. */
  pending: boolean;
};

/** Request: note a place, new or changed. */
export type PlaceNote = {
  /** The store. */
  store: string | null;
  /** Entity id; absent: a new place. */
  id: string | null;
  /** Name. */
  name: string;
  /** The place it lies in; absent: at the top. */
  parent: string | null;
  /** Kind. */
  kind: string;
  /** Remark. */
  note: string;
  /** Not in use any more. */
  closed: boolean;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: book a movement: `received|returned|transferred|borrowed|given_back|sent_to_repair| back_from_repair|corrected`. Issuing goes by a slip or by an order, scrapping by two signatures. */
export type StockMove = {
  /** The store. */
  store: string | null;
  /** Kind. */
  kind: string;
  /** Model's entity id. */
  part: string;
  /** Serial numbers, one piece each; empty for models without. */
  serials: Array<string>;
  /** Batch. */
  batch: string;
  /** How many; not heeded where serial numbers are given; signed for a correction. */
  quantity: number;
  /** Place it leaves; absent: from outside. */
  from: string | null;
  /** Place it goes to; absent: out of the store. */
  to: string | null;
  /** `buyer|supplier`. */
  owner: string;
  /** User id of whoever has it from now on. */
  custodian: string | null;
  /** Why. */
  reason: string;
  /** Number of the paper. */
  document: string;
  /** Day by which something lent, or in repair, comes back. */
  due: string | null;
  /** The movement this one answers: the loan given back, the repair it comes back from. */
  answers: string | null;
  /** The movement this one corrects. */
  corrects: string | null;
  /** The 账实不符 this one settles: its `id`. */
  settles: string | null;
  /** When it happened, where that was earlier. */
  at: string | null;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: the ledger of a store. */
export type LedgerArgs = {
  /** The store. */
  store: string | null;
  /** One kind. */
  kind: string | null;
  /** First day. */
  from: string | null;
  /** Last day. */
  to: string | null;
  /** Serial number, number of order or paper. */
  text: string | null;
  /** Only what the centre took and moves nothing. */
  unreconciled: boolean;
  /** Movements of one order: its entity id. */
  order: string | null;
  /** Lines to skip, newest first. */
  offset: number;
  /** Lines wanted, at most 200; 0: 50. */
  limit: number;
};

/** Reply: lines of the ledger, newest first. */
export type LedgerPage = {
  /** Of all that fit. */
  total: number;
  /** This page. */
  rows: Array<MovementRow>;
};

/** Request: what there was at an instant. */
export type BalanceAtArgs = {
  /** The store. */
  store: string | null;
  /** The instant, included. */
  at: string;
};

/** Reply: what there was at an instant. */
export type BalanceAt = {
  /** The instant. */
  at: string;
  /** By model, place and owner; zero is left out. */
  balances: Array<BalanceDto>;
  /** Movements up to then. */
  movements: number;
};

/** 账实不符. */
export type DiscrepancyDto = {
  /** Its name, for `settles`. */
  id: string;
  /** `below_zero|misplaced`: the balance fell below zero, or a serial number left a place where it was not. */
  kind: string;
  /** In words: what the ledger says, since when, and what to do. */
  text: string;
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Unit. */
  unit: string;
  /** Place's entity id. */
  place: string;
  /** Its path. */
  place_name: string;
  /** `buyer|supplier`. */
  owner: string;
  /** Serial number, for `misplaced`. */
  serial: string;
  /** Lowest balance, or 1 for a serial number. */
  quantity: number;
  /** The balance now. */
  now: number;
  /** Since when. */
  since: string;
  /** The movements that touched it meanwhile. */
  movements: Array<MovementRow>;
  /** The balance is no more below zero: a correction may note how it was cleared up. */
  may_settle: boolean;
};

/** Something lent, or at a vendor. */
export type OutstandingDto = {
  /** The movement that sent it off. */
  movement: MovementRow;
  /** Model's entity id. */
  part: string;
  /** How many are still out. */
  quantity: number;
  /** Where it is: place's entity id. */
  place: string;
  /** User id of whoever has it. */
  custodian: string | null;
  /** Day by which it comes back. */
  due: string | null;
  /** That day is past. */
  overdue: boolean;
  /** `10-12 到期，已逾期 3 天`. */
  text: string;
};

/** A model to be bought. */
export type ReorderRow = {
  /** Its row. */
  part: PartRow;
  /** Used in the last 90 days. */
  used_90: number;
  /** How many to buy: up to the minimum and a month's use, less what is in repair. */
  suggested: number;
  /** How that was reckoned. */
  why: string;
};

/** Request: slips. */
export type SlipsArgs = {
  /** The store. */
  store: string | null;
  /** `waiting|mine|all`; `waiting` when absent. */
  view: string | null;
  /** Slips of one order: its entity id. */
  order: string | null;
  /** Rows to skip, newest first. */
  offset: number;
  /** Rows wanted, at most 200; 0: 50. */
  limit: number;
};

/** Reply: slips, newest first. */
export type SlipPage = {
  /** Of all that fit. */
  total: number;
  /** This page. */
  rows: Array<SlipDto>;
};

/** 备件领用单. */
export type SlipDto = {
  /** Entity id, `slip/…`. */
  id: string;
  /** The store. */
  store: string;
  /** Number, from the order's or the device's: `LY-20251015-3F2A`. */
  number: string;
  /** `asked|approved|issued|taken|refused|disputed|cancelled`. */
  stage: string;
  /** `待审批`. */
  stage_name: string;
  /** When it was asked. */
  at: string;
  /** User id of whoever asks. */
  asker: string;
  /** His name. */
  asker_name: string;
  /** His divisions, joined. */
  department: string;
  /** Number of the order; empty: none. */
  order: string;
  /** Its entity id where this console holds it. */
  order_id: string | null;
  /** What for. */
  reason: string;
  /** Parts first, approval afterwards. */
  emergency: boolean;
  /** Until when the approval is owed. */
  due: string | null;
  /** That day is past. */
  overdue: boolean;
  /** Its lines. */
  lines: Array<SlipLineDto>;
  /** Who approved or refused it, and when; empty: nobody yet. */
  decided: string;
  /** His words. */
  words: string;
  /** Who issued it, and when; empty: nobody yet. */
  issued: string;
  /** What came back, in words. */
  returned: Array<string>;
  /** What this user may do. */
  may: SlipMay;
  /** Waits for the centre. */
  pending: boolean;
};

/** A line of a slip. */
export type SlipLineDto = {
  /** Model's entity id. */
  part: string;
  /** `硬盘`. */
  part_name: string;
  /** 规格型号. */
  model: string;
  /** Unit. */
  unit: string;
  /** How many were asked for. */
  quantity: number;
  /** Serial numbers: those issued, or asked for until then. */
  serials: Array<string>;
  /** Path of the place it comes from. */
  place: string;
  /** Place's entity id. */
  place_id: string | null;
  /** Available now. */
  available: number;
  /** The old part came back; absent: none is owed or nobody said. */
  old_returned: boolean | null;
};

/** What a user may do about a slip now. */
export type SlipMay = {
  /** Approve or refuse. */
  decide: boolean;
  /** Issue. */
  issue: boolean;
  /** Note the old part. */
  return_old: boolean;
  /** Take it back. */
  cancel: boolean;
  /** Why neither, for whoever might expect to; else empty. */
  why_not: string;
};

/** Request: one slip. */
export type SlipRef = {
  /** Its entity id. */
  id: string;
};

/** A part asked for, issued, or used. */
export type PartLine = {
  /** Model's entity id. */
  part: string;
  /** How many; not heeded where serial numbers are given. */
  quantity: number;
  /** Serial numbers. */
  serials: Array<string>;
  /** Batch. */
  batch: string;
  /** Place it comes from; absent: where there is most. */
  place: string | null;
  /** `buyer|supplier`; empty: the one there is at the place. */
  owner: string;
};

/** Request: ask for parts. */
export type SlipAsk = {
  /** The store. */
  store: string | null;
  /** Entity id of the order it is for. */
  order: string | null;
  /** The lines. */
  lines: Array<PartLine>;
  /** What for; owed where there is no order. */
  reason: string;
  /** Parts first, approval within one workday. */
  emergency: boolean;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: approve, refuse or take back a slip. */
export type SlipAct = {
  /** Its entity id. */
  id: string;
  /** In words; owed by a refusal. */
  words: string;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: issue what a slip asks for. */
export type SlipIssue = {
  /** Its entity id. */
  id: string;
  /** What is handed out, line by line as asked; empty: as asked. */
  lines: Array<PartLine>;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** An old part that was taken out. */
export type OldPart = {
  /** Model's entity id; absent: the one put in. */
  part: string | null;
  /** Serial number. */
  serial: string;
  /** How many; 0: one. */
  quantity: number;
  /** Where it lies now; absent: nowhere here. */
  place: string | null;
  /** `buyer|supplier`; empty: the buyer's, for it came out of his device. */
  owner: string;
  /** What becomes of it; its `fate` empty: as the store's rule says. */
  fate: FateDto;
};

/** Request: use a part on an order: take it, put it in, say what becomes of the old one. */
export type StockUse = {
  /** The store. */
  store: string | null;
  /** Entity id of the order. */
  order: string;
  /** What was put in. */
  line: PartLine;
  /** The slip it was issued on; absent: taken now, a slip to be approved afterwards is made. */
  slip: string | null;
  /** What was taken out; absent: nothing. */
  old: OldPart | null;
  /** What was done, for the order. */
  text: string;
  /** When it happened, where that was earlier. */
  at: string | null;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: note the old part of a slip. */
export type ReturnOld = {
  /** Entity id of the slip. */
  slip: string;
  /** Line of the slip, from 0. */
  line: number;
  /** The old part. */
  old: OldPart;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Reply: what the form of `stock.use` shows of an order. */
export type UseForm = {
  /** Entity id of the order. */
  order: string;
  /** Its number. */
  number: string;
  /** Why no part can be booked to it here now; empty: it can. */
  why_not: string;
  /** Slips for it that are issued. */
  slips: Array<SlipDto>;
  /** Movements booked to it. */
  movements: Array<MovementRow>;
  /** Exchanges the order tells of whose other half is missing here: a sentence each. */
  missing: Array<string>;
  /** Swap deadline of the order and who says so; empty: none. */
  swap_due: string;
};

/** A scrapping, for two signatures. */
export type ScrapDto = {
  /** Entity id, `scrapping/…`. */
  id: string;
  /** `asked|signed|refused`. */
  stage: string;
  /** `待第二人签字`. */
  stage_name: string;
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Unit. */
  unit: string;
  /** Serial number; empty: none. */
  serial: string;
  /** How many. */
  quantity: number;
  /** Path of the place it leaves. */
  place: string;
  /** `buyer|supplier`. */
  owner: string;
  /** Why. */
  reason: string;
  /** What becomes of it. */
  fate: FateDto;
  /** The signatures, in their order. */
  signatures: Array<SignatureDto>;
  /** This user may put the second signature. */
  may_sign: boolean;
  /** Waits for the centre. */
  pending: boolean;
};

/** A signature by a user's own key. */
export type SignatureDto = {
  /** Who. */
  name: string;
  /** User id. */
  user: string;
  /** When. */
  at: string;
};

/** Request: ask for a scrapping, which is its first signature. */
export type ScrapAsk = {
  /** The store. */
  store: string | null;
  /** What is scrapped; its place is where it lies. */
  line: PartLine;
  /** Why. */
  reason: string;
  /** Number of the paper. */
  document: string;
  /** What becomes of it; `scrapped` where left out. */
  fate: FateDto;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: the second signature under a scrapping, or a refusal. */
export type ScrapSign = {
  /** Its entity id. */
  id: string;
  /** Signed, or refused. */
  approve: boolean;
  /** In words; owed by a refusal. */
  words: string;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** A stocktake in a list. */
export type TakeRow = {
  /** Entity id, `stocktake/…`. */
  id: string;
  /** `2025年第四季度盘点`. */
  name: string;
  /** `counting|closed|signed|adjusted|cancelled`. */
  stage: string;
  /** `清点中`. */
  stage_name: string;
  /** Paths of its places, joined; `全部库位` for all. */
  places: string;
  /** The book is not shown while it is counted. */
  blind: boolean;
  /** When it was opened. */
  at: string;
  /** By whom. */
  by: string;
  /** Lines counted. */
  counted: number;
  /** Who counted, joined. */
  counters: string;
  /** Lines that differ; absent until it is closed. */
  differs: number | null;
  /** Waits for the centre. */
  pending: boolean;
};

/** Request: one stocktake. */
export type TakeRef = {
  /** Its entity id. */
  id: string;
};

/** Reply: one stocktake. */
export type TakeDto = {
  /** The store. */
  store: string;
  /** Its row. */
  row: TakeRow;
  /** Places to count. */
  places: Array<StockPlaceDto>;
  /** What was counted, newest first; of others only after closing where it is blind. */
  lines: Array<CountRow>;
  /** What two people counted differently, and serial numbers counted at two places: a sentence each. */
  disputes: Array<string>;
  /** Lines that are as the book says, once it is closed. */
  found: number;
  /** Missing, misplaced, surplus; empty until it is closed. */
  variance: Array<VarianceRow>;
  /** The moment whose book the variance was reckoned from. */
  closed_at: string | null;
  /** The signatures, in their order. */
  signatures: Array<SignatureDto>;
  /** What this user may do. */
  may: TakeMay;
};

/** What a user may do about a stocktake now. */
export type TakeMay = {
  /** Count. */
  count: boolean;
  /** End the counting. */
  close: boolean;
  /** Sign the variance. */
  sign: boolean;
  /** Approve the adjustments. */
  adjust: boolean;
  /** Why not, for whoever might expect to; else empty. */
  why_not: string;
};

/** A line that was counted. */
export type CountRow = {
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Unit. */
  unit: string;
  /** Place's entity id. */
  place: string;
  /** Its path. */
  place_name: string;
  /** Serial number; empty: none. */
  serial: string;
  /** Batch; empty: none. */
  batch: string;
  /** `buyer|supplier`. */
  owner: string;
  /** How many. */
  quantity: number;
  /** What the book says; absent while it is counted blind. */
  book: number | null;
  /** Who counted it. */
  by: string;
  /** When. */
  at: string;
  /** Waits for the centre. */
  pending: boolean;
  /** This user's own. */
  mine: boolean;
};

/** A line of the variance report. */
export type VarianceRow = {
  /** `missing|misplaced|surplus`. */
  kind: string;
  /** `盘亏`. */
  kind_name: string;
  /** Model's entity id. */
  part: string;
  /** Its name and model. */
  part_name: string;
  /** Unit. */
  unit: string;
  /** Place's entity id. */
  place: string;
  /** Its path. */
  place_name: string;
  /** For `misplaced`: path of the place where the book has it. */
  book_place: string;
  /** Serial number; empty: none. */
  serial: string;
  /** `buyer|supplier`. */
  owner: string;
  /** By the book when it was counted. */
  book: number;
  /** Counted. */
  counted: number;
};

/** Request: open a stocktake. */
export type TakeOpen = {
  /** The store. */
  store: string | null;
  /** Its name; empty: from the quarter. */
  name: string;
  /** Places, each with those inside it; none: all of the store. */
  places: Array<string>;
  /** The book is not shown while it is counted. */
  blind: boolean;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** A line to be counted. */
export type CountLine = {
  /** Model's entity id. */
  part: string;
  /** Place's entity id. */
  place: string;
  /** Serial number; empty: none. */
  serial: string;
  /** Batch; empty: none. */
  batch: string;
  /** `buyer|supplier`; empty: as the book has it, else the supplier's. */
  owner: string;
  /** How many; for a serial number 0 (not here) or 1. */
  quantity: number;
};

/** Request: note what was counted. A later line of the same person for the same thing replaces his earlier one. */
export type TakeCount = {
  /** Entity id of the stocktake. */
  id: string;
  /** The lines, at most 200. */
  lines: Array<CountLine>;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: close, sign or adjust a stocktake. */
export type TakeAct = {
  /** Its entity id. */
  id: string;
  /** In words. */
  words: string;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: what a scanned or typed code is. */
export type ScanArgs = {
  /** The store. */
  store: string | null;
  /** The code. */
  code: string;
};

/** Reply: what a code is; all that fit. */
export type ScanReply = {
  /** What was found, the nearest first. */
  hits: Array<ScanHit>;
  /** Where nothing was: what to do; else empty. */
  hint: string;
};

/** One thing a code is. */
export type ScanHit = {
  /** `serial|part|place|order|slip`. */
  kind: string;
  /** Entity id: of the model for a serial number. */
  id: string;
  /** What it is, for people. */
  title: string;
  /** Serial number, for one. */
  serial: string;
  /** Place where it is, for a serial number. */
  place: string | null;
};

/** Request: data of a form for the printer. */
export type StockPrint = {
  /** The store. */
  store: string | null;
  /** `slip|take|handover|repairs|repair_records|damages|removals`: 备件领用单, 盘点表, 交接单, and the four registers 维修服务台账, 维修记录表, 设备损坏登记表, 拆除设备登记表. */
  form: string;
  /** Entity id of slip or stocktake; for `handover` of a movement. */
  id: string | null;
  /** First day, for registers. */
  from: string | null;
  /** Last day, for registers. */
  to: string | null;
  /** Makes a repeat harmless; each print is audited. */
  idempotency_key: string;
};

/** Reply: a form as rows, to be laid out by the printing page. */
export type StockSheet = {
  /** `备件领用单`. */
  title: string;
  /** Lines above the table: name and text, such as `单号`. */
  head: Array<SheetField>;
  /** Headings. */
  columns: Array<string>;
  /** Cells, as long as `columns`. */
  rows: Array<Array<string>>;
  /** Signature fields under the table: role and the name of whoever signed, empty to be signed by hand. */
  signatures: Array<SheetField>;
  /** Remark under the table. */
  note: string;
  /** Watermark. */
  watermark: string;
};

/** A named text of a form. */
export type SheetField = {
  /** Name. */
  name: string;
  /** Text. */
  text: string;
};

/** Request: a table out of the store as a file. */
export type StockExport = {
  /** The store. */
  store: string | null;
  /** `parts|balances|ledger|reorder|template|slip|take|handover|repairs|repair_records|damages|removals`. */
  what: string;
  /** Entity id, where the form needs one. */
  id: string | null;
  /** First day, for ledger and registers. */
  from: string | null;
  /** Last day. */
  to: string | null;
  /** `xlsx|csv`. */
  format: string;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** Request: look at a table of models and first quantities; nothing is written. */
export type StockImportArgs = {
  /** The store. */
  store: string | null;
  /** Tab-separated text, as copied from a table. */
  text: string | null;
  /** An XLSX file, base64; outranks the text. */
  file: string | null;
};

/** Reply: what a table would change. */
export type StockImportPreview = {
  /** Rows read. */
  rows: number;
  /** New models. */
  added: number;
  /** Models changed. */
  changed: number;
  /** Models as they are. */
  same: number;
  /** Pieces that would be received. */
  received: number;
  /** New places. */
  places: Array<string>;
  /** What differs, row by row, at most 500. */
  differences: Array<StockDifference>;
  /** What cannot be read; with any, nothing is imported. */
  mistakes: Array<StockMistake>;
  /** Hash of the rows: `stock.import` takes these and no others. */
  digest: string;
};

/** What a row would change. */
export type StockDifference = {
  /** Row in the table, the heading is 1. */
  row: number;
  /** Name and model. */
  part: string;
  /** `新增`, or what changes: `下限 2 → 4`. */
  text: string;
};

/** A row that cannot be read. */
export type StockMistake = {
  /** Row in the table, the heading is 1; 0: the table as a whole. */
  row: number;
  /** Heading of the column; empty: the row. */
  column: string;
  /** What is wrong and what to do. */
  text: string;
};

/** Request: import a table that was looked at. */
export type StockImportAccept = {
  /** The table, as it was looked at. */
  source: StockImportArgs;
  /** `digest` of the preview. */
  digest: string;
  /** Number of the paper for what is received. */
  document: string;
  /** Makes a repeat harmless. */
  idempotency_key: string;
};

/** The commands of stock, as the door's table has them. */
declare module "@/generated/door" {
  interface Commands {
    "stock.stores": { args: Nothing; reply: StockStores };
    "stock.parts": { args: StockPartsArgs; reply: StockPage };
    "stock.part": { args: PartArgs; reply: PartDetail };
    "stock.note_part": { args: PartNote; reply: Written };
    "stock.places": { args: StoreRef; reply: Array<StockPlaceDto> };
    "stock.note_place": { args: PlaceNote; reply: Written };
    "stock.move": { args: StockMove; reply: Written };
    "stock.ledger": { args: LedgerArgs; reply: LedgerPage };
    "stock.balance_at": { args: BalanceAtArgs; reply: BalanceAt };
    "stock.discrepancies": { args: StoreRef; reply: Array<DiscrepancyDto> };
    "stock.loans": { args: StoreRef; reply: Array<OutstandingDto> };
    "stock.repairs": { args: StoreRef; reply: Array<OutstandingDto> };
    "stock.reorder": { args: StoreRef; reply: Array<ReorderRow> };
    "stock.slips": { args: SlipsArgs; reply: SlipPage };
    "stock.slip": { args: SlipRef; reply: SlipDto };
    "stock.ask": { args: SlipAsk; reply: Written };
    "stock.approve": { args: SlipAct; reply: Written };
    "stock.refuse": { args: SlipAct; reply: Written };
    "stock.cancel": { args: SlipAct; reply: Written };
    "stock.issue": { args: SlipIssue; reply: Written };
    "stock.use_form": { args: OrderGet; reply: UseForm };
    "stock.use": { args: StockUse; reply: Written };
    "stock.return_old": { args: ReturnOld; reply: Written };
    "stock.scraps": { args: StoreRef; reply: Array<ScrapDto> };
    "stock.scrap": { args: ScrapAsk; reply: Written };
    "stock.scrap_sign": { args: ScrapSign; reply: Written };
    "stock.takes": { args: StoreRef; reply: Array<TakeRow> };
    "stock.take": { args: TakeRef; reply: TakeDto };
    "stock.take_open": { args: TakeOpen; reply: Written };
    "stock.take_count": { args: TakeCount; reply: Written };
    "stock.take_close": { args: TakeAct; reply: Written };
    "stock.take_sign": { args: TakeAct; reply: Written };
    "stock.take_adjust": { args: TakeAct; reply: Written };
    "stock.scan": { args: ScanArgs; reply: ScanReply };
    "stock.print": { args: StockPrint; reply: StockSheet };
    "stock.export": { args: StockExport; reply: ExportedFile };
    "stock.import_preview": { args: StockImportArgs; reply: StockImportPreview };
    "stock.import": { args: StockImportAccept; reply: Written };
  }
}
