# hello.txt: a greeting for each guest. Who they are, nobody knows before the file of guests is read.
set -eu
. jobs/need.sh
greetings=$(while read -r name language; do echo "greeting/$language/$name"; done < guests.txt)
need $greetings
cd "$DATABUILD_DATA_ROOT"
cat $greetings > "$DATABUILD_OUTPUT_ROOT/$1"
