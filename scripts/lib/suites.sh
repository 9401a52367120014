# shellcheck shell=bash
# Sourced: runs groups of tests one after the other, every one of them whatever became of those before, and says at the very end
# what failed: of the output of an hour often the end is all that is kept. All output stays in .build/test-logs until the next run.

# As many tests at a time as do not starve each other: each is given seconds for what takes milliseconds.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=6

suite_logs=.build/test-logs
failed_suites=()

# run_suite NAME ARGUMENT...: one group of tests, which the arguments for swift test pick. It never fails; suites_passed does, also
# for a group without any test.
run_suite() {
    local name=$1
    shift
    mkdir -p "$suite_logs"
    if ! swift test --skip-build "$@" 2>&1 | tee "$suite_logs/$name.log" || grep -q 'Test run with 0 tests' "$suite_logs/$name.log"; then
        failed_suites+=("$name")
    fi
}

# what_failed LOG: what went wrong in a group, in its own words; without such words (a crash) its last lines. 6 KB at most.
what_failed() {
    local issue='^✘ .* recorded an issue |[Ff]atal error|^error: |unexpected signal'
    { grep -E -A 8 "$issue" "$1" || tail -n 30 "$1"; } | grep -v '^[◇✔]' | head -c 6000 || true
}

# suites_passed: whether every group passed; says which did not, and why.
suites_passed() {
    local name
    for name in "${failed_suites[@]}"; do
        printf '\n=== FAILED: %s (%s/%s.log) ===\n' "$name" "$suite_logs" "$name"
        what_failed "$suite_logs/$name.log"
    done >&2
    [ ${#failed_suites[@]} -eq 0 ]
}
