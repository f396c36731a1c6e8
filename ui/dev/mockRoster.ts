import type {
  CellEdit,
  CoverageDayDto,
  LedgerPersonDto,
  PostDto,
  ProblemDto,
  RosterCompare,
  RosterDayDto,
  RosterLoadDto,
  RosterMay,
  RosterOwed,
  RosterPersonDto,
  RosterStage,
  RosterView,
  SwapDto,
} from "@/generated/door";
import { initials } from "./mockData";

/** October 2025 of contract 001 with made-up people: `?data=normal` has 33, `crowded` 63, `empty` no posts. */
const MONTH = "2025-10";
const asked = new URLSearchParams(location.search);
const data = asked.get("data") ?? "normal";
const engineer = asked.get("role") === "engineer";
const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const STATUTORY = ["01", "02", "03", "06"];
const HOLIDAY = "国庆节、中秋节";
const two = (value: number) => String(value).padStart(2, "0");

const days: RosterDayDto[] = Array.from({ length: 31 }, (_, index) => {
  const date = `${MONTH}-${two(index + 1)}`;
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const day = two(index + 1);
  const span = index < 8;
  const makeup = day === "11";
  const kind = STATUTORY.includes(day)
    ? "statutory"
    : makeup
      ? "makeup"
      : span
        ? "bridge"
        : weekday % 6 === 0
          ? "weekend"
          : "workday";
  return {
    date,
    weekday: WEEK[weekday] ?? "",
    kind,
    badge: kind === "statutory" ? "节" : span ? "放" : makeup ? "班" : null,
    holiday: span || makeup ? HOLIDAY : null,
    off: !["workday", "makeup"].includes(kind),
  };
});
const datesOf = (fits: (day: RosterDayDto) => boolean) => days.filter(fits).map((day) => day.date);

function post(id: string, name: string, letter: string, more: Partial<PostDto>): PostDto {
  return {
    id,
    name,
    letter,
    kind: "duty",
    kind_text: "值班",
    shift: "24h",
    hours: "08:00-次日08:00",
    count: 1,
    dates: datesOf((day) => day.off),
    days_text: "非工作日",
    skill: null,
    pair_of: null,
    onsite: true,
    standby: false,
    call_in_minutes: null,
    divisions: [],
    place: "2号楼 1205 值班室",
    source: null,
    basis: "《运维值班安排通知》2025-09",
    ...more,
  };
}
const posts: PostDto[] = [
  post("lead", "带班", "带", { kind: "lead", kind_text: "带班", place: null }),
  post("duty", "值班主", "值", { source: "001:1262" }),
  post("deputy", "值班副", "副", { pair_of: "duty" }),
  post("night", "夜间值守", "夜", {
    shift: "night",
    hours: "20:00-次日08:00",
    dates: datesOf((day) => !day.off),
    days_text: "工作日",
  }),
  post("standby", "备勤", "备", {
    kind: "standby",
    kind_text: "备勤",
    standby: true,
    count: 2,
    dates: days.map((day) => day.date),
    days_text: "每天",
    call_in_minutes: 60,
    onsite: false,
    place: null,
    source: "001:27",
  }),
];
const postById = (id: string) => posts.find((each) => each.id === id) as PostDto;

const SURNAMES =
  "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰";
const NO_LOAD: RosterLoadDto = { hours: 0, shifts: 0, nights: 0, weekends: 0, holidays: 0, standby: 0 };
const size = data === "crowded" ? 63 : 33;
const people: RosterPersonDto[] = Array.from({ length: size }, (_, index) => {
  const name = `演示${SURNAMES[index]}`;
  return {
    id: `u${index + 1}`,
    name,
    initials: initials(name),
    division: `${"ABCDEFGHIJKL"[Math.floor((index * 12) / size)]}总队`,
    post: `P${two(index + 1)}`,
    onsite: true,
    skills: index % 3 === 0 ? ["网络"] : [],
    joined: null,
    left: null,
    load: NO_LOAD,
    missing: index === 12 ? ["没有《保密承诺书》"] : [],
    mine: index === (engineer ? 4 : 0),
    may_edit: !engineer,
  };
});

