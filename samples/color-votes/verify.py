#!/usr/bin/env python3
"""Counts every figure anew from ballots/ and compares: verify.py [DATA_ROOT]. Standard library only.

It shares no code and no intermediate file with the jobs. Checked are the JSON of each report, in full, each number of the page that
says which figure it shows, and the content of every partition that the reports are made of.
"""
import csv
import datetime
import json
import pathlib
import re
import sys
from collections import Counter

HERE = pathlib.Path(__file__).resolve().parent
COLORS = ["red", "green", "blue", "yellow"]
MONTHS = ["2024-01", "2024-02", "2024-03"]
BALLOTS = 1092


def read_votes():
    votes, rows = Counter(), 0
    for month in MONTHS:
        with open(HERE / "ballots" / f"{month}.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                votes[datetime.date.fromisoformat(row["day"]), row["color"]] += int(row["votes"])
                rows += 1
    return votes, rows


def expected_figures(month, votes):
    days = sorted({day for day, _ in votes})
    first, own = days[0], [day for day in days if day.isoformat().startswith(month)]
    total = {day: sum(votes[day, color] for color in COLORS) for day in own}
    ends = [day for day in own if (day - first).days >= 6]
    weeks = {end: {color: sum(votes[end - datetime.timedelta(n), color] for n in range(7)) for color in COLORS} for end in ends}
    ranked = {end: sorted(week.values(), reverse=True) for end, week in weeks.items()}
    best = next(day for day in own if total[day] == max(total.values()))
    return {
        "month": month,
        "votes": sum(total.values()),
        "colors": {color: sum(votes[day, color] for day in own) for color in COLORS},
        "best": {"day": str(best), "votes": total[best], "colors": {color: votes[best, color] for color in COLORS}},
        "days": {str(day): total[day] for day in own},
        "weeks": {str(end): week for end, week in weeks.items()},
        "leaders": {
            str(end): {"color": next(color for color in COLORS if week[color] == ranked[end][0]), "lead": ranked[end][0] - ranked[end][1]}
            for end, week in weeks.items()
        },
    }


def expected_partitions(figures, votes):
    """Ref -> content of all that lies between ballots and reports."""
    refs = {f"daily/{day}/{color}": count for (day, color), count in votes.items()}
    for month in figures.values():
        refs.update({f"month/{month['month']}/{color}": count for color, count in month["colors"].items()})
        refs.update({f"total/{day}": count for day, count in month["days"].items()})
        refs.update({f"week/{end}/{color}": count for end, week in month["weeks"].items() for color, count in week.items()})
        refs.update({f"leader/{end}": f"{entry['color']} {entry['lead']}" for end, entry in month["leaders"].items()})
    return refs


def check_report(report, expected):
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    block = re.search(r'<script type="application/json" id="figures">(.*?)</script>', text, re.DOTALL)
    if not block:
        return [f"{report} has no figures"]
    found = json.loads(block[1])
    wrong = [f"{key}: {found.get(key)}, not {expected.get(key)}" for key in sorted(expected.keys() | found.keys()) if found.get(key) != expected.get(key)]
    numbers = re.findall(r'<data data-figure="([^"]+)" value="(\d+)">([\d,]+)</data>', text)
    if len(numbers) < 11:
        wrong.append(f"only {len(numbers)} numbers of the page say which figure they show")
    for path, value, shown in numbers:
        right = expected
        for name in path.split("."):
            right = right[name]
        if (int(value), shown) != (right, f"{right:,}"):
            wrong.append(f"shown {path}: {shown} ({value}), not {right:,}")
    return wrong


def main():
    data = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "data"
    votes, rows = read_votes()
    figures = {month: expected_figures(month, votes) for month in MONTHS}
    wrong = [] if rows == BALLOTS else [f"ballots/ has {rows} rows, not {BALLOTS}"]
    for month in MONTHS:
        differing = check_report(data / "report" / f"{month}.html", figures[month])
        print(f"report/{month}.html: " + (f"{len(differing)} figures differ" if differing else f"right, {figures[month]['votes']:,} votes"))
        wrong += differing
    refs = expected_partitions(figures, votes)
    differing = [ref for ref, content in refs.items() if not (data / ref).is_file() or (data / ref).read_text(encoding="utf-8") != f"{content}\n"]
    print(f"{len(differing)} of {len(refs)} partitions differ" if differing else f"{len(refs)} partitions between them: right")
    wrong += differing
    for line in wrong[:20]:
        print(f"  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
