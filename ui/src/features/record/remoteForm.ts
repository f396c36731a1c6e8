import type { CaretakerDto, PersonDto, RemoteDto } from "@/generated/door";

/** 代记 while it is being filled; `on_behalf` empty: not recorded for anybody. */
export interface RemoteValues {
  on_behalf: string;
  way: string;
  entry_permit: string;
  escort: string;
  person_days: string;
}

export const NO_REMOTE: RemoteValues = {
  on_behalf: "",
  way: "phone",
  entry_permit: "",
  escort: "",
  person_days: "",
};

export const WAYS = [
  { value: "phone", label: "电话支持" },
  { value: "visit", label: "到场服务" },
];

/** What is missing, by field. */
export function remoteLacks(values: RemoteValues): Record<string, string> {
  const found: Record<string, string> = {};
  if (!values.on_behalf) return found;
  if (values.way === "visit" && !values.entry_permit.trim()) found.entry_permit = "到场服务须填入场证编号";
  if (values.way === "visit" && !values.escort.trim()) found.escort = "到场服务须填陪同人";
  if (values.person_days.trim() && !/^\d{1,3}(\.\d)?$/.test(values.person_days.trim()))
    found.person_days = "如 0.5 或 1";
  return found;
}

/** How the colleague worked, where there is one. */
export function remoteOf(values: RemoteValues): RemoteDto | null {
  if (!values.on_behalf) return null;
  const text = (value: string) => value.trim() || null;
  const visit = values.way === "visit";
  return {
    way: values.way,
    entry_permit: visit ? text(values.entry_permit) : null,
    escort: visit ? text(values.escort) : null,
    person_days: text(values.person_days),
  };
}

/** Colleagues of a division first, as the picker shows them. */
export function colleagueItems(people: PersonDto[], division: string) {
  return people
    .filter((each) => !each.division || !division || each.division === division)
    .map((each) => ({
      value: each.id,
      text: each.name,
      initials: each.initials,
      note: [each.division, each.post].filter(Boolean).join(" · "),
    }));
}

/** Who records for the colleagues of a division. */
export function caretakerOf(caretakers: CaretakerDto[], division: string): CaretakerDto | null {
  return caretakers.find((each) => each.division === division) ?? null;
}

/** `电话支持`, `到场服务，入场证 RC-01，陪同 值班员，0.5 人日`. */
export function remoteText(remote: RemoteDto): string {
  const way = WAYS.find((each) => each.value === remote.way)?.label ?? remote.way;
  return [
    way,
    remote.entry_permit && `入场证 ${remote.entry_permit}`,
    remote.escort && `陪同 ${remote.escort}`,
    remote.person_days && `${remote.person_days} 人日`,
  ]
    .filter(Boolean)
    .join("，");
}
