import GitProtocol
import GitRepository
import Glibc
import Identifiers
import Logging
import NIOPosix
import Subprocess
import SystemPackage
import TestSupport

/// A directory for one test with a store of repositories in it, removed at the end; runs the real git.
final class Workspace: Sendable {
    private let directory: TemporaryDirectory
    let store: RepositoryStore

    init(
        pool: NIOThreadPool = .singleton, git: GitTool? = nil,
        logger: Logger = Logger(label: "git") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        directory = try TemporaryDirectory()
        store = try RepositoryStore(root: directory("data"), pool: pool, git: git ?? .locate(), logger: logger)
    }

    var path: String { directory.path }

    /// An app's repository, made if need be.
    func repository(_ app: String = "blog") async throws -> Repository {
        try await store.openOrCreate(AppName(app))
    }

    /// Where an app's repository is.
    func repositoryPath(_ app: String = "blog") -> String { "\(path)/data/\(app).git" }

    /// Runs a shell script in the workspace, with `$R` the repository of "blog" and a `commit` function.
    ///
    /// - Returns: Standard output without the last newline.
    @discardableResult
    func sh(_ script: String) async throws -> String {
        String(decoding: try await bytes(script).reversed().drop { $0 == 10 }.reversed(), as: UTF8.self)
    }

    /// Runs a shell script and returns standard output as it is.
    func bytes(_ script: String) async throws -> [UInt8] {
        let prelude = """
            set -e
            cd \(path)
            R=\(repositoryPath())
            commit() { git add -A && git commit -q --allow-empty -m "$1" && git rev-parse HEAD; }

            """
        let environment: Environment = .custom([
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
            "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "main",
        ])
        let result = try await run(
            .path("/bin/bash"), arguments: ["-c", prelude + script], environment: environment,
            output: .bytes(limit: 400 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw ScriptError(script: script, output: result.standardError)
        }
        return result.standardOutput
    }

    /// Runs a shell script that prints an object id.
    func id(_ script: String) async throws -> ObjectID {
        let text = try await sh(script)
        guard let id = ObjectID(text) else { throw ScriptError(script: script, output: text) }
        return id
    }

    /// Names in the repository's `objects` that belong to pushes.
    func quarantines() async throws -> String {
        try await sh("ls $R/objects | grep incoming || true")
    }

    /// Processes that still mention this workspace.
    func children() async throws -> String {
        try await sh("pgrep -af 'git.*\(path)' | grep -v -e bash -e pgrep || true")
    }
}

struct ScriptError: Error {
    let script: String
    let output: String
}
