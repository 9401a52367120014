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
    private let progress: BuildProgress
    private let watch: JobWatch
    private let state = Mutex(State())

    /// Reads nothing yet.
    ///
    /// - Parameters:
    ///   - log: Where it comes from.
    ///   - limit: Bytes that may come.
    ///   - progress: Where it goes.
    ///   - watch: Woken when something changes here.
    init(_ log: KubernetesLog, limit: Int64, into progress: BuildProgress, watch: JobWatch) {
        self.log = log
        self.limit = limit
        self.progress = progress
        self.watch = watch
    }

    var end: End? { state.withLock { $0.end } }

    /// For how long nothing has come although somebody would take it, since the end is expected.
    var silence: Duration { state.withLock { $0.silence.length(at: .now) } }

    /// Why the log cannot be read now, and since when.
    var problem: (error: KubernetesError, since: ContinuousClock.Instant)? { state.withLock { $0.problem } }

    /// The container has ended: the rest is to come soon.
    func expectEnd() { state.withLock { $0.silence.expectEnd(at: .now) } }

    /// Reads the log to its end.
    func run() async {
        let end = await read()
        state.withLock { state in
            state.end = end
            state.problem = nil
        }
        watch.wake()
    }

    private func note(_ problem: KubernetesError?) {
        state.withLock { state in state.problem = problem.map { ($0, state.problem?.since ?? .now) } }
        watch.wake()
    }

    private func read() async -> End {
        do {
            for try await event in log {
                switch event {
                case .bytes(let bytes):
                    guard let end = try await pass(bytes) else { continue }
                    return end
                case .interrupted(let error): note(error)
                case .resumed: note(nil)
                case .incomplete(let reason): try await progress.note("Some of the log may be missing here: \(reason)")
                }
            }
            return .complete
        } catch let error as KubernetesError {
            return .unreadable(error)
        } catch {
            return .refused(error)
        }
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
