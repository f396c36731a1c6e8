import { dayWord } from "@/features/duty/dates";
import type { CellDto, PostDto, RosterDayDto, RosterPersonDto, RosterView } from "@/generated/door";
import { type Cells, cellKey, holders, type Month } from "./cells";

/** What lies under the cells, looked up quickly: made once for each reply of the door. */
export interface Ground {
  view: RosterView;
  days: RosterDayDto[];
  posts: PostDto[];
  people: RosterPersonDto[];
  post: ReadonlyMap<string, PostDto>;
  person: ReadonlyMap<string, RosterPersonDto>;
  /** Posts to be filled by date. */
  needed: ReadonlyMap<string, PostDto[]>;
  /** `date/person` → letter of leave. */
  leave: ReadonlyMap<string, { letter: string; asked: boolean }>;
  /** `date/person` → what the template says. */
  template: ReadonlyMap<string, string>;
  /** `date/person` → wish. */
  wish: ReadonlyMap<string, { want: string; weight: number; granted: boolean }>;
  /** `date/post` → the cell as the door told it. */
  cell: ReadonlyMap<string, CellDto>;
}

export function groundOf(view: RosterView): Ground {
  const needed = new Map<string, PostDto[]>(view.days.map((day) => [day.date, []]));
  for (const post of view.posts) for (const date of post.dates) needed.get(date)?.push(post);
  const leave = new Map<string, { letter: string; asked: boolean }>();
  for (const each of view.leave)
    for (const { date } of view.days)
      if (date >= each.from && date <= each.to)
        leave.set(`${date}/${each.person}`, { letter: each.letter, asked: each.asked });
  const template = new Map<string, string>();
  for (const each of view.template)
    view.days.forEach(({ date }, index) => {
      template.set(`${date}/${each.person}`, each.letters[index] ?? "");
    });
  return {
    view,
    days: view.days,
    posts: view.posts,
    people: view.people,
    post: new Map(view.posts.map((post) => [post.id, post])),
    person: new Map(view.people.map((person) => [person.id, person])),
    needed,
    leave,
    template,
    wish: new Map(view.wishes.map((wish) => [`${wish.date}/${wish.person}`, wish])),
    cell: new Map(view.cells.map((cell) => [cellKey(cell.date, cell.post), cell])),
  };
}

/** The month as the door told it. */
export function monthOf(view: RosterView): Month {
  const people = new Map<string, readonly string[]>();
  const pins = new Map<string, readonly string[]>();
  for (const cell of view.cells) {
    const key = cellKey(cell.date, cell.post);
    if (cell.people.length) people.set(key, cell.people.map((each) => each.id).sort());
    if (cell.pinned.length) pins.set(key, [...cell.pinned].sort());
  }
  return { people, pins };
}

/** `date/person` → posts held, duty before standby, in the order of the settings. */
export function heldBy(ground: Ground, cells: Cells): ReadonlyMap<string, PostDto[]> {
  const held = new Map<string, PostDto[]>();
  const ordered = [...ground.posts].sort((a, b) => Number(a.standby) - Number(b.standby));
  for (const post of ordered)
    for (const { date } of ground.days)
      for (const person of holders(cells, date, post.id)) {
        const key = `${date}/${person}`;
        const posts = held.get(key);
        if (posts) posts.push(post);
        else held.set(key, [post]);
      }
  return held;
}

/** Why a cell may not be changed; null where it may. */
export function lockOf(ground: Ground, date: string): string | null {
  const { may, frozen_before: frozen } = ground.view;
  if (!may.edit) return may.why_not ?? "本月排班现在不能修改。";
  if (frozen && date < frozen) return `${date.slice(5)} 已发布且已过去，不能再改。`;
  return null;
}

export const nameOf = (ground: Ground, id: string) => ground.person.get(id)?.name ?? "（已不在名单）";
export const namesOf = (ground: Ground, ids: readonly string[]) =>
  ids.map((id) => nameOf(ground, id)).join("、");
export const postName = (ground: Ground, id: string) => ground.post.get(id)?.name ?? "";
/** `10-03 周五 值班主`. */
export const placeName = (ground: Ground, date: string, post: string) =>
  `${dayWord(date)} ${postName(ground, post)}`;
