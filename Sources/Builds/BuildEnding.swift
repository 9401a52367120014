/// How a build's process came to its end.
enum BuildEnding: Sendable, Equatable {
    case exited(Int32)
    /// The outermost process was killed, which no build can do to it.
    case killedFromOutside(Int32)
    case timedOut
    case logTooLarge
    case diskTooFull

    /// The ending in words.
    ///
    /// - Parameters:
    ///   - program: What was run, as the person who pushed knows it.
    ///   - configuration: The limits that may have been met.
    /// - Returns: What the push is told.
    func result(of program: String, _ configuration: LocalExecutorConfiguration) -> BuildResult {
        switch self {
        case .exited(0):
            BuildResult(outcome: .succeeded, exitCode: 0, reason: "\(program) succeeded")
        case .exited(let code):
            // A shell's way to say that a signal ended the command; sh is the parent of every recipe.
            if code > 128, let name = SignalName.of(code - 128) {
                signalled(program, code - 128, name, configuration)
            } else {
                BuildResult(
                    outcome: .failed, exitCode: code,
                    reason: "\(program) ended with exit code \(code)" + Self.hint(code, program))
            }
        case .killedFromOutside(let signal):
            signalled(program, signal, SignalName.of(signal) ?? "a signal without a name", configuration)
        case .timedOut:
            BuildResult(
                outcome: .timedOut, exitCode: nil,
                reason: """
                    \(program) was ended after \(configuration.timeout), the longest that a build may run here; \
                    make it faster or ask the operator for more time
                    """)
        case .logTooLarge:
            BuildResult(
                outcome: .logTooLarge, exitCode: nil,
                reason: """
                    \(program) was ended because it wrote more than \(configuration.maximumLogSize) bytes of output; \
                    make it less talkative
                    """)
        case .diskTooFull:
            BuildResult(
                outcome: .failed, exitCode: nil,
                reason: """
                    \(program) was ended because the build used more than \
                    \(ByteCount.words(configuration.maximumDisk)) of disk; \
                    make it leave less behind while it runs, or ask the operator for more
                    """)
        }
    }

    private func signalled(
        _ program: String, _ signal: Int32, _ name: String, _ configuration: LocalExecutorConfiguration
    ) -> BuildResult {
        let hint =
            switch name {
            case "SIGKILL": "; the machine may have run out of memory"
            case "SIGXFSZ": "; no file may grow over \(configuration.maximumFileSize) bytes here"
            default: ""
            }
        return BuildResult(
            outcome: .signalled, exitCode: nil,
            reason: "\(program) was killed by signal \(signal) (\(name))" + hint)
    }

    private static func hint(_ code: Int32, _ program: String) -> String {
        switch code {
        case 126:
            """
            : a file that should be run could not be; is it executable, and is the program on its first line there?
            """
        case 127:
            """
            : a command was not found; the output says which. \
            If it is \(program) itself, the program on its first line is missing on this server
            """
        default: ""
        }
    }
}
