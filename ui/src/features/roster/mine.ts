import type { PostDto, RosterDayDto } from "@/generated/door";
import { holders, type Month } from "./cells";
import { type Ground, namesOf } from "./ground";

/** One duty of one person, with who stands beside him. */
export interface Duty {
  day: RosterDayDto;
  post: PostDto;
  /** Others of the same post and of its pair. */
  beside: string;
  swapped: boolean;
  past: boolean;
}

/** A person's duties of the month, by date. */
export function dutiesOf(ground: Ground, month: Month, person: string): Duty[] {
  return ground.days.flatMap((day) =>
    ground.posts.flatMap((post) => {
      const people = holders(month.people, day.date, post.id);
      if (!people.includes(person)) return [];
      const pair = ground.posts.filter((other) => other.pair_of === post.id || post.pair_of === other.id);
      const others = [...people, ...pair.flatMap((other) => holders(month.people, day.date, other.id))];
      const told = ground.cell.get(`${day.date}/${post.id}`)?.people.find((each) => each.id === person);
      return [
        {
          day,
          post,
          beside: namesOf(
            ground,
            others.filter((id) => id !== person),
          ),
          swapped: told?.swapped ?? false,
          past: day.date < ground.view.today,
        },
      ];
    }),
  );
}

/** The wish after the next press: free, rather not, rather yes, free again. */
export function turnedWish(want: string | undefined): "off" | "on" | "none" {
  return want === "off" ? "on" : want === "on" ? "none" : "off";
}
