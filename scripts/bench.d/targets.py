"""What is compared: five ways to push, over three servers, and the clean environment of the client."""
import shlex
from pathlib import Path

from processes import PATH, Failure, Processes, tail
from servers import FileServer, OpenSSH, Server, Slipway

CURVE25519 = "curve25519-sha256"

# name: (server, client's key exchange or None for the client's defaults, words for the tables)
TARGETS = {
    "slipway": (Slipway, None, "slipway"),
    "slipway-curve25519": (Slipway, CURVE25519, "slipway, curve25519"),
    "openssh": (OpenSSH, None, "openssh, default"),
    "openssh-curve25519": (OpenSSH, CURVE25519, "openssh, curve25519"),
    "file": (FileServer, None, "file:// (floor)"),
}


class Target:
    """One way to push."""

    def __init__(self, bench: "Bench", name: str, server: Server) -> None:
        kind, self.key_exchange, self.label = TARGETS[name]
        assert isinstance(server, kind)
        self.bench, self.name, self.server = bench, name, server

    def ssh(self, *extra: str) -> list[str]:
        """The client's command with nothing of this machine's or user's configuration."""
        options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "GlobalKnownHostsFile=/dev/null",
                   "IdentitiesOnly=yes", "IdentityAgent=none", "LogLevel=ERROR", "ConnectTimeout=60"]
        if self.key_exchange:
            options.append(f"KexAlgorithms={self.key_exchange}")
        return ["ssh", "-F", "/dev/null", "-i", str(self.bench.key), *(f"-o{option}" for option in options), *extra]

    def ssh_host(self) -> list[str]:
        return ["-p", str(self.server.port), f"{self.server.user}@127.0.0.1"]

    def connect(self) -> list[str]:
        """Log in and run the cheapest command there is: for sshd a shell's built-in `true`, for slipway `ping`."""
        return [*self.ssh("-T"), *self.ssh_host(), "ping" if isinstance(self.server, Slipway) else "true"]

    def environment(self) -> dict[str, str]:
        return self.bench.environment | {"GIT_SSH_COMMAND": shlex.join(self.ssh()), "GIT_SSH_VARIANT": "ssh"}

    def push(self, repository: Path, commit: str, name: str) -> list[str]:
        """The command that pushes `commit` to the branch main of `name` at this target."""
        return ["git", "-C", str(repository), "push", self.server.url(name), f"{commit}:refs/heads/main"]

    def verify(self, name: str, commit: str) -> None:
        """Whatever was fast must also have been stored."""
        output = self.bench.work / "verify.log"
        self.bench.processes.checked(["git", "ls-remote", self.server.url(name), "refs/heads/main"], self.environment(), output)
        if commit not in output.read_text():
            raise Failure(f"{self.label}: refs/heads/main of {name} is not the pushed {commit}:\n{tail(output)}")


class Bench:
    """The state of one run: options, temporary directory, client key, and the servers that are up."""

    def __init__(self, options, work: Path, processes: Processes) -> None:
        self.options, self.work, self.processes = options, work, processes
        self.servers: dict[type, Server] = {}
        self.negotiated: dict[str, str] = {}  # target: what `ssh -v` said
        self.account_methods: set[str] = set()
        home = work / "home"
        home.mkdir()
        self.environment = {
            "PATH": PATH, "HOME": str(home), "LC_ALL": "C", "TMPDIR": str(work),
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "gc.auto", "GIT_CONFIG_VALUE_0": "0",
        }
        self.key = self.make_key("client")

    def make_key(self, name: str) -> Path:
        key = self.work / name
        self.processes.checked(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"bench-{name}", "-f", key],
                               self.environment, self.work / "keygen.log")
        return key

    def targets(self, ssh_only: bool = False) -> list[Target]:
        """The chosen targets in their one order, with their servers freshly started where they are not up."""
        chosen = []
        for name in self.options.targets:
            kind = TARGETS[name][0]
            if ssh_only and kind is FileServer:
                continue
            if kind not in self.servers:
                self.servers[kind] = kind(self)
                self.servers[kind].start()
            chosen.append(Target(self, name, self.servers[kind]))
            self.note_negotiation(chosen[-1])
        return chosen

    def note_negotiation(self, target: Target) -> None:
        """Records once what key exchange, host key and cipher a target really uses."""
        if target.name in self.negotiated or isinstance(target.server, FileServer):
            return
        output = self.work / "negotiation.log"
        command = [word.replace("LogLevel=ERROR", "LogLevel=DEBUG1") for word in target.connect()]
        try:
            self.processes.checked(command, self.environment, output)
        except Failure as failure:
            hint = target.server.login_hint
            raise Failure(f"no login to {target.server.name}{hint}: {failure}\nits log:\n{tail(target.server.log)}") from failure
        said = {}
        for line in output.read_text(errors="replace").splitlines():
            for part, start in {"key exchange": "debug1: kex: algorithm: ", "host key": "debug1: kex: host key algorithm: ",
                                "cipher": "debug1: kex: server->client cipher: "}.items():
                if line.startswith(start):
                    said[part] = line.removeprefix(start).split(" ")[0]
        self.negotiated[target.name] = f"{target.label}: " + ", ".join(said.get(k, "?") for k in ("key exchange", "host key", "cipher"))

    def stop_servers(self) -> None:
        for server in self.servers.values():
            server.stop()
        self.servers.clear()
