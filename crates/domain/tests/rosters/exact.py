"""The best known cost of each roster here, by exact solvers; not part of the program.

    python3 -m venv v && v/bin/pip install ortools highspy
    v/bin/python exact.py SECONDS cpsat|highs FILE.json …

`FILE.draft.json` beside a file, printed by `zaigangctl roster draft`, is where CP-SAT begins. What HiGHS
found best lies in `best.tsv`.

The model is written anew from the interface, without a look at the program: one 0/1 variable for each
person and cell, squares as the exact upper envelope of their tangents at whole numbers. The number of
open turns is minimised first, the cost under it second. Calendars are those of assets/calendars.
"""
import datetime as dt
import json
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
CALENDARS = HERE.parents[3] / "assets" / "calendars"
HOURS = {"day": [(480, 1200)], "night": [(1200, 1920)], "24h": [(480, 1920)]}


def calendar(year):
    """Date -> (worked, statutory, holiday or None)."""
    pack = json.loads((CALENDARS / f"{year}.json").read_text())
    days = {}
    date = dt.date(year, 1, 1)
    while date.year == year:
        days[date] = (date.weekday() < 5, False, None)
        date += dt.timedelta(1)
    for item in pack["items"]:
        date, last = dt.date.fromisoformat(item["from"]), dt.date.fromisoformat(item["to"])
        statutory = {day["date"] for day in item["statutory"]}
        while date <= last:
            days[date] = (False, date.isoformat() in statutory, item["heading"])
            date += dt.timedelta(1)
        for makeup in item["makeup"]:
            days[dt.date.fromisoformat(makeup)] = (True, False, item["heading"])
    return days


class Month:
    def __init__(self, path):
        self.plan = plan = json.loads(pathlib.Path(path).read_text())
        year, month = map(int, plan["month"].split("-"))
        known = calendar(year)
        self.days = [date for date in sorted(known) if (date.year, date.month) == (year, month)]
        self.known = known
        self.posts = {post["id"]: post for post in plan["posts"]}
        self.people = [person["id"] for person in plan["people"]]
        self.of = {person["id"]: person for person in plan["people"]}
        self.cells = [(p["id"], d) for d in self.days for p in plan["posts"] if self.needed(p, d)]
        self.present = [
            p["id"]
            for p in plan["people"]
            if p["joined"] <= self.days[0].isoformat() and (p["left"] or "9999") >= self.days[-1].isoformat()
        ]

    def needed(self, post, date):
        worked, statutory, _ = self.known[date]
        days = post["days"]
        runs = {"all": True, "workday": worked, "nonworkday": not worked, "statutory": statutory}
        hit = date.isoformat() in days if isinstance(days, list) else runs[days]
        return post["count"] if hit else 0

    def spans(self, cell):
        post, date = self.posts[cell[0]], cell[1]
        base = (date - self.days[0]).days * 1440

        def minute(text):
            return int(text[:2]) * 60 + int(text[3:])

        hours = HOURS.get(post["shift"])
        if post["shift"] in self.plan.get("shift_hours", {}):
            pairs = [(minute(a), minute(b)) for a, b in self.plan["shift_hours"][post["shift"]]]
            hours = [(a, b if b > a else b + 1440) for a, b in pairs]
        return [(base + a, base + b) for a, b in hours]

    def excluded(self, one, two):
        """Whether nobody can hold both."""
        a, b = self.posts[one[0]], self.posts[two[0]]
        overlap = any(s < f and e < g for s, g in self.spans(one) for e, f in self.spans(two))
        standby = (a["standby"], b["standby"])
        night = lambda post: post["shift"] in ("night", "24h")
        if overlap and (standby[0] == standby[1] or (not a["standby"] and night(a)) or (not b["standby"] and night(b))):
            return True
        if one[1] == two[1] and (a["not_same_as"] == b["id"] or b["not_same_as"] == a["id"]):
            return True
        if any(standby):
            return False
        if one[1] == two[1] and self.plan["rules"]["shifts_per_day_max"] == 1:
            return True
        first, second = sorted((one, two), key=lambda cell: self.spans(cell)[0])
        gap = self.spans(second)[0][0] - self.spans(first)[-1][1]
        return gap < self.plan["rules"]["rest_hours_min"] * 60

    def eligible(self, person, cell):
        who, post, date = self.of[person], self.posts[cell[0]], cell[1].isoformat()
        if not who["joined"] <= date <= (who["left"] or "9999"):
            return False
        if any(l["person"] == person and l["from"] <= date <= l["to"] for l in self.plan["leave"]):
            return False
        if post["skill"] and post["skill"] not in who["skills"]:
            return False
        last = [(l["post"], dt.date.fromisoformat(l["date"])) for l in who["history"]["last"]]
        return not any(self.excluded(before, cell) for before in last)


