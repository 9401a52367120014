package import Access
import Health

/// Whether changes of the access file are seen.
///
/// Pushes do not need it: while the file is away or broken, the last good rules are in force.
package struct AccessCheck: HealthCheck {
    package let name = "access"
    package let title = "the access list"
    package let isNeededByPush = false

    private let file: AccessFile

    /// Makes a check of the file that logins use.
    package init(file: AccessFile) { self.file = file }

    package func check() async throws {
        guard let trouble = file.trouble else { return }
        throw HealthProblem(cause: trouble, detail: nil)
    }
}
