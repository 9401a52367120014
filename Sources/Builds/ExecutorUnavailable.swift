import Retries

/// Why an executor could not run a build now.
package struct ExecutorUnavailable: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which executor, as people call it; set by ``BuildService``, which knows it.
    package var dependency = "the build executor"
    /// For pushers, in words, without places and commands.
    package let cause: String
    /// For the log: what to install or to set.
    package let detail: String
    /// Whether it may work in a moment, without anybody installing or setting something.
    package let mayPass: Bool

    package init(cause: String, detail: String, mayPass: Bool = true) {
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
