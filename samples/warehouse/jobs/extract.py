"""day/DATE, a folder: a file for each table in tables.txt, fetched from the warehouse."""
import os
import pathlib
import sys
import urllib.error
import urllib.request

sys.path.append("service")
import service  # noqa: E402

BUSY = 69  # the job's RetryExitCodes


def fetch(address, table, day):
    request = urllib.request.Request(f"{address}/{table}?day={day}", headers={"X-Attempt": os.environ["DATABUILD_ATTEMPT"]})
    if token := os.environ.get("WAREHOUSE_TOKEN"):
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


ref = sys.argv[1]
day = ref.removeprefix("day/")
folder = pathlib.Path(os.environ["DATABUILD_OUTPUT_ROOT"], ref)
folder.mkdir(parents=True)
with service.connection() as address:
    for table in pathlib.Path("tables.txt").read_text(encoding="utf-8").split():
        try:
            (folder / f"{table}.csv").write_bytes(fetch(address, table, day))
        except urllib.error.HTTPError as error:
            print(f"{table} of {day}: {error.code} {error.reason}", file=sys.stderr)
            sys.exit(BUSY if error.code == 503 else 1)
