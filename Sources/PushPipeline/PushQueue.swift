import Identifiers
import Logging

/// One push per app at a time; the others wait their turn, in order, and know who is ahead.
actor PushQueue {
    /// Who pushes, for those who wait.
    struct Entry: Sendable, Equatable {
        let push: PushID
        let user: String
        let since: ContinuousClock.Instant
    }

    /// What a waiting push is told.
    enum Event: Sendable, Equatable {
        /// The number of pushes before this one, and the one that runs.
        case waiting(ahead: Int, running: Entry)
        case turn
    }

    private struct Line {
        var running: Entry
        var waiting: [(entry: Entry, events: AsyncStream<Event>.Continuation)] = []
    }

    private let maximumWaiting: Int
    private var lines: [AppName: Line] = [:]

    init(maximumWaiting: Int) { self.maximumWaiting = maximumWaiting }

    /// Runs `body` when no other push to `app` runs.
    ///
    /// - Parameters:
    ///   - app: Whose turn to wait for.
    ///   - push: Who waits.
    ///   - user: Who pushes, as others who wait are told.
    ///   - timeout: How long to wait.
    ///   - report: Told each time the number of those ahead changes.
    ///   - body: What to do with the turn.
    /// - Returns: What `body` returns.
    /// - Throws: ``PushQueueError``, `CancellationError`, or what `body` throws. The app is free again in any case.
    nonisolated func withTurn<Result: Sendable>(
        at app: AppName, push: PushID, user: String, timeout: Duration,
        report: @escaping @Sendable (Event) async throws -> Void, body: () async throws -> Result
    ) async throws -> Result {
        let entry = Entry(push: push, user: user, since: .now)
        let events = try await join(app, entry)
        do {
            try await Self.wait(for: events, timeout: timeout, report: report)
            try Task.checkCancellation()
            let result = try await body()
            await leave(app, push)
            return result
        } catch {
            await leave(app, push)
            throw error
        }
    }

    private static func wait(
        for events: AsyncStream<Event>, timeout: Duration, report: @escaping @Sendable (Event) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in events {
                    if event == .turn { return }
                    try await report(event)
                }
                throw CancellationError()
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw PushQueueError.timedOut(timeout)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func join(_ app: AppName, _ entry: Entry) throws -> AsyncStream<Event> {
        // Only the newest event matters: an older place in the queue is no news.
        let (stream, events) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(1))
        guard var line = lines[app] else {
            lines[app] = Line(running: entry)
            events.yield(.turn)
            return stream
        }
        guard line.waiting.count < maximumWaiting else { throw PushQueueError.full(maximumWaiting) }
        line.waiting.append((entry, events))
        events.yield(.waiting(ahead: line.waiting.count, running: line.running))
        lines[app] = line
        return stream
    }

    private func leave(_ app: AppName, _ push: PushID) {
        guard var line = lines[app] else { return }
        if line.running.push == push {
            guard !line.waiting.isEmpty else {
                lines[app] = nil
                return
            }
            let next = line.waiting.removeFirst()
            line.running = Entry(push: next.entry.push, user: next.entry.user, since: .now)
            next.events.yield(.turn)
        } else {
            line.waiting.removeAll { $0.entry.push == push }
        }
        for (index, waiter) in line.waiting.enumerated() {
            waiter.events.yield(.waiting(ahead: index + 1, running: line.running))
        }
        lines[app] = line
    }
}

/// Why a push got no turn.
enum PushQueueError: Error, Equatable, CustomStringConvertible {
    case full(Int)
    case timedOut(Duration)

    var description: String {
        switch self {
        case .full(0): "a push to this app is running; try again later"
        case .full(1): "a push to this app is waiting already; try again later"
        case .full(let limit): "\(limit) pushes to this app are waiting already; try again later"
        case .timedOut(let limit): "the pushes before this one took longer than \(limit.inWords); try again later"
        }
    }
}
