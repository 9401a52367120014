"""What authenticated connections cost that do nothing: CPU and memory."""
import time
from pathlib import Path

from accounting import memory, proportional_memory
from processes import Failure, note, tail
from report import Goal, Section, megabytes
from servers import Slipway

BATCH = 25  # clients that log in at one time while ramping up
GOAL_CPU = 1.0  # per cent of one core for all connections: what "about nothing" means here
GOAL_MEMORY = 100_000  # bytes a connection
CALM = 5  # seconds between the last login and the measurement


def run(bench) -> Section:
    rows, goals, remarks = [], [], []
    measured = set()
    for target in bench.targets(ssh_only=True):
        if type(target.server) in measured:
            continue  # the key exchange is over: one measurement a server
        measured.add(type(target.server))
        ours = isinstance(target.server, Slipway)
        count = bench.options.connections if ours else bench.options.openssh_connections
        percent, each, proportional, floor = hold(bench, target, count)
        rows.append([target.server.name, str(count), f"{percent:.2f} %", f"{each / 1e3:.1f} kB" if ours else "-",
                     f"{proportional / 1e3:.1f} kB"])
        if ours:
            comparable = count >= 1000 or None
            goals.append(Goal(f"CPU of {count} idle connections", f"{percent:.2f} % of a core", f"≈ 0 (≤ {GOAL_CPU:g} %)",
                              comparable and percent <= GOAL_CPU))
            goals.append(Goal("memory of an idle connection", f"{each / 1e3:.1f} kB", f"< {GOAL_MEMORY / 1e3:.0f} kB",
                              comparable and each < GOAL_MEMORY))
            remarks.append(f"Slipway's RSS without connections: {megabytes(floor)}.")
    remarks.append(f"CPU over {bench.options.idle_seconds} s as a share of one core, keep-alives included. RSS per connection is the "
                   "growth of RssAnon + RssFile of the server process; PSS per connection is the growth over all of the server's "
                   "processes. Neither counts the kernel's socket buffers and stacks.")
    return Section("Idle authenticated connections", ["server", "connections", "CPU", "RSS each", "PSS each"], rows, goals, remarks)


def hold(bench, target, count: int) -> tuple[float, float, float, int]:
    """Holds `count` connections open. Returns per cent of a core, RSS and PSS bytes per connection, RSS before."""
    note(f"idle: {count} connections to {target.server.name}, {bench.options.idle_seconds} s")
    server, account = target.server, target.server.account
    account.settle(5)
    before, proportional_before = resident(server.pid), proportional_memory(account.members())
    clients: list[int] = []
    errors = bench.work / "idle-errors.log"
    try:
        ramp_up(bench, target, count, clients, errors)
        time.sleep(CALM)
        cpu, start = account.seconds(), time.monotonic()
        time.sleep(bench.options.idle_seconds)
        percent = 100 * (account.seconds() - cpu) / (time.monotonic() - start)
        after, proportional_after = resident(server.pid), proportional_memory(account.members())
        gone = sum(1 for pid in clients if not Path(f"/proc/{pid}/exe").exists())  # a zombie has no exe
        if gone:
            raise Failure(f"{gone} of {count} idle connections to {server.name} were ended by the server:\n{tail(errors)}")
    finally:
        bench.processes.end_many(clients)
    return percent, (after - before) / count, (proportional_after - proportional_before) / count, before


def ramp_up(bench, target, count: int, clients: list[int], errors: Path) -> None:
    """Logs in batch after batch, so that the cap on unauthenticated connections is never met."""
    logged_in = bench.work / "logged-in"
    logged_in.write_bytes(b"")
    # ssh runs LocalCommand once it is logged in; one byte for each client.
    local = ["-oPermitLocalCommand=yes", f"-oLocalCommand=printf . >> {logged_in}"]
    command = [*target.ssh("-N", "-T", *local), *target.ssh_host()]
    while len(clients) < count:
        for _ in range(min(BATCH, count - len(clients))):
            clients.append(bench.processes.spawn(command, bench.environment, errors=errors))
        until = time.monotonic() + 60
        while logged_in.stat().st_size < len(clients):
            if time.monotonic() > until:
                raise Failure(f"{logged_in.stat().st_size} of {len(clients)} clients had logged in to {target.server.name} after 60 s:\n"
                              f"{tail(errors)}")
            time.sleep(0.02)


def resident(pid: int) -> int:
    found = memory(pid)
    return found["RssAnon"] + found["RssFile"]
