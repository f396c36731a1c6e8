import { wordsOf } from "./match";

/** A text cut into parts, those that were searched for marked. */
export interface Part {
  text: string;
  hit: boolean;
}

/** Cuts `text` at every place where one of the words of `query` stands. */
export function marks(text: string, query: string): Part[] {
  const words = [...new Set(wordsOf(query))].sort((a, b) => b.length - a.length);
  if (words.length === 0) return [{ text, hit: false }];
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text
    .split(new RegExp(`(${escaped.join("|")})`, "gi"))
    .map((part, index) => ({ text: part, hit: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}
