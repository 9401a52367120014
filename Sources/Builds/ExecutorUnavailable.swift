/// Why an executor could not run a build now.
package struct ExecutorUnavailable: Error, Equatable, Sendable, CustomStringConvertible {
    /// For pushers, in words, without places and commands.
    package let cause: String
    /// For the log: what to install or to set.
    package let detail: String

    package init(cause: String, detail: String) {
        self.cause = cause
        self.detail = detail
    }

    package var description: String { "\(cause): \(detail)" }
}
