import Builds

/// How a build ended, for the person who pushed: what happened, and what to do.
enum EndingWords {
    static func timedOut(_ program: String, after limit: Duration) -> BuildResult {
        BuildResult(
            outcome: .timedOut, exitCode: nil,
            reason: """
                \(program) was ended after \(limit.words), the longest that a build may run here; \
                make it faster or ask the operator for more time
                """)
    }

    /// The recipe has run, and its result is lost.
    static func notStored(_ reason: String) -> BuildResult {
        BuildResult(
            outcome: .error, exitCode: nil, reason: "what the build left could not be stored: \(reason); push again")
    }

    static func logTooLarge(_ program: String, limit: Int64) -> BuildResult {
        BuildResult(
            outcome: .logTooLarge, exitCode: nil,
            reason: """
                \(program) was ended because it wrote more than \(Quantity(value: Double(limit)).bytes) of output; make it less talkative
                """)
    }

    /// The recipe's own end with another code than 0.
    static func failed(_ program: String, code: Int32) -> BuildResult {
        // A shell's way, and a container's, to say that a signal ended the process.
        if code > 128, let name = SignalName.of(code - 128) {
            return BuildResult(
                outcome: .signalled, exitCode: nil, reason: "\(program) was killed by signal \(code - 128) (\(name))")
        }
        let hint =
            switch code {
            case 126:
                ": a file that should be run could not be; is it executable, and is the program on its first line there?"
            case 127:
                """
                : a command was not found; the output says which. If it is \(program) itself, the image for builds has \
                no such program, or none as on its first line
                """
            default: ""
            }
        return BuildResult(
            outcome: .failed, exitCode: code, reason: "\(program) ended with exit code \(code)" + hint)
    }

    static func outOfMemory(_ program: String, _ step: BuildStep, limit: String?) -> BuildResult {
        let what = step == .build ? program : "Slipway's container \(step.rawValue)"
        let most = limit.map { ", \($0)" } ?? ""
        return BuildResult(
            outcome: step == .build ? .signalled : .error, exitCode: nil,
            reason: """
                \(what) was killed because it took more memory than the container \(step.rawValue) may\(most) (OOMKilled); \
                make it take less, or ask the operator for more
                """)
    }

    static func evicted(_ program: String, _ message: String) -> BuildResult {
        BuildResult(
            outcome: .failed, exitCode: nil,
            reason: """
                \(program) was ended because its pod was evicted: \(message.isEmpty ? "the node did not say why" : message) \
                Make it take less, or ask the operator for more
                """)
    }

    static func stuck(_ what: String, after limit: Duration) -> BuildResult {
        BuildResult(outcome: .error, exitCode: nil, reason: "\(what) took more than \(limit.words); push again")
    }

    static func unknown(_ program: String) -> BuildResult {
        BuildResult(
            outcome: .error, exitCode: nil,
            reason: """
                \(program) succeeded, but its pod was removed from the cluster before it said what it made; push again
                """)
    }

    static func lost(_ program: String, _ reason: String) -> BuildResult {
        BuildResult(
            outcome: .error, exitCode: nil,
            reason: "\(program) was ended by the cluster: \(reason); push again")
    }
}

extension JobSpec {
    /// What runs, as the person who pushed knows it.
    var program: String {
        if template.hasOwnCommand { return "the build's command" }
        return switch request.recipe {
        case .script: ".slipway/build"
        case .makefile: "make"
        case .dockerfile: "BuildKit"
        case .buildpacks: "the buildpacks"
        }
    }

    /// What is read when it starts.
    var heading: String {
        if template.hasOwnCommand { return "Running the build's command" }
        return switch request.recipe {
        case .script: "Running .slipway/build"
        case .makefile: "Running make"
        case .dockerfile: "Building the Dockerfile with BuildKit"
        case .buildpacks: "Running the buildpacks"
        }
    }
}
