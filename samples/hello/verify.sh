#!/bin/sh
# Makes the list anew from the two source files alone and compares: verify.sh [DATA_ROOT]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:-$here/data}
expected=$(awk 'FNR == NR { word[$1] = $2; next } { print word[$2] ", " $1 "!" }' "$here/words.txt" "$here/guests.txt")
if [ "$expected" = "$(cat "$data/hello.txt")" ]; then
    echo "hello.txt: right, $(grep -c . "$here/guests.txt") guests"
else
    echo "hello.txt differs from what guests.txt and words.txt say" >&2
    exit 1
fi
