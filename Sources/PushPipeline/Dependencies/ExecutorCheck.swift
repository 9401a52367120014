package import Builds
import Health

/// Whether a build would run now: its sandbox works, and its disk has room.
package struct ExecutorCheck: HealthCheck {
    package let name = "executor"
    package let title = "the build executor"
    package let isNeededByPush = true

    private let executor: any BuildExecutor

    /// Makes a check of the executor that pushes use.
    package init(executor: any BuildExecutor) { self.executor = executor }

    package func check() async throws {
        do {
            try await executor.availability()
        } catch let error as ExecutorUnavailable {
            throw HealthProblem(cause: error.cause, detail: error.detail)
        }
    }
}
