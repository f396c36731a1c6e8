import type { HandoverForm, HandoverSign, MatterDto, SystemDto, ThingDto } from "@/generated/door";

/** What the form holds while it is being filled. */
export interface FormValues {
  turn: string;
  held: string[];
  to: string;
  witness: string;
  /** Words to orders, by entity id. */
  notes: Record<string, string>;
  things: ThingDto[];
  systems: SystemDto[];
  matters: MatterDto[];
  note: string;
}

/** What a kind is called; one that this version does not know is shown as it is. */
export const kindName = (kinds: [string, string][], code: string) =>
  kinds.find(([each]) => each === code)?.[1] ?? code;

/** A line for another matter. */
export const emptyMatter = (): MatterDto => ({
  id: "",
  kind: "instruction",
  text: "",
  since: "",
  done: false,
});

/** A line for another thing. */
export const emptyThing = (): ThingDto => ({ kind: "key", name: "", count: 1, note: "" });

/** The form as the console filled it, in copies of its own. */
export function valuesOf(form: HandoverForm): FormValues {
  return {
    turn: form.turn,
    held: [...form.held],
    to: form.to ?? "",
    witness: form.witness ?? "",
    notes: Object.fromEntries(form.orders.map((order) => [order.id, order.note])),
    things: form.things.map((each) => ({ ...each })),
    systems: form.systems.map((each) => ({ ...each })),
    matters: form.matters.map((each) => ({ ...each })),
    note: form.note,
  };
}

/** What is signed. Lines nobody wrote anything in are left out. */
export function signArgs(form: HandoverForm, values: FormValues, key: string): HandoverSign {
  return {
    id: form.id,
    signing: form.signing,
    turn: values.turn,
    posts: form.posts.filter((post) => values.held.includes(post.id)),
    to: values.to || null,
    witness: values.witness || null,
    notes: Object.entries(values.notes).filter(([, note]) => note.trim() !== ""),
    things: values.things.filter((each) => each.name.trim() !== "" || each.note.trim() !== ""),
    systems: values.systems,
    matters: values.matters.filter((each) => each.text.trim() !== "" || each.id !== ""),
    note: values.note,
    idempotency_key: key,
  };
}
