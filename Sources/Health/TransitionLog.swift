import Logging

/// The log lines of one dependency: one for each transition, however often it is checked.
struct TransitionLog: Sendable {
    private let title: String
    private let logger: Logger

    init(check: any HealthCheck, logger: Logger) {
        title = check.title
        var logger = logger
        logger[metadataKey: "dependency"] = "\(check.name)"
        if let simulated = check.simulated { logger[metadataKey: "simulated"] = "\(simulated)" }
        self.logger = logger
    }

    /// Writes the line that a check's end deserves.
    func write(_ outcome: CheckOutcome, transition: DependencyTransition?) {
        guard let transition else {
            if let problem = outcome.problem { logger.debug("A check of \(title) failed: \(problem)") }
            return
        }
        var metadata: Logger.Metadata = [
            "was": "\(transition.was.rawValue)", "is": "\(transition.is.rawValue)",
            "since": "\(transition.at.iso8601)", "lasted": "\(transition.lasted.inWords)",
        ]
        if let problem = outcome.problem {
            metadata["cause"] = "\(problem.cause)"
            if let detail = problem.detail { metadata["detail"] = "\(detail)" }
        }
        switch (transition.was, transition.is) {
        case (_, .down): logger.error("Dependency is down: \(title)", metadata: metadata)
        case (.unknown, _): logger.info("Dependency works: \(title)", metadata: metadata)
        default: logger.notice("Dependency works again: \(title)", metadata: metadata)
        }
    }
}
