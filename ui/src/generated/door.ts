// Generated from crates/console/src/door/dto.rs. Do not edit.

/** Stable codes of errors that cross the door; the UI has one table that says how each is shown. */
export type DoorCode = "bad_input" | "log_in_needed" | "locked" | "not_allowed" | "not_now" | "not_found" | "centre_needed" | "wrong_password" | "too_many_failures" | "not_enrolled" | "log_stopped" | "internal";

/** An error as it crosses the door: what happened and what the user can do next, in Chinese. */
export type DoorError = {
  code: DoorCode;
  message: string;
  field: string | null;
  retry_after_seconds: number | null;
};

/** Roles a user can hold. */
export type RoleDto = "engineer" | "dispatcher" | "supervisor" | "store_keeper" | "buyer_contact" | "overseer" | "administrator";

/** The user now at this console. */
export type UserDto = {
  id: string;
  name: string;
  login: string;
  roles: Array<RoleDto>;
  divisions: Array<string>;
  post: string | null;
  must_change_password: boolean;
};

/** How far the session at this console is. */
export type Stage = "not_enrolled" | "logged_out" | "locked" | "open";

/** What the frame needs at start and after each change of session. */
export type SessionDto = {
  stage: Stage;
  user: UserDto | null;
  site: string;
  device: string;
  idle_lock_minutes: number;
  known_users: Array<KnownUser>;
  demo: boolean;
  now: string;
};

/** A suggestion in the log-in form. */
export type KnownUser = {
  login: string;
  name: string;
  offline_until: string | null;
};

/** Request: enrol this console. */
export type Enrol = {
  code: string;
  device_name: string;
};

/** Request: log in. */
export type LogIn = {
  login: string;
  password: string;
};

/** Request: unlock with the password of the user at the console. */
export type Unlock = {
  password: string;
};

/** Request: change the own password; needs the centre. */
export type ChangePassword = {
  old_password: string;
  new_password: string;
};

/** Nothing to say. */
export type Nothing = Record<string, never>;

/** How the console stands with the centre. */
export type LinkState = "synced" | "syncing" | "offline" | "upgrade_needed" | "revoked" | "stopped" | "wrong_centre";

/** The age chip: what the top bar and the sync page show. */
export type SyncStatus = {
  state: LinkState;
  last_synced_at: string | null;
  age_seconds: number | null;
  stale_after_seconds: number;
  waiting: number;
  conflicts: number;
  next_try_at: string | null;
  trouble: string | null;
  logs: Array<LogStatus>;
};

/** One log on the sync page. */
export type LogStatus = {
  log: string;
  title: string;
  seq: string;
  head: string;
  stopped: string | null;
};

/** An item of 同步与冲突: a rejected claim or an unreconciled fact, its text kept. */
export type ConflictDto = {
  id: string;
  kind: string;
  order_id: string;
  order: string;
  act: string;
  by: string;
  at: string;
  text: string;
  reason: string;
  winner: string | null;
  can_redo: boolean;
};

/** Request: settle a conflict. */
export type SettleConflict = {
  id: string;
  how: string;
};

/** Status of an order as lists filter and show it. */
export type OrderStatusDto = "registered" | "dispatched" | "accepted" | "arrived" | "suspended" | "restored" | "worked_around" | "confirmed" | "closed";

/** One clock of an order, derived at `now`. */
export type ClockDto = {
  target: string;
  name: string;
  state: string;
  starts_at: string | null;
  deadline: string | null;
  ended_at: string | null;
  limit_minutes: number | null;
  limit_text: string;
  remaining_minutes: number | null;
  warn_minutes: number;
  rule: string;
  source: string;
  clause: string;
};

/** One row of an order list. */
export type OrderRow = {
  id: string;
  number: string;
  title: string;
  kind: string;
  status: OrderStatusDto;
  level: string | null;
  division: string;
  object: string;
  assignee: string | null;
  reported_at: string;
  next_clock: ClockDto | null;
  pending: number;
  unreconciled: number;
};

