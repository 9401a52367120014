/// The real `ssh`, as one user of a server.
struct SSHClient: Sendable {
    let key: TestKey
    let port: UInt16
    /// Where it keeps the known hosts.
    let directory: TemporaryDirectory
    var host = "127.0.0.1"
    /// The name given at login, which means nothing to Slipway.
    var login = "git"

    /// Options that keep the user's own configuration, keys and agent out.
    var options: [String] {
        let settings = [
            "IdentitiesOnly=yes", "IdentityAgent=none", "UserKnownHostsFile=\(directory("known_hosts"))",
            "GlobalKnownHostsFile=/dev/null", "StrictHostKeyChecking=accept-new", "BatchMode=yes", "LogLevel=ERROR",
            "ConnectTimeout=20",
        ]
        return ["-F", "/dev/null", "-i", key.path] + settings.flatMap { ["-o", $0] }
    }

    /// The command for git's `GIT_SSH_COMMAND`.
    var commandLine: String { (["/usr/bin/ssh"] + options).joined(separator: " ") }

    /// The command with the words after the host; `flags` come first, as the first of several values counts with `ssh`.
    func command(_ words: [String], flags: [String] = []) -> Command {
        Command("/usr/bin/ssh", flags + options + ["-p", "\(port)", "\(login)@\(host)"] + words)
    }

    /// Runs a command on the server; none: logs in.
    func run(
        _ words: String..., flags: [String] = [], input: [UInt8]? = nil, timeout: Duration = .seconds(120)
    ) async throws -> CommandResult {
        var command = command(words, flags: flags)
        command.input = input
        command.timeout = timeout
        return try await command.run()
    }
}
