# word/LANGUAGE: how one says hello in it.
set -eu
language=${1#word/}
grep "^$language " words.txt | cut -d ' ' -f 2 > "$DATABUILD_OUTPUT_ROOT/$1"
[ -s "$DATABUILD_OUTPUT_ROOT/$1" ] || { echo "words.txt has no line for '$language'" >&2; exit 1; }
