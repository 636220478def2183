"""report/MONTH.html: reads five families, and none of them is declared.

Which day had the most votes is known only when the totals are there; that day's colours are asked for after that.
"""
import calendar
import datetime
import os

import page
from job import COLORS, run

SINCE = datetime.date.fromisoformat(os.environ["VOTES_SINCE"])


def make(partition):
    month = partition.ref.removeprefix("report/").removesuffix(".html")
    year, number = int(month[:4]), int(month[5:])
    days = [datetime.date(year, number, day + 1) for day in range(calendar.monthrange(year, number)[1])]
    ends = [day for day in days if day >= SINCE + datetime.timedelta(6)]

    refs = {
        "totals": [f"total/{day}" for day in days],
        "months": [f"month/{month}/{color}" for color in COLORS],
        "weeks": [f"week/{end}/{color}" for end in ends for color in COLORS],
        "leaders": [f"leader/{end}" for end in ends],
    }
    texts = iter(partition.read([ref for family in refs.values() for ref in family]))
    found = {family: [next(texts).strip() for _ in family_refs] for family, family_refs in refs.items()}

    totals = dict(zip(map(str, days), map(int, found["totals"])))
    best = max(totals, key=totals.get)
    best_votes = partition.read([f"daily/{best}/{color}" for color in COLORS])

    weeks = iter(map(int, found["weeks"]))
    figures = {
        "month": month,
        "votes": sum(totals.values()),
        "colors": dict(zip(COLORS, map(int, found["months"]))),
        "best": {"day": best, "votes": totals[best], "colors": dict(zip(COLORS, map(int, best_votes)))},
        "days": totals,
        "weeks": {str(end): {color: next(weeks) for color in COLORS} for end in ends},
        "leaders": {str(end): {"color": text.split()[0], "lead": int(text.split()[1])} for end, text in zip(ends, found["leaders"])},
    }
    partition.write(page.render(figures))


run(make)
