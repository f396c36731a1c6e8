/** The boxes of 满意度 as they are printed: the one that was told is ticked, none before. */
export function boxes(satisfaction: string): string {
  const words: [string, string][] = [
    ["satisfied", "满意"],
    ["fairly", "基本满意"],
    ["dissatisfied", "不满意"],
  ];
  return words.map(([code, word]) => `${code === satisfaction ? "☑" : "□"} ${word}`).join("　　");
}

/** Two names of one place, said once where they are the same. */
export function both(first: string, second: string): string {
  return first && second && first !== second ? `${first} / ${second}` : first || second;
}
