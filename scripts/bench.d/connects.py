"""Logins per second, each with the cheapest command, by 1, 8 and 32 clients at a time."""
import time

from processes import Failure, deadline, note, tail
from report import Section, median, milliseconds, ratio_goals

# clients at a time: connects in one round
ROUNDS = {1: 15, 8: 48, 32: 128}
GOAL = 4.0  # times OpenSSH's rate at one client


def run(bench) -> Section:
    targets, rounds = bench.targets(ssh_only=True), bench.options.rounds
    if not targets:
        return Section.failed("connects", "no target with ssh was chosen")
    rates = {(target.name, clients): [] for target in targets for clients in ROUNDS}
    cpu = {(target.name, clients): [] for target in targets for clients in ROUNDS}
    failures = {target.name: 0 for target in targets}
    for target in targets:
        burst(bench, target, 2, 1)  # warm-up
    for clients, count in ROUNDS.items():
        note(f"connects: {clients} clients, {rounds} rounds of {len(targets)} targets")
        for _ in range(rounds):
            for target in targets:
                before = target.server.account.seconds()
                rate, failed = burst(bench, target, count, clients)
                target.server.account.settle()
                rates[target.name, clients].append(rate)
                cpu[target.name, clients].append((target.server.account.seconds() - before) / count)
                failures[target.name] += failed
    rows = [[target.label, *(f"{median(rates[target.name, clients]):.1f}/s" for clients in ROUNDS),
             *(milliseconds(median(cpu[target.name, clients])) for clients in (1, 32)), str(failures[target.name])]
            for target in targets]
    at_one = {target.name: median(rates[target.name, 1]) for target in targets}
    headers = ["target", *(f"{clients} client{'s' if clients > 1 else ''}" for clients in ROUNDS),
               "server CPU at 1", "server CPU at 32", "failed"]
    return Section(f"Connects per second (rounds: {rounds})", headers, rows,
                   ratio_goals("connects/s at 1 client", at_one, GOAL, higher_is_better=True),
                   ["Medians of the rounds; server CPU is per connect. Each connect is a whole `ssh` process, which shares the "
                    "machine's cores with the server and bounds the rate from above."])


def burst(bench, target, count: int, clients: int) -> tuple[float, int]:
    """Makes `count` connects, `clients` at a time. Returns the successful ones per second, and how many failed."""
    output = bench.work / "connect.log"
    output.unlink(missing_ok=True)
    command, environment = target.connect(), bench.environment
    running: set[int] = set()
    started = succeeded = 0
    with deadline(300, f"{count} connects to {target.label}"):
        start = time.perf_counter()
        try:
            while started < count or running:
                while started < count and len(running) < clients:
                    running.add(bench.processes.spawn(command, environment, output))
                    started += 1
                pid, status = bench.processes.wait_any()
                if pid not in running:
                    target.server.alive()
                running.discard(pid)
                succeeded += status == 0
            elapsed = time.perf_counter() - start
        finally:
            bench.processes.end_many(list(running))
    if succeeded == 0:
        raise Failure(f"{target.label}: no connect succeeded:\n{tail(output)}")
    return succeeded / elapsed, count - succeeded
