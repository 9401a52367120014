package import GitRepository
import Health

/// Whether the disk of the repositories takes what is pushed.
package struct RepositoriesCheck: HealthCheck {
    package let name = "repositories"
    package let title = RepositoriesUnavailable.name
    package let isNeededByPush = true

    private let repositories: RepositoryStore

    /// Makes a check of the place that pushes go to.
    package init(repositories: RepositoryStore) { self.repositories = repositories }

    package func check() async throws {
        do {
            try await repositories.requireUsable()
        } catch let error as RepositoriesUnavailable {
            throw HealthProblem(cause: error.cause, detail: error.logText)
        }
    }
}
