"""The servers: slipway, Debian's sshd with git-receive-pack, and none at all (`file://`)."""
import getpass
import os
import pwd
import shutil
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from accounting import CpuAccount, cpu_account
from processes import PATH, Failure, tail


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """One server process in a CPU account of its own."""

    name: str
    user = getpass.getuser()
    login_hint = ""  # what is likely wrong when the first login is refused
    patience = 0.0  # seconds between SIGTERM and SIGKILL
    pid: int | None = None
    account: CpuAccount | None = None

    def __init__(self, bench) -> None:
        self.bench = bench
        # Kept between phases, so that host keys are made once; every phase has a fresh process.
        self.directory = bench.work / self.name
        self.directory.mkdir(exist_ok=True)
        self.log = self.directory / "server.log"

    def command(self) -> list:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def server_environment(self) -> dict[str, str]:
        return {"PATH": PATH, "HOME": self.bench.environment["HOME"], "LC_ALL": "C"}

    def start(self) -> None:
        self.port = free_port()
        arguments = self.command()
        self.account = cpu_account(f"{self.name}-{self.port}")
        self.bench.account_methods.add(self.account.method)
        self.pid = self.bench.processes.spawn(self.account.wrap(arguments), self.server_environment(), self.log)
        self.account.attach(self.pid)
        until = time.monotonic() + 30
        while not self.ready():
            ended = self.bench.processes.wait(self.pid, os.WNOHANG)
            if ended or time.monotonic() > until:
                why = f"ended with {ended[0]}" if ended else "was not ready after 30 s"
                raise Failure(f"{self.name} {why}:\n{tail(self.log)}")
            time.sleep(0.02)

    def alive(self) -> None:
        """Raises when the server has gone; a dead server would otherwise be a very fast one."""
        if self.pid is not None and self.pid not in self.bench.processes.living:
            raise Failure(f"{self.name} ended during the run:\n{tail(self.log)}")

    def stop(self) -> None:
        if self.pid is not None:
            self.bench.processes.end(self.pid, self.patience)
            self.pid = None
        if self.account is not None:
            self.account.close()
            self.account = None

    def url(self, name: str) -> str:
        raise NotImplementedError

    def create(self, name: str) -> None:
        """Makes an empty repository, where the first push does not do so itself."""

    def remove(self, name: str) -> None:
        """Gives back a repository's disk space."""

    def bare_repository(self, name: str) -> Path:
        return self.directory / f"{name}.git"


class Slipway(Server):
    name = "slipway"
    user = "bench"
    patience = 5.0

    def command(self) -> list:
        key = self.bench.key.with_suffix(".pub").read_text().strip()
        access = self.directory / "access.yaml"
        access.write_text(f'users:\n  bench: {{keys: ["{key}"], apps: ["*"]}}\n')
        self.health_port = free_port()
        # As in a pod, where the thread of the probes may not go before others.
        drop = ["setpriv", "--inh-caps=-sys_nice", "--bounding-set=-sys_nice"] if os.getuid() == 0 else []
        # The limits are raised for the idle phase; one address makes all connections here.
        return drop + [self.bench.options.slipway.resolve(), "serve", "--ssh-port", self.port, "--ssh-address", "127.0.0.1",
                "--health-port", self.health_port, "--health-address", "127.0.0.1", "--data-dir", self.directory / "data",
                "--access-file", access, "--executor", "none", "--log-format", "json", "--drain-delay", "0s",
                "--ssh-max-connections", 2000 + self.bench.options.connections,
                "--ssh-max-connections-per-address", 2000 + self.bench.options.connections, "--ssh-max-unauthenticated", 200]

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def url(self, name: str) -> str:
        return f"ssh://{self.user}@127.0.0.1:{self.port}/{name}.git"


class OpenSSH(Server):
    """Debian's sshd as the current user, at its best: a login shell that costs next to nothing and reads no start-up files.

    bash, run by sshd, reads ~/.bashrc even for `bash -c`; whatever someone keeps there would be counted against OpenSSH.
    As root the user's entry in /etc/passwd is replaced (in a mount namespace of the server's own) by one with /bin/sh and an
    empty home. Without root only the home can be replaced.
    """

    name = "openssh"
    login_hint = " (sshd without PAM refuses accounts that are locked, `!` in /etc/shadow: see `passwd -S`)"
    made_run_directory = False

    def command(self) -> list:
        host_key = self.directory / "host_key"
        if not host_key.exists():
            shutil.move(self.bench.make_key("openssh-host"), host_key)
        home = self.directory / "home"
        home.mkdir(exist_ok=True)
        authorized = self.directory / "authorized_keys"
        shutil.copy(self.bench.key.with_suffix(".pub"), authorized)
        configuration = self.directory / "sshd_config"
        configuration.write_text("\n".join([
            f"ListenAddress 127.0.0.1:{self.port}", f"HostKey {host_key}", f"AuthorizedKeysFile {authorized}",
            "PidFile none", "UsePAM no", "PermitRootLogin prohibit-password", "PasswordAuthentication no",
            "KbdInteractiveAuthentication no", "StrictModes no", "UseDNS no", "PrintMotd no", "PrintLastLog no",
            "PermitUserRC no", "LogLevel ERROR",
            "MaxStartups 1000:100:1000",  # the default 10:30:100 drops some of 32 clients at random
            f"SetEnv HOME={home} GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null", ""]))
        sshd = [shutil.which("sshd", path=PATH), "-D", "-e", "-f", configuration]
        if os.getuid() != 0:
            return sshd
        self.make_run_directory()
        entry = pwd.getpwuid(0)
        others = [line for line in Path("/etc/passwd").read_text().splitlines() if not line.startswith(f"{entry.pw_name}:")]
        accounts = self.directory / "passwd"
        accounts.write_text("\n".join([f"{entry.pw_name}:x:0:0:root:{home}:/bin/sh", *others, ""]))
        accounts.chmod(0o644)
        self.bench.work.chmod(0o711)  # sshd's unprivileged half reads the accounts too
        self.directory.chmod(0o711)
        script = 'mount --bind "$0" /etc/passwd && exec "$@"'
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, accounts, *sshd]

    def make_run_directory(self) -> None:
        """sshd, as root, refuses to start without its privilege separation directory; on a machine that runs no sshd it is missing."""
        if not os.path.isdir("/run/sshd"):
            os.mkdir("/run/sshd", 0o755)
            self.made_run_directory = True

    def stop(self) -> None:
        super().stop()
        if self.made_run_directory:
            os.rmdir("/run/sshd")
            self.made_run_directory = False

    def ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                return connection.recv(8).startswith(b"SSH-2.0-")
        except OSError:
            return False

    def url(self, name: str) -> str:
        return f"ssh://{self.user}@127.0.0.1:{self.port}{self.bare_repository(name)}"

    def create(self, name: str) -> None:
        make_bare(self, name)

    def remove(self, name: str) -> None:
        shutil.rmtree(self.bare_repository(name), ignore_errors=True)


class FileServer(Server):
    """`file://`: git-receive-pack as the client's own child, without network, login or encryption."""

    name = "file"
    port = 0

    def start(self) -> None:
        pass

    def url(self, name: str) -> str:
        return f"file://{self.bare_repository(name)}"

    def create(self, name: str) -> None:
        make_bare(self, name)

    def remove(self, name: str) -> None:
        shutil.rmtree(self.bare_repository(name), ignore_errors=True)


def make_bare(server: Server, name: str) -> None:
    server.bench.processes.checked(["git", "init", "-q", "--bare", "-b", "main", server.bare_repository(name)],
                                   server.bench.environment, server.bench.work / "init.log")
