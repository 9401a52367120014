import Foundation

/// Runs the real programs that the code has to agree with.
package enum Tool {
    package struct Result: Sendable {
        package let status: Int32
        package let output: [UInt8]
        package let errors: String

        /// What it printed, without white space around it.
        package var text: String {
            String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - arguments: The program's name first.
    ///   - input: Small, for a pipe holds 64 KiB; what it writes to standard error must be small too.
    ///   - directory: Where it runs.
    ///   - environment: What it gets besides `PATH` and `LC_ALL`; nothing comes from the user who runs the tests.
    /// - Returns: What it printed and how it ended; that it failed is no error.
    /// - Throws: When it cannot be started.
    package static func run(
        _ arguments: [String], input: [UInt8] = [], in directory: String = "/", environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
            .merging(environment) { $1 }
        let (source, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try source.fileHandleForWriting.write(contentsOf: Data(input))
        try source.fileHandleForWriting.close()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        let words = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: Array(bytes), errors: String(decoding: words, as: UTF8.self))
    }
}
