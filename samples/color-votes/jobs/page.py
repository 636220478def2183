"""The page of a month: figures to HTML with inline SVG, no network needed."""
import datetime
import json
import pathlib
import re

WIDTH, LEFT, RIGHT = 960, 52, 62
TEMPLATE = pathlib.Path(__file__).with_name("page.html")


def render(figures):
    colors, best = figures["colors"], figures["best"]
    parts = {
        "month": datetime.date.fromisoformat(figures["month"] + "-01").strftime("%B %Y"),
        "cards": cards(figures),
        "weeks": weeks(figures),
        "days": days(figures),
        "colors": table("colors", colors),
        "best_day": best["day"],
        "best": table("best.colors", best["colors"]),
        "json": json.dumps(figures, sort_keys=True, separators=(",", ":")),
    }
    return re.sub(r"{{(\w+)}}", lambda match: parts[match[1]], TEMPLATE.read_text(encoding="utf-8"))


def shown(figure, value):
    """A number for people, with the name of the figure it shows, so that it can be checked."""
    return f'<data data-figure="{figure}" value="{value}">{value:,}</data>'


def cards(figures):
    colors, leaders = figures["colors"], [entry["color"] for entry in figures["leaders"].values()]
    first = max(colors, key=colors.get)
    return (
        f'<div><b>{shown("votes", figures["votes"])}</b>votes</div>'
        f'<div class="{first}"><b>{first}</b>{shown("colors." + first, colors[first])} votes, {percent(colors[first], colors)}</div>'
        f'<div><b>{shown("best.votes", figures["best"]["votes"])}</b>on the best day</div>'
        f'<div><b>{leaders.count(first)} of {len(leaders)}</b>days {first} led the week</div>'
    )


def percent(votes, colors):
    return f"{100 * votes / sum(colors.values()):.1f} %"


def table(path, colors):
    most = max(colors.values())
    rows = [
        f'<tr class="{color}"><td>{color}</td><td><i style="width:{100 * votes / most:.1f}%"></i></td>'
        f"<td>{shown(f'{path}.{color}', votes)}</td><td>{percent(votes, colors)}</td></tr>"
        for color, votes in colors.items()
    ]
    return f"<table>{''.join(rows)}</table>"


class Scale:
    """Days from left to right, votes from the bottom up."""

    def __init__(self, days, most, top, bottom):
        self.days, self.top, self.bottom = list(days), top, bottom
        self.step = step = next(size * power for power in (1, 10, 100, 1000, 10000) for size in (1, 2, 5) if size * power * 5 >= most)
        self.most = -(-most // step) * step
        self.width = (WIDTH - LEFT - RIGHT) / len(self.days)

    def x(self, day):
        return LEFT + (self.days.index(day) + 0.5) * self.width

    def y(self, votes):
        return self.bottom - (self.bottom - self.top) * votes / self.most

    def background(self):
        for day in self.days:
            if datetime.date.fromisoformat(day).weekday() >= 5:
                yield f'<rect class="weekend" x="{self.x(day) - self.width / 2:.1f}" y="{self.top}" width="{self.width:.1f}" height="{self.bottom - self.top}"/>'
        for votes in range(0, self.most + 1, self.step):
            y = self.y(votes)
            yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="end" x="{LEFT - 8}" y="{y + 4:.1f}">{votes:,}</text>'

    def dates(self, y):
        for day in self.days:
            if int(day[8:]) % 5 == 1 and day[8:] != "31":
                yield f'<text class="middle" x="{self.x(day):.1f}" y="{y}">{int(day[8:])}</text>'


def svg(height, label, *groups):
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{"".join(part for group in groups for part in group)}</svg>'


def weeks(figures):
    all_weeks = figures["weeks"]
    scale = Scale(figures["days"], max(max(week.values()) for week in all_weeks.values()), 12, 250)
    lines, names, lowest = [], [], None
    last = max(all_weeks)
    for color in figures["colors"]:
        points = " ".join(f"{'L' if lines_to else 'M'}{scale.x(end):.1f} {scale.y(week[color]):.1f}" for lines_to, (end, week) in enumerate(all_weeks.items()))
        lines.append(f'<path class="{color}" d="{points}"/>')
    for color, votes in sorted(all_weeks[last].items(), key=lambda entry: -entry[1]):
        y = scale.y(votes) + 4
        lowest = y if lowest is None else max(y, lowest + 14)  # names never lie on each other
        names.append(f'<text class="name {color}" x="{scale.x(last) + 10:.1f}" y="{lowest:.1f}">{color}</text>')
    strip = [
        f'<rect class="{entry["color"]}" x="{scale.x(end) - scale.width / 2 + 1:.1f}" y="262" width="{scale.width - 2:.1f}" height="12" rx="2">'
        f'<title>{end}: {entry["color"]} leads by {entry["lead"]:,}</title></rect>'
        for end, entry in figures["leaders"].items()
    ]
    return svg(300, "Votes of seven days by colour", scale.background(), lines, names, strip, scale.dates(294))


def days(figures):
    totals = figures["days"]
    scale = Scale(totals, max(totals.values()), 12, 170)
    bars = [
        f'<rect class="{"best" if day == figures["best"]["day"] else "bar"}" x="{scale.x(day) - scale.width * 0.36:.1f}" y="{scale.y(votes):.1f}" '
        f'width="{scale.width * 0.72:.1f}" height="{scale.bottom - scale.y(votes):.1f}" rx="2"><title>{day}: {votes:,} votes</title></rect>'
        for day, votes in totals.items()
    ]
    return svg(194, "Votes a day", scale.background(), bars, scale.dates(190))
