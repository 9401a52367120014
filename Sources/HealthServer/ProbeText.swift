import HTTPTypes
import Health

/// The answer to a probe, in kube-apiserver's text format.
enum ProbeText {
    /// Longest text of a request that is quoted back, in characters.
    private static let maximumQuote = 64

    /// Says how the checks of a probe stand.
    ///
    /// - Parameters:
    ///   - name: The probe's, for the last line.
    ///   - checks: All of them.
    ///   - single: The one that was asked for, or `nil` for all.
    ///   - query: What else was asked for.
    /// - Returns: 200 or 503, or 404 when there is no such check.
    static func answer(_ name: String, _ checks: [ProbeCheck], single: String?, _ query: ProbeQuery) -> Answer {
        var checks = checks
        if let single {
            let names = checks.map(\.name).joined(separator: ", ")
            checks = checks.filter { $0.name == single }
            guard !checks.isEmpty else {
                return Answer(.notFound, text: "\(name) has no check \(quoted(single)); it has: \(names)\n")
            }
        }
        let isHealthy = checks.allSatisfy { $0.isOK || query.excluded.contains($0.name) }
        if isHealthy, !query.isVerbose { return Answer(.ok, text: "ok") }
        var lines = checks.map { check in
            if query.excluded.contains(check.name) { return "[+]\(check.name) excluded: ok" }
            return check.problem.map { "[-]\(check.name) failed: \(oneLine($0))" } ?? "[+]\(check.name) ok"
        }
        let unknown = query.excluded.filter { name in !checks.contains { $0.name == name } }
        if !unknown.isEmpty {
            let names = unknown.map(quoted).joined(separator: ", ")
            lines.append("warn: some health checks cannot be excluded: no matches for \(names)")
        }
        lines.append("\(name) check \(isHealthy ? "passed" : "failed")")
        return Answer(isHealthy ? .ok : .serviceUnavailable, text: lines.joined(separator: "\n") + "\n")
    }

    private static func quoted(_ text: String) -> String { "\"\(oneLine(String(text.prefix(maximumQuote))))\"" }

    /// Keeps a text from looking like more lines than one.
    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .format: " "
                    default: scalar
                    }
                }))
    }
}
