"""Makes newjob/DATE."""

import datetime
import os
import pathlib

output = pathlib.Path(os.environ["DATABUILD_OUTPUT_ROOT"])
partitions = pathlib.Path(os.environ["DATABUILD_PARTITIONS_FILE"])

for ref in partitions.read_text(encoding="utf-8").splitlines():
    date = datetime.date.fromisoformat(ref.removeprefix("newjob/"))
    # What the Partition names as its Needs is there: below the folder DATABUILD_DATA_ROOT, by its name.
    (output / ref).write_text(f"{date} is a {date:%A}\n", encoding="utf-8")
