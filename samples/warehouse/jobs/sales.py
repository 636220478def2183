"""sales/DATE.csv: what each city bought in the seven days up to that day, from the folders of those days."""
import collections
import csv
import datetime
import os
import pathlib

DATA = pathlib.Path(os.environ["DATABUILD_DATA_ROOT"])
OUTPUT = pathlib.Path(os.environ["DATABUILD_OUTPUT_ROOT"])


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


for ref in pathlib.Path(os.environ["DATABUILD_PARTITIONS_FILE"]).read_text(encoding="utf-8").splitlines():
    last = datetime.date.fromisoformat(ref.removeprefix("sales/").removesuffix(".csv"))
    orders, cents = collections.Counter(), collections.Counter()
    for back in range(7):
        folder = DATA / "day" / str(last - datetime.timedelta(back))
        city_of = {row["customer"]: row["city"] for row in rows(folder / "customers.csv")}
        for order in rows(folder / "orders.csv"):
            orders[city_of[order["customer"]]] += 1
            cents[city_of[order["customer"]]] += int(order["cents"])
    lines = [f"{city},{orders[city]},{cents[city]}\n" for city in sorted(orders)]
    (OUTPUT / ref).write_text("city,orders,cents\n" + "".join(lines), encoding="utf-8")
