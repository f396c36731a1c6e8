import { dayWord } from "@/features/duty/dates";
import type { PostDto } from "@/generated/door";
import { cellKey, holders, isPinned } from "./cells";
import { type Ground, lockOf, namesOf } from "./ground";
import { toneOfPost } from "./letters";
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

const SPLIT = /[\s、，,;；/]+/;

/** The people a text names, by name or pinyin initials; or the word that names nobody, or several. */
export function peopleOfText(text: string, ground: Ground): { people: string[]; mistake: string | null } {
  const found: string[] = [];
  for (const word of text.trim().split(SPLIT).filter(Boolean)) {
    const whole = ground.people.filter((person) => person.name === word || person.id === word);
    const fit = whole.length
      ? whole
      : ground.people.filter((person) => person.initials === word.toLowerCase());
    if (fit.length !== 1)
      return {
        people: [],
        mistake: fit.length ? `“${word}”有 ${fit.length} 人，请写全名。` : `名单里没有“${word}”。`,
      };
    found.push((fit[0] as { id: string }).id);
  }
  return { people: [...new Set(found)].sort(), mistake: null };
}

/** Date × posts: who holds each post on each day. */
export function postsSheet(ground: Ground, overlay: Overlay, before: readonly RowLook[] = []): Sheet {
  const { days, posts } = ground;
  const shown = overlay.proposed ?? overlay.month;
  const worst = worstBy(overlay.problems, (problem) =>
    problem.date && problem.post ? [cellKey(problem.date, problem.post)] : [],
  );
  const same = (one: readonly string[], other: readonly string[]) => one.join() === other.join();

  function lookAt(date: string, post: PostDto): CellLook {
    const key = cellKey(date, post.id);
    const people = holders(shown.people, date, post.id);
    const cell = ground.cell.get(key);
    const [base, mine] = [overlay.base, overlay.month];
    return {
      text: namesOf(ground, people),
      tone: people.length ? toneOfPost(post) : "none",
      faint: false,
      blank: !post.dates.includes(date) && people.length === 0,
      pin: holders(shown.pins, date, post.id).length > 0,
      comment: Boolean(cell?.comments),
      wish: null,
      swap: Boolean(cell?.people.some((each) => each.swapped)),
      waived: Boolean(cell?.waived.length),
      pending: Boolean(cell?.people.some((each) => each.pending)),
      problem: worst.get(key) ?? null,
      edited:
        base !== mine &&
        (!same(holders(base.people, date, post.id), holders(mine.people, date, post.id)) ||
          !same(holders(base.pins, date, post.id), holders(mine.pins, date, post.id))),
      ghost: shown !== mine && !same(holders(mine.people, date, post.id), people),
      ring: overlay.ringed?.has(key) ?? false,
    };
  }
  const looks = keptRows(
    before,
    days.map((day) =>
      rowLook(
        day.date,
        posts.map((post) => lookAt(day.date, post)),
      ),
    ),
  );

  function put(row: number, col: number, people: readonly string[]): Meaning {
    const [day, post] = [days[row], posts[col]];
    if (!day || !post) return meaning([]);
    const now = holders(shown.people, day.date, post.id);
    const added = people.filter((id) => !now.includes(id));
    const removed = now.filter((id) => !people.includes(id));
    if (added.length + removed.length === 0) return meaning([]);
    const lock = lockOf(ground, day.date);
    if (lock) return mistaken(lock);
    if (added.length && !post.dates.includes(day.date))
      return mistaken(`${dayWord(day.date)} 不设“${post.name}”（${post.days_text}）。`);
    const foreign = [...added, ...removed].find((id) => ground.person.get(id)?.may_edit === false);
    if (foreign) return mistaken(`${namesOf(ground, [foreign])}不在您负责的部门，请由该部门的项目经理来排。`);
    return meaning([{ layer: "people", date: day.date, post: post.id, added, removed }]);
  }

  return {
    kind: "posts",
    rows: days.length,
    cols: posts.length,
    looks,
    text: (row, col) => looks[row]?.cells[col]?.text ?? "",
    write(row, col, text) {
      const { people, mistake } = peopleOfText(text, ground);
      return mistake === null ? put(row, col, people) : mistaken(mistake);
    },
    // A letter begins a name here: the cell's editor takes it.
    press: () => meaning([]),
    place: (row, col) => ({ date: days[row]?.date ?? null, post: posts[col]?.id ?? null, person: null }),
    find({ date, post, person }) {
      const row = days.findIndex((day) => day.date === date);
      const held =
        person && date ? posts.find((each) => holders(shown.people, date, each.id).includes(person)) : null;
      const col = posts.findIndex((each) => each.id === (post ?? held?.id));
      return row < 0 ? null : { row, col: Math.max(0, col) };
    },
    words(row, col) {
      const [day, post] = [days[row], posts[col]];
      if (!day || !post) return "";
      const people = holders(shown.people, day.date, post.id);
      if (people.length === 0 && !post.dates.includes(day.date))
        return `${dayWord(day.date)}　${post.name}　不设（${post.days_text}）`;
      const names = people.map(
        (id) => namesOf(ground, [id]) + (isPinned(shown, day.date, post.id, id) ? "（钉住）" : ""),
      );
      const told = overlay.problems.filter(
        (each) => each.date === day.date && each.post === post.id && !each.waived,
      );
      const diff = overlay.ringed?.get(cellKey(day.date, post.id));
      return [
        `${dayWord(day.date)}　${post.name} ${post.hours}`,
        names.join("、") || `空缺，应 ${post.count} 人`,
        ...(diff ? [`${namesOf(ground, diff.before) || "无"} → ${namesOf(ground, diff.after) || "无"}`] : []),
        ...told.map((each) => each.text),
      ].join("　");
    },
  };
}
