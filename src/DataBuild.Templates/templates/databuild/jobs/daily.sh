#!/bin/sh
# Makes daily/DATE.csv: what was sold on a market day, by item.
set -eu
date=${1#daily/}
date=${date%.csv}

{
    echo item,quantity,revenue
    awk -F, -v date="$date" '
        $1 == date { quantity[$2] += $3; revenue[$2] += $3 * $4 }
        END { for (item in quantity) printf "%s,%d,%.2f\n", item, quantity[item], revenue[item] }
    ' "sales/${date%-*}.csv" | LC_ALL=C sort
} >"$DATABUILD_OUTPUT_ROOT/$1"
