import Synchronization

/// How far the server is on its way out.
///
/// The SSH server writes it; probes, the status page and metrics read it.
package final class DrainState: Sendable {
    /// One step.
    package enum Phase: Sendable, Hashable {
        /// Not draining.
        case serving
        /// Announced, but connections are accepted for the time given, because some are still sent here.
        case stillAccepting(for: Duration)
        /// No new connections; what runs may finish, for the time given at most.
        case waiting(for: Duration)
        /// Nothing is waited for any more.
        case ended
    }

    private enum Step {
        case serving
        case stillAccepting(until: ContinuousClock.Instant)
        case waiting(until: ContinuousClock.Instant)
        case ended
    }

    private let step = Mutex<Step>(.serving)
    private let runningPushes: @Sendable () -> Int

    /// Makes one that serves.
    ///
    /// - Parameter runningPushes: How many pushes run now; must not wait.
    package init(runningPushes: @escaping @Sendable () -> Int) { self.runningPushes = runningPushes }

    /// The drain begins: connections are accepted until `deadline`.
    package func stillAccepting(until deadline: ContinuousClock.Instant) {
        step.withLock { $0 = .stillAccepting(until: deadline) }
    }

    /// No new connections; pushes may finish until `deadline`.
    package func waiting(until deadline: ContinuousClock.Instant) {
        step.withLock { $0 = .waiting(until: deadline) }
    }

    /// All is over.
    package func ended() { step.withLock { $0 = .ended } }

    /// The step now, with the time that is left; never less than zero.
    package var phase: Phase {
        let now = ContinuousClock.now
        return switch step.withLock({ $0 }) {
        case .serving: .serving
        case .stillAccepting(let deadline): .stillAccepting(for: max(.zero, deadline - now))
        case .waiting(let deadline): .waiting(for: max(.zero, deadline - now))
        case .ended: .ended
        }
    }

    /// Whether the drain has begun.
    package var isDraining: Bool { phase != .serving }

    /// How many pushes run now.
    package var pushes: Int { runningPushes() }

    /// The step in plain English; `nil` while serving.
    package var text: String? {
        let phase = phase
        return phase == .serving ? nil : Self.text(phase, pushes: runningPushes())
    }

    static func text(_ phase: Phase, pushes: Int) -> String {
        switch phase {
        case .serving: "serving"
        case .stillAccepting(let rest): "draining: still accepting connections for \(seconds(rest)) s"
        case .waiting(let rest):
            switch pushes {
            case ...0: "draining: no new connections; no push is running"
            case 1: "draining: no new connections; 1 push finishes, for at most \(seconds(rest)) s"
            default: "draining: no new connections; \(pushes) pushes finish, for at most \(seconds(rest)) s"
            }
        case .ended: "draining: finished"
        }
    }

    /// Rounded up, so that "0 s" is only said when the time is over.
    private static func seconds(_ rest: Duration) -> Int { Int((rest / .seconds(1)).rounded(.up)) }
}
