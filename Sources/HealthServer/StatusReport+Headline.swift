package import Health

extension StatusReport {
    /// How good or bad the whole is.
    package enum Tone: String, Sendable {
        /// Pushes work, and nothing is amiss.
        case good
        /// Pushes work or soon will, but somebody should look.
        case notice
        /// Pushes do not work.
        case bad
    }

    /// So long it is not alarming that something is not there yet; the SSH port is dialled every 5 s.
    private static let startTime = Duration.seconds(10)

    /// The overall sentence: what whoever pushes now will meet, and why.
    package var headline: String { summary.text }

    /// How good or bad the whole is.
    package var tone: Tone { summary.tone }

    /// What of readiness is amiss, unless the drain explains it.
    package var readinessProblems: [ProbeCheck] {
        readiness.filter { !$0.isOK && $0.name != "drain" && !(drain != nil && $0.name == "circuit") }
    }

    private var summary: (text: String, tone: Tone) {
        if let drain {
            let step = drain.hasPrefix("draining: ") ? drain.dropFirst("draining: ".count) : drain[...]
            return ("Draining: \(step)", .notice)
        }
        if let first = readinessProblems.first, let problem = first.problem {
            // Whoever is in already can push.
            if first.name == "slots" { return ("New connections are refused: \(problem)", .bad) }
            if uptime < Self.startTime { return ("Starting: \(problem)", .notice) }
            return ("Pushes can’t get in: \(problem)", .bad)
        }
        let needed = dependencies.filter(\.isNeededByPush)
        let down = needed.filter { $0.state == .down }
        if !down.isEmpty {
            return gateIsOn
                ? ("Pushes are refused: \(sentence(down, withDuration: true))", .bad)
                : ("Pushes are accepted, but fail: \(sentence(down, withDuration: false))", .bad)
        }
        let unknown = needed.filter { $0.state == .unknown }
        if !unknown.isEmpty {
            let titles = Self.list(unknown.map(\.title))
            return ("Starting: \(titles) \(unknown.count == 1 ? "has" : "have") not been checked yet", .notice)
        }
        if let shaky = needed.first(where: { $0.cause != nil }) {
            return ("Pushes work, but \(shaky.title) failed its last check", .notice)
        }
        if let other = dependencies.first(where: { !$0.isNeededByPush && $0.state == .down }) {
            return ("Pushes work, but \(other.title) \(Self.trouble(of: other))", .notice)
        }
        return ("Pushes work", simulated.isEmpty ? .good : .notice)
    }

    /// "object storage is down for 3 min, the build executor for 20 s".
    private func sentence(_ down: [DependencyStatus], withDuration: Bool) -> String {
        guard withDuration else {
            return "\(Self.list(down.map(\.title))) \(down.count == 1 ? "is" : "are") down"
        }
        return down.enumerated().map { index, status in
            let start = index == 0 ? "\(status.title) is down" : status.title
            return lasting(status).map { "\(start) for \(TimeText.words($0))" } ?? "\(start)\(index == 0 ? "" : " too")"
        }.joined(separator: ", ")
    }

    /// For how long a dependency has been as it is.
    func lasting(_ status: DependencyStatus) -> Duration? {
        status.lasting ?? status.since.map { now.duration(since: $0) }
    }

    /// What is said of a dependency that is down: a file is not, it cannot be read.
    private static func trouble(of status: DependencyStatus) -> String {
        status.name == "access" ? "cannot be read" : "is down"
    }

    /// "a", "a and b", "a, b and c".
    private static func list(_ titles: [String]) -> String {
        guard let last = titles.last, titles.count > 1 else { return titles.first ?? "" }
        return "\(titles.dropLast().joined(separator: ", ")) and \(last)"
    }
}
