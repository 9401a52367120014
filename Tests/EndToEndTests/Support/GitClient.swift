import FoundationEssentials
import Glibc

/// The real `git` in one work tree, as one user of a server.
struct GitClient: Sendable {
    /// The work tree.
    let directory: String
    let ssh: SSHClient
    /// Added to git's environment.
    var environment: [String: String] = [:]

    /// Makes an empty repository with the branch `main`.
    static func initialise(_ directory: String, ssh: SSHClient) async throws -> GitClient {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let git = GitClient(directory: directory, ssh: ssh)
        try await git("init", "-q", "-b", "main")
        return git
    }

    /// The address of an app.
    func remote(_ app: String) -> String { "ssh://\(ssh.login)@\(ssh.host):\(ssh.port)/\(app)" }

    /// What git and its children see.
    var variables: [String: String] {
        let own = [
            "HOME": ssh.directory("home"), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": ssh.commandLine,
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
        ]
        return Command.cleanEnvironment.merging(own) { $1 }.merging(environment) { $1 }
    }

    /// A git command, to be run or started.
    func command(_ arguments: [String]) -> Command {
        var command = Command("/usr/bin/git", arguments)
        command.environment = variables
        command.directory = directory
        return command
    }

    /// Runs git, whatever its status.
    func run(_ arguments: String..., timeout: Duration = .seconds(300)) async throws -> CommandResult {
        var command = command(arguments)
        command.timeout = timeout
        return try await command.run()
    }

    /// Runs git and gives what it printed.
    ///
    /// - Throws: ``Failed`` if its status is not 0.
    @discardableResult
    func callAsFunction(_ arguments: String...) async throws -> String {
        try await command(arguments).run().succeeded().text
    }

    /// Runs a shell script in the work tree, with git set up for the server.
    ///
    /// - Throws: ``Failed`` if its status is not 0.
    @discardableResult
    func shell(_ script: String) async throws -> CommandResult {
        var command = Command("/bin/bash", ["-euc", script])
        command.environment = variables
        command.directory = directory
        return try await command.run().succeeded()
    }

    /// Pushes `refs` to an app, whatever comes of it.
    func push(_ app: String, _ refs: String..., flags: [String] = []) async throws -> CommandResult {
        try await command(["push"] + flags + [remote(app)] + refs).run()
    }

    /// Starts a push and lets it run.
    func startPush(_ app: String, _ refs: String..., flags: [String] = []) throws -> RunningCommand {
        try command(["push"] + flags + [remote(app)] + refs).start()
    }

    /// Writes a file of the work tree, with the folders above it.
    func write(_ name: String, _ content: String, executable: Bool = false) throws {
        let file = URL(filePath: directory).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: file)
        guard unsafe chmod(file.path, executable ? 0o755 : 0o644) == 0 else { throw Failed("chmod \(name)") }
    }

    /// Commits all that is in the work tree.
    ///
    /// - Returns: The commit's id.
    @discardableResult
    func commit(_ message: String = "A commit") async throws -> String {
        try await self("add", "-A")
        try await self("commit", "-q", "--allow-empty", "-m", message)
        return try await self("rev-parse", "HEAD")
    }
}
