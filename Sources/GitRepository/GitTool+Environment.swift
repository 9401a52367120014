extension GitTool {
    /// Settings for every child, in place of the machine's and the user's configuration.
    private static let configuration = [
        // A volume may have another owner than this process; which repository is used is decided here.
        ("safe.directory", "*"),
        ("core.hooksPath", "/dev/null"),
        ("core.logAllRefUpdates", "false"),
        // Blobs from this size on are streamed, never held in memory.
        ("core.bigFileThreshold", "1m"),
        // Packs and their indexes are on the disk before a push is accepted.
        ("core.fsync", "committed"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        // No child has business with another server.
        ("protocol.allow", "never"),
        ("uploadpack.allowFilter", "true"),
        // By thread, while it serves a clone; the default has no bound.
        ("pack.windowMemory", "64m"),
    ]

    /// The whole environment of a child: nothing is inherited.
    ///
    /// - Parameter additions: Variables for one command.
    /// - Returns: `NAME=value` entries, each ended by NUL.
    func environment(_ additions: [String: String]) -> [[UInt8]] {
        let directory = git.split(separator: "/").dropLast().joined(separator: "/")
        var variables = [
            "PATH": "/\(directory):/usr/bin:/bin",
            "LC_ALL": "C",
            "HOME": "/nonexistent",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            // A pushed refs/replace/* must not change what a commit is taken for.
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_CONFIG_COUNT": "\(Self.configuration.count)",
        ]
        for (index, setting) in Self.configuration.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = setting.0
            variables["GIT_CONFIG_VALUE_\(index)"] = setting.1
        }
        variables.merge(additions) { _, addition in addition }
        return variables.map { Array("\($0.key)=\($0.value)".utf8) + [0] }
    }
}
