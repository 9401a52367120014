import Glibc
import NIOPosix
import SystemCalls

/// How Slipway's own containers in a build's pod end.
enum PodSide {
    /// What a node takes of a message at most.
    private static let maximumMessage = 4096

    /// Runs a step, and leaves its message for the server.
    ///
    /// - Parameters:
    ///   - terminationLog: Where the message goes; it is missing outside of a pod, which is no failure.
    ///   - pool: Where files block.
    ///   - body: Gives the message of a success; nil for none.
    /// - Returns: What the process is to end with.
    static func run(
        terminationLog: String, pool: NIOThreadPool, _ body: () async throws -> String?
    ) async -> Int32 {
        do {
            if let message = try await body() {
                try await leave(message, terminationLog, pool)
            }
            return 0
        } catch {
            let problem = error as? PodSideError ?? PodSideError("\(error)")
            let line = problem.reason.oneLine(1000)
            try? await leave(line, terminationLog, pool)
            // Into the container's log, which the pusher reads after a failure.
            try? await complain(line, pool)
            return problem.exitCode
        }
    }

    private static func leave(_ message: String, _ path: String, _ pool: NIOThreadPool) async throws {
        try await pool.runIfActive {
            let file = try OwnedDescriptor.open(path: path, flags: O_WRONLY | O_TRUNC)
            try file.write(Array(message.utf8.prefix(maximumMessage)))
        }
    }

    private static func complain(_ line: String, _ pool: NIOThreadPool) async throws {
        try await pool.runIfActive {
            // Not by its path: an ordinary user may not open again what a container was given.
            let copy = OwnedDescriptor(dup(STDERR_FILENO))
            try copy.write(Array((line + "\n").utf8))
        }
    }
}
