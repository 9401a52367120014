"""What a run needs, and what it ran on."""
import datetime
import os
import platform
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from processes import PATH, Failure, note
from targets import TARGETS

# command: Debian package
NEEDED = {"git": "git", "ssh": "openssh-client", "ssh-keygen": "openssh-client"}
NEEDED_FOR_OPENSSH = {"sshd": "openssh-server", "unshare": "util-linux", "mount": "mount"}


def require(options) -> None:
    """Refuses to start when something is missing, and says what to install."""
    needed = dict(NEEDED)
    if any(name.startswith("openssh") for name in options.targets):
        needed |= NEEDED_FOR_OPENSSH
    missing = {package for command, package in needed.items() if shutil.which(command, path=PATH) is None}
    if missing:
        raise Failure(f"missing on this machine: apt-get install {' '.join(sorted(missing))}")
    if any(name.startswith("slipway") for name in options.targets) and not os.access(options.slipway, os.X_OK):
        raise Failure(f"no slipway at {options.slipway}: run scripts/build first, or name one with --slipway PATH")
    raise_file_limit()


def raise_file_limit() -> None:
    """A thousand connections need more than the 1,024 descriptors that are Linux's soft default."""
    import resource
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def warn_when_busy() -> None:
    load = os.getloadavg()[0]
    if load > 0.5 * (os.cpu_count() or 1):
        note(f"the load average is {load:.1f}: something else is running, so expect noise")


def cache_directory() -> Path:
    """Where generated repositories outlive a run; only the user's own directory is trusted in a shared /tmp."""
    directory = Path(tempfile.gettempdir()) / f"slipway-bench-cache-{os.getuid()}"
    directory.mkdir(mode=0o700, exist_ok=True)
    about = directory.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        raise Failure(f"{directory} belongs to someone else; remove it or set TMPDIR")
    return directory


def output_of(*command) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, env={"PATH": PATH, "LC_ALL": "C"})
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    lines = (done.stdout.strip() or done.stderr.strip()).splitlines()  # `ssh -V` answers on stderr
    return lines[0] if lines and done.returncode == 0 else "unknown"


def libssh_version(binary: Path) -> str:
    for line in subprocess.run(["ldd", binary], capture_output=True, text=True).stdout.splitlines():
        if "libssh.so" in line and "=>" in line:
            package = output_of("dpkg-query", "-W", "-f=${Version}", "libssh-4")
            return package if package[0].isdigit() else Path(line.split("=>")[1].split()[0]).resolve().name
    return "linked statically"


def source_state() -> str:
    """The commit checked out beside this script, and whether the sources differ from it."""
    here = Path(__file__).resolve().parent
    commit = output_of("git", "-C", here, "rev-parse", "--short", "HEAD")
    changed = output_of("git", "-C", here.parent.parent, "status", "--porcelain", "--", "Sources", "Package.swift")
    return commit if changed == "unknown" else f"{commit} with uncommitted changes"  # "unknown": nothing was printed


def facts(bench, command: str) -> list[tuple[str, str]]:
    """Date, machine, versions and the exact command."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "unknown system")
    versions = [output_of("git", "--version").replace("git version", "git"), output_of("ssh", "-V").split(",")[0]]
    if any(name.startswith("slipway") for name in bench.options.targets):
        binary = bench.options.slipway
        commit = source_state()
        version = output_of(binary, "version")
        version = version if version.lower().startswith("slipway") else f"slipway {version}"
        versions += [f"{version} (checkout {commit})", f"libssh {libssh_version(binary)}"]
    result = [
        ("Date", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
        ("Machine", f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Linux {platform.release()}, {system}"),
        ("Versions", ", ".join(versions)),
        ("Command", f"`{command}`"),
        ("CPU counted by", "; ".join(sorted(bench.account_methods)) or "nothing"),
    ]
    result += [("Negotiated", bench.negotiated[name]) for name in TARGETS if name in bench.negotiated]
    return result
