import Foundation
import TestSupport

/// Runs the git on this machine in a directory of its own.
struct RealGit {
    let directory: TemporaryDirectory

    /// Makes a repository with one commit on `main`, hands it over and removes it afterwards.
    static func withRepository(_ body: (RealGit) throws -> Void) throws {
        let git = RealGit(directory: try TemporaryDirectory())
        _ = try git.run("init", "-q", "-b", "main", ".")
        _ = try git.run("commit", "-q", "--allow-empty", "-m", "one")
        try body(git)
    }

    /// Runs git and waits for its end.
    func run(_ arguments: String...) throws -> Tool.Result {
        try execute(["git"] + arguments)
    }

    /// Runs a line of shell with `input`.
    func shell(_ script: String, input: [UInt8]) throws -> Tool.Result {
        try execute(["sh", "-c", script], input: input)
    }

    /// Pushes to a server that says `answers`, and does nothing else.
    ///
    /// - Returns: What the client printed, and all bytes it sent.
    func push(to answers: [UInt8], _ arguments: String...) throws -> (run: Tool.Result, sent: [UInt8]) {
        let server = directory("server")
        try Data(answers).write(to: URL(filePath: directory("answers")))
        try directory.write("#!/bin/sh\ncd '\(directory.path)' && cat answers && exec cat >sent\n", to: "server")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: server)
        let run = try execute(["git", "push", "--receive-pack=\(server)"] + arguments)
        return (run, Array(try Data(contentsOf: URL(filePath: directory("sent")))))
    }

    private func execute(_ arguments: [String], input: [UInt8] = []) throws -> Tool.Result {
        try Tool.run(
            arguments, input: input, in: directory.path,
            environment: [
                "HOME": directory.path, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
                "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
                "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
            ])
    }
}
