"""First push of a large repository: time, server CPU, and what it adds to the server's own memory."""
import os

from accounting import MemorySampler
from processes import Failure, note, tail
from report import Goal, Section, median, megabytes, ratio_goals
from repositories import large_repository, object_count, pack_size
from servers import Slipway

GOAL = 1.0  # times OpenSSH's wall time
GOAL_GROWTH = 32e6  # bytes of RSS
GOAL_PACK = 300e6  # bytes the pack must have for that goal to mean anything


def run(bench) -> Section:
    runs = bench.options.large_runs
    repository, tip = large_repository(bench)
    targets = bench.targets()
    size = pack_size(repository)
    note(f"large push: {megabytes(size)}, {runs} runs of {len(targets)} targets")
    wall, server_cpu, client_cpu = ({target.name: [] for target in targets} for _ in range(3))
    growth: dict[str, list[tuple[int, int]]] = {target.name: [] for target in targets}
    for number in range(runs):
        for target in targets:
            name = f"large-{target.name}-{number}"
            target.server.create(name)
            os.sync()  # nobody pays for what the one before left unwritten
            finished, cpu = push(bench, target, repository, tip, name, growth[target.name])
            wall[target.name].append(finished.wall)
            client_cpu[target.name].append(finished.cpu)
            server_cpu[target.name].append(cpu)
            target.verify(name, tip)
            target.server.remove(name)
    rows = [[target.label, f"{median(wall[target.name]):.2f} s", f"{min(wall[target.name]):.2f} s", f"{max(wall[target.name]):.2f} s",
             f"{median(server_cpu[target.name]):.2f} s" if target.server.account else "-",
             f"{median(client_cpu[target.name]):.2f} s"] for target in targets]
    goals = ratio_goals("large first push, median", {name: median(values) for name, values in wall.items()}, GOAL)
    remarks = [f"{object_count(repository, bench.environment):,} objects, a pack of {megabytes(size)}. Medians; CPU is per push. "
               "For `file://` the client's CPU includes git-receive-pack."]
    memory_goal(targets, growth, size, goals, remarks)
    return Section(f"Large first push ({runs} each)", ["target", "median", "fastest", "slowest", "server CPU", "client CPU"], rows,
                   goals, remarks)


def push(bench, target, repository, tip: str, name: str, growth: list):
    """One timed push. The server's memory is watched for every server, so that watching costs all of them the same."""
    account, output = target.server.account, bench.work / "push.log"
    before = account.seconds() if account else 0
    sampler = MemorySampler(target.server.pid or os.getpid())
    with sampler:
        finished = bench.processes.timed(target.push(repository, tip, name), target.environment(), output, 900)
    if finished.status != 0:
        raise Failure(f"{target.label}: push of the large repository ended with {finished.status}:\n{tail(output)}")
    if account:
        account.settle(10)
    growth.append(sampler.growth())
    return finished, (account.seconds() - before if account else 0)


def memory_goal(targets, growth, size: int, goals: list, remarks: list) -> None:
    """The server is fresh in this phase, so its first push is the one that must stay small."""
    ours = [pair for target in targets if isinstance(target.server, Slipway) for pair in growth[target.name]]
    if not ours:
        return
    sampled, high_water = (max(values) for values in zip(*ours))
    worst = max(sampled, high_water)
    goals.append(Goal(f"growth of slipway's RSS in a push of {size / 1e6:.0f} MB", megabytes(worst), f"< {GOAL_GROWTH / 1e6:.0f} MB",
                      worst < GOAL_GROWTH if size >= GOAL_PACK else None))
    remarks.append(f"Slipway's own RSS grew by at most {megabytes(sampled)} (samples every 50 ms) and {megabytes(high_water)} "
                   "(the kernel's high-water mark) above its value before the push; the first push is to a fresh process.")
