import Glibc

extension LocalSandbox {
    /// Bytes that a build can put into its `/dev/shm`, which is memory.
    private static let sharedMemory = 256 << 20

    /// The arguments that bubblewrap 0.8 needs, up to but without the command.
    ///
    /// The order counts: later mounts cover earlier ones, and what is remounted read-only takes no mount points any
    /// more. The first process of the pid namespace is the command itself (`--as-pid-1`), so that bubblewrap ends only
    /// after the kernel has ended every process in there.
    func bubblewrapArguments(
        environment: [String: String], directory: BuildDirectory, as identity: Identity
    ) -> [String] {
        var arguments =
            switch identity {
            case .buildUser: ["--unshare-user", "--disable-userns"]
            case .nestingUser: ["--unshare-user"]
            case .containerRoot: ["--cap-add", "ALL"]
            }
        arguments += [
            "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--as-pid-1", "--hostname", "build",
        ]
        if configuration.network == .none { arguments.append("--unshare-net") }

        // First, because what the operator shows may be below it.
        // Both bound, not one a link to the other: the build's own directory may be below either, and bubblewrap makes no mount
        // points through links.
        arguments += ["--bind", directory.temporary, "/tmp", "--bind", directory.temporary, "/var/tmp"]
        let visible = configuration.readOnlyPaths.filter { HostPath.exists($0) || HostPath.linkTarget($0) != nil }
        for path in visible {
            if let target = HostPath.linkTarget(path) {
                arguments += ["--symlink", target, path]
            } else {
                arguments += ["--ro-bind", path, path]
            }
        }
        let bound = visible.compactMap(HostPath.resolved)
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        arguments += ["--perms", "1777", "--size", String(Self.sharedMemory), "--tmpfs", "/dev/shm"]
        // Programs expect them; buildah binds /sys into its containers.
        arguments += ["--dir", "/run", "--dir", "/sys"]
        arguments += resolverArguments(bound: bound)
        let masks = masked(bound: bound)
        for mask in masks {
            arguments += HostPath.isDirectory(mask) ? ["--tmpfs", mask] : ["--ro-bind", "/dev/null", mask]
        }
        arguments += ["--bind", directory.root, directory.root]
        for mask in masks where HostPath.isDirectory(mask) { arguments += ["--remount-ro", mask] }
        // These are memory too; without this, a build could fill them.
        arguments += ["--remount-ro", "/dev", "--remount-ro", "/"]

        arguments.append("--clearenv")
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { arguments += ["--setenv", name, value] }
        return arguments + ["--chdir", directory.source]
    }

    /// What must be covered because it is below something that is bound: other builds, and what the operator hides.
    private func masked(bound: [String]) -> [String] {
        (configuration.hiddenPaths + [configuration.workspace]).compactMap(HostPath.resolved)
            .filter { path in bound.contains { HostPath.isBelow(path, $0) } }
            // A parent first, so that it does not cover the mask of its child.
            .sorted()
    }

    /// The file with the name servers, where `/etc/resolv.conf` is a symbolic link to a place that is not bound.
    private func resolverArguments(bound: [String]) -> [String] {
        guard configuration.network == .on, let path = HostPath.resolved("/etc/resolv.conf"),
            !bound.contains(where: { HostPath.isBelow(path, $0) })
        else { return [] }
        return ["--ro-bind", path, path]
    }
}
