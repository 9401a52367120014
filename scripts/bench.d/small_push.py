"""Latency and server CPU of a small push: one commit that changes one file of 1 KiB."""
from processes import Failure, note, tail
from report import Section, median, milliseconds, percentile, ratio_goals
from repositories import small_repository

WARM_UPS = 3
GOAL = 0.25  # of OpenSSH's median


def run(bench) -> Section:
    targets, runs = bench.targets(), bench.options.runs
    note(f"small push: {runs} runs of {len(targets)} targets")
    repository, base, commits = small_repository(bench.work, bench.environment, WARM_UPS + runs)
    wall, server_cpu, client_cpu = ({target.name: [] for target in targets} for _ in range(3))
    output = bench.work / "push.log"
    for target in targets:
        target.server.create(f"small-{target.name}")
        bench.processes.checked(target.push(repository, base, f"small-{target.name}"), target.environment(), output)
    for number, commit in enumerate(commits):
        for target in targets:
            account = target.server.account
            before = account.seconds() if account else 0
            finished = bench.processes.timed(target.push(repository, commit, f"small-{target.name}"), target.environment(), output, 60)
            if finished.status != 0:
                raise Failure(f"{target.label}: push ended with {finished.status}:\n{tail(output)}")
            if account:
                account.settle()
            if number >= WARM_UPS:
                wall[target.name].append(finished.wall)
                client_cpu[target.name].append(finished.cpu)
                if account:
                    server_cpu[target.name].append(account.seconds() - before)
    for target in targets:
        target.verify(f"small-{target.name}", commits[-1])
    rows = [[target.label, milliseconds(median(wall[target.name])), milliseconds(percentile(wall[target.name], 0.95)),
             milliseconds(median(server_cpu[target.name]) if server_cpu[target.name] else None),
             milliseconds(median(client_cpu[target.name]))] for target in targets]
    medians = {name: median(values) for name, values in wall.items()}
    return Section(f"Small push ({runs} each)", ["target", "median", "p95", "server CPU", "client CPU"], rows,
                   ratio_goals("small push, median", medians, GOAL),
                   ["CPU figures are medians per push. For `file://` the client's CPU includes git-receive-pack."])