/** Request: a page of the order list. All filters combine with "and". */
export type OrderListArgs = {
  view: string;
  search: string | null;
  statuses: Array<OrderStatusDto>;
  division: string | null;
  object: string | null;
  level: string | null;
  kind: string | null;
  assignee: string | null;
  from: string | null;
  to: string | null;
  sort: string | null;
  offset: number;
  limit: number;
};

/** Reply: a page of the order list. */
export type OrderPage = {
  rows: Array<OrderRow>;
  total: number;
  now: string;
};

/** Counts for the queues at the left of the order page and for the tray. */
export type QueueCounts = {
  mine: number;
  division: number;
  unassigned: number;
  due_soon: number;
  broken: number;
  to_confirm: number;
  unreconciled: number;
  open: number;
};

/** One line of an order's timeline. */
export type TimelineEntry = {
  id: string;
  kind: string;
  title: string;
  text: string;
  by: string;
  at: string;
  recorded_at: string | null;
  trust: string | null;
  verdict: string;
  reason: string | null;
  seq: string | null;
  trust_text: string | null;
};

/** A step the user may take on an order now. */
export type StepDto = {
  step: string;
  name: string;
  key: string | null;
  fields: Array<StepField>;
  primary: boolean;
};

/** A field asked for by a step. */
export type StepField = {
  key: string;
  label: string;
  kind: string;
  required: boolean;
  choices: Array<Choice>;
};

/** A value and its label. */
export type Choice = {
  value: string;
  label: string;
};

/** Request: take a step on an order. */
export type StepArgs = {
  order_id: string;
  step: string;
  text: string | null;
  claimed_at: string | null;
  fields: { [key in string]: string };
  idempotency_key: string;
};

/** Reply to a write: what it did and which kinds of data it made stale. */
export type Written = {
  id: string;
  message: string;
  changed: Array<string>;
};

/** The whole of one order. */
export type OrderDetail = {
  row: OrderRow;
  detail: string;
  channel: string;
  reporter_unit: string;
  reporter: ReporterDto | null;
  clocks: Array<ClockDto>;
  timeline: Array<TimelineEntry>;
  steps: Array<StepDto>;
  level_why: string;
  open_choices: Array<RuleChoice>;
  contract_version: string;
  as_of_seq: string;
};

/** Sealed parts of a registration. */
export type ReporterDto = {
  name: string;
  phone: string;
  room: string;
};

/** A rule that matched an order for a target. */
export type RuleChoice = {
  target: string;
  target_name: string;
  rule: string;
  source: string;
  clause: string;
  suggested: boolean;
  why: string;
  needs: Array<string>;
};

/** Request: one order. */
export type OrderGet = {
  id: string;
};

/** Request: explain a clock. */
export type ExplainArgs = {
  order_id: string;
  target: string;
};

/** Reply: where a clock comes from. */
export type ExplainDto = {
  clock: ClockDto;
  segments: Array<SegmentDto>;
  days: Array<DayDto>;
  events: Array<TimelineEntry>;
  matched: Array<RuleChoice>;
  settings: Array<string>;
};

/** A run of counted or uncounted time. */
export type SegmentDto = {
  from: string;
  to: string;
  counted: boolean;
  why: string;
  text: string;
};

/** A calendar day. */
export type DayDto = {
  date: string;
  kind: string;
  holiday: string | null;
};

/** What the register form needs. */
export type RegisterForm = {
  divisions: Array<string>;
  objects: Array<ObjectDto>;
  levels: Array<LevelDto>;
  people: Array<PersonDto>;
  reminder: string;
};

/** A maintenance object. */
export type ObjectDto = {
  no: string;
  name: string;
  division: string;
  system_class: string | null;
  period: string;
  warning: string | null;
  initials: string;
};

/** A level of the contract. */
export type LevelDto = {
  level: string;
  priority: string;
  definition: string;
  source: string;
};

/** A person that work can go to. */
export type PersonDto = {
  id: string;
  name: string;
  post: string;
  division: string;
  onsite: boolean;
  open_orders: number;
  initials: string;
};

/** The facts the level assistant asks for. */
export type LevelFacts = {
  object: string | null;
  system_class: string | null;
  share: string | null;
  vip: boolean | null;
  security_event: boolean | null;
  request: boolean | null;
};

