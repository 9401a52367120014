import Glibc
import Subprocess
import Synchronization
import SystemCalls
import SystemPackage

extension GitTool {
    /// A running child whose three streams are pipes; standard error may be discarded.
    typealias Child<Errors: ErrorOutputProtocol> = Execution<CustomWriteInput, SequenceOutput, Errors>

    /// What a child that was run to its end left.
    struct Outcome: Sendable {
        let status: TerminationStatus
        let output: [UInt8]
        let messages: GitMessages
    }

    /// Bytes of output that ``capture(_:environment:input:limits:)`` keeps; the commands it is for print one line.
    private static let capturedOutput = 4096

    /// Runs git and works with it while it runs.
    ///
    /// The child has a session of its own. When the task is cancelled or `body` throws, the whole group is ended, at
    /// first asked, then killed.
    ///
    /// Waits for one of the `slots` first.
    ///
    /// - Returns: What `body` returned, and how the child ended; a failure status is no error here.
    func run<R: Sendable, Errors: ErrorOutputProtocol>(
        _ arguments: [String], environment: [String: String], limits: ChildLimits, slots: ChildSlots, errors: Errors,
        body: (Child<Errors>) async throws -> R
    ) async throws -> (result: R, status: TerminationStatus) {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.gracePeriod)
        ]
        let result = try await slots.withSlot {
            let room = try DescriptorRoom()
            return try await Subprocess.run(
                .path(FilePath(prlimit)), arguments: Arguments(limits.arguments + [git] + arguments),
                environment: .custom(self.environment(environment)), platformOptions: options,
                input: .inputWriter, output: .sequence, error: errors
            ) { child in
                room.giveBack()
                return try await body(child)
            }
        }
        return (result.closureResult, result.terminationStatus)
    }

    /// Runs git with all three streams relayed, each with back-pressure.
    ///
    /// The child's end ends the relay: `input` is cancelled then, so it must return or throw on cancellation. What
    /// `input` took from its source but git did not read is lost.
    ///
    /// - Parameters:
    ///   - arguments: The command and its arguments.
    ///   - environment: Variables beside the usual ones.
    ///   - limits: What the child may take.
    ///   - slots: Where it waits for its turn.
    ///   - timeLimit: How long it may run; no limit when nil.
    ///   - input: Yields what goes to standard input, nil at its end.
    ///   - output: Takes standard output.
    ///   - errors: Takes standard error.
    /// - Returns: How the child ended.
    /// - Throws: What the closures throw, `CancellationError`, ``RepositoryError`` when the time is over, or an error of Subprocess when git cannot be started.
    func relay(
        _ arguments: [String], environment: [String: String], limits: ChildLimits, slots: ChildSlots,
        timeLimit: Duration? = nil,
        input: @escaping @Sendable () async throws -> [UInt8]?,
        output: @escaping @Sendable ([UInt8]) async throws -> Void,
        errors: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> TerminationStatus {
        try await run(arguments, environment: environment, limits: limits, slots: slots, errors: .sequence) { child in
            InputPipe.enlarge(of: child.processIdentifier.value)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                let writer = child.standardInputWriter
                group.addTask {
                    try await Self.feed(writer, from: input)
                    return false
                }
                for (stream, sink) in [(child.standardOutput, output), (child.standardError, errors)] {
                    group.addTask {
                        for try await buffer in stream { try await sink(buffer.array) }
                        return true
                    }
                }
                if let timeLimit {
                    group.addTask {
                        try await Self.expire(after: timeLimit)
                        return false
                    }
                }
                var openStreams = 2
                while let isStream = try await group.next() {
                    if isStream { openStreams -= 1 }
                    // Nobody reads the input any more, and its source may never end by itself.
                    if openStreams == 0 { group.cancelAll() }
                }
            }
            // A child that was ended because of cancellation closes its streams like any other.
            try Task.checkCancellation()
        }.status
    }

    /// Throws when the time is over; returns when the child was faster.
    private static func expire(after limit: Duration) async throws {
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        throw RepositoryError(kind: .child, operation: "finish in time", detail: "git ran for \(limit) and was ended")
    }

    /// Writes until the source or the child ends.
    private static func feed(
        _ writer: StandardInputWriter, from input: @Sendable () async throws -> [UInt8]?
    ) async throws {
        while true {
            let bytes: [UInt8]?
            do {
                bytes = try await input()
            } catch {
                // Cancelled because the child has ended: its status says more than this.
                if Task.isCancelled { return }
                throw error
            }
            guard let bytes else { break }
            // A child that stops reading early has its reasons; they come with its status.
            guard let count = try? await writer.write(bytes), count == bytes.count else { return }
        }
        try? await writer.finish()
    }

    /// Runs git to its end and keeps the start of what it says.
    func capture(
        _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
        limits: ChildLimits = ChildLimits()
    ) async throws -> Outcome {
        let messages = GitMessages()
        let captured = Mutex<[UInt8]>([])
        let pending = Mutex<[UInt8]?>(input.isEmpty ? nil : input)
        let status = try await relay(
            arguments, environment: environment, limits: limits, slots: pushSlots,
            input: { pending.withLock { $0.take() } },
            output: { bytes in captured.withLock { $0 += bytes.prefix(Self.capturedOutput - $0.count) } },
            errors: { bytes in messages.append(bytes) })
        return Outcome(status: status, output: captured.withLock { $0 }, messages: messages)
    }
}

extension SubprocessOutputSequence.Buffer {
    /// The bytes, copied.
    var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