/** Goes round, each post with a pointer of its own; two gaps and one clash are left to be seen. */
function filled(): Map<string, string[]> {
  const cells = new Map<string, string[]>();
  let next = 0;
  for (const day of days)
    for (const each of posts) {
      if (!each.dates.includes(day.date)) continue;
      const chosen: string[] = [];
      for (let n = 0; n < each.count; n++) chosen.push(people[next++ % people.length]?.id ?? "u1");
      cells.set(`${day.date}/${each.id}`, chosen.sort());
    }
  cells.delete(`${MONTH}-19/deputy`);
  cells.set(`${MONTH}-25/standby`, cells.get(`${MONTH}-25/standby`)?.slice(0, 1) ?? []);
  const clash = cells.get(`${MONTH}-21/night`)?.[0] ?? "u1";
  cells.set(`${MONTH}-22/night`, [clash]);
  return cells;
}
let cells = data === "empty" ? new Map<string, string[]>() : filled();
const first = new Map(cells);
first.set(`${MONTH}-18/duty`, ["u9"]);
first.set(`${MONTH}-26/lead`, ["u3"]);
let pins = new Set<string>([`${MONTH}-18/lead`, `${MONTH}-25/lead`, `${MONTH}-26/duty`]);
const waived = new Map<string, string>();
let stage: RosterStage = (asked.get("stage_of") as RosterStage | null) ?? "draft";
let open = data !== "empty" && !asked.has("unopened");
const confirmed = new Set<string>(["u9"]);
const clashed = cells.get(`${MONTH}-22/night`)?.[0] ?? "u1";
const leave = [
  { person: clashed, from: `${MONTH}-28`, to: `${MONTH}-30`, letter: "假", asked: false },
  { person: "u7", from: `${MONTH}-13`, to: `${MONTH}-17`, letter: "差", asked: false },
  { person: "u15", from: `${MONTH}-20`, to: `${MONTH}-21`, letter: "调", asked: true },
];
let wishes = [
  { person: "u1", date: `${MONTH}-18`, want: "off", weight: 2, granted: true },
  { person: "u5", date: `${MONTH}-19`, want: "off", weight: 3, granted: true },
  { person: "u8", date: `${MONTH}-25`, want: "on", weight: 1, granted: false },
];
const comments = [
  {
    id: "c1",
    date: `${MONTH}-18`,
    post: "duty",
    text: "这一天指挥中心有演练，主岗请排熟悉视频会议的人。",
    by: "演示采购人",
    at: "2025-10-13T15:20:00+08:00",
    pending: false,
  },
  {
    id: "c2",
    date: null as string | null,
    post: null as string | null,
    text: "十一前后已按上月台账补偿，本月下半月尽量不给同一个人排两个周末。",
    by: "演示甲",
    at: "2025-10-14T09:05:00+08:00",
    pending: asked.get("link") === "offline",
  },
];
const takeovers = [
  {
    id: "t1",
    place: { date: `${MONTH}-12`, post: "duty" },
    from: "2025-10-12T19:40:00+08:00",
    person: "u6",
    instead_of: "u11",
    reason: "突发高烧，已去医院",
    state: "open",
    decide_by: "2025-10-13T18:00:00+08:00",
    late: true,
    may_decide: !engineer,
    pending: false,
  },
];
const swaps: SwapDto[] = [
  {
    id: "s1",
    by: "u5",
    by_name: "演示戊",
    mine: { date: `${MONTH}-25`, post: "duty" },
    with: "u9",
    with_name: "演示壬",
    theirs: { date: `${MONTH}-26`, post: "duty" },
    reason: "孩子家长会",
    state: "accepted",
    state_text: "双方已同意，待审批",
    asked_at: "2025-10-14T11:00:00+08:00",
    decided_by: null,
    text: "可以",
    problems: [],
    may_answer: false,
    may_withdraw: false,
    may_decide: !engineer,
    pending: false,
  },
  {
    id: "s2",
    by: "u14",
    by_name: "演示卯",
    mine: { date: `${MONTH}-21`, post: "night" },
    with: "u5",
    with_name: "演示戊",
    theirs: null,
    reason: "",
    state: "asked",
    state_text: "待对方答复",
    asked_at: "2025-10-15T08:40:00+08:00",
    decided_by: null,
    text: "",
    problems: [
      {
        rule: "rest",
        severity: "hard",
        date: `${MONTH}-21`,
        post: "night",
        person: "u5",
        text: "换后演示戊 10-21 夜班前只休息 8 小时，少于 12 小时。",
        source: "本项目约定，缺省",
        waived: null,
      },
    ],
    may_answer: engineer,
    may_withdraw: false,
    may_decide: false,
    pending: true,
  },
];

