package import Identifiers

/// An app cannot be deleted now: somebody uses it.
package struct AppBusyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Who uses it.
    package enum Use: Sendable, Equatable {
        /// The ids of pushes; at least one.
        case pushes([String])
        case fetch
        /// Somebody else deletes it already.
        case deletion
    }

    package let app: AppName
    package let use: Use

    package var description: String {
        let what =
            switch use {
            case .pushes(let ids) where ids.count > 1:
                "\(ids.count) pushes to \(app) are running (\(ids.joined(separator: ", ")))"
            case .pushes(let ids): "a push to \(app) is running (\(ids.joined()))"
            case .fetch: "a fetch of \(app) is running"
            case .deletion: "another deletion of \(app) is running"
            }
        return "\(what); nothing was deleted; try again when it has ended"
    }
}
