"""The bucket's client: put and get of 1 GB beside `aws s3 cp`, and 5 GB through its memory."""
import os
import random
import shutil
from pathlib import Path

from machine import output_of
from processes import Failure, Finished, note, tail
from report import Goal, Section, median, megabytes
from s3_server import AWSCLI, BUCKET, SeaweedFS, program

RUNS, QUICK_RUNS = 5, 2
SIZE, QUICK_SIZE = 1_000_000_000, 200_000_000
TIMES = 5  # how often the file is put as one object to see that memory does not grow with it
GOAL_THROUGHPUT = 0.8  # of aws s3 cp
GOAL_MEMORY = 64e6  # bytes above idle
DISK = 25e9  # bytes that a whole run takes, as overwritten objects are not collected at once
PIECE = 1 << 20
PATIENCE = 600  # seconds for one copy


def run(bench) -> Section:
    runs, size = (QUICK_RUNS, QUICK_SIZE) if bench.options.quick else (RUNS, SIZE)
    if shutil.disk_usage(bench.work).free < DISK * size / SIZE:
        raise Failure(f"{bench.work} has too little room: {megabytes(DISK * size / SIZE)} are needed; name another place with TMPDIR")
    client = client_binary(bench)
    server = bench.servers[SeaweedFS] = SeaweedFS(bench)
    server.start()
    clients = {"slipway": lambda way, key, file: [client, way, server.endpoint, BUCKET, key, file],
               "aws s3 cp": lambda way, key, file: [*server.aws(), "cp", "--only-show-errors",
                                                    *((file, f"s3://{BUCKET}/{key}") if way == "put" else (f"s3://{BUCKET}/{key}", file))]}
    source = make_file(bench.work / "s3-source", size)
    note(f"s3: {runs} runs of put and get of {megabytes(size)} by {len(clients)} clients, then {megabytes(TIMES * size)} for memory")
    taken: dict[tuple[str, str], list[Finished]] = {(way, name): [] for way in ("put", "get") for name in clients}
    server_cpu: dict[tuple[str, str], list[float]] = {case: [] for case in taken}
    target = bench.work / "s3-target"
    for turn in range(runs):
        for way in ("put", "get"):
            # Each is first as often as the other.
            for name, command in list(clients.items())[:: -1 if turn % 2 else 1]:
                server.calm()
                before = server.account.seconds()
                taken[way, name].append(copy(bench, server, command(way, f"copied-by-{name[:3]}", source if way == "put" else target)))
                server_cpu[way, name].append(server.account.seconds() - before)
                if way == "get":
                    # Whatever was fast must also be what was sent.
                    bench.processes.checked(["cmp", source, target], bench.environment, bench.work / "cmp.log", 120)
                    target.unlink()
    growth = {way: memory(bench, server, client, way, source) for way in ("put", "get")}
    start = [copy(bench, server, clients["aws s3 cp"]("put", "small", make_file(bench.work / "s3-small", 1))) for _ in range(3)]

    rows = [[name, way, f"{median([f.wall for f in finished]):.2f} s", f"{size / 1e6 / median([f.wall for f in finished]):.0f} MB/s",
             f"{min(f.wall for f in finished):.2f} s", f"{max(f.wall for f in finished):.2f} s",
             f"{median([f.cpu for f in finished]):.2f} s", f"{median(server_cpu[way, name]):.2f} s"]
            for (way, name), finished in taken.items()]
    goals = []
    for way in ("put", "get"):
        ours, theirs = taken[way, "slipway"], taken[way, "aws s3 cp"]
        throughput = median([f.wall for f in theirs]) / median([f.wall for f in ours])
        cpu = median([f.cpu for f in ours]) / median([f.cpu for f in theirs])
        what = f"{way} of {megabytes(size)}"
        goals.append(Goal(f"{what}, throughput, slipway / aws s3 cp", f"{throughput:.2f}×", f"≥ {GOAL_THROUGHPUT:g}×",
                          throughput >= GOAL_THROUGHPUT))
        goals.append(Goal(f"{what}, client's CPU, slipway / aws s3 cp", f"{cpu:.2f}×", "< 1×", cpu < 1))
    for way, grown in growth.items():
        goals.append(Goal(f"client's memory above idle, {way} of {megabytes(TIMES * size)}", megabytes(grown),
                          f"< {GOAL_MEMORY / 1e6:.0f} MB", None if bench.options.quick else grown < GOAL_MEMORY))
    version = output_of(program("aws", AWSCLI), "--version").split(" ")[0]
    return Section(
        f"S3: put and get of {megabytes(size)} ({runs} each)",
        ["client", "", "median", "throughput", "fastest", "slowest", "client CPU", "server CPU"], rows, goals,
        [f"{version} as it comes, against one SeaweedFS on the same machine; files are in memory on both sides. `aws s3 cp` has ten "
         f"requests at once, Slipway two parts on their way up and one stream down. Of awscli's figures "
         f"{median([f.wall for f in start]):.2f} s and {median([f.cpu for f in start]):.2f} s of CPU are those of a copy of one byte.",
         "Memory is the kernel's high-water mark (VmHWM) of the process, less what it had before the first byte."])


def client_binary(bench) -> Path:
    """The client alone, in a process of its own, as the program has it."""
    # Beside the program that is measured and nowhere else, so that no other version is taken for it.
    client = bench.options.slipway.resolve().parent / "slipway-bench-s3"
    if os.access(client, os.X_OK):
        return client
    raise Failure("no slipway-bench-s3 beside slipway: swift build -c release --product slipway-bench-s3")


def make_file(file: Path, size: int) -> Path:
    """Bytes that no server can compress, the same each time."""
    source = random.Random(size)
    with file.open("wb") as output:
        for start in range(0, size, PIECE):
            output.write(source.randbytes(min(PIECE, size - start)))
    return file


def copy(bench, server: SeaweedFS, command: list) -> Finished:
    finished = bench.processes.checked(command, server.client_environment(), bench.work / "copy.log", PATIENCE)
    server.alive()
    return finished


def memory(bench, server: SeaweedFS, client: Path, way: str, source: Path) -> int:
    """Bytes above idle while one object goes up that is `TIMES` the file, or comes down again."""
    output = bench.work / "memory.log"
    words = [client, way, server.endpoint, BUCKET, "huge", source if way == "put" else os.devnull]
    bench.processes.checked(words + ([TIMES] if way == "put" else []), server.client_environment(), output, TIMES * PATIENCE)
    server.alive()
    said = output.read_text().split()
    if said[0::2] != ["idle", "peak"]:
        raise Failure(f"expected `idle BYTES peak BYTES` from slipway-bench-s3, got:\n{tail(output)}")
    asked = bench.work / "head.log"
    bench.processes.checked([*server.aws("s3api"), "head-object", "--bucket", BUCKET, "--key", "huge", "--query", "ContentLength"],
                            server.client_environment(), asked)
    if int(asked.read_text()) != TIMES * source.stat().st_size:
        raise Failure(f"the object has {asked.read_text().strip()} bytes, not {TIMES * source.stat().st_size}")
    return int(said[3]) - int(said[1])
