package import Identifiers

/// The apps that a user may push to.
package enum AppGrant: Sendable, Equatable {
    case all
    /// Exactly these; there are no patterns.
    case some(Set<AppName>)

    /// Whether the grant covers the app.
    package func allows(_ app: AppName) -> Bool {
        switch self {
        case .all: true
        case .some(let apps): apps.contains(app)
        }
    }
}