def model(month, solver):
    plan, rules = month.plan, month.plan["rules"]
    x = {(p, c): solver.binary() for c in month.cells for p in month.people if month.eligible(p, c)}
    short, stuck = {}, []
    for cell in month.cells:
        needed = month.needed(month.posts[cell[0]], cell[1])
        short[cell] = solver.integer(0, needed)
        solver.add([(x[p, cell], 1) for p in month.people if (p, cell) in x] + [(short[cell], 1)], needed, needed)
    for pin in plan["pins"]:
        cell = (pin["post"], dt.date.fromisoformat(pin["date"]))
        if (pin["person"], cell) in x:
            solver.add([(x[pin["person"], cell], 1)], 1, 1)
        else:
            stuck.append(cell)
    for cell in stuck:
        solver.add([(short[cell], 1)], stuck.count(cell), month.needed(month.posts[cell[0]], cell[1]))
    pairs = [
        (a, b)
        for i, a in enumerate(month.cells)
        for b in month.cells[i + 1 :]
        if (b[1] - a[1]).days <= 4 and month.excluded(a, b)
    ]
    for person in month.people:
        for a, b in pairs:
            if (person, a) in x and (person, b) in x:
                solver.add([(x[person, a], 1), (x[person, b], 1)], 0, 1)
        row(month, solver, x, person, rules["consecutive_days_max"], lambda post: not post["standby"])
        night = lambda post: not post["standby"] and post["shift"] in ("night", "24h")
        row(month, solver, x, person, rules["nights_in_row_max"], night)
    return x, short


def row(month, solver, x, person, limit, counts):
    """No `limit` + 1 dates in a row."""
    last = {
        dt.date.fromisoformat(l["date"])
        for l in month.of[person]["history"]["last"]
        if counts(month.posts[l["post"]])
    }
    on = {}
    for date in month.days:
        terms = [x[person, c] for c in month.cells if c[1] == date and (person, c) in x and counts(month.posts[c[0]])]
        if month.plan["rules"]["shifts_per_day_max"] == 1 or len(terms) <= 1:
            on[date] = terms
        else:
            any_of = solver.binary()
            for term in terms:
                solver.add([(any_of, 1), (term, -1)], 0, 1)
            on[date] = [any_of]
    before = [month.days[0] - dt.timedelta(back) for back in range(limit, 0, -1)]
    dates = before + month.days
    for start in range(len(dates) - limit):
        window = dates[start : start + limit + 1]
        fixed = sum(date in last for date in window if date < month.days[0])
        terms = [(term, 1) for date in window if date >= month.days[0] for term in on[date]]
        if terms:
            solver.add(terms, 0, max(limit - fixed, 0))


def objective(month, solver, x):
    """Terms of 2n·cost in whole numbers, and a constant."""
    n, terms, constant = max(len(month.present), 1), [], 0
    for standby, half in ((False, 2), (True, 1)):
        for weight, name in ((1, "shifts"), (2, "nights"), (4, "holidays")):
            cells = []
            for post, date in month.cells:
                stated, (worked, _, holiday) = month.posts[post], month.known[date]
                hit = {
                    "shifts": True,
                    "nights": stated["shift"] in ("night", "24h"),
                    "holidays": not worked and holiday is not None,
                }[name]
                if stated["standby"] == standby and hit:
                    cells.append((post, date))
            if not cells:
                continue
            total, begin_sum, dealt, squares = [], 0, [], []
            for person in month.present:
                history = month.of[person]["history"]
                begin = 0
                if not standby and name == "nights":
                    begin = history["nights"]
                if not standby and name == "holidays":
                    begin = sum(history["holidays"].values())
                own = [x[person, cell] for cell in cells if (person, cell) in x]
                top = begin + min(len(own), 31)
                square = solver.integer(0, top * top)
                for k in range(begin, top + 1):
                    # square >= (2k + 1)(begin + Σ own) − k(k + 1), exact at whole numbers
                    least = (2 * k + 1) * begin - k * (k + 1)
                    solver.add([(square, 1)] + [(v, -(2 * k + 1)) for v in own], least, None)
                terms.append((square, half * weight * n))
                squares.append(square)
                dealt.append([begin, top])
                total += own
                begin_sum += begin
            most = sum(month.needed(month.posts[p], d) for p, d in cells)
            values = {t: solver.binary() for t in range(most + 1)} if len(month.present) < len(month.people) or solver.gaps else {}
            if values:
                solver.add([(v, 1) for v in values.values()], 1, 1)
                solver.add([(v, t) for t, v in values.items()] + [(v, -1) for v in total], 0, 0)
                terms += [(v, -half * weight * (begin_sum + t) ** 2) for t, v in values.items()]
            else:
                # What dealing all turns evenly comes to: no better, and the solvers do not see it.
                for _ in range(most):
                    min((row for row in dealt if row[0] < row[1]))[0] += 1
                solver.add([(square, 1) for square in squares], sum(count * count for count, _ in dealt), None)
                constant -= half * weight * (begin_sum + most) ** 2
    for wish in month.plan["wishes"]:
        date = dt.date.fromisoformat(wish["date"])
        held = [x[wish["person"], c] for c in month.cells if c[1] == date and (wish["person"], c) in x]
        weight = 2 * n * wish["weight"]
        missed = solver.binary()
        if wish["want"] == "on":
            solver.add([(v, 1) for v in held] + [(missed, 1)], 1, None)
        else:
            for v in held:
                solver.add([(missed, 1), (v, -1)], 0, None)
        terms.append((missed, weight))
    return terms, constant, 2 * n


