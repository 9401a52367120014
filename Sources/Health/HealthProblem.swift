/// Why a dependency does not work.
package struct HealthProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Fits a line of text beside other words.
    package static let maximumCauseLength = 120
    /// Enough for a log line to be of use.
    package static let maximumDetailLength = 2_000

    /// In words for people who push: no host names, paths or secrets.
    ///
    /// "no space is left".
    package let cause: String
    /// For the log only.
    package let detail: String?

    /// Describes a failure.
    ///
    /// - Parameters:
    ///   - cause: Starts in lower case, without a full stop. Made one line of at most ``maximumCauseLength`` bytes.
    ///   - detail: What an operator wants to know besides. Made one line of at most ``maximumDetailLength`` bytes.
    package init(cause: String, detail: String? = nil) {
        var words = OneLine.of(cause, maximumLength: Self.maximumCauseLength)
        while words.hasSuffix(".") { words.removeLast() }
        self.cause = words.isEmpty ? "it does not say why" : words
        self.detail = detail.map { OneLine.of($0, maximumLength: Self.maximumDetailLength) }
    }

    /// Describes an error that a check threw: its own words when it is one of these, else words that give nothing away.
    package init(_ error: any Error) {
        if let problem = error as? HealthProblem {
            self = problem
        } else {
            self.init(cause: "the check failed; the server's log says why", detail: String(describing: error))
        }
    }

    package var description: String { detail.map { "\(cause) (\($0))" } ?? cause }
}
