import Synchronization

/// Tells one build's story as it happens: headings, notes, raw output, and how long each phase took.
///
/// The look is the one that people know from Heroku: `-----> ` before a heading, seven blanks before a detail. The
/// recipe's own output passes unchanged.
package final class BuildProgress: BuildOutput {
    private struct State {
        var atLineStart = true
        var timings: [BuildPhaseTiming] = []
    }

    private let output: any BuildOutput
    private let state = Mutex(State())

    package init(output: any BuildOutput) { self.output = output }

    /// The phases that have ended so far, also those that ended by an error.
    package var timings: [BuildPhaseTiming] { state.withLock { $0.timings } }

    package func write(_ bytes: [UInt8]) async throws {
        guard let last = bytes.last else { return }
        state.withLock { $0.atLineStart = last == UInt8(ascii: "\n") }
        try await output.write(bytes)
    }

    package func begin(_ activity: String) { output.begin(activity) }

    /// Writes a detail on a line of its own.
    package func note(_ text: String) async throws { try await line("       " + text) }

    /// Announces a phase, does it, and keeps how long it took.
    ///
    /// - Parameters:
    ///   - phase: Which phase starts now.
    ///   - heading: What the client reads; `nil` for a phase too short to be worth a line.
    ///   - body: The phase.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` or the output throws.
    package func phase<Result>(
        _ phase: BuildPhase, heading: String?, body: () async throws -> Result
    ) async throws -> Result {
        if let heading { try await line("-----> " + heading) }
        let start = ContinuousClock.now
        defer {
            let timing = BuildPhaseTiming(phase: phase, duration: ContinuousClock.now - start)
            state.withLock { $0.timings.append(timing) }
        }
        return try await body()
    }

    private func line(_ text: String) async throws {
        // A recipe may end in the middle of a line; ours never starts there.
        let lead = state.withLock { $0.atLineStart } ? "" : "\n"
        try await write(Array((lead + text + "\n").utf8))
    }
}
