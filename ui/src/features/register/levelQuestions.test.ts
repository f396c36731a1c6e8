import { describe, expect, it } from "vitest";
import type { LevelAdvice, LevelQuestionDto } from "@/generated/door";
import { answerOf, answerTo, levelFacts, levelWords, NO_ANSWERS, reasonFor } from "./levelQuestions";

const question = (key: string, values: string[], answer: string | null = null): LevelQuestionDto => ({
  key,
  text: key,
  choices: values.map((value) => ({ value, label: value })),
  answer,
});
const advice = (outcome: string, level: string | null, questions: LevelQuestionDto[] = []): LevelAdvice => ({
  level,
  fits: level ? [level] : [],
  why: "",
  clocks: [],
  matched: [],
  questions,
  outcome,
  clauses: [],
});

describe("answers", () => {
  it("go where their question asks", () => {
    expect(answerTo("vip", "true")).toEqual({ vip: true });
    expect(answerTo("security_event", "no")).toEqual({ security_event: false });
    expect(answerTo("request", "yes")).toEqual({ kind: "request" });
    expect(answerTo("share", "under_half")).toEqual({ share: "under_half" });
    expect(answerTo("level", "重大故障")).toEqual({ level: "重大故障" });
    expect(answerTo("something newer", "x")).toEqual({});
  });

  it("are shown as the choice they are, also when the words for yes differ", () => {
    const vip = question("vip", ["yes", "no"]);
    expect(answerOf(vip, { ...NO_ANSWERS, vip: null })).toBe("");
    expect(answerOf(vip, NO_ANSWERS)).toBe("no");
    expect(answerOf(question("request", ["true", "false"]), NO_ANSWERS)).toBe("false");
  });

  it("give way to a person's, else show what the console knows", () => {
    const known = question("system_class", ["core", "general"], "core");
    expect(answerOf(known, NO_ANSWERS)).toBe("core");
    expect(answerOf(known, { ...NO_ANSWERS, system_class: "general" })).toBe("general");
  });

  it("say whether it is a request", () =>
    expect(levelFacts({ ...NO_ANSWERS, ...answerTo("request", "true") }, null).request).toBe(true));

  it("leave out what has not been said", () =>
    expect(levelFacts(NO_ANSWERS, "5.2")).toEqual({
      object: "5.2",
      system_class: null,
      share: null,
      vip: false,
      security_event: false,
      request: false,
    }));
});

it("takes the words of a level apart", () => {
  expect(levelWords("重大故障：全网中断 [003:149]", "重大故障")).toEqual({
    words: "全网中断",
    source: "003:149",
  });
  expect(levelWords("1级：严重故障", "1")).toEqual({ words: "严重故障", source: null });
  expect(levelWords("紧急", "紧急")).toEqual({ words: "紧急", source: null });
});

describe("a reason", () => {
  const words = [question("level", ["1", "2"])];
  it.each([
    ["the contract's own level", "3", advice("level", "3"), "none"],
    ["another level", "2", advice("level", "3"), "owed"],
    ["a gap of the document", "2", advice("gap", null), "owed"],
    ["an overlap of the document", "2", advice("overlap", null), "owed"],
    ["questions left open", "2", advice("ask", null), "owed"],
    ["a level picked by its words", "2", advice("ask", null, words), "none"],
    ["a contract without levels", "2", advice("no_levels", null), "welcome"],
    ["no level at all", null, advice("gap", null), "none"],
  ])("for %s", (_, level, given, expected) => expect(reasonFor(level, given)).toBe(expected));
});
