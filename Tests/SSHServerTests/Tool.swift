import Subprocess

/// The programs on this machine that the tests run.
enum Tool {
    struct Result: Sendable {
        /// The exit status, or 128 and the signal's number.
        let status: Int32
        let output: [UInt8]
        let errorOutput: [UInt8]

        var text: String { String(decoding: output, as: UTF8.self) }
        var errors: String { String(decoding: errorOutput, as: UTF8.self) }
    }

    /// Runs a program to its end.
    ///
    /// - Throws: When it cannot be started, or writes more than `limit` bytes.
    static func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], environment: [Environment.Key: String?] = [:],
        limit: Int = 128 << 20
    ) async throws -> Result {
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), environment: .inherit.updating(environment),
            input: .array(input), output: .bytes(limit: limit), error: .bytes(limit: limit))
        return Result(
            status: result.terminationStatus.code, output: result.standardOutput, errorOutput: result.standardError)
    }
}

struct ToolError: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}

extension TerminationStatus {
    /// As a shell gives it.
    var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let number): 128 + number
        }
    }
}
