"""Starting, timing and surely ending the processes of a run."""
import os
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"


class Failure(Exception):
    """Something could not be measured; the text says what and what to do."""


def note(text: str) -> None:
    """Progress, on stderr, so that stdout holds only the result."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


@dataclass
class Finished:
    status: int
    wall: float  # seconds
    cpu: float  # seconds, user and system, of the process and of all children it waited for


@contextmanager
def deadline(seconds: float, what: str):
    """Raises `Failure` in the main thread when the body takes longer: a server that hangs must not hang the run."""
    def expire(number, frame):
        raise Failure(f"{what} took longer than {seconds:.0f} s")
    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, from one look at /proc."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(fields[1]), []).append(int(entry))
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


class Processes:
    """Every process this run started and has not yet reaped. Each leads its own session, away from the terminal's Ctrl-C."""

    def __init__(self) -> None:
        self.living: set[int] = set()

    def spawn(self, arguments: list, environment: dict, output: Path | None = None, errors: Path | None = None) -> int:
        """Starts a process with /dev/null as input. posix_spawn, because fork would cost more the more memory we use.

        - Parameters: `errors` defaults to `output`; both are appended to; None is /dev/null.
        """
        words = [str(word) for word in arguments]
        output = output or Path(os.devnull)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o600)]
        if errors and errors != output:
            actions.append((os.POSIX_SPAWN_OPEN, 2, str(errors), flags, 0o600))
        else:
            actions.append((os.POSIX_SPAWN_DUP2, 1, 2))
        # The interpreter ignores SIGPIPE; children must not inherit that.
        pid = os.posix_spawnp(words[0], words, environment, file_actions=actions, setsid=True, setsigdef=[signal.SIGPIPE])
        self.living.add(pid)
        return pid

    def wait(self, pid: int, options: int = 0) -> tuple[int, float] | None:
        """Reaps `pid`: its exit status (negative: the signal) and its CPU seconds; None when WNOHANG finds it running."""
        reaped, status, usage = os.wait4(pid, options)
        if reaped == 0:
            return None
        self.living.discard(pid)
        return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime

    def wait_any(self) -> tuple[int, int]:
        """Reaps whichever child ends next: its pid and exit status."""
        pid, status, _ = os.wait4(-1, 0)
        self.living.discard(pid)
        return pid, os.waitstatus_to_exitcode(status)

    def timed(self, arguments: list, environment: dict, output: Path, limit: float) -> Finished:
        """Runs a command to its end. Its output replaces `output`."""
        output.unlink(missing_ok=True)
        with deadline(limit, " ".join(map(str, arguments[:6]))):
            start = time.perf_counter()
            pid = self.spawn(arguments, environment, output)
            try:
                status, cpu = self.wait(pid)
                wall = time.perf_counter() - start
            finally:
                if pid in self.living:
                    self.end(pid)
        return Finished(status, wall, cpu)

    def checked(self, arguments: list, environment: dict, output: Path, limit: float = 60) -> Finished:
        """`timed`, where any status but 0 is a `Failure` that shows the end of the output."""
        finished = self.timed(arguments, environment, output, limit)
        if finished.status != 0:
            raise Failure(f"`{' '.join(map(str, arguments))}` ended with {finished.status}:\n{tail(output)}")
        return finished

    def end(self, pid: int, patience: float = 0) -> None:
        """Ends a process that this run started, and everything below it: SIGTERM, `patience` seconds, SIGKILL."""
        if pid not in self.living:
            return
        below = descendants(pid)
        signal_quietly(pid, signal.SIGTERM)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.wait(pid, os.WNOHANG):
                break
            time.sleep(0.01)
        for process in [*below, *descendants(pid)]:
            signal_quietly(process, signal.SIGKILL)
        if pid in self.living:
            signal_quietly(pid, signal.SIGKILL)
            self.wait(pid)

    def end_many(self, pids: list[int]) -> None:
        """Ends many processes without children of their own at once."""
        mine = [pid for pid in pids if pid in self.living]
        for pid in mine:
            signal_quietly(pid, signal.SIGKILL)
        for pid in mine:
            self.wait(pid)

    def end_all(self) -> None:
        for pid in list(self.living):
            self.end(pid)


def signal_quietly(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def tail(file: Path, lines: int = 15) -> str:
    try:
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(no output)"
