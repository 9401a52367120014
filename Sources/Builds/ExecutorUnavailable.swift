import Retries

/// Why an executor could not run a build now.
package struct ExecutorUnavailable: Error, Equatable, Sendable, CustomStringConvertible {
    package static let usualTitle = "the build executor"

    /// Which executor, as people call it.
    package let dependency: String
    /// For pushers, in words, without places and commands.
    package let cause: String
    /// For the log: what to install or to set.
    package let detail: String
    /// Whether it may work in a moment, without anybody installing or setting something.
    package let mayPass: Bool

    package init(
        _ dependency: String = usualTitle, cause: String, detail: String, mayPass: Bool = true
    ) {
        self.dependency = dependency
        self.cause = cause
        self.detail = detail
        self.mayPass = mayPass
    }

    package var description: String { "\(cause): \(detail)" }
}

extension ExecutorUnavailable: DependencyFailure {
    package var advice: String {
        mayPass ? "try again in about 30 s" : "whoever runs this builder has to act, so try again later"
    }
    package var logText: String { description }
}
