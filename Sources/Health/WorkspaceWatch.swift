package import Logging
import Synchronization

/// Tries again and again, on a thread of its own, whether files can be written in the workspace.
///
/// A file system that hangs holds that one thread: the next try comes when this one has ended.
package final class WorkspaceWatch: Sendable {
    /// How often.
    package static let period = Duration.seconds(10)
    /// A file that takes longer is a problem: a slow disk takes milliseconds.
    package static let limit = Duration.seconds(5)

    private struct State {
        var hasEnded = false
        /// Of the last try that ended.
        var problem: String?
        /// When the try that runs began.
        var began: ContinuousClock.Instant?
    }

    private let probe: @Sendable () -> String?
    private let period: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// Makes a watch that has not tried yet.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - logger: Gets one line when trouble begins, and one when it ends.
    package convenience init(path: String, logger: Logger) {
        self.init(probe: WorkspaceProbe(path: path).run, period: Self.period, logger: logger)
    }

    init(probe: @escaping @Sendable () -> String?, period: Duration, logger: Logger) {
        self.probe = probe
        self.period = period
        self.logger = logger
    }

    /// What is wrong, in plain English.
    ///
    /// Memory only.
    package var problem: String? { problem(at: .now) }

    func problem(at now: ContinuousClock.Instant) -> String? {
        let state = state.withLock { $0 }
        if let began = state.began, now - began > Self.limit {
            return "the workspace does not respond: a file could not be created for \((now - began).inWords)"
        }
        return state.hasEnded ? state.problem : "it is not known yet whether the workspace can be written to"
    }

    /// Tries until the task is cancelled; returns at once then, even while a try hangs.
    package func run() async {
        await BackgroundThread.runUntilCancelled(name: "workspace") { [self] signal in
            repeat { attempt() } while !signal.wait(for: period)
        }
    }

    private func attempt() {
        state.withLock { $0.began = .now }
        let problem = probe()
        let wasTroubled = state.withLock { state in
            let wasTroubled = state.problem != nil
            state = State(hasEnded: true, problem: problem)
            return wasTroubled
        }
        switch (wasTroubled, problem) {
        case (false, let problem?): logger.error("The workspace is in trouble", metadata: ["cause": "\(problem)"])
        case (true, nil): logger.notice("The workspace is well again")
        default: break
        }
    }
}
