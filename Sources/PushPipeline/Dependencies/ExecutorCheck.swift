package import Builds
import Health

/// Whether a build would run now.
package struct ExecutorCheck: HealthCheck {
    package let name: String
    package var title: String { executor.title }
    package let isNeededByPush = true

    private let executor: any BuildExecutor

    /// Makes a check of the executor that pushes use.
    ///
    /// - Parameters:
    ///   - name: What probes and metrics call it.
    ///   - executor: The executor.
    package init(name: String, executor: any BuildExecutor) {
        self.name = name
        self.executor = executor
    }

    package func check() async throws {
        do {
            try await executor.availability()
        } catch let error as ExecutorUnavailable {
            throw HealthProblem(cause: error.cause, detail: error.detail)
        }
    }
}
