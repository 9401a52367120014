"""The repositories that are pushed, made by `git fast-import` from a seeded generator: the same commits on every machine."""
import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from machine import cache_directory
from processes import Failure, note

SEED = 20_240_117
EPOCH = 1_700_000_000  # of the first commit; one commit a minute
WORDS = ("build", "deploy", "slip", "keel", "harbour", "rope", "anchor", "tide", "sail", "mast", "chart", "crew", "log", "port",
         "return", "if", "else", "for", "let", "func", "struct", "value", "index", "count", "{", "}", "(", ")", "=", "->")


class FastImport:
    """Writes a linear history of main into a fresh bare repository."""

    def __init__(self, repository: Path, environment: dict) -> None:
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repository], env=environment, check=True)
        self.process = subprocess.Popen(["git", "-c", "core.bigFileThreshold=512k", "-C", repository, "fast-import", "--quiet"],
                                        env=environment, stdin=subprocess.PIPE, start_new_session=True)
        self.commits = 0

    def commit(self, files: dict[str, bytes]) -> None:
        write = self.process.stdin.write
        who = f"Bench <bench@example.org> {EPOCH + 60 * self.commits} +0000"
        message = f"Commit {self.commits}".encode()
        write(f"commit refs/heads/main\ncommitter {who}\ndata {len(message)}\n".encode() + message + b"\n")
        for path, content in files.items():
            write(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
        self.commits += 1

    def finish(self) -> None:
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise Failure("git fast-import did not accept the generated history; see its message above")

    def __enter__(self) -> "FastImport":
        return self

    def __exit__(self, kind, *_) -> None:
        if kind:
            self.process.kill()
            self.process.wait()
        else:
            self.finish()


def text(source: random.Random, size: int) -> bytes:
    """Text that compresses about as well as source code does."""
    lines, length = [], 0
    while length < size:
        line = " ".join(source.choices(WORDS, k=9)) + f" {source.randrange(100_000)}"
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines).encode()


def history(repository: Path, environment: dict) -> list[str]:
    """All commits of main, oldest first."""
    listed = subprocess.run(["git", "-C", repository, "rev-list", "--reverse", "main"], env=environment, check=True,
                            capture_output=True, text=True)
    return listed.stdout.split()


def small_repository(directory: Path, environment: dict, pushes: int) -> tuple[Path, str, list[str]]:
    """A history of about 100 objects, then `pushes` commits that each change one file of 1 KiB.

    - Returns: the repository, the last commit of the history, the commits to push one by one.
    """
    base = 30
    repository = directory / "small.git"
    source = random.Random(SEED)
    with FastImport(repository, environment) as importer:
        for number in range(base):
            importer.commit({f"source/part{number}.txt": text(source, 2000)})
        for _ in range(pushes):
            importer.commit({"changed.txt": source.randbytes(512).hex().encode()})
    commits = history(repository, environment)
    return repository, commits[base - 1], commits[base:]


@dataclass
class LargeShape:
    files: int
    commits: int
    blobs: int  # of 1 MiB, incompressible
    huge: int  # of 20 MiB, incompressible


FULL = LargeShape(files=5000, commits=2000, blobs=240, huge=3)
QUICK = LargeShape(files=500, commits=200, blobs=30, huge=0)


def large_repository(bench) -> tuple[Path, str]:
    """The large repository, fully packed; made once and cached. Returns it and its last commit."""
    shape = QUICK if bench.options.quick else FULL
    # The name holds all that decides the content, so that a changed shape is a new cache entry.
    name = f"large-v1-{SEED}-{shape.files}-{shape.commits}-{shape.blobs}-{shape.huge}"
    finished = cache_directory() / f"{name}.git"
    if not finished.exists():
        note(f"making the large repository ({shape.files} files, {shape.commits} commits); cached for later runs")
        partial = cache_directory() / f"{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        try:
            generate(bench, partial, shape)
            partial.rename(finished)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return finished, history(finished, bench.environment)[-1]


def generate(bench, repository: Path, shape: LargeShape) -> None:
    source = random.Random(SEED)
    paths = [f"source/module{number % 100:02}/file{number:04}.txt" for number in range(shape.files)]
    contents = {path: text(source, 5000) for path in paths}
    blobs = [1 << 20] * shape.blobs + [20 << 20] * shape.huge
    with FastImport(repository, bench.environment) as importer:
        importer.commit(contents)
        for number in range(1, shape.commits):
            files = {}
            for path in source.sample(paths, 5):
                lines = contents[path].split(b"\n")
                lines[source.randrange(len(lines))] = text(source, 60)
                files[path] = contents[path] = b"\n".join(lines)
            # Incompressible blobs are spread over the history: every (commits / blobs)th commit adds one.
            if blobs and number % max(1, shape.commits // (shape.blobs + shape.huge + 1)) == 0:
                files[f"assets/blob{number:04}.bin"] = source.randbytes(blobs.pop())
            importer.commit(files)
    # Deltas as in a repository that has been in use; big blobs are left alone, as nothing can be gained.
    bench.processes.checked(["git", "-c", "core.bigFileThreshold=512k", "-C", repository, "repack", "-a", "-d", "-f", "-q"],
                            bench.environment, bench.work / "repack.log", limit=1800)


def pack_size(repository: Path) -> int:
    return sum(pack.stat().st_size for pack in repository.glob("objects/pack/*.pack"))


def object_count(repository: Path, environment: dict) -> int:
    listed = subprocess.run(["git", "-C", repository, "count-objects", "-v"], env=environment, check=True, capture_output=True,
                            text=True)
    counts = dict(line.split(": ") for line in listed.stdout.splitlines())
    return int(counts["count"]) + int(counts["in-pack"])
