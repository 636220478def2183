#!/bin/sh
# Makes newjob/DATE.
set -eu

for ref in "$@"; do
    # What the Partition names as its Needs is there: below the folder $DATABUILD_DATA_ROOT, by its name.
    echo "made for ${ref#newjob/}" >"$DATABUILD_OUTPUT_ROOT/$ref"
done
