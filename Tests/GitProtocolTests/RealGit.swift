import Foundation

/// Runs the git on this machine in a directory of its own.
struct RealGit {
    struct Run {
        let status: Int32
        let output: [UInt8]
        /// Standard error, as text.
        let messages: String

        var text: String { String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    let directory: URL

    /// Makes a repository with one commit on `main`, hands it over and removes it afterwards.
    static func withRepository(_ body: (RealGit) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "git-protocol-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let git = RealGit(directory: directory)
        _ = try git.run("init", "-q", "-b", "main", ".")
        _ = try git.run("commit", "-q", "--allow-empty", "-m", "one")
        try body(git)
    }

    /// Runs git and waits for its end.
    func run(_ arguments: String...) throws -> Run {
        try execute("git", arguments)
    }

    /// Runs a line of shell with `input`.
    func shell(_ script: String, input: [UInt8]) throws -> Run {
        try Data(input).write(to: directory.appending(path: "input"))
        return try execute("sh", ["-c", "exec <input; " + script])
    }

    /// Pushes to a server that says `answers`, and does nothing else.
    ///
    /// - Returns: What the client printed, and all bytes it sent.
    func push(to answers: [UInt8], _ arguments: String...) throws -> (run: Run, sent: [UInt8]) {
        let server = directory.appending(path: "server")
        let sent = directory.appending(path: "sent")
        try Data(answers).write(to: directory.appending(path: "answers"))
        try Data("#!/bin/sh\ncd '\(directory.path)' && cat answers && exec cat >sent\n".utf8).write(to: server)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: server.path)
        let run = try execute("git", ["push", "--receive-pack=\(server.path)"] + arguments)
        return (run, Array(try Data(contentsOf: sent)))
    }

    private func execute(_ program: String, _ arguments: [String]) throws -> Run {
        // Files, not pipes: nothing to drain while the program runs.
        let output = directory.appending(path: "output")
        let messages = directory.appending(path: "messages")
        for file in [output, messages] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = directory
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
            "HOME": directory.path, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: messages)
        try process.run()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus, output: Array(try Data(contentsOf: output)),
            messages: String(decoding: try Data(contentsOf: messages), as: UTF8.self))
    }
}
