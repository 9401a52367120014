import Glibc

/// Wraps a build's command so that it can harm nothing but its own directory.
struct LocalSandbox: Sendable {
    /// The command's parent.
    ///
    /// As the first process of its pid namespace it must reap orphans and cannot be killed from inside, and it keeps the
    /// output open until the recipe ends. The recipe's own exit code passes through; after death by a signal it is
    /// 128 + the signal's number, as in any shell.
    private static let firstProcess = ["/bin/sh", "-c", "\"$@\"; exit $?", "sh"]

    /// The worst there is (proc(5), oom_score_adj): when memory runs out, the kernel ends a build, never the server.
    private static let outOfMemoryScore = "1000"

    let configuration: LocalExecutorConfiguration
    /// What this machine turned out to be able to do.
    let abilities = SandboxAbilities()

    /// Spells out how to run `words` for a build.
    ///
    /// - Parameters:
    ///   - words: A program and its arguments, as the build sees them.
    ///   - environment: What the build finds in its environment.
    ///   - directory: All it can write to; it starts in its source.
    ///   - marker: The build's id, to find its processes by when there is no sandbox.
    ///   - identity: Who the command is in the sandbox.
    /// - Returns: The command.
    /// - Throws: ``LocalSandboxError`` when a program that is needed is not installed.
    func command(
        _ words: [String], environment: [String: String], in directory: BuildDirectory, marker: String,
        as identity: Identity = .buildUser
    ) throws(LocalSandboxError) -> BuildCommand {
        let prlimit = try Self.tool("prlimit")
        // Raising the score needs no right; all that the command starts inherits it.
        let first = [try Self.tool("choom"), "-n", Self.outOfMemoryScore, "--"]
        let inner = [prlimit] + resourceLimits + ["--"] + Self.firstProcess + words
        switch configuration.sandbox {
        case .bubblewrap:
            guard let bubblewrap = HostPath.tool("bwrap") else { throw .bubblewrapMissing }
            let sandboxed =
                [bubblewrap]
                + bubblewrapArguments(environment: environment, directory: directory, as: identity) + ["--"] + inner
            // bubblewrap clears the environment itself; its own must not hold the server's secrets either.
            switch (identity, configuration.changesUser) {
            case (.containerRoot, let user?):
                return BuildCommand(
                    words: try first + containerRootWords(sandboxed, user: user),
                    environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], workingDirectory: "/",
                    reach: .namespace(depth: 2))
            default:
                return BuildCommand(
                    words: try first + changingUser([]) + sandboxed, environment: [:], workingDirectory: "/",
                    reach: .namespace(depth: 1))
            }
        case .none:
            return BuildCommand(
                words: try first + changingUser(["--pdeathsig", "KILL"]) + inner, environment: environment,
                workingDirectory: directory.source, reach: .marked("SLIPWAY_BUILD_ID=\(marker)"))
        }
    }

    /// The words that make the rest of a command run as the build's user, when the server is root.
    ///
    /// Root in a user namespace is still the owner of root's files outside; `nobody` is not. Resource limits that
    /// count processes do not hold root either.
    private func changingUser(_ options: [String]) throws(LocalSandboxError) -> [String] {
        guard let user = configuration.changesUser else {
            guard !options.isEmpty else { return [] }
            return [try Self.tool("setpriv"), "--no-new-privs"] + options + ["--"]
        }
        return [
            try Self.tool("setpriv"), "--reuid", String(user.uid), "--regid", String(user.gid), "--clear-groups",
            "--no-new-privs",
        ] + options + ["--"]
    }

    /// Where a program of util-linux is.
    ///
    /// - Throws: ``LocalSandboxError/toolMissing(_:)``.
    static func tool(_ name: String) throws(LocalSandboxError) -> String {
        guard let path = HostPath.tool(name) else { throw .toolMissing(name) }
        return path
    }

    private var resourceLimits: [String] {
        var limits = [
            "--core=0",
            "--fsize=\(Self.lowered(configuration.maximumFileSize, RLIMIT_FSIZE))",
            "--nofile=\(Self.lowered(configuration.maximumOpenFiles, RLIMIT_NOFILE))",
        ]
        if configuration.maximumMemory > 0 {
            limits.append("--data=\(Self.lowered(configuration.maximumMemory, RLIMIT_DATA))")
        }
        // Processes are counted per user and user namespace. Without a namespace of its own, a build by the server's
        // own user would be refused for what that user runs besides.
        if configuration.sandbox == .bubblewrap || configuration.changesUser != nil {
            limits.append("--nproc=\(Self.lowered(configuration.maximumProcesses, __RLIMIT_NPROC))")
        }
        return limits
    }

    /// The limit, or the server's own hard limit when that is lower: nobody but root may raise it.
    private static func lowered(_ wanted: UInt64, _ resource: __rlimit_resource) -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return wanted }
        return min(wanted, UInt64(limit.rlim_max))
    }
}
