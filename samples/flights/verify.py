#!/usr/bin/env python3
"""Computes every figure of the reports anew from csv/ and compares: verify.py [DATA_ROOT]. Standard library only.

It shares no code and no intermediate file with the jobs: it reads the records themselves. Checked are the JSON of each report, in
full (nothing may lack, nothing may be too much), and each number of the page that says which figure it shows.
"""
import csv
import datetime
import gzip
import json
import pathlib
import sys
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

HERE = pathlib.Path(__file__).resolve().parent
MONTHS = {"2001-01": 50485, "2001-02": 45864, "2001-03": 51256}
FIRST_WEEK = datetime.date(2001, 1, 7)
LATE_MIN = 15


def rounded(value, places):
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def statistics(delays):
    count, late, total = len(delays), sum(delay >= LATE_MIN for delay in delays), sum(delays)
    return {
        "flights": count,
        "late": late,
        "delaySumMin": total,
        "meanDelayMin": rounded(Decimal(total) / count, 2),
        "latePercent": rounded(Decimal(100 * late) / count, 1),
    }


def read_flights():
    """Month -> its records as (day, origin, delay)."""
    flights = {}
    for month in MONTHS:
        with gzip.open(HERE / "csv" / f"{month}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            flights[month] = [
                (datetime.date.fromisoformat(row["departure"][:10]), row["origin"], int(row["delay_min"])) for row in csv.DictReader(file)
            ]
    return flights


def read_airports():
    with open(HERE / "csv" / "airports.csv", encoding="utf-8", newline="") as file:
        return {row["iata"]: row for row in csv.DictReader(file)}


def group(pairs):
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def expected_figures(month, flights, airports):
    by_day = group((day, delay) for records in flights.values() for day, _, delay in records)
    days = sorted({day for day, _, _ in flights[month]})

    def week(end):
        return [delay for back in range(6, -1, -1) for delay in by_day[end - datetime.timedelta(days=back)]]

    def airport(code):
        row = airports[code]
        return {
            "iata": code,
            "name": row["name"],
            "city": row["city"],
            "state": row["state"],
            "latitude": Decimal(row["latitude"]),
            "longitude": Decimal(row["longitude"]),
        }

    by_origin = group((origin, delay) for _, origin, delay in flights[month])
    return {
        "month": month,
        **statistics([delay for _, _, delay in flights[month]]),
        "days": [{"date": day.isoformat(), **statistics(by_day[day])} for day in days],
        "weeks": [{"end": day.isoformat(), **statistics(week(day))} for day in days if day >= FIRST_WEEK],
        "airports": [{**airport(code), **statistics(by_origin[code])} for code in sorted(by_origin)],
    }


class Page(HTMLParser):
    """The figures block of a report, and its numbers for people: (figure, exact value, text)."""

    def __init__(self):
        super().__init__()
        self.figures = ""
        self.shown = []
        self.within = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "script" and attributes.get("id") == "figures":
            self.within = "figures"
        elif tag == "data":
            self.within = "data"
            self.shown.append([attributes["data-figure"], Decimal(attributes["value"]), ""])

    def handle_endtag(self, tag):
        self.within = None

    def handle_data(self, data):
        if self.within == "figures":
            self.figures += data
        elif self.within == "data":
            self.shown[-1][2] += data


def differences(where, expected, found):
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in expected.keys() | found.keys():
            yield from differences(f"{where}.{key}", expected.get(key), found.get(key))
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{where}: {len(found)} entries, not {len(expected)}"
        for index, pair in enumerate(zip(expected, found)):
            yield from differences(f"{where}[{index}]", *pair)
    elif type(expected) is str or type(found) is str or expected is None or found is None:
        if expected != found:
            yield f"{where}: {found!r}, not {expected!r}"
    elif Decimal(expected) != Decimal(found):
        yield f"{where}: {found}, not {expected}"


def shown_differences(expected, shown):
    airports = {entry["iata"]: entry for entry in expected["airports"]}
    for path, value, text in shown:
        names = path.split(".")
        right = Decimal(airports[names[1]][names[2]] if names[0] == "airports" else expected[names[0]])
        places = len(text.partition(".")[2])
        if value != right or Decimal(text.replace(",", "")) != rounded(right, places):
            yield f"shown {path}: {text} ({value}), not {right}"


def check(month, report, expected):
    if not report.is_file():
        return [f"{report} is not there"]
    page = Page()
    page.feed(report.read_text(encoding="utf-8"))
    page.close()
    if not page.figures or not page.shown:
        return [f"{report} has no figures"]
    found = json.loads(page.figures, parse_float=Decimal)
    wrong = list(differences(month, expected, found)) + list(shown_differences(expected, page.shown))
    if expected["flights"] != MONTHS[month]:
        wrong.append(f"csv/{month}.csv.gz has {expected['flights']} flights, not {MONTHS[month]}")
    return wrong


def main():
    data = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "data"
    flights, airports = read_flights(), read_airports()
    failed = False
    for month in MONTHS:
        expected = expected_figures(month, flights, airports)
        wrong = check(month, data / "report" / f"{month}.html", expected)
        failed |= bool(wrong)
        print(f"report/{month}.html: " + (f"{len(wrong)} figures differ" if wrong else f"right, {expected['flights']:,} flights"))
        for line in wrong[:20]:
            print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
