import GitProtocol
import Synchronization

/// The only way back to the pusher: text that appears as `remote: …`, written through the side band.
///
/// A write suspends until the client's window took the bytes, so a slow reader slows the build and nothing piles up.
final class PushOutput: Sendable {
    /// The longest silence before the pusher gets a sign of life.
    static let maximumSilence: Duration = .seconds(10)
    /// Room for one packet of git's, so that a flood of output never becomes a large copy.
    private static let chunk = 32 * 1024

    private struct State {
        var lastWrite = ContinuousClock.now
        var atLineStart = true
    }

    private let channel: any ClientChannel
    private let sideBand: Bool
    private let silence: Duration
    private let state = Mutex(State())

    /// Makes the sink for one push.
    ///
    /// - Parameters:
    ///   - channel: The way to the client.
    ///   - sideBand: Whether the client speaks side-band-64k; if not, text goes to its standard error.
    ///   - silence: See ``maximumSilence``.
    init(channel: any ClientChannel, sideBand: Bool, silence: Duration = PushOutput.maximumSilence) {
        self.channel = channel
        self.sideBand = sideBand
        self.silence = silence
    }

    /// Writes bytes as they are: a build's output.
    func write(_ bytes: [UInt8]) async throws {
        guard let last = bytes.last else { return }
        state.withLock { state in
            state.lastWrite = .now
            state.atLineStart = last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r")
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Self.chunk))
            rest = rest.dropFirst(Self.chunk)
            if sideBand {
                try await channel.write(SideBand.encode(part, on: .progress))
            } else {
                try await channel.writeError(part)
            }
        }
    }

    /// Announces a phase: `-----> Building`.
    func heading(_ text: String) async throws {
        try await line("-----> \(text)")
    }

    /// Adds a detail under the last heading.
    func detail(_ text: String) async throws {
        try await line("       \(text)")
    }

    /// Tells bad news.
    func problem(_ text: String) async throws {
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
            try await line(" !     \(part)")
        }
    }

    private func line(_ text: String) async throws {
        let lead = state.withLock { $0.atLineStart } ? "" : "\n"
        try await write(Array("\(lead)\(text)\n".utf8))
    }

    /// Runs `body` with a sign of life after every ``maximumSilence`` without output.
    ///
    /// - Parameters:
    ///   - activity: What goes on, for the line `… still building (20 s)`.
    ///   - body: What takes its time.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    func withSignsOfLife<Result: Sendable>(_ activity: String, _ body: () async throws -> Result) async throws -> Result
    {
        async let _ = signOfLife(activity, since: .now)
        // Leaving the scope cancels the signs and waits for them.
        return try await body()
    }

    private func signOfLife(_ activity: String, since start: ContinuousClock.Instant) async throws {
        while true {
            let next = state.withLock { $0.lastWrite } + silence
            if next > .now {
                try await Task.sleep(until: next)
            } else {
                try await line("       ... still \(activity) (\((ContinuousClock.now - start).inWords))")
            }
        }
    }

    /// Sends the report and ends the side band.
    func finish(report: [UInt8]) async throws {
        if sideBand {
            try await channel.write(SideBand.encode(report, on: .data) + PacketLineEncoder.flush)
        } else {
            try await channel.write(report)
        }
    }
}
