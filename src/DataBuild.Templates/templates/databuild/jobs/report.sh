#!/bin/sh
# Makes report/MONTH.md: a month as a table. Which days it is made of, only the month's sales know: those are asked for here.
set -eu
month=${1#report/}
month=${month%.md}

needed= missing=
for day in $(awk -F, 'NR > 1 { print $1 }' "sales/$month.csv" | sort -u); do
    needed="$needed daily/$day.csv"
    [ -e "$DATABUILD_DATA_ROOT/daily/$day.csv" ] || missing="$missing daily/$day.csv"
done

# Days that are not there yet are made first, and this script is run again.
if [ -n "$missing" ]; then
    echo "databuild:missing-deps$missing"
    exit 75
fi
echo "databuild:read-deps$needed"

cd "$DATABUILD_DATA_ROOT"
{
    printf '# %s\n\n%d market days\n\n' "$month" "$(echo "$needed" | wc -w)"
    echo '| item | quantity | revenue |'
    echo '| --- | ---: | ---: |'
    awk -F, '
        FNR > 1 { quantity[$1] += $2; revenue[$1] += $3 }
        END { for (item in quantity) printf "| %s | %d | %.2f |\n", item, quantity[item], revenue[item] }
    ' $needed | LC_ALL=C sort
    awk -F, '
        FNR > 1 { quantity += $2; revenue += $3 }
        END { printf "| **all** | %d | %.2f |\n", quantity, revenue }
    ' $needed
} >"$DATABUILD_OUTPUT_ROOT/$1"
