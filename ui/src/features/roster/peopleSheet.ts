import { dayWord } from "@/features/duty/dates";
import type { PostDto } from "@/generated/door";
import { type Change, cellKey, changesBetween, holders, isPinned, type Month, splitKey } from "./cells";
import { type Ground, heldBy, lockOf, namesOf, postName } from "./ground";
import { keyOf, postOfKey, postsOfText, toneOfLetter, toneOfPost } from "./letters";
import {
  type CellLook,
  keptRows,
  type Meaning,
  meaning,
  mistaken,
  type Overlay,
  type RowLook,
  rowLook,
  type Sheet,
  worstBy,
} from "./sheet";

const LETTERS_MAX = 2;

/** People × days: what each person does on each day. */
export function peopleSheet(ground: Ground, overlay: Overlay, before: readonly RowLook[] = []): Sheet {
  const { people, days } = ground;
  const shown = overlay.proposed ?? overlay.month;
  const held = heldBy(ground, shown.people);
  const worst = worstBy(overlay.problems, (problem) =>
    problem.date && problem.person ? [`${problem.date}/${problem.person}`] : [],
  );
  const lookAt = lookMaker(ground, overlay, shown, held, worst);
  const looks = keptRows(
    before,
    people.map((person) =>
      rowLook(
        person.id,
        days.map((day) => lookAt(day.date, person.id)),
      ),
    ),
  );
  const key = (row: number, col: number) => `${days[col]?.date}/${people[row]?.id}`;
  const postsAt = (row: number, col: number) => held.get(key(row, col)) ?? [];

  function put(row: number, col: number, posts: readonly PostDto[]): Meaning {
    const [person, day] = [people[row], days[col]];
    if (!person || !day) return meaning([]);
    const now = postsAt(row, col);
    const added = posts.filter((post) => !now.includes(post));
    const removed = now.filter((post) => !posts.includes(post));
    if (added.length + removed.length === 0) return meaning([]);
    const lock = lockOf(ground, day.date);
    if (lock) return mistaken(lock);
    if (!person.may_edit) return mistaken(`${person.name}不在您负责的部门，请由该部门的项目经理来排。`);
    const idle = added.find((post) => !post.dates.includes(day.date));
    if (idle) return mistaken(`${dayWord(day.date)} 不设“${idle.name}”（${idle.days_text}）。`);
    const change = (post: PostDto, side: "added" | "removed"): Change => ({
      layer: "people",
      date: day.date,
      post: post.id,
      added: side === "added" ? [person.id] : [],
      removed: side === "removed" ? [person.id] : [],
    });
    return meaning([
      ...removed.map((post) => change(post, "removed")),
      ...added.map((post) => change(post, "added")),
    ]);
  }

  return {
    kind: "people",
    rows: people.length,
    cols: days.length,
    looks,
    text: (row, col) => looks[row]?.cells[col]?.text ?? "",
    write(row, col, text) {
      // What the template or leave says is no cell of the roster.
      if (looks[row]?.cells[col]?.faint && text.trim() === looks[row]?.cells[col]?.text) return meaning([]);
      const leave = new Set(ground.view.leave.map((each) => each.letter));
      if (leave.has(text.trim())) return put(row, col, []);
      // Posts of the day first: the same letter may stand for another post on other days.
      const date = days[col]?.date ?? "";
      const here = postsOfText(text, ground.needed.get(date) ?? []);
      const { posts, unknown } = here.unknown === null ? here : postsOfText(text, ground.posts);
      return unknown === null ? put(row, col, posts) : mistaken(`“${unknown}”不是本月的岗位。`);
    },
    press(row, col, letter, add) {
      const now = postsAt(row, col);
      const date = days[col]?.date ?? "";
      // Posts of other days answer only where none of this day does: the refusal names them.
      const open = /[1-9]/.test(letter)
        ? []
        : ground.posts.filter((post) => post.dates.includes(date) && keyOf(post.letter) === letter);
      const post = postOfKey(
        letter,
        open.length ? open : ground.posts,
        now.length === 1 ? (now[0]?.id ?? null) : null,
      );
      if (!post) return mistaken(`没有用“${letter.toUpperCase()}”排的岗位。`);
      return put(row, col, add ? [...now, post] : [post]);
    },
    place: (row, col) => ({
      date: days[col]?.date ?? null,
      person: people[row]?.id ?? null,
      post: postsAt(row, col)[0]?.id ?? null,
    }),
    find({ date, post, person }) {
      const col = days.findIndex((day) => day.date === date);
      const who = person ?? (date && post ? holders(shown.people, date, post)[0] : null);
      const row = people.findIndex((each) => each.id === who);
      return col < 0 ? null : { row: Math.max(0, row), col };
    },
    words(row, col) {
      const [person, day] = [people[row], days[col]];
      if (!person || !day) return "";
      return `${person.name}　${dayWord(day.date)}　${wordsOf(ground, overlay, shown, day.date, person.id, postsAt(row, col))}`;
    },
  };
}

