"""How long probes take while clients push in a loop and every processor is busy."""
import os
import shlex
import socket
import threading
import time

from processes import Failure, deadline, note, tail
from report import Goal, Section, milliseconds, percentile
from repositories import small_repository
from servers import Slipway
from targets import Target

CLIENTS = 64
SPINNERS = os.cpu_count() or 1
PAUSE = 0.02  # seconds from one question of a prober to its next
GOAL_P99 = 0.050  # seconds
GOAL_LONGEST = 1.0  # seconds: kubelet's timeout unless a manifest says otherwise
PATIENCE = 5.0  # seconds until a probe counts as unanswered
KINDS = [(path, keep) for path in ("/livez", "/readyz") for keep in (True, False)]

# So many clients, each of which moves the branch of a repository of its own to and fro until there is a file `stop`.
LOOP = """
client() {
    local turn=0
    while [ ! -e stop ]; do
        if said=$(git -C "$repository" push -q -f "$url-$1" "${commits[turn % 2]}:refs/heads/main" 2>&1); then
            echo . >> "good.$1"
        else
            printf '%s\\n' "$said" >> bad
        fi
        turn=$((turn + 1))
    done
}
for number in $(seq "$clients"); do client "$number" & done
wait
"""


def run(bench) -> Section:
    if "slipway" not in bench.options.targets:
        return Section.failed("probes", "the target slipway was not chosen")
    server = bench.servers[Slipway] = Slipway(bench)
    server.start()
    target = Target(bench, "slipway", server)
    bench.note_negotiation(target)
    each = bench.options.probes // 2
    note(f"probes: {len(KINDS)} x {each} under the load of {CLIENTS} clients and {SPINNERS} busy loops")
    with Load(bench, target) as load:
        load.begin()
        probers = [Prober(server.health_port, path, keep, each) for path, keep in KINDS]
        start, before = time.monotonic(), load.pushes()
        for prober in probers:
            prober.start()
        for prober in probers:
            prober.join()
        seconds, pushes = time.monotonic() - start, load.pushes() - before
        server.alive()
    load.check()
    rows, goals = [], []
    for prober in probers:
        odd = [status for status, _ in prober.answers if status != 200]
        if odd:
            raise Failure(f"{len(odd)} of {each} probes of {prober.path} were not answered with 200 but with {sorted(set(odd))}")
        times = [took for _, took in prober.answers]
        rows.append([prober.path, "one connection" if prober.keep else "a new one each", str(len(times)),
                     milliseconds(percentile(times, 0.5)), milliseconds(percentile(times, 0.99)), milliseconds(max(times))])
    for path in ("/livez", "/readyz"):
        times = [took for prober in probers if prober.path == path for _, took in prober.answers]
        p99 = percentile(times, 0.99)
        goals.append(Goal(f"{path} under load, p99", milliseconds(p99), f"< {GOAL_P99 * 1e3:.0f} ms", p99 < GOAL_P99))
        goals.append(Goal(f"{path} under load, longest", milliseconds(max(times)), f"< {GOAL_LONGEST:.0f} s", max(times) < GOAL_LONGEST))
    return Section(f"Probes while {CLIENTS} clients push in a loop", ["probe", "connections", "probes", "p50", "p99", "longest"],
                   rows, goals,
                   [f"{pushes / seconds:.0f} pushes/s at the same time, on {os.cpu_count()} cores that also run the clients and {SPINNERS} "
                    "endless loops. Times are from before the connection to the last byte. The clients are one session, the server is "
                    "another: Linux shares processors out among sessions. As in a pod, the server has no right to CAP_SYS_NICE."])


class Load:
    """Everything that keeps the machine busy; gone with the `with` block."""

    def __init__(self, bench, target: Target) -> None:
        self.bench, self.target, self.directory = bench, target, bench.work / "probes"
        self.directory.mkdir()
        self.output = self.directory / "clients.log"
        path, base, commits = small_repository(self.directory, bench.environment, 1)
        settings = {"repository": path, "url": target.server.url("probes").removesuffix(".git"), "clients": CLIENTS}
        words = [f"{name}={shlex.quote(str(value))}" for name, value in settings.items()]
        self.script = "\n".join([f"cd {shlex.quote(str(self.directory))}", *words, f"commits=({base} {commits[-1]})", LOOP])
        self.pids: list[int] = []

    def __enter__(self) -> "Load":
        return self

    def begin(self) -> None:
        """Returns when every client has pushed once."""
        processes = self.bench.processes
        self.clients = processes.spawn(["bash", "-uc", self.script], self.target.environment(), self.output)
        self.pids = [processes.spawn(["sh", "-c", "while :; do :; done"], self.bench.environment) for _ in range(SPINNERS)]
        until = time.monotonic() + 120
        while len(list(self.directory.glob("good.*"))) < CLIENTS:
            if time.monotonic() > until or self.failures():
                raise Failure(f"not all clients could push:\n{tail(self.directory / 'bad')}\n{tail(self.output)}")
            time.sleep(0.05)

    def pushes(self) -> int:
        return sum(file.stat().st_size // 2 for file in self.directory.glob("good.*"))

    def failures(self) -> str:
        bad = self.directory / "bad"
        return tail(bad) if bad.exists() else ""

    def check(self) -> None:
        if self.failures():
            raise Failure(f"pushes failed under load:\n{self.failures()}")

    def __exit__(self, *_) -> None:
        processes = self.bench.processes
        processes.end_many(self.pids)
        (self.directory / "stop").touch()
        # Each client finishes its push, so that none is cut off and counted as failed.
        with deadline(120, "the end of the clients"):
            if self.clients in processes.living:
                processes.wait(self.clients)


class Prober(threading.Thread):
    """Asks one probe at a steady pace; each answer is (status, seconds), status 0 without an answer."""

    def __init__(self, port: int, path: str, keep: bool, count: int) -> None:
        super().__init__(daemon=True)
        self.port, self.path, self.keep, self.count = port, path, keep, count
        self.answers: list[tuple[int, float]] = []
        self.connection: socket.socket | None = None
        close = "" if keep else "Connection: close\r\n"
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{close}\r\n".encode()

    def run(self) -> None:
        begin = time.monotonic()
        for number in range(self.count):
            time.sleep(max(0, begin + number * PAUSE - time.monotonic()))
            start = time.perf_counter()
            try:
                status = self.ask()
            except OSError:
                status = 0
            self.answers.append((status, time.perf_counter() - start))
            if not self.keep or status == 0:
                self.hang_up()
        self.hang_up()

    def ask(self) -> int:
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.connection.sendall(self.request)
        data = b""
        while True:
            piece = self.connection.recv(65536)
            if not piece:
                return 0
            data += piece
            head, end, body = data.partition(b"\r\n\r\n")
            if end:
                fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
                if len(body) >= int(fields.get(b"content-length", b"0")):
                    return int(head.split(b" ", 2)[1])

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
