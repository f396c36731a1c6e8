/** The letters of a cell: which post a key or a text means, and in which colour it is drawn. */

export interface Lettered {
  id: string;
  name: string;
  letter: string;
  kind: string;
  shift: string;
}

/** Pinyin initials of the characters that letters of posts are made of. */
const INITIALS: Record<string, string> = {
  值: "z",
  主: "z",
  副: "f",
  备: "b",
  白: "b",
  夜: "y",
  带: "d",
  二: "e",
  线: "x",
  节: "j",
  假: "j",
  休: "x",
  调: "t",
  差: "c",
  早: "z",
  中: "z",
  晚: "w",
  班: "b",
  保: "b",
  长: "z",
  巡: "x",
  机: "j",
};

/** The keys of a post: the initial of its letter, or the letter itself where it is a Latin one. */
export function keyOf(letter: string): string {
  const first = letter[0] ?? "";
  return INITIALS[first] ?? first.toLowerCase();
}

/** The post a letter key means: the next after `held` among those of that key, so that pressing again goes on. */
export function postOfKey<P extends Lettered>(
  key: string,
  posts: readonly P[],
  held: string | null,
): P | null {
  const fit = /^[1-9]$/.test(key)
    ? posts.slice(Number(key) - 1, Number(key))
    : posts.filter((post) => keyOf(post.letter) === key);
  const now = fit.findIndex((post) => post.id === held);
  return fit[(now + 1) % fit.length] ?? null;
}

/** Words of the template and of leave: they say that no post is held. */
const NO_POST = new Set(["白", "休", "-", "—", "×", "0", "公休"]);
const SPLIT = /[\s、，,;；/+]+/;

/** The posts a text means (`值`, `值备`, `值班主、备勤`), or the piece that means none. */
export function postsOfText<P extends Lettered>(
  text: string,
  posts: readonly P[],
): { posts: P[]; unknown: string | null } {
  const found: P[] = [];
  for (const word of text.trim().split(SPLIT).filter(Boolean)) {
    const whole = posts.find((post) => post.name === word || post.letter === word || post.id === word);
    if (whole) {
      found.push(whole);
      continue;
    }
    if (NO_POST.has(word)) continue;
    const pieces = lettersIn(word, posts);
    if (!pieces) return { posts: [], unknown: word };
    found.push(...pieces);
  }
  return { posts: [...new Set(found)], unknown: null };
}

/** A word made of nothing but letters, the longest first; null where a piece is none. */
function lettersIn<P extends Lettered>(word: string, posts: readonly P[]): P[] | null {
  const longest = [...posts].sort((a, b) => b.letter.length - a.letter.length);
  const found: P[] = [];
  let rest = word;
  while (rest) {
    const post = longest.find((each) => rest.startsWith(each.letter));
    if (post) {
      found.push(post);
      rest = rest.slice(post.letter.length);
    } else if (NO_POST.has(rest[0] as string)) rest = rest.slice(1);
    else return null;
  }
  return found;
}

export type Tone = "day" | "night" | "duty" | "standby" | "lead" | "rest" | "leave" | "line" | "none";

/** The colour of a post's letter. */
export function toneOfPost(post: Pick<Lettered, "kind" | "shift">): Tone {
  if (post.kind === "standby") return "standby";
  if (post.kind === "lead") return "lead";
  if (post.kind === "second_line") return "line";
  if (post.shift === "night") return "night";
  return post.shift === "24h" || post.kind === "holiday" ? "duty" : "day";
}

/** The colour of a letter that is no post's: the template's, or of leave. */
export function toneOfLetter(letter: string): Tone {
  if (letter === "" || letter === " ") return "none";
  if (letter === "白") return "day";
  return letter === "休" ? "rest" : "leave";
}
