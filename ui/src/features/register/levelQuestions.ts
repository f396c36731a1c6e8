import type { LevelAdvice, LevelFacts, LevelQuestionDto } from "@/generated/door";

/** The facts a person gives; null and the empty text stand for what has not been said. */
export interface LevelAnswers {
  kind: string;
  system_class: string;
  share: string;
  vip: boolean | null;
  security_event: boolean | null;
  level: string;
}

/** Before anybody says a word: no VIP and no security event, shown as such and seldom otherwise. */
export const NO_ANSWERS: LevelAnswers = {
  kind: "incident",
  system_class: "",
  share: "",
  vip: false,
  security_event: false,
  level: "",
};

const YES = ["true", "yes", "1"];
const isYes = (value: string) => YES.includes(value);

/** What an answer says. */
export function answerTo(key: string, value: string): Partial<LevelAnswers> {
  switch (key) {
    case "vip":
      return { vip: isYes(value) };
    case "security_event":
      return { security_event: isYes(value) };
    case "request":
      return { kind: isYes(value) ? "request" : "incident" };
    case "system_class":
      return { system_class: value };
    case "share":
      return { share: value };
    case "level":
      return { level: value };
    default:
      return {};
  }
}

/** The choice to be shown as taken: the person's answer, else what the console knows already. */
export function answerOf(question: LevelQuestionDto, answers: LevelAnswers): string {
  const said = saidOf(question.key, answers);
  if (typeof said === "boolean")
    return question.choices.find((choice) => isYes(choice.value) === said)?.value ?? "";
  return said || question.answer || "";
}

function saidOf(key: string, answers: LevelAnswers): string | boolean {
  switch (key) {
    case "vip":
      return answers.vip ?? "";
    case "security_event":
      return answers.security_event ?? "";
    case "request":
      return answers.kind === "request";
    case "system_class":
      return answers.system_class;
    case "share":
      return answers.share;
    case "level":
      return answers.level;
    default:
      return "";
  }
}

/** The words of a level, without its name before them and its source behind them. */
export function levelWords(label: string, level: string): { words: string; source: string | null } {
  const source = /\s*\[([^\]]+)\]$/.exec(label);
  const text = source ? label.slice(0, source.index) : label;
  const rest = text.startsWith(level) ? text.slice(level.length).replace(/^\s*级?\s*[：:，]?\s*/, "") : text;
  return { words: rest || text, source: source?.[1] ?? null };
}

/** The facts as the door takes them. */
export function levelFacts(answers: LevelAnswers, object: string | null): LevelFacts {
  return {
    object,
    system_class: answers.system_class || null,
    share: answers.share || null,
    vip: answers.vip,
    security_event: answers.security_event,
    request: answers.kind === "request",
  };
}

/** Whether the contract prints no matrix: its levels are words, and a person picks by them. */
export function picksByWords(advice: LevelAdvice): boolean {
  return advice.questions.some((question) => question.key === "level");
}

/** Whether a reason for a level is asked for, and whether it is owed or only welcome. */
export function reasonFor(level: string | null, advice: LevelAdvice | null): "none" | "welcome" | "owed" {
  if (level === null || advice === null || level === advice.level) return "none";
  if (advice.outcome === "no_levels") return "welcome";
  return picksByWords(advice) ? "none" : "owed";
}
