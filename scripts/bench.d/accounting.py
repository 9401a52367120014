"""CPU time and memory of a server and of everything it starts."""
import os
import subprocess
import threading
import time
from pathlib import Path

from processes import descendants, signal_quietly


class CpuAccount:
    """CPU seconds of one server, children included."""

    method: str

    def wrap(self, arguments: list) -> list:
        """The command that starts `arguments` inside this account, with the same pid."""
        raise NotImplementedError

    def attach(self, pid: int) -> None:
        self.pid = pid

    def seconds(self) -> float:
        raise NotImplementedError

    def members(self) -> list[int]:
        raise NotImplementedError

    def settle(self, limit: float = 2.0) -> None:
        """Waits until only the server itself is left, so that what trails after a client's end is counted for that client."""
        until = time.monotonic() + limit
        while len(self.members()) > 1 and time.monotonic() < until:
            time.sleep(0.002)

    def close(self) -> None:
        pass


class CgroupAccount(CpuAccount):
    """A control group of the server's own: the kernel counts every nanosecond, of ended children too."""

    def __init__(self, directory: Path, method: str, usage_file: str) -> None:
        self.directory, self.method, self.usage = directory, method, directory / usage_file
        directory.mkdir()

    def wrap(self, arguments: list) -> list:
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', self.directory / "cgroup.procs", *arguments]

    def seconds(self) -> float:
        text = self.usage.read_text()
        if self.usage.name == "cpu.stat":
            return int(text.split("usage_usec", 1)[1].split()[0]) / 1e6
        return int(text) / 1e9

    def members(self) -> list[int]:
        return [int(line) for line in (self.directory / "cgroup.procs").read_text().split()]

    def close(self) -> None:
        """Ends what is left in the group (only the server's descendants can be) and removes it."""
        for _ in range(200):
            try:
                for pid in self.members():
                    signal_quietly(pid, 9)
                self.directory.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.01)


class ProcAccount(CpuAccount):
    """Without a control group: clock ticks of the living tree and of its reaped children.

    Coarse, and a lower bound: children that nobody waited for are lost. As root the sum agrees with the control group's; an sshd that
    is not root loses nearly all of what git-receive-pack used.
    """

    method = ("sum of /proc/<pid>/stat incl. reaped children: a lower bound in 10 ms ticks, as no control group could be made "
              "(run as root for exact figures)")

    def wrap(self, arguments: list) -> list:
        return arguments

    def members(self) -> list[int]:
        return [self.pid, *descendants(self.pid)]

    def seconds(self) -> float:
        ticks = 0
        for pid in self.members():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            ticks += sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime
        return ticks / os.sysconf("SC_CLK_TCK")


def cpu_account(name: str) -> CpuAccount:
    """The most exact account this machine allows: cgroup v1 cpuacct (ns), cgroup v2 cpu.stat (µs), /proc."""
    own = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        own.update({controller: path.lstrip("/") for controller in controllers.split(",")})
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    group = f"slipway-bench-{os.getpid()}-{name}"
    candidates = [(m[1], own.get("cpuacct"), "cgroup v1 cpuacct.usage", "cpuacct.usage") for m in mounts
                  if m[2] == "cgroup" and "cpuacct" in m[3].split(",")]
    candidates += [(m[1], own.get(""), "cgroup v2 cpu.stat", "cpu.stat") for m in mounts if m[2] == "cgroup2"]
    for mount, path, method, usage_file in candidates:
        if path is None:
            continue
        try:
            account = CgroupAccount(Path(mount) / path / group, f"{method} of the server's own control group", usage_file)
        except OSError:
            continue
        # To see that moving a process is allowed, a process has to be moved: permission bits do not tell.
        trial = subprocess.run(account.wrap(["true"]), stderr=subprocess.DEVNULL)
        if account.usage.exists() and trial.returncode == 0:
            return account
        account.close()
    return ProcAccount()


def memory(pid: int) -> dict[str, int]:
    """Bytes by name from /proc/<pid>/status: VmRSS, VmHWM (peak), RssAnon, RssFile, RssShmem."""
    wanted = ("VmRSS:", "VmHWM:", "RssAnon:", "RssFile:", "RssShmem:")
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(wanted))
    return {fields[0][:-1]: int(fields[1]) * 1024 for fields in lines}


def proportional_memory(pids: list[int]) -> int:
    """PSS in bytes of several processes: memory they share is counted once."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return total


class MemorySampler:
    """The highest RSS of one process while the body runs: sampled every 50 ms, and the kernel's own high-water mark."""

    interval = 0.05

    def __init__(self, pid: int) -> None:
        self.pid, self.peak_sample = pid, 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.sample, daemon=True)

    def sample(self) -> None:
        while not self.stopped.wait(self.interval):
            try:
                self.peak_sample = max(self.peak_sample, memory(self.pid)["VmRSS"])
            except (FileNotFoundError, ProcessLookupError, KeyError):
                return  # the server died; the push says so

    def __enter__(self) -> "MemorySampler":
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")  # resets VmHWM to the present RSS
        self.before = memory(self.pid)["VmRSS"]
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stopped.set()
        self.thread.join()

    def growth(self) -> tuple[int, int]:
        """Bytes above the start: by the samples, and by the high-water mark (which misses nothing). Ask while the server lives."""
        return max(0, self.peak_sample - self.before), max(0, memory(self.pid)["VmHWM"] - self.before)
