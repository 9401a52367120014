"""A small push that builds: what keeping its objects in a bucket costs beside keeping them as files."""
import random
import shutil
from pathlib import Path

from processes import Failure, note, tail
from report import Goal, Section, median, milliseconds, percentile
from repositories import SEED, FastImport, history, text
from s3_server import BUCKET, SeaweedFS
from servers import Slipway
from targets import Target

WARM_UPS = 3
BASE = 30  # commits before those that are pushed one by one
GOAL = 2.0  # times the file system's median
# Log, artifact, source and record: everything that a build keeps.
MAKEFILE = b"all:\n\t@echo built\n\t@echo kept > $(SLIPWAY_OUTPUT)/kept\n"


class WithFiles(Slipway):
    name = "slipway-files"

    def command(self) -> list:
        # A build's user has to get to its workspace.
        for place in (self.bench.work, self.directory):
            place.chmod(0o711)
        words = super().command()
        words[words.index("--executor") + 1] = "local"
        return words


class WithBucket(WithFiles):
    name = "slipway-s3"

    def command(self) -> list:
        server = self.bench.servers[SeaweedFS]
        return [*super().command(), "--storage", "s3", "--s3-bucket", BUCKET, "--s3-endpoint", server.endpoint]

    def server_environment(self) -> dict[str, str]:
        return super().server_environment() | self.bench.servers[SeaweedFS].client_environment()


def run(bench) -> Section:
    if shutil.which("bwrap") is None or shutil.which("make") is None:
        raise Failure("builds need bubblewrap and make: apt-get install bubblewrap make")
    runs = bench.options.runs
    bucket = bench.servers[SeaweedFS] = SeaweedFS(bench)
    bucket.start()
    targets = {}
    for kind, words in ((WithFiles, "files"), (WithBucket, "S3")):
        server = bench.servers[kind] = kind(bench)
        server.start()
        targets[words] = Target(bench, "slipway", server)
        bench.note_negotiation(targets[words])
    note(f"small push with builds: {runs} runs with files and with a bucket")
    repository, base, commits = make_repository(bench, WARM_UPS + runs)
    wall, server_cpu, bucket_cpu = ({words: [] for words in targets} for _ in range(3))
    output = bench.work / "push.log"
    for target in targets.values():
        bench.processes.checked(target.push(repository, base, "small"), target.environment(), output)
    for number, commit in enumerate(commits):
        for words, target in targets.items():
            account = target.server.account
            before, bucket_before = account.seconds(), bucket.account.seconds()
            finished = bench.processes.timed(target.push(repository, commit, "small"), target.environment(), output, 60)
            if finished.status != 0 or "remote: built" not in output.read_text():
                raise Failure(f"with {words}: push ended with {finished.status}:\n{tail(output)}")
            account.settle()
            if number >= WARM_UPS:
                wall[words].append(finished.wall)
                server_cpu[words].append(account.seconds() - before)
                bucket_cpu[words].append(bucket.account.seconds() - bucket_before)
    for target in targets.values():
        target.verify("small", commits[-1])
    kept = bench.work / "kept.log"
    bench.processes.checked([*bucket.aws(), "ls", "--recursive", f"s3://{BUCKET}/apps/small/"], bucket.client_environment(), kept)
    if kept.read_text().count("artifact.tar.gz") != len(commits) + 1:
        raise Failure(f"expected {len(commits) + 1} artifacts in the bucket:\n{tail(kept)}")
    rows = [[f"objects in {words}", milliseconds(median(wall[words])), milliseconds(percentile(wall[words], 0.95)),
             milliseconds(median(server_cpu[words])), milliseconds(median(bucket_cpu[words])) if words == "S3" else "-"]
            for words in targets]
    ratio = median(wall["S3"]) / median(wall["files"])
    return Section(
        f"Small push that builds, objects as files and in S3 ({runs} each)", ["slipway", "median", "p95", "server CPU", "S3 server's CPU"],
        rows, [Goal("small push that builds, median, S3 / files", f"{ratio:.2f}×", f"≤ {GOAL:g}×", ratio <= GOAL)],
        ["One commit that changes one file of 1 KiB and is built by `make` in the sandbox; source, log, artifact and record are kept. "
         "The bucket's server is SeaweedFS on the same machine. CPU figures are medians per push."])


def make_repository(bench, pushes: int) -> tuple[Path, str, list[str]]:
    """A history of `BASE` commits, then `pushes` that each change one file of 1 KiB: repository, last of the history, the others."""
    repository = bench.work / "built.git"
    source = random.Random(SEED)
    with FastImport(repository, bench.environment) as importer:
        importer.commit({"Makefile": MAKEFILE})
        for number in range(1, BASE):
            importer.commit({f"source/part{number}.txt": text(source, 2000)})
        for _ in range(pushes):
            importer.commit({"changed.txt": source.randbytes(512).hex().encode()})
    commits = history(repository, bench.environment)
    return repository, commits[BASE - 1], commits[BASE:]