/** What the contract's matrix says to these facts, and the clocks that would run. */
export type LevelAdvice = {
  level: string | null;
  fits: Array<string>;
  why: string;
  clocks: Array<ClockDto>;
  matched: Array<RuleChoice>;
};

/** Request: register (and dispatch) an order. */
export type RegisterArgs = {
  kind: string;
  title: string;
  detail: string;
  division: string;
  object: string;
  level: string | null;
  level_reason: string | null;
  facts: LevelFacts;
  channel: string;
  reported_at: string | null;
  reason: string | null;
  reporter_unit: string;
  reporter: ReporterDto | null;
  dispatch_to: string | null;
  idempotency_key: string;
};

/** The Today page in one read. */
export type TodayDto = {
  day: DayDto;
  mine: Array<OrderRow>;
  unassigned: Array<OrderRow>;
  counts: QueueCounts;
  today: Array<TargetCount>;
  conflicts: Array<ConflictDto>;
  upcoming: Array<DayDto>;
  now: string;
};

/** Met and missed of a target. */
export type TargetCount = {
  target: string;
  name: string;
  met: number;
  missed: number;
};

/** Request: the chart of met and missed clocks by week and target. */
export type ChartArgs = {
  target: string | null;
  weeks: number;
  theme: string;
  width: number;
  height: number;
};

/** Reply: an SVG and the numbers in it. */
export type ChartDto = {
  svg: string;
  rows: Array<ChartRow>;
};

/** One bar pair. */
export type ChartRow = {
  week: string;
  target: string;
  met: number;
  missed: number;
};

/** Settings of this console. */
export type SettingsDto = {
  theme: string;
  idle_lock_minutes: number;
  notify: boolean;
  centre: string;
  centre_fingerprint: string;
  device: string;
  store_path: string;
  version: string;
  keyring_slot: boolean;
  contracts: Array<string>;
  calendar_years: string;
};

/** Request: change settings of this console. */
export type SettingsChange = {
  theme: string | null;
  idle_lock_minutes: number | null;
  notify: boolean | null;
};

/** A message pushed to the UI: topics that are stale now, or a reminder to show. */
export type PushDto = {
  changed: Array<string>;
  reminders: Array<ReminderDto>;
};

/** A reminder: a new order, or a clock about to break. */
export type ReminderDto = {
  kind: string;
  order_id: string;
  title: string;
  body: string;
};

/** Result of verifying chain and projections. */
export type VerifyDto = {
  ok: boolean;
  events: number;
  problems: Array<string>;
  message: string;
};

export interface Commands {
  "session.get": { args: Nothing; reply: SessionDto };
  "session.enrol": { args: Enrol; reply: SessionDto };
  "session.log_in": { args: LogIn; reply: SessionDto };
  "session.log_out": { args: Nothing; reply: SessionDto };
  "session.lock": { args: Nothing; reply: SessionDto };
  "session.unlock": { args: Unlock; reply: SessionDto };
  "session.change_password": { args: ChangePassword; reply: SessionDto };
  "sync.status": { args: Nothing; reply: SyncStatus };
  "sync.now": { args: Nothing; reply: SyncStatus };
  "sync.conflicts": { args: Nothing; reply: Array<ConflictDto> };
  "sync.settle": { args: SettleConflict; reply: Written };
  "order.list": { args: OrderListArgs; reply: OrderPage };
  "order.counts": { args: Nothing; reply: QueueCounts };
  "order.get": { args: OrderGet; reply: OrderDetail };
  "order.step": { args: StepArgs; reply: Written };
  "order.explain": { args: ExplainArgs; reply: ExplainDto };
  "order.register_form": { args: Nothing; reply: RegisterForm };
  "order.level_advice": { args: LevelFacts & { level?: string | null }; reply: LevelAdvice };
  "order.register": { args: RegisterArgs; reply: Written };
  "today.get": { args: Nothing; reply: TodayDto };
  "chart.met_missed": { args: ChartArgs; reply: ChartDto };
  "settings.get": { args: Nothing; reply: SettingsDto };
  "settings.change": { args: SettingsChange; reply: SettingsDto };
  "audit.verify": { args: Nothing; reply: VerifyDto };
}
