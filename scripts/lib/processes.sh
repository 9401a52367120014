# shellcheck shell=bash
# Sourced: servers that go on in the background. Each has, in the folder that is given first, NAME.pid (its pid and when it
# started, so that a number which somebody else has by now is not taken for it), NAME.command (how to start it again) and NAME.log.

# fail TEXT...: says what is wrong and ends the script.
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# wait_until SECONDS COMMAND...: tries the command every 0.1 s until it succeeds; fails when the time is over.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

# started_at PID: when the process started, in the kernel's ticks; nothing if there is none, or only what is left of it.
started_at() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    # The name may hold blanks and brackets: what follows it begins after the last bracket.
    read -r -a stat <<<"${stat##*) }"
    [ "${stat[0]}" = Z ] || echo "${stat[19]}"
}

# process_pid DIR NAME: its pid, if it is running.
process_pid() {
    local pid="" started=""
    { read -r pid started <"$1/$2.pid"; } 2>/dev/null || return 1
    [ -n "$pid" ] && [ -n "$started" ] && [ "$(started_at "$pid")" = "$started" ] && echo "$pid"
}

# process_runs DIR NAME: whether it is running.
process_runs() {
    process_pid "$1" "$2" >/dev/null
}

# start_process DIR NAME COMMAND...: starts it in a session of its own, with no lock of ours (descriptor 9) in its hands.
start_process() {
    local dir=$1 name=$2
    shift 2
    printf '%q ' "$@" >"$dir/$name.command"
    setsid "$@" >>"$dir/$name.log" 2>&1 </dev/null 9>&- &
    echo "$! $(started_at $!)" >"$dir/$name.pid"
}

# start_process_again DIR NAME: starts it with the command line that it had.
start_process_again() {
    local command
    [ -f "$1/$2.command" ] || fail "$2 was never started"
    # Written by start_process with %q, so that it is words and nothing else.
    eval "command=($(<"$1/$2.command"))"
    start_process "$1" "$2" "${command[@]}"
}

# await_process DIR NAME SECONDS COMMAND...: waits until the command succeeds; if it does not, or the process ends, shows the log.
await_process() {
    local dir=$1 name=$2 end=$((SECONDS + $3))
    shift 3
    until "$@" >/dev/null 2>&1; do
        if ! process_runs "$dir" "$name"; then
            show_log "$dir" "$name"
            fail "$name ended while it was starting; the end of its log is above"
        fi
        if [ "$SECONDS" -ge "$end" ]; then
            show_log "$dir" "$name"
            fail "$name runs but is not ready; the end of its log is above"
        fi
        sleep 0.1
    done
}

# show_log DIR NAME: the end of its log.
show_log() {
    echo "--- $1/$2.log" >&2
    tail -n 15 "$1/$2.log" >&2 || true
}

# stop_process DIR NAME: asks it to end, and after 10 s ends it. No error if it does not run.
stop_process() {
    local pid
    if pid=$(process_pid "$1" "$2"); then
        kill "$pid" 2>/dev/null || true
        if ! wait_until 10 process_gone "$1" "$2"; then
            kill -KILL "$pid" 2>/dev/null || true
            wait_until 10 process_gone "$1" "$2" || fail "$2 (pid $pid) cannot be ended"
        fi
    fi
    rm -f "$1/$2.pid"
}

# process_gone DIR NAME: whether it has ended.
process_gone() {
    ! process_runs "$1" "$2"
}
