package import GitRepository
import Health
import SystemCalls

/// Whether the disk of the repositories takes what is pushed.
package struct RepositoriesCheck: HealthCheck {
    package let name = "repositories"
    package let title = "the repositories' disk"
    package let isNeededByPush = true

    /// Bytes that must be free: a few pushes of usual size.
    private static let minimumFreeSpace: Int64 = 256 << 20

    private let repositories: RepositoryStore

    /// Makes a check of the place that pushes go to.
    package init(repositories: RepositoryStore) { self.repositories = repositories }

    package func check() async throws {
        let space: FileSystemSpace
        do {
            space = try await repositories.check()
        } catch let error as SystemCallError {
            throw HealthProblem(cause: Self.words(error), detail: "\(error)")
        }
        if let shortage = space.shortage(minimum: Self.minimumFreeSpace) {
            throw HealthProblem(cause: "it has too little room", detail: shortage)
        }
    }

    private static func words(_ error: SystemCallError) -> String {
        if error.isNoSpace { return "no space is left" }
        return error.isRefusal ? "it cannot be written to" : "it does not work"
    }
}