function lookMaker(
  ground: Ground,
  overlay: Overlay,
  shown: Month,
  held: ReadonlyMap<string, PostDto[]>,
  worst: ReadonlyMap<string, "hard" | "soft">,
) {
  const edits = touched(overlay.base, overlay.month);
  const ghosts = touched(overlay.month, shown);
  const ringed = new Set<string>();
  for (const [key, { before, after }] of overlay.ringed ?? []) {
    const [date] = splitKey(key);
    for (const id of before) if (!after.includes(id)) ringed.add(`${date}/${id}`);
    for (const id of after) if (!before.includes(id)) ringed.add(`${date}/${id}`);
  }
  return (date: string, person: string): CellLook => {
    const key = `${date}/${person}`;
    const posts = held.get(key);
    const wish = ground.wish.get(key)?.want;
    const look: CellLook = {
      ...(posts ? heldLook(posts) : restLook(ground, key)),
      blank: false,
      pin: false,
      comment: false,
      wish: wish === "on" || wish === "off" ? wish : null,
      swap: false,
      waived: false,
      pending: false,
      problem: worst.get(key) ?? null,
      edited: edits.has(key),
      ghost: ghosts.has(key),
      ring: ringed.has(key),
    };
    for (const post of posts ?? []) {
      if (isPinned(shown, date, post.id, person)) look.pin = true;
      const cell = ground.cell.get(cellKey(date, post.id));
      const mine = cell?.people.find((each) => each.id === person);
      if (cell?.comments) look.comment = true;
      if (cell?.waived.length) look.waived = true;
      if (mine?.swapped) look.swap = true;
      if (mine?.pending) look.pending = true;
    }
    return look;
  };
}

/** `date/person` of everybody who came, went, or was pinned or freed between two months. */
function touched(from: Month, to: Month): Set<string> {
  return new Set(
    changesBetween(from, to).flatMap(({ date, added, removed }) =>
      [...added, ...removed].map((person) => `${date}/${person}`),
    ),
  );
}

function heldLook(posts: readonly PostDto[]) {
  const letters = posts.map((post) => post.letter).join("");
  const text = letters.length > LETTERS_MAX + 1 ? `${letters.slice(0, LETTERS_MAX)}+` : letters;
  return { text, tone: toneOfPost(posts[0] as PostDto), faint: false };
}

function restLook(ground: Ground, key: string) {
  const leave = ground.leave.get(key);
  const text = leave?.letter ?? ground.template.get(key) ?? "";
  return { text, tone: toneOfLetter(text), faint: true };
}

function wordsOf(
  ground: Ground,
  overlay: Overlay,
  shown: Month,
  date: string,
  person: string,
  posts: readonly PostDto[],
): string {
  const key = `${date}/${person}`;
  const said = posts.map(
    (post) => `${post.name} ${post.hours}${isPinned(shown, date, post.id, person) ? "（钉住）" : ""}`,
  );
  const leave = ground.leave.get(key);
  if (leave) said.push(leave.asked ? `请假待批（${leave.letter}）` : `请假（${leave.letter}）`);
  if (said.length === 0) said.push(ground.template.get(key) ? "正常上班" : "休息");
  const wish = ground.wish.get(key);
  if (wish) said.push(wish.want === "on" ? "希望值班" : "希望不排班");
  for (const [cell, { before, after }] of overlay.ringed ?? [])
    if (cell.startsWith(`${date}/`) && before.includes(person) !== after.includes(person))
      said.push(
        `${postName(ground, splitKey(cell)[1])}：${namesOf(ground, before) || "无"} → ${namesOf(ground, after) || "无"}`,
      );
  for (const problem of overlay.problems)
    if (problem.date === date && problem.person === person && !problem.waived) said.push(problem.text);
  return said.join("；");
}
