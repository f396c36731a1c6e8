import type { PostDto, RosterPersonDto, RosterView } from "@/generated/door";
import { type Ground, groundOf, monthOf } from "./ground";
import type { Overlay } from "./sheet";

/** A small month for the tests of this folder: three people, four days, three posts. */
export const DATES = ["2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04"];
const LOAD = { hours: 0, shifts: 0, nights: 0, weekends: 0, holidays: 0, standby: 0 };

const person = (
  id: string,
  name: string,
  initials: string,
  more: Partial<RosterPersonDto> = {},
): RosterPersonDto => ({
  id,
  name,
  initials,
  division: "A总队",
  post: null,
  onsite: true,
  skills: [],
  joined: null,
  left: null,
  load: LOAD,
  missing: [],
  mine: false,
  may_edit: true,
  ...more,
});
const post = (id: string, name: string, letter: string, more: Partial<PostDto> = {}): PostDto => ({
  id,
  name,
  letter,
  kind: "duty",
  kind_text: "值班",
  shift: "24h",
  hours: "08:00-次日08:00",
  count: 1,
  dates: DATES.slice(0, 3),
  days_text: "非工作日",
  skill: null,
  pair_of: null,
  onsite: true,
  standby: false,
  call_in_minutes: null,
  divisions: [],
  place: null,
  source: null,
  basis: null,
  ...more,
});

export function testView(more: Partial<RosterView> = {}): RosterView {
  return {
    month: "2025-10",
    contract: "guangxi-police",
    stage: "draft",
    stage_text: "编制中",
    version: 0,
    today: "2025-09-20",
    frozen_before: null,
    days: DATES.map((date, index) => ({
      date,
      weekday: "周三",
      kind: index < 3 ? "statutory" : "workday",
      badge: index < 3 ? "节" : null,
      holiday: null,
      off: index < 3,
    })),
    posts: [
      post("lead", "带班", "带", { kind: "lead" }),
      post("duty", "值班主", "值"),
      post("standby", "备勤", "备", { kind: "standby", standby: true, count: 2 }),
    ],
    people: [
      person("a", "演示甲", "ysj"),
      person("b", "演示乙", "ysy"),
      person("c", "演示丙", "ysb", { may_edit: false }),
    ],
    cells: [
      {
        date: DATES[0] as string,
        post: "duty",
        people: [{ id: "a", swapped: false, pending: true }],
        pinned: ["a"],
        waived: [],
        by: null,
        comments: 1,
      },
      {
        date: DATES[0] as string,
        post: "standby",
        people: [
          { id: "b", swapped: false, pending: false },
          { id: "c", swapped: false, pending: false },
        ],
        pinned: [],
        waived: [],
        by: null,
        comments: 0,
      },
    ],
    template: ["a", "b", "c"].map((id) => ({ person: id, letters: ["", "", "", "白"] })),
    leave: [{ person: "b", from: "2025-10-03", to: "2025-10-04", letter: "假", asked: false }],
    wishes: [{ person: "a", date: "2025-10-02", want: "off", weight: 2, granted: true }],
    problems: [],
    coverage: [],
    cost: { total: 0, fairness: 0, wishes: 0 },
    may: {
      edit: true,
      submit: false,
      return: false,
      approve: false,
      consent: false,
      publish: false,
      comment: true,
      wish: true,
      confirm: false,
      swap: false,
      take_over: false,
      why_not: null,
    },
    comments: [],
    versions: [],
    confirmations: [],
    acts: [],
    takeovers: [],
    pending: 0,
    ...more,
  };
}

export function testOverlay(
  view: RosterView,
  more: Partial<Overlay> = {},
): { ground: Ground; overlay: Overlay } {
  const base = monthOf(view);
  const overlay = { base, month: base, proposed: null, ringed: null, problems: view.problems, ...more };
  return { ground: groundOf(view), overlay };
}
