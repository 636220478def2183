#!/usr/bin/env python3
"""Checks the sample's data and its promises: verify.py [DATA_ROOT]. Standard library only.

1. Every file of data/ against the warehouse's own tables, without the jobs.
2. A build of a copy below obj/, with a token: with it the warehouse is never busy, so the job got it; and it is in no
   file that the build left, and in no event of its log.
3. The same build with another token: nothing is run, so the token is no part of any fingerprint.
"""
import csv
import datetime
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLES = ["orders", "customers"]
DAYS = [datetime.date(2024, 3, 1) + datetime.timedelta(days) for days in range(14)]


def check_data(data):
    text = {table: (HERE / "service" / f"{table}.csv").read_text(encoding="utf-8").splitlines(keepends=True) for table in TABLES}
    expected = {
        f"day/{day}/{table}.csv": "".join(text[table][:1] + [line for line in text[table] if line.startswith(f"{day},")])
        for day in DAYS for table in TABLES
    }
    city_of = {row["customer"]: row["city"] for row in csv.DictReader(text["customers"])}
    orders = list(csv.DictReader(text["orders"]))
    for last in DAYS[6:]:
        first = last - datetime.timedelta(6)
        week = [order for order in orders if str(first) <= order["day"] <= str(last)]
        lines = ["city,orders,cents\n"]
        for city in sorted({city_of[order["customer"]] for order in week}):
            own = [int(order["cents"]) for order in week if city_of[order["customer"]] == city]
            lines.append(f"{city},{len(own)},{sum(own)}\n")
        expected[f"sales/{last}.csv"] = "".join(lines)

    found = {str(path.relative_to(data)): path.read_text(encoding="utf-8") for path in data.rglob("*") if path.is_file() and path.relative_to(data).parts[0] in ("day", "sales")}
    return sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path)), len(expected)


def build(folder, token, *more):
    return subprocess.run(
        ["dotnet", "build", str(folder / "warehouse.dbproj"), "-nologo", f"-bl:{folder}/build.binlog", *more],
        env={**os.environ, "WAREHOUSE_TOKEN": token}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )


def check_secret(folder):
    token = secrets.token_hex(16)
    first = build(folder, token)
    if first.returncode != 0:
        return [f"the build with a token failed:\n{first.stdout[-4000:]}"]
    result = json.loads((folder / "obj/databuild/result.json").read_text(encoding="utf-8"))
    runs = next(int(row["runs"]) for row in result["jobs"] if row["job"] == "extract")
    wrong = [] if runs == len(DAYS) else [f"extract took {runs} runs for {len(DAYS)} days: it had no token"]
    files = [path for path in folder.rglob("*") if path.is_file()]
    wrong += [f"{path} holds the token" for path in files if token.encode() in path.read_bytes()]
    if token in first.stdout:
        wrong.append("the build printed the token")
    second = build(folder, secrets.token_hex(16), "-p:DataBuildExpectUpToDate=true")
    if second.returncode != 0 or "nothing to do" not in second.stdout:
        wrong.append(f"another token made work:\n{second.stdout[-4000:]}")
    print("the token: " + ("not kept secret" if wrong else f"passed on to {runs} runs, in none of {len(files)} files, in no fingerprint"))
    return wrong


def main():
    differing, count = check_data(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "data")
    print(f"{len(differing)} of {count} files differ" if differing else f"{count} files: right")
    copy = HERE / "obj" / "verify"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("obj", "data", ".databuild"))
    wrong = check_secret(copy)
    shutil.rmtree(copy)
    for line in differing + wrong:
        print(f"  {line}")
    return 1 if differing or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
