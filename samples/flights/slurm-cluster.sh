#!/usr/bin/env bash
# A private Slurm cluster on this machine, for trying things out: everything it has lies in one folder, all ports are on 127.0.0.1.
# Works as root and as any other user. Needs Debian's packages slurmctld, slurmd, slurm-client and munge; starts no service of the system.
#
#   slurm-cluster.sh start DIR [NODES] [CPUS]   2 nodes of 4 processors unless said; again: starts whatever of it is not running
#   slurm-cluster.sh stop DIR                   ends its daemons and its jobs, and nothing else; the folder stays
#
# Then: export SLURM_CONF=DIR/slurm.conf
# From the environment: SLURM_NODE_TIMEOUT, seconds after which a node that is silent is down (30); SLURM_EXTRA, more lines for slurm.conf.
set -euo pipefail

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[ $# -ge 2 ] || usage
verb=$1
[ "$verb" = start ] || [ "$verb" = stop ] || usage
[ "$verb" = start ] && mkdir -p "$2"
dir=$(cd "$2" 2>/dev/null && pwd) || { echo "$0: there is no folder $2" >&2; exit 66; }
export SLURM_CONF=$dir/slurm.conf

# The daemon of a pid file, if it runs and is no zombie: prints its pid.
daemon() {
  local pid
  pid=$(cat "$dir/run/$1.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && grep -q '^State:.[^ZX]' "/proc/$pid/status" 2>/dev/null && echo "$pid"
}

# The daemons that supervise this cluster's job steps hold a log of this folder open; their children are the jobs.
steps() {
  local pid
  for pid in $(pgrep -x slurmstepd || true); do
    ls -l "/proc/$pid/fd" 2>/dev/null | grep -qF " $dir/" && echo "$pid"
  done
  return 0
}

descendants() {
  local pid
  for pid in $(pgrep -P "$1" || true); do echo "$pid"; descendants "$pid"; done
}

stop() {
  local pids=() pid name tries
  [ -d "$dir/run" ] || return 0
  for pid in $(steps); do pids+=("$pid" $(descendants "$pid")); done
  for name in "$dir"/run/slurmd-*.pid "$dir/run/slurmctld.pid" "$dir/run/munged.pid"; do
    pid=$(daemon "$(basename "$name" .pid)") && pids+=("$pid")
  done
  [ ${#pids[@]} -gt 0 ] && kill -TERM "${pids[@]}" 2>/dev/null
  for ((tries = 0; tries < 100; tries++)); do
    local alive=0
    for pid in "${pids[@]}"; do grep -q '^State:.[^ZX]' "/proc/$pid/status" 2>/dev/null && alive=1; done
    [ $alive = 0 ] && break
    sleep 0.05
  done
  for pid in "${pids[@]}" $(steps); do kill -KILL "$pid" 2>/dev/null || true; done
  rm -f "$dir"/run/*.pid
}

# So many ports in a row that nothing listens on.
free_ports() {
  local base port busy tries
  for ((tries = 0; tries < 50; tries++)); do
    base=$((20000 + RANDOM % 10000)) busy=0
    for ((port = base; port < base + $1; port++)); do
      (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && busy=1
    done
    [ $busy = 0 ] && { echo "$base"; return 0; }
  done
  return 1
}

configure() {
  local nodes=$1 cpus=$2 host port node
  host=$(uname -n); host=${host%%.*}
  port=$(free_ports $((nodes + 1)))
  {
    cat <<CONF
ClusterName=private
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
# Neither cgroups nor accounting: a user has no rights to the one and no database for the other.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
# A node may claim more processors than the machine has.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
# The least loaded node first, so that few runs are enough to see both at work.
SelectTypeParameters=CR_CPU,CR_LLN
SchedulerParameters=batch_sched_delay=1,sched_min_interval=20000,sched_interval=5,bf_interval=5,default_queue_depth=1000
ReturnToService=2
SlurmdTimeout=${SLURM_NODE_TIMEOUT:-30}
MessageTimeout=${SLURM_MESSAGE_TIMEOUT:-10}
KillWait=10
MaxArraySize=10001
MaxJobCount=20000
CONF
    [ -z "${SLURM_EXTRA:-}" ] || echo "$SLURM_EXTRA"
    for ((node = 1; node <= nodes; node++)); do
      echo "NodeName=n$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + node)) CPUs=$cpus RealMemory=4000 State=UNKNOWN"
    done
    echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP"
  } > "$SLURM_CONF"
  echo "$nodes" > "$dir/nodes"
}

start() {
  local tool nodes node tries up
  for tool in munged slurmctld slurmd sbatch squeue; do
    PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || { echo "$0: $tool is not installed: apt-get install slurmctld slurmd slurm-client munge" >&2; exit 69; }
  done
  PATH=$PATH:/usr/sbin
  mkdir -p "$dir"/{run,log,state}
  chmod 0755 "$dir" "$dir/run"
  [ -s "$SLURM_CONF" ] || configure "${1:-2}" "${2:-4}"
  nodes=$(cat "$dir/nodes")
  [ -s "$dir/munge.key" ] || (umask 077; head -c 128 /dev/urandom > "$dir/munge.key")
  daemon munged >/dev/null || munged --force --key-file="$dir/munge.key" --seed-file="$dir/state/munge.seed" --socket="$dir/run/munge.socket" \
    --pid-file="$dir/run/munged.pid" --log-file="$dir/log/munged.log" --num-threads=2
  daemon slurmctld >/dev/null || slurmctld </dev/null >/dev/null 2>&1
  for ((node = 1; node <= nodes; node++)); do
    daemon "slurmd-n$node" >/dev/null || slurmd -N "n$node" </dev/null >/dev/null 2>&1
  done
  for ((tries = 0; tries < 300; tries++)); do
    up=$(sinfo -h -N -o %T 2>/dev/null | grep -cxE 'idle|mixed|allocated|draining|drained' || true)
    [ "$up" -ge "$nodes" ] && { echo "$nodes nodes are up: export SLURM_CONF=$SLURM_CONF"; return 0; }
    sleep 0.1
  done
  echo "$0: the cluster did not come up; its logs are in $dir/log" >&2
  sinfo -N >&2 || true
  tail -n 3 "$dir"/log/*.log >&2
  exit 70
}

"$verb" "${@:3}"