const nameOf = (id: string) => people.find((each) => each.id === id)?.name ?? id;
function problemsOf(now: Map<string, string[]>): ProblemDto[] {
  const found: ProblemDto[] = [];
  const add = (
    rule: string,
    severity: string,
    date: string | null,
    at: string | null,
    person: string | null,
    text: string,
    source: string,
  ) =>
    found.push({
      rule,
      severity,
      date,
      post: at,
      person,
      text,
      source,
      waived: waived.get([rule, date, at, person].join("|")) ?? null,
    });
  for (const day of days)
    for (const each of posts) {
      if (!each.dates.includes(day.date)) continue;
      const held = now.get(`${day.date}/${each.id}`) ?? [];
      if (held.length < each.count)
        add(
          "uncovered",
          "hard",
          day.date,
          each.id,
          null,
          `${each.name}应 ${each.count} 人，现 ${held.length} 人。`,
          each.source ?? "本项目约定",
        );
      if (held.length > each.count)
        add(
          "overstaffed",
          "hard",
          day.date,
          each.id,
          null,
          `${each.name}应 ${each.count} 人，现 ${held.length} 人。`,
          "本项目约定",
        );
      for (const id of held) {
        const away = leave.find(
          (one) => one.person === id && !one.asked && one.from <= day.date && one.to >= day.date,
        );
        if (away) add("on_leave", "hard", day.date, each.id, id, `${nameOf(id)}当天请假。`, "本项目约定");
        if (people.find((one) => one.id === id)?.missing.length && each.onsite)
          add(
            "missing_papers",
            "hard",
            day.date,
            each.id,
            id,
            `${nameOf(id)}没有《保密承诺书》，不能上岗。`,
            "001:1794",
          );
        const before = days[days.indexOf(day) - 1]?.date;
        if (each.id === "night" && before && now.get(`${before}/night`)?.includes(id))
          add(
            "rest",
            "hard",
            day.date,
            each.id,
            id,
            `${nameOf(id)}两个夜班之间要上白班，休息不足 12 小时。`,
            "本项目约定，缺省",
          );
      }
    }
  for (const wish of wishes)
    if (
      wish.want === "off" &&
      posts.some((each) => now.get(`${wish.date}/${each.id}`)?.includes(wish.person))
    )
      add("wish", "soft", wish.date, null, wish.person, `${nameOf(wish.person)}希望这天不排班。`, "本人意愿");
  add("freeze", "soft", `${MONTH}-01`, null, null, "10-01 至 10-08 封网，当天不安排变更。", "本项目约定");
  return found;
}
function coverageOf(now: Map<string, string[]>): CoverageDayDto[] {
  return days.map(({ date }) => {
    const lacks = posts
      .filter((each) => each.dates.includes(date))
      .map((each) => each.count - (now.get(`${date}/${each.id}`)?.length ?? 0));
    const missing = lacks.reduce((sum, each) => sum + Math.max(0, each), 0);
    return { date, state: missing ? "thin" : lacks.length ? "full" : "none", missing };
  });
}
const HOURS: Record<string, number> = { "24h": 24, night: 12, day: 12 };
function loadOf(now: Map<string, string[]>): Record<string, RosterLoadDto> {
  const loads = Object.fromEntries(people.map((each) => [each.id, { ...NO_LOAD }]));
  for (const [key, held] of now) {
    const [date = "", id = ""] = key.split("/");
    const day = days.find((each) => each.date === date);
    const at = postById(id);
    for (const person of held) {
      const load = loads[person];
      if (!load || !day) continue;
      if (at.standby) {
        load.standby++;
        continue;
      }
      load.shifts++;
      load.hours += HOURS[at.shift] ?? 8;
      if (at.shift !== "day") load.nights++;
      if (day.kind === "weekend") load.weekends++;
      if (day.holiday && day.off) load.holidays++;
    }
  }
  return loads;
}
const costOf = (now: Map<string, string[]>) => {
  const shifts = Object.values(loadOf(now)).map((load) => load.shifts);
  const mean = shifts.reduce((sum, each) => sum + each, 0) / shifts.length;
  const fairness = shifts.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { total: fairness + 1, fairness, wishes: 1 };
};
const withEdits = (edits: CellEdit[]) => {
  const now = new Map(cells);
  for (const edit of edits) now.set(`${edit.date}/${edit.post}`, [...edit.people].sort());
  return now;
};

