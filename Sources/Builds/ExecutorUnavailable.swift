import Retries

/// Why an executor could not run a build now.
package struct ExecutorUnavailable: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which executor, as people call it; set by ``BuildService``, which knows it.
    package var dependency = "the build executor"
    /// For pushers, in words, without places and commands.
    package let cause: String
    /// For the log: what to install or to set.
    package let detail: String
    /// Whether it may work in a moment, without anybody installing or setting something, and nothing of the build has run.
    package let mayPass: Bool
    /// Whether something of the build may have run all the same: only the pusher may have it built again.
    package let mayHaveRun: Bool

    package init(cause: String, detail: String, mayPass: Bool = true, mayHaveRun: Bool = false) {
        self.cause = cause
        self.detail = detail
        self.mayPass = mayPass && !mayHaveRun
        self.mayHaveRun = mayHaveRun
    }

    package var description: String { "\(cause): \(detail)" }
}

extension ExecutorUnavailable: DependencyFailure {
    package var advice: String {
        mayPass || mayHaveRun ? "try again in about 30 s" : "whoever runs this builder has to act, so try again later"
    }
    package var logText: String { description }
}
