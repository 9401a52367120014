import Builds
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
        var activity: (name: String, since: ContinuousClock.Instant) = ("working", .now)
    }

    private let channel: any ClientChannel
    private let sideBand: Bool
    private let patience: Duration
    private let silence: Duration
    private let state = Mutex(State())

    /// Makes the sink for one push.
    ///
    /// - Parameters:
    ///   - channel: The way to the client.
    ///   - sideBand: Whether the client speaks side-band-64k; if not, text goes to its standard error.
    ///   - patience: How long a client may take no bytes.
    ///   - silence: See ``maximumSilence``.
    init(
        channel: any ClientChannel, sideBand: Bool, patience: Duration, silence: Duration = PushOutput.maximumSilence
    ) {
        self.channel = channel
        self.sideBand = sideBand
        self.patience = patience
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
                try await send(SideBand.encode(part, on: .progress))
            } else {
                try await send(part, isError: true)
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

    /// Says what goes on from here, for the sign of life `… still building (20 s)`.
    func begin(_ activity: String) {
        state.withLock { $0.activity = (activity, .now) }
    }

    /// Runs `body` with a sign of life after every ``maximumSilence`` without output.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    func withSignsOfLife<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        async let _ = signsOfLife()
        // Leaving the scope cancels the signs and waits for them.
        return try await body()
    }

    private func signsOfLife() async throws {
        while true {
            let (lastWrite, activity) = state.withLock { ($0.lastWrite, $0.activity) }
            let next = lastWrite + silence
            if next > .now {
                try await Task.sleep(until: next)
            } else {
                let age = ContinuousClock.now - activity.since
                try await line("       ... still \(activity.name) (\(age.inWords))")
            }
        }
    }

    /// Sends bytes, unless the client does not take them for too long: a reader that has stopped must not hold an app, a build's
    /// place and its folder for ever.
    private func send(_ bytes: [UInt8], isError: Bool = false) async throws {
        let channel = channel
        do {
            try await withTimeLimit(patience) {
                if isError { try await channel.writeError(bytes) } else { try await channel.write(bytes) }
            }
        } catch is TimeLimitError {
            throw ClientNotReading(limit: patience)
        }
    }

    /// Sends the report and ends the side band.
    func finish(report: [UInt8]) async throws {
        if sideBand {
            try await send(SideBand.encode(report, on: .data) + PacketLineEncoder.flush)
        } else {
            try await send(report)
        }
    }
}

/// The client took no bytes for too long.
struct ClientNotReading: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "the client took no output for \(limit.inWords)" }
}
