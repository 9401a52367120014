import Builds
import Kubernetes
import Synchronization

/// Passes on what a container writes, to the person who pushed and into the build's log.
final class LogPump: Sendable {
    /// How the log came to its end.
    enum End: Sendable {
        case complete
        /// The build wrote more than it may.
        case tooLarge
        /// It could not be read.
        case unreadable(KubernetesError)
        /// Whoever takes it does not any more.
        case refused(any Error)
    }

    private struct State {
        var end: End?
        var bytes: Int64 = 0
        var silence = LogSilence(at: .now)
        var problem: (error: KubernetesError, since: ContinuousClock.Instant)?
    }

    private let log: KubernetesLog
    private let limit: Int64
    private let pace: Duration
    private let progress: BuildProgress
    private let watch: JobWatch
    private let state = Mutex(State())

    /// Reads nothing yet.
    ///
    /// - Parameters:
    ///   - log: Where it comes from.
    ///   - limit: Bytes that may come.
    ///   - pace: How often to ask again for a log that is refused for long.
    ///   - progress: Where it goes.
    ///   - watch: Woken when something changes here.
    init(_ log: KubernetesLog, limit: Int64, pace: Duration, into progress: BuildProgress, watch: JobWatch) {
        self.log = log
        self.limit = limit
        self.pace = pace
        self.progress = progress
        self.watch = watch
    }

    var end: End? { state.withLock { $0.end } }

    /// For how long nothing has come although somebody would take it, since the end is expected.
    var silence: Duration { state.withLock { $0.silence.length(at: .now) } }

    /// Why the log cannot be read now, and since when; stays if it is never read again.
    var problem: (error: KubernetesError, since: ContinuousClock.Instant)? { state.withLock { $0.problem } }

    /// Whether the container has ended, and only the rest is to come.
    var isEndExpected: Bool { log.isEndExpected }

    /// The container has ended: the rest is to come soon.
    func expectEnd() {
        restartSilence()
        log.expectEnd()
    }

    /// Has silence count from now.
    func restartSilence() { state.withLock { $0.silence.restart(at: .now) } }

    /// Reads the log to its end.
    func run() async {
        let end = await read()
        state.withLock { $0.end = end }
        watch.wake()
    }

    private func note(_ problem: KubernetesError?) {
        state.withLock { state in
            state.problem = problem.map { ($0, state.problem?.since ?? .now) }
            // Nothing could come before.
            if problem == nil { state.silence.restart(at: .now) }
        }
        watch.wake()
    }

    private func read() async -> End {
        var events = log.makeAsyncIterator()
        do {
            while true {
                do {
                    guard let event = try await events.next() else { return .complete }
                    if let end = try await take(event) { return end }
                } catch let error as KubernetesError {
                    // Rights may be given back while the build runs; after it, what is refused stays so.
                    guard error.isRefusal, !log.isEndExpected else { return .unreadable(error) }
                    note(error)
                    try await log.pause(for: pace)
                }
            }
        } catch {
            return .refused(error)
        }
    }

    private func take(_ event: LogEvent) async throws -> End? {
        switch event {
        case .bytes(let bytes): return try await pass(bytes)
        case .interrupted(let error): note(error)
        case .resumed: note(nil)
        case .incomplete(let reason): try await progress.note("Some of the log may be missing here: \(reason)")
        }
        return nil
    }

    private func pass(_ bytes: [UInt8]) async throws -> End? {
        let room = state.withLock { state in
            state.bytes += Int64(bytes.count)
            state.silence.beginMove()
            return limit - (state.bytes - Int64(bytes.count))
        }
        let isTooMuch = room < Int64(bytes.count)
        try await progress.write(isTooMuch ? Array(bytes.prefix(max(0, Int(room)))) : bytes)
        state.withLock { $0.silence.endMove(at: .now) }
        return isTooMuch ? .tooLarge : nil
    }
}
