import type { RosterActDto, RosterStage, RosterView } from "@/generated/door";

/** The way of a month, as the stage bar shows it. */
export type Step = "draft" | "submit" | "approve" | "consent" | "publish";
export interface StepLook {
  step: Step;
  name: string;
  state: "done" | "here" | "ahead";
  act: RosterActDto | null;
}
/** What can be done next, and by which command. */
export interface NextAct {
  step: Exclude<Step, "draft">;
  name: string;
}

const STEPS: { step: Step; name: string; act: string }[] = [
  { step: "draft", name: "编制", act: "opened" },
  { step: "submit", name: "送审", act: "submitted" },
  { step: "approve", name: "审核", act: "approved" },
  { step: "consent", name: "采购人同意", act: "consented" },
  { step: "publish", name: "发布", act: "published" },
];
/** How many steps lie behind a stage. */
const BEHIND: Record<RosterStage, number> = {
  draft: 0,
  submitted: 2,
  approved: 3,
  consented: 4,
  published: 5,
};

const lastOf = (acts: readonly RosterActDto[], names: readonly string[]) =>
  [...acts].reverse().find((each) => names.includes(each.act)) ?? null;

/** The steps with who and when. Acts of an earlier round are not shown as this one's. */
export function stepsOf(view: Pick<RosterView, "stage" | "acts">): StepLook[] {
  const behind = BEHIND[view.stage];
  return STEPS.map(({ step, name, act }, index) => ({
    step,
    name,
    state: index < behind ? "done" : index === Math.max(behind, 0) ? "here" : "ahead",
    act: index < behind || index === 0 ? lastOf(view.acts, [act]) : null,
  }));
}

/** The one next act the person may do. */
export function nextAct(view: Pick<RosterView, "may" | "version">): NextAct | null {
  const { may } = view;
  if (may.publish)
    return { step: "publish", name: view.version ? `发布第 ${view.version + 1} 版（变更报备）` : "发布" };
  if (may.consent) return { step: "consent", name: "登记采购人同意" };
  if (may.approve) return { step: "approve", name: "审核通过" };
  if (may.submit) return { step: "submit", name: "送审" };
  return null;
}

/** Why the month was sent back, while it lies with its author again. */
export function returnedWords(view: Pick<RosterView, "stage" | "acts">): RosterActDto | null {
  const last = lastOf(view.acts, ["submitted", "returned", "published"]);
  return view.stage === "draft" && last?.act === "returned" ? last : null;
}
