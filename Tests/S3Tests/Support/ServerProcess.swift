import Foundation
import Synchronization
import TestSupport

/// A server that lives no longer than this process: its shell waits for the end of its input.
final class ServerProcess: Sendable {
    let port: Int
    /// Kept open until this process ends; the kernel closes it then.
    private let input: Pipe
    let scratch: TemporaryDirectory

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - name: For the error.
    ///   - ports: How many free ports it gets.
    ///   - script: Gets a directory as `$1` and the first of the ports as `$2`; it prints a line when the server
    ///     answers, reads a line that never comes, and stops the server.
    /// - Throws: ``MissingTool``.
    init(_ name: String, ports: Int = 8, script: String) throws {
        scratch = try TemporaryDirectory()
        port = try FreePorts.first(of: ports)
        input = Pipe()
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script, name, scratch.path, String(port)]
        process.environment = ["PATH": TestTools.path, "LC_ALL": "C.UTF-8"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard !output.fileHandleForReading.availableData.isEmpty else { throw MissingTool(name: name) }
    }
}
