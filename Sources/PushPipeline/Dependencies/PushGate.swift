import CoreMetrics
package import Health
import Identifiers

/// Whether a push can succeed, asked before it uploads anything.
package struct PushGate: Sendable {
    /// What was known good this long ago needs no other look.
    static let freshness: Duration = .seconds(10)
    /// How long the looks at all others may take together.
    static let limit: Duration = .seconds(2)
    /// When it is worth trying again, while something is down for less than ``longOutage``.
    private static let retryInWords = "in about 30 s"
    private static let longOutage: Duration = .seconds(600)

    private let monitor: DependencyMonitor
    private let isOn: Bool

    /// Makes the gate.
    ///
    /// - Parameters:
    ///   - monitor: Knows the dependencies.
    ///   - isOn: Whether a push is stopped for all that is down; else only for what a step of the start must come before.
    package init(monitor: DependencyMonitor, isOn: Bool) {
        self.monitor = monitor
        self.isOn = isOn
    }

    /// Looks at what a push needs.
    ///
    /// - Returns: What is down, and what is not; `nil` when the push may go on.
    func obstacle() async -> Obstacle? {
        let metrics = PushMetrics.shared
        guard isOn || monitor.awaitsStart else {
            metrics.gateOff.increment()
            return nil
        }
        let start = ContinuousClock.now
        let readings = await monitor.current(
            neededByPushOnly: true, freshness: Self.freshness, limit: Self.limit)
        metrics.gateDuration.record(ContinuousClock.now - start)
        let down = readings.filter { !$0.isUsable && (isOn || $0.awaitsStart) }
        guard !down.isEmpty else {
            metrics.gatePassed.increment()
            return nil
        }
        metrics.gateRefused.increment()
        let names = Set(down.map(\.status.name))
        let fine = monitor.statuses.filter { $0.state == .up && $0.cause == nil && !names.contains($0.name) }
        return Obstacle(down: down, fine: fine.map(\.title))
    }

    /// Has all that a push needs looked at again, because a push met trouble; nobody waits for it.
    func lookAgain() {
        Task { [monitor] in
            _ = await monitor.current(neededByPushOnly: true, freshness: .zero, limit: Self.limit)
        }
    }

    /// What stands in the way of a push.
    struct Obstacle: Sendable {
        /// At least one.
        let down: [DependencyReading]
        /// What works, as people call it.
        let fine: [String]

        /// What is down and since when: `object storage is down (since 14:02 UTC, 3 min): no space is left`.
        var sentence: String { down.map(phrase).joined(separator: "; ") }

        /// For `ng` and the log: `object storage is down`.
        var reason: String { down.map { "\($0.status.title) is down" }.joined(separator: "; ") }

        var fineInWords: String? {
            guard let last = fine.last else { return nil }
            let list = fine.count == 1 ? last : "\(fine.dropLast().joined(separator: ", ")) and \(last)"
            return "\(list.capitalizedFirst) \(fine.count == 1 ? "is" : "are") fine."
        }

        var tryAgain: String {
            let isLong = down.contains { reading in
                reading.status.state == .down && (reading.status.lasting ?? .zero) > PushGate.longOutage
            }
            return isLong ? "in a few minutes" : PushGate.retryInWords
        }

        private func phrase(_ reading: DependencyReading) -> String {
            let status = reading.status
            var text = "\(status.title) is down"
            if status.state == .down, let since = status.since, let lasting = status.lasting {
                let duration = lasting < .seconds(1) ? "" : ", \(lasting.roughly)"
                text += " (since \(since.clockUTC) UTC\(duration))"
            }
            if let problem = reading.problem { text += ": \(problem)" }
            return text
        }
    }
}

extension String {
    /// The same with a capital letter at its start.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
