import Health

/// What each probe looks at, and the answer in kube-apiserver's text format.
struct Probes: Sendable {
    struct Answer: Sendable, Equatable {
        let isHealthy: Bool
        let body: String
    }

    private struct Check {
        let name: String
        /// `nil` when all is well.
        let problem: String?
    }

    let circuit: Circuit

    /// Answers from memory.
    ///
    /// - Parameters:
    ///   - probe: Which question is asked.
    ///   - verbose: Whether the checks are listed when all is well; they always are when one fails.
    /// - Returns: Whether all is well, and the text that says so.
    func answer(to probe: Probe, verbose: Bool) -> Answer {
        let checks = checks(of: probe)
        let isHealthy = checks.allSatisfy { $0.problem == nil }
        if isHealthy, !verbose { return Answer(isHealthy: true, body: "ok") }
        let lines = checks.map { check in
            check.problem.map { "[-]\(check.name) failed: \($0)" } ?? "[+]\(check.name) ok"
        }
        let end = "\(probe.rawValue) check \(isHealthy ? "passed" : "failed")"
        return Answer(isHealthy: isHealthy, body: (lines + [end]).joined(separator: "\n") + "\n")
    }

    private func checks(of probe: Probe) -> [Check] {
        switch probe {
        case .livez:
            // That this is answered at all is the check: no dependency, no load, no drain may restart the process.
            [Check(name: "http", problem: nil)]
        case .readyz:
            [Check(name: "ssh", problem: circuit.isClosed ? nil : "not accepting connections")]
        case .startupz:
            [Check(name: "ssh", problem: circuit.hasBeenClosed ? nil : "not listening yet")]
        }
    }
}
