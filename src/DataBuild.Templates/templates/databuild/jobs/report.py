"""Makes report/MONTH.md: a month as a table. Which days it is made of, only the month's sales know: those are asked for here."""

import collections
import csv
import decimal

import databuild


def make(ref):
    month = ref.removeprefix("report/").removesuffix(".md")
    with open(f"sales/{month}.csv", encoding="utf-8", newline="") as file:
        days = sorted({sale["date"] for sale in csv.DictReader(file)})

    quantity = collections.Counter()
    revenue = collections.defaultdict(decimal.Decimal)
    for path in databuild.inputs(ref, [f"daily/{day}.csv" for day in days]):
        with path.open(encoding="utf-8", newline="") as file:
            for total in csv.DictReader(file):
                quantity[total["item"]] += int(total["quantity"])
                revenue[total["item"]] += decimal.Decimal(total["revenue"])

    rows = [f"| {item} | {quantity[item]} | {revenue[item]:.2f} |" for item in sorted(quantity)]
    lines = [
        f"# {month}",
        "",
        f"{len(days)} market days",
        "",
        "| item | quantity | revenue |",
        "| --- | ---: | ---: |",
        *rows,
        f"| **all** | {sum(quantity.values())} | {sum(revenue.values()):.2f} |",
    ]
    databuild.output(ref).write_text("\n".join(lines) + "\n", encoding="utf-8")


databuild.run(make)
