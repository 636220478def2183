"""Makes daily/DATE.csv: what was sold on a market day, by item."""

import collections
import csv
import decimal

import databuild


def make(ref):
    date = ref.removeprefix("daily/").removesuffix(".csv")
    quantity = collections.Counter()
    revenue = collections.defaultdict(decimal.Decimal)
    with open(f"sales/{date[:7]}.csv", encoding="utf-8", newline="") as file:
        for sale in csv.DictReader(file):
            if sale["date"] == date:
                quantity[sale["item"]] += int(sale["quantity"])
                revenue[sale["item"]] += int(sale["quantity"]) * decimal.Decimal(sale["price"])
    with databuild.output(ref).open("w", encoding="utf-8") as file:
        file.write("item,quantity,revenue\n")
        for item in sorted(quantity):
            file.write(f"{item},{quantity[item]},{revenue[item]:.2f}\n")


databuild.run(make)