function may(): RosterMay {
  const is = (...stages: RosterStage[]) => stages.includes(stage) && !engineer;
  return {
    edit: is("draft", "published"),
    submit: is("draft"),
    return: is("submitted", "approved"),
    approve: is("submitted"),
    consent: is("approved"),
    publish: is("consented"),
    comment: true,
    wish: stage === "draft",
    confirm: engineer && !confirmed.has("u5"),
    swap: true,
    take_over: true,
    why_not: engineer
      ? "排班由项目经理编制；您可以查看、意见、填意愿、申请换班。"
      : stage === "submitted"
        ? "已送审，退回后才能修改。"
        : null,
  };
}
const STAGE_TEXT: Record<RosterStage, string> = {
  draft: "编制中（第 2 版）",
  submitted: "待审核（第 2 版）",
  approved: "已审核，待采购人同意",
  consented: "采购人已同意，待发布",
  published: "已发布（第 2 版）",
};
const ACTS = [
  ["opened", "开月", "演示甲", "2025-09-22T10:00:00+08:00", ""],
  ["submitted", "送审", "演示甲", "2025-10-14T16:30:00+08:00", "下半月调整"],
  ["approved", "审核", "演示乙", "2025-10-14T17:10:00+08:00", ""],
  ["consented", "采购人同意", "科信办", "2025-10-15T09:00:00+08:00", "《关于十月下半月值班调整的复函》"],
  ["published", "发布", "演示甲", "2025-10-15T09:20:00+08:00", ""],
] as const;
const ACTS_AT: Record<RosterStage, number> = {
  draft: 1,
  submitted: 2,
  approved: 3,
  consented: 4,
  published: 5,
};

