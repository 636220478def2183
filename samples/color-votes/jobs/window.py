"""week/DATE/COLOR and month/MONTH/COLOR: one job, two windows. Both are sums of days; only which days differs."""
import calendar
import datetime

from job import run


def days(window, end):
    if window == "week":
        last = datetime.date.fromisoformat(end)
        return [last - datetime.timedelta(back) for back in range(6, -1, -1)]
    year, month = int(end[:4]), int(end[5:])
    return [datetime.date(year, month, day + 1) for day in range(calendar.monthrange(year, month)[1])]


def make(partition):
    window, end, color = partition.ref.split("/")
    votes = partition.read([f"daily/{day}/{color}" for day in days(window, end)])
    partition.write(f"{sum(map(int, votes))}\n")


run(make)
