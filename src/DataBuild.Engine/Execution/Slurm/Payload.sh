# What Slurm runs for each run of a batch. Above this the engine puts: root, batch, nonce, patience, grace, mask.
# Needs sh, coreutils, sed and setsid of the node. Ends with 75: somebody else has this run or nobody wants it any more; 76: the shared folder
# is not seen here; 77: the shared folder cannot be written to. Else the exit file holds the truth, and the exit code is for people.
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask "$mask"
index=${SLURM_ARRAY_TASK_ID:-0}
job=${SLURM_JOB_ID:-}
[ -z "${SLURM_ARRAY_JOB_ID:-}" ] || job=${SLURM_ARRAY_JOB_ID}_$index
node=${SLURMD_NODENAME:-$(uname -n)}
manifest=$root/batches/$batch

# Written and synced before this batch was handed over. A client of a network file system may see it late; a listing makes it ask again.
seen='' tries=0
until [ "$seen" = "$nonce" ]; do
  [ ! -r "$manifest" ] || IFS= read -r seen < "$manifest" || :
  [ "$seen" != "$nonce" ] || break
  tries=$((tries + 1))
  [ "$tries" -le "$patience" ] || exit 76
  ls "$root/batches" >/dev/null 2>&1
  sleep 1
done
run=$(sed -n "$((index + 2))p" "$manifest")
[ -n "$run" ] || exit 76
home=$root/runs/$run

# Whoever makes this folder has the run, for ever: however often Slurm starts it, one copy goes on.
if ! mkdir "$home/claim" 2>/dev/null; then
  if [ -d "$home/claim" ] || [ ! -d "$home" ]; then exit 75; fi
  exit 77
fi
child='' hound='' clock='' cause='' stopped='' begun=$(date +%s.%N)
trap 'stopped=1' TERM USR2

now() { date +%s.%N; }

# Its exit file, by rename, into the one folder that the engine lists. $1: what ended it, $2: status, $3: by a signal, $4: more.
finish() {
  {
    echo "job=$job"
    echo "node=$node"
    echo "begun=$begun"
    echo "ended=$(now)"
    echo "cause=$1"
    echo "status=$2"
    echo "signalled=$3"
    echo "left=${left:-0}"
    echo "detail=$4"
  } > "$home/exit.part" 2>/dev/null || exit 77
  sync "$home/exit.part" 2>/dev/null || sync
  mv "$home/exit.part" "$root/ended/$run" 2>/dev/null || exit 77
  case $1:$2 in exit:0 | exit:75) exit 0 ;; *) exit 1 ;; esac
}

. "$home/vars" || exit 77

# The engine that takes a run back from a lost node removes its output folder: what has none is to do nothing.
[ -d "$output" ] || finish gone 0 0 "$output"
cd "$directory" 2>/dev/null || finish directory 0 0 "$directory"

find_program() {
  case $program in
    */*) found=$program ;;
    *)
      found='' refused=''
      set -f
      IFS=:
      for folder in $path; do
        [ -f "${folder:-.}/$program" ] || continue
        if [ -x "${folder:-.}/$program" ]; then found=${folder:-.}/$program; break; fi
        [ -n "$refused" ] || refused=${folder:-.}/$program
      done
      unset IFS
      set +f
      [ -n "$found" ] || [ -z "$refused" ] || finish not-executable 0 0 "$refused"
      [ -n "$found" ] || finish not-found 0 0 "$program"
      ;;
  esac
  [ -e "$found" ] || finish not-found 0 0 "$found"
  [ ! -d "$found" ] && [ -x "$found" ] || finish not-executable 0 0 "$found"
  case $(head -c 2 "$found" | tr -d '\000') in
    '') finish format 0 0 "$found" ;;
    '#!')
      first=''
      IFS= read -r first < "$found" || :
      case $first in *"$(printf '\r')") finish interpreter 0 0 "$found" ;; esac
      first=${first#'#!'}
      set -f
      # The first word of the line.
      set -- $first
      set +f
      [ -x "${1:-}" ] || finish interpreter 0 0 "$found"
      ;;
    [a-zA-Z]*) finish format 0 0 "$found" ;;
  esac
}
find_program

# Ends the run: SIGTERM to all of its process group, SIGKILL after the grace; at once when asked again.
stop() {
  if [ -n "$cause" ]; then
    kill -KILL "-$child" 2>/dev/null
    return
  fi
  cause=$1
  kill -TERM "-$child" 2>/dev/null
  kill -CONT "-$child" 2>/dev/null
  setsid /bin/sh -c "sleep $grace && kill -KILL -$child" >/dev/null 2>&1 </dev/null &
  hound=$!
}

# A shell has its background processes ignore SIGINT and SIGQUIT, which nobody further down could undo but an env of coreutils 8.31.
heed=--default-signal=INT,QUIT
/usr/bin/env "$heed" true 2>/dev/null || heed=''
setsid /usr/bin/env $heed -i /bin/sh "$home/start" </dev/null >/dev/null 2>"$home/note" &
child=$!
trap 'stop term' TERM
trap 'stop timeout' USR1
trap 'kill -KILL "-$child" 2>/dev/null; cause=${cause:-term}' USR2
[ -z "$stopped" ] || stop term
if [ -n "$timeout" ]; then
  setsid /bin/sh -c "sleep $timeout && kill -USR1 $$" >/dev/null 2>&1 </dev/null &
  clock=$!
fi
{
  echo "job=$job"
  echo "node=$node"
  echo "host=$(uname -n)"
  echo "pid=$child"
  echo "begun=$begun"
} > "$home/claim/started.part" && mv "$home/claim/started.part" "$home/claim/started"

# A signal that was caught ends the wait, and not the run.
while :; do
  wait "$child"
  waited=$?
  kill -0 "$child" 2>/dev/null || break
done
trap '' TERM USR1 USR2
[ -z "$clock" ] || kill -KILL "-$clock" 2>/dev/null
[ -z "$hound" ] || kill -KILL "-$hound" 2>/dev/null

# What the run left of its process group gets a second.
left=0 tries=0
while kill -0 "-$child" 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -gt 10 ] || [ -n "$cause" ]; then
    [ -n "$cause" ] || left=1
    kill -KILL "-$child" 2>/dev/null
    break
  fi
  sleep 0.1
done

# A shell gives 128 and the signal's number for what a signal ended, and says so on its stderr, but for SIGINT and SIGPIPE.
if [ -s "$home/status" ]; then
  status=$(cat "$home/status") signalled=0
  case $status in
    130 | 141) signalled=1 ;;
    *) [ "$status" -le 128 ] || [ ! -s "$home/note" ] || signalled=1 ;;
  esac
else
  status=$waited signalled=1
  [ "$status" -gt 128 ] || signalled=0
fi
[ "$signalled" = 0 ] || status=$((status - 128))

# SIGUSR2 asks this script to kill at once, and Slurm gives it to the run's processes too: either ends them.
case $cause:$signalled:$status in term:1:12) status=9 ;; esac
for file in stdout stderr messages; do
  [ ! -s "$home/$file" ] || sync "$home/$file" 2>/dev/null || sync
done
finish "${cause:-exit}" "$status" "$signalled" ''