function view(): RosterView {
  const loads = loadOf(cells);
  const problems = problemsOf(cells);
  const offline = asked.get("link") === "offline";
  const returned = asked.has("returned") && stage === "draft";
  const acts = ACTS.slice(0, ACTS_AT[stage]).map(([act, title, by, at, text]) => ({
    act,
    title,
    by,
    at,
    text,
    pending: false,
  }));
  if (returned)
    acts.push(
      {
        act: "submitted",
        title: "送审",
        by: "演示甲",
        at: "2025-10-14T10:00:00+08:00",
        text: "",
        pending: false,
      } as never,
      {
        act: "returned",
        title: "退回",
        by: "演示乙",
        at: "2025-10-14T11:30:00+08:00",
        text: "10-19 副岗空着，10-22 夜班和前一天是同一个人，请调整。",
        pending: false,
      } as never,
    );
  return {
    month: MONTH,
    contract: "guangxi-police",
    stage,
    stage_text: STAGE_TEXT[stage],
    version: 1,
    today: `${MONTH}-15`,
    frozen_before: `${MONTH}-15`,
    days,
    posts,
    people: people.map((each) => ({ ...each, load: loads[each.id] ?? NO_LOAD })),
    cells: [...cells].map(([key, held]) => {
      const [date = "", id = ""] = key.split("/");
      return {
        date,
        post: id,
        people: held.map((person) => ({
          id: person,
          swapped: key === `${MONTH}-12/duty`,
          pending: offline && date > `${MONTH}-27`,
        })),
        pinned: pins.has(key) ? held : [],
        waived: [...waived.keys()]
          .filter((each) => each.includes(`|${date}|${id}|`))
          .map((each) => each.split("|")[0] ?? ""),
        by: "演示甲",
        comments: comments.filter((each) => each.date === date && each.post === id).length,
      };
    }),
    template: people.map((each) => ({ person: each.id, letters: days.map((day) => (day.off ? "" : "白")) })),
    leave,
    wishes,
    problems,
    coverage: coverageOf(cells),
    cost: costOf(cells),
    may: may(),
    comments,
    versions: [
      {
        n: 1,
        at: "2025-09-26T17:00:00+08:00",
        by: "演示甲",
        submitted_by: "演示甲",
        approved_by: "演示乙",
        consent: "科信办 2025-09-26《十月值班安排的复函》",
        note: "",
        changes: 143,
      },
    ],
    confirmations: people.slice(3, 12).map((each, index) => ({
      person: each.id,
      name: each.name,
      version: 1,
      seen_at: index < 6 ? "2025-09-27T09:00:00+08:00" : null,
      confirmed_at: confirmed.has(each.id) || index < 4 === !each.mine ? "2025-09-27T09:10:00+08:00" : null,
      mine: each.mine,
    })),
    acts,
    takeovers,
    pending: offline ? 4 : 0,
  };
}

/** The machine of the mock: the least loaded who is free. */
function draft(keep: string, edits: CellEdit[]) {
  const now = withEdits(edits);
  const proposal: CellEdit[] = [];
  const gaps: {
    date: string;
    post: string;
    missing: number;
    why: { person: string; rule: string; text: string }[];
  }[] = [];
  const shifts = new Map(people.map((each) => [each.id, 0]));
  for (const held of now.values()) for (const id of held) shifts.set(id, (shifts.get(id) ?? 0) + 1);
  for (const day of days.filter((each) => each.date >= `${MONTH}-15`))
    for (const each of posts) {
      if (!each.dates.includes(day.date)) continue;
      const key = `${day.date}/${each.id}`;
      const held = keep === "pins" && !pins.has(key) ? [] : [...(now.get(key) ?? [])];
      const before = (now.get(key) ?? []).join();
      const busy = new Set(posts.flatMap((other) => now.get(`${day.date}/${other.id}`) ?? []));
      for (const person of [...people].sort((a, b) => (shifts.get(a.id) ?? 0) - (shifts.get(b.id) ?? 0))) {
        if (held.length >= each.count) break;
        const away = leave.some(
          (one) => one.person === person.id && one.from <= day.date && one.to >= day.date,
        );
        if (busy.has(person.id) || held.includes(person.id) || away || person.missing.length) continue;
        held.push(person.id);
        shifts.set(person.id, (shifts.get(person.id) ?? 0) + 1);
      }
      held.sort();
      if (held.join() !== before)
        proposal.push({ date: day.date, post: each.id, people: held, was: now.get(key) ?? [] });
      now.set(key, held);
    }
  gaps.push({
    date: `${MONTH}-31`,
    post: "standby",
    missing: 1,
    why: [
      { person: "u7", rule: "on_leave", text: "请假" },
      { person: "u13", rule: "missing_papers", text: "没有《保密承诺书》" },
      { person: "u2", rule: "rest", text: "前一天夜班，休息不足 12 小时" },
    ],
  });
  return { cells: proposal, gaps, cost: costOf(now), seconds: 1.4, proven_best: false };
}

const told = (message: string) => ({ id: `roster/${MONTH}`, message, changed: ["roster"] });
const move = (next: RosterStage, message: string) => {
  stage = next;
  return told(message);
};

