"""daily/DATE/COLOR: the votes of all stations, from the month's ballots."""
import csv
import functools

from job import run


@functools.cache
def ballots(month):
    with open(f"ballots/{month}.csv", encoding="utf-8", newline="") as file:
        return [(number, row) for number, row in enumerate(csv.DictReader(file), start=2)]


def make(partition):
    _, day, color = partition.ref.split("/")
    votes = 0
    for number, row in ballots(day[:7]):
        if (row["day"], row["color"]) == (day, color):
            if not row["votes"].isdecimal():
                raise ValueError(f"ballots/{day[:7]}.csv line {number}: votes '{row['votes']}'")
            votes += int(row["votes"])
    partition.write(f"{votes}\n")


run(make)