def begin_at(month, solver, x, path):
    """Gives the solver a roster to begin with."""
    if path.exists() and hasattr(solver, "model"):
        held = {(a["person"], a["post"], a["date"]) for a in json.loads(path.read_text())["assignments"]}
        for (person, (post, date)), variable in x.items():
            solver.model.add_hint(variable, (person, post, date.isoformat()) in held)


class CpSat:
    def __init__(self):
        from ortools.sat.python import cp_model

        self.cp, self.model, self.gaps = cp_model, cp_model.CpModel(), False

    def binary(self):
        return self.model.new_bool_var("")

    def integer(self, low, high):
        return self.model.new_int_var(low, high, "")

    def add(self, terms, low, high):
        total = sum(v * c for v, c in terms)
        if low is not None:
            self.model.add(total >= low)
        if high is not None:
            self.model.add(total <= high)

    def solve(self, terms, seconds):
        self.model.minimize(sum(v * c for v, c in terms))
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 2
        solver.parameters.linearization_level = 2
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None, None, False
        return solver.objective_value, solver.best_objective_bound, status == self.cp.OPTIMAL


class Highs:
    def __init__(self):
        import highspy

        self.highs, self.gaps = highspy.Highs(), False
        self.highs.silent()
        self.inf = highspy.kHighsInf
        self.kind = highspy

    def binary(self):
        return self.integer(0, 1)

    def integer(self, low, high):
        index = self.highs.getNumCol()
        self.highs.addVar(low, high)
        self.highs.changeColIntegrality(index, self.kind.HighsVarType.kInteger)
        return index

    def add(self, terms, low, high):
        summed = {}
        for column, factor in terms:
            summed[column] = summed.get(column, 0) + factor
        low = -self.inf if low is None else low
        high = self.inf if high is None else high
        self.highs.addRow(low, high, len(summed), list(summed), [float(f) for f in summed.values()])

    def solve(self, terms, seconds):
        for column in range(self.highs.getNumCol()):
            self.highs.changeColCost(column, 0.0)
        summed = {}
        for column, factor in terms:
            summed[column] = summed.get(column, 0) + factor
        for column, factor in summed.items():
            self.highs.changeColCost(column, float(factor))
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + seconds)
        self.highs.run()
        info, status = self.highs.getInfo(), self.highs.getModelStatus()
        if info.primal_solution_status != 2:
            return None, None, False
        return info.objective_function_value, info.mip_dual_bound, status == self.kind.HighsModelStatus.kOptimal


def main(seconds, name, paths):
    for path in paths:
        month = Month(path)
        began = time.time()
        solver = {"cpsat": CpSat, "highs": Highs}[name]()
        x, short = model(month, solver)
        missing, _, certain = solver.solve([(v, 1) for v in short.values()], seconds)
        if missing is None:
            print(f"{pathlib.Path(path).stem} {name} {seconds} s: no roster", flush=True)
            continue
        missing = round(missing)
        solver = {"cpsat": CpSat, "highs": Highs}[name]()
        solver.gaps = missing > 0
        x, short = model(month, solver)
        solver.add([(v, 1) for v in short.values()], None, missing)
        terms, constant, scale = objective(month, solver, x)
        begin_at(month, solver, x, pathlib.Path(path).with_suffix(".draft.json"))
        built = time.time() - began
        value, bound, proven = solver.solve(terms, seconds)
        text = "no roster" if value is None else f"{(value + constant) / scale:.4f}, bound {(bound + constant) / scale:.4f}, proven {proven}"
        print(f"{pathlib.Path(path).stem} {name} {seconds} s: missing {missing} (certain {certain}), cost {text}; built in {built:.1f} s, {time.time() - began:.1f} s in all", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2], sys.argv[3:])