/** A plain picture of the size asked for: the real one is drawn in Rust. */
function chart(args: { width: number; height: number; theme: string }) {
  const loads = Object.values(loadOf(cells));
  const most = Math.max(...loads.map((load) => load.hours), 1);
  const step = args.width / loads.length;
  const bars = loads.map(
    (load, index) =>
      `<rect x="${index * step + 1}" y="${args.height - (load.hours / most) * (args.height - 10)}" width="${step - 2}" height="${(load.hours / most) * (args.height - 10)}" fill="${args.theme === "dark" ? "#79b0f2" : "#1b5da6"}"/>`,
  );
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${args.width}" height="${args.height}">${bars.join("")}</svg>`,
  };
}

function printed(form: string) {
  const held = (date: string, id: string) => (cells.get(`${date}/${id}`) ?? []).map(nameOf).join("、");
  const common = {
    head: ["报送单位：演示科技有限公司", "2025年10月1日至10月31日", "第 1 版（2025-09-26 发布）"],
    legend: [] as string[],
    foot: ["编制：演示甲", "审核：演示乙", "采购人：科信办（2025-09-26）", "第 1 版　打印 2025-10-15 14:20"],
    notes: [] as string[],
    watermark: stage === "draft" ? "草稿" : null,
  };
  // Numbers nobody has.
  const numbers = (date: string, ids: string[]) =>
    ids
      .flatMap((id) => cells.get(`${date}/${id}`) ?? [])
      .map((id) => `000${String(1_0000_000 + people.findIndex((each) => each.id === id) * 37)}`)
      .join("\n");
  if (form === "list")
    return {
      ...common,
      title: "10月值班（备勤）表",
      columns: ["日期", "星期", "带班", "值班主/副", "备勤", "联系电话", "值班地点/电话", "备注"],
      rows: days.map((day) => ({
        cells: [
          day.date.slice(5),
          day.weekday.slice(1) + (day.badge ? `（${day.badge}）` : ""),
          held(day.date, "lead"),
          day.off
            ? `${held(day.date, "duty")} / ${held(day.date, "deputy") || "　　"}`
            : held(day.date, "night"),
          held(day.date, "standby"),
          numbers(day.date, day.off ? ["duty", "deputy"] : ["night"]),
          "2号楼1205 0771-0000000",
          day.holiday && day.off ? day.holiday : day.badge === "班" ? "补班" : "",
        ],
        shaded: day.off,
      })),
    };
  return {
    ...common,
    title: "2025年10月排班表",
    columns: [
      "姓名",
      "部门",
      ...days.map((day) => `${Number(day.date.slice(8))}\n${day.weekday.slice(1)}${day.badge ?? ""}`),
      "值班",
      "备勤",
      "小时",
    ],
    rows: people.map((person) => {
      const load = loadOf(cells)[person.id] ?? NO_LOAD;
      return {
        cells: [
          person.name,
          `${person.division} ${person.post ?? ""}`,
          ...days.map(
            (day) =>
              posts
                .filter((each) => cells.get(`${day.date}/${each.id}`)?.includes(person.id))
                .map((each) => each.letter)
                .join("") || (day.off ? "" : "白"),
          ),
          String(load.shifts || ""),
          String(load.standby || ""),
          String(load.hours || ""),
        ],
        shaded: false,
      };
    }),
    legend: posts.map((each) => `${each.letter} ${each.name} ${each.hours}`).concat("白 正常上班"),
  };
}

function ledger(): LedgerPersonDto[] {
  const loads = loadOf(cells);
  return people.map((each, index) => {
    const load = loads[each.id] ?? NO_LOAD;
    return {
      id: each.id,
      name: each.name,
      division: each.division,
      load: { ...load, hours: load.hours + (index % 5) * 24 },
      holidays: {
        春节: index % 4 === 0 ? 1 : 0,
        清明节: index % 9 === 0 ? 1 : 0,
        劳动节: index % 6 === 0 ? 1 : 0,
        "国庆节、中秋节": load.holidays,
      },
      owed_days: load.holidays + load.weekends,
    };
  });
}

