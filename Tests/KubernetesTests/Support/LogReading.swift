@testable import Kubernetes

/// What following a log gave.
struct LogReading {
    var bytes: [UInt8] = []
    /// Everything but bytes, in order.
    var events: [LogEvent] = []

    /// Follows a log to its end.
    static func of(_ log: KubernetesLog) async throws -> LogReading {
        var reading = LogReading()
        for try await event in log { reading.take(event) }
        return reading
    }

    mutating func take(_ event: LogEvent) {
        if case .bytes(let more) = event { bytes += more } else { events.append(event) }
    }

    var incomplete: [String] { events.compactMap { if case .incomplete(let reason) = $0 { reason } else { nil } } }

    var interruptions: [KubernetesError.Kind] {
        events.compactMap { if case .interrupted(let error) = $0 { error.kind } else { nil } }
    }
}
