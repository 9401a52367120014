import Builds
import Synchronization

/// What the client sends during one push, with a limit on its silence.
final class PushInput: Sendable {
    private let channel: any ClientChannel
    private let idleTimeout: Duration
    private let received = Atomic<Int64>(0)
    private let pushedBack = Mutex<[UInt8]>([])
    private let complete = Atomic<Bool>(false)
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)
    private let deadline: ContinuousClock.Instant
    /// How long one push may take to send everything: a client that drips holds its app no longer than this.
    private static let sendingLimit: Duration = .seconds(3600)

    init(channel: any ClientChannel, idleTimeout: Duration) {
        self.channel = channel
        self.idleTimeout = idleTimeout
        deadline = .now + Self.sendingLimit
    }

    /// Notes that all that was expected has come: from here on silence is no fault.
    func isComplete() { complete.store(true, ordering: .releasing) }

    /// How many bytes have come.
    var byteCount: Int64 { received.load(ordering: .relaxed) }

    /// Puts bytes back that belong to the next reader.
    func pushBack(_ bytes: [UInt8]) {
        pushedBack.withLock { $0 = bytes + $0 }
    }

    /// Reads what has come; `nil` when the client has sent all it will.
    func read() async throws -> [UInt8]? {
        let waiting = pushedBack.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
        if !waiting.isEmpty { return waiting }
        waitingSince.withLock { $0 = .now }
        defer { waitingSince.withLock { $0 = nil } }
        let bytes = try await channel.read()
        received.add(Int64(bytes?.count ?? 0), ordering: .relaxed)
        return bytes
    }

    /// Runs `body`, which reads, and ends it when the client is silent for too long.
    ///
    /// One clock for all reads: racing each with a clock of its own would cost a large push a tenth of its time.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: ``ClientSilent``, or what `body` throws.
    func watched<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.watch()
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw CancellationError() }
            return result
        }
    }

    private func watch() async throws {
        let period = max(idleTimeout / 10, .milliseconds(5))
        while true {
            try await Task.sleep(for: period)
            guard let since = waitingSince.withLock({ $0 }), !complete.load(ordering: .acquiring) else { continue }
            if .now >= deadline { throw ClientSilent(limit: Self.sendingLimit) }
            if .now - since >= idleTimeout { throw ClientSilent(limit: idleTimeout) }
        }
    }

    /// How much of a refused pack is read and dropped, and for how long.
    private static let discardLimit: Int64 = 64 << 20
    private static let discardTime: Duration = .seconds(5)

    /// Reads what the client still sends after its push was refused, within limits.
    ///
    /// `git push` reads the report only when it has sent its pack, or cannot: closing the channel on a small rest would turn a
    /// clear answer into "the remote end hung up".
    func discardRest() async {
        let end = byteCount + Self.discardLimit
        try? await withTimeLimit(Self.discardTime) { [self] in
            while byteCount < end, try await read() != nil {}
        }
    }
}

/// The client sent nothing for too long.
struct ClientSilent: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "nothing came from the client for \(limit.inWords)" }
}