/** 调休 of the year: the days off of the month, some of them booked. */
function owed(year: number): RosterOwed {
  const offs = days.filter((day) => day.off);
  const of = (person: string, statutory: boolean) =>
    offs
      .filter((day) => (day.badge === "节") === statutory)
      .flatMap((day) => {
        const held = posts.filter(
          (each) => !each.standby && cells.get(`${day.date}/${each.id}`)?.includes(person),
        );
        const names = held.map((each) => each.name).join("、");
        return held.length ? [{ date: day.date, posts: names, holiday: day.holiday }] : [];
      });
  return {
    year,
    months: ["2025-10"],
    note: "按已发布版本统计，只是建议，由项目经理决定：休息日有班（备勤除外）的，每天换一天，本项目约定；法定节假日当天的班按规定支付加班费，不折调休（劳动法第四十四条）。已批准的调休按其中的工作日扣减。",
    people: people.map((each, index) => {
      const earned = of(each.id, false);
      const booked =
        index % 4 === 0 && earned.length
          ? [{ from: "2025-10-24", to: "2025-10-24", days: 1, asked: index % 8 === 0 }]
          : [];
      const granted = booked.filter((one) => !one.asked).length;
      return {
        id: each.id,
        name: each.name,
        division: each.division,
        mine: each.mine,
        earned,
        statutory: of(each.id, true),
        booked,
        booked_days: granted,
        left_days: earned.length - granted,
      };
    }),
  };
}

const compare = (a: number, b: number): RosterCompare => {
  const of = (n: number) => (n === 0 ? cells : first);
  const keys = [...new Set([...of(a).keys(), ...of(b).keys()])].sort();
  return {
    a,
    b,
    changes: keys.flatMap((key) => {
      const [before, after] = [of(a).get(key) ?? [], of(b).get(key) ?? []];
      const [date = "", at = ""] = key.split("/");
      return before.join() === after.join() ? [] : [{ date, post: at, before, after }];
    }),
  };
};

