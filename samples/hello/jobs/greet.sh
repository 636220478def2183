# greeting/LANGUAGE/NAME: one line. Which word it takes, it says when it runs.
set -eu
. jobs/need.sh
name=${1##*/}
language=$(basename "$(dirname "$1")")
need "word/$language"
echo "$(cat "$DATABUILD_DATA_ROOT/word/$language"), $name!" > "$DATABUILD_OUTPUT_ROOT/$1"
