package import Identifiers

/// The app is being deleted, or was a moment ago.
package struct AppDeletedError: Error, Sendable, Equatable, CustomStringConvertible {
    package let app: AppName

    package var description: String { "\(app) was deleted a moment ago, or still is being; push again to begin anew" }
}