// biome-ignore lint/suspicious/noExplicitAny: the page's own calls are typed; here they arrive as JSON.
export const rosterCommands: Record<string, (args: any) => unknown> = {
  "roster.months": () => ({
    months: open
      ? [{ month: MONTH, stage, version: 1, changed: true, gaps: 2, to_confirm: may().confirm, pending: 0 }]
      : [],
    current: MONTH,
    openable: data === "empty" || engineer ? [] : open ? ["2025-11"] : [MONTH],
    hint:
      data === "empty"
        ? "还没有约定值班岗位。先在“合同 › 项目约定 › 值班岗位”里写明岗位、班次、人数和依据，再来开月。"
        : null,
  }),
  "roster.get": view,
  "roster.open": () => {
    open = true;
    return told("已开 2025年10月排班");
  },
  "roster.edit": (args) => {
    cells = withEdits(args.cells);
    for (const pin of args.pins) {
      const key = `${pin.date}/${pin.post}`;
      pins = new Set(pin.pinned ? [...pins, key] : [...pins].filter((each) => each !== key));
    }
    return told(`已保存 ${args.cells.length} 格`);
  },
  "roster.check": (args) => {
    const now = withEdits(args.cells);
    return { problems: problemsOf(now), coverage: coverageOf(now), cost: costOf(now), load: loadOf(now) };
  },
  "roster.draft": (args) => new Promise((done) => setTimeout(() => done(draft(args.keep, args.cells)), 700)),
  "roster.repair": (args) => ({
    proposals: people
      .filter((each) => each.id !== args.person && !each.missing.length)
      .slice(4, 8)
      .map((each, index) => ({
        cells: posts
          .filter((at) => cells.get(`${args.from}/${at.id}`)?.includes(args.person))
          .map((at) => ({
            date: args.from,
            post: at.id,
            people: (cells.get(`${args.from}/${at.id}`) ?? []).map((id) =>
              id === args.person ? each.id : id,
            ),
            was: cells.get(`${args.from}/${at.id}`) ?? [],
          })),
        text: `由${each.name}顶上，本月 ${index + 3} 班`,
        changes: 1,
        cost_delta: [-0.6, 0.4, 1.8, 3.2][index] ?? 0,
      })),
    gaps: [
      {
        date: args.from,
        post: "duty",
        missing: 0,
        why: [
          { person: "u2", rule: "rest", text: "前一天夜班，休息不足 12 小时" },
          { person: "u7", rule: "on_leave", text: "出差至 10-17" },
          { person: "u13", rule: "missing_papers", text: "没有《保密承诺书》" },
        ],
      },
    ],
  }),
  "roster.waive": (args) => {
    waived.set([args.rule, args.date, args.post, args.person].join("|"), args.reason);
    return told("已放行，理由随排班存档");
  },
  "roster.comment": (args) => {
    comments.push({
      id: `c${comments.length + 1}`,
      date: args.date,
      post: args.post,
      text: args.text,
      by: "演示甲",
      at: "2025-10-15T14:20:00+08:00",
      pending: false,
    });
    return told("意见已写");
  },
  "roster.wish": (args) => {
    const me = people.find((each) => each.mine)?.id ?? "u1";
    wishes = wishes.filter((wish) => wish.person !== me || wish.date !== args.date);
    if (args.want !== "none")
      wishes.push({ person: me, date: args.date, want: args.want, weight: args.weight, granted: true });
    return told("意愿已记下");
  },
  "roster.submit": () => move("submitted", "已送审，等待审核"),
  "roster.return": () => move("draft", "已退回编制"),
  "roster.approve": () => move("approved", "审核通过"),
  "roster.consent": () => move("consented", "已登记采购人同意"),
  "roster.publish": () => move("published", "已发布，相关人员会收到知悉提醒"),
  "roster.seen": () => told("已看"),
  "roster.confirm": () => {
    confirmed.add(people.find((each) => each.mine)?.id ?? "");
    return told("已确认知悉");
  },
  "roster.compare": (args) => compare(args.a, args.b),
  "roster.swaps": () => swaps,
  "roster.swap_ask": () => told("已发出换班申请，等待对方答复"),
  "roster.swap_answer": () => told("已答复"),
  "roster.swap_decide": (args) => {
    const swap = swaps.find((each) => each.id === args.swap);
    if (swap)
      Object.assign(swap, {
        may_decide: false,
        state: args.approve ? "approved" : "refused",
        state_text: args.approve ? "已同意" : "未同意",
      });
    return told("已审批");
  },
  "roster.takeover_decide": (args) => {
    Object.assign(takeovers[0] as object, {
      may_decide: false,
      state: args.approve ? "approved" : "refused",
      late: false,
    });
    return told("已追认");
  },
  "roster.take_over": () => told("已登记顶岗"),
  "roster.print": (args) => printed(args.form),
  "roster.export": (args) => ({
    name: `2025年10月${args.form}.xlsx`,
    media_type: "application/octet-stream",
    base64: "",
    rows: 31,
    message: "已导出",
  }),
  "roster.import_preview": () => ({
    cells: [
      { date: `${MONTH}-19`, post: "deputy", people: ["u20"], was: [] },
      { date: `${MONTH}-25`, post: "standby", people: ["u21", "u22"], was: [] },
    ],
    rows: 33,
    mistakes: [
      "第 7 行“演示某”不在本月名单里。",
      "第 12 行 18 日的“早”不是本月的岗位（可用：带、值、副、夜、备）。",
    ],
  }),
  "roster.ledger": (args) => ({
    year: args.year,
    months: ["2025-10"],
    holidays: ["春节", "清明节", "劳动节", "国庆节、中秋节"],
    people: ledger(),
    note: "按已发布的月份计；备勤不计小时。调休是建议，由项目经理决定。",
  }),
  "roster.owed": (args) => owed(args.year),
  "roster.ledger_chart": chart,
};
