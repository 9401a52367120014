package import Identifiers

/// Why there is no log to read.
package enum BuildLogError: Error, Equatable, CustomStringConvertible {
    case noSuchBuild(app: AppName, id: PushID)

    package var description: String {
        switch self {
        case .noSuchBuild(let app, let id):
            "there is no build \(id) of \(app); its id is wrong, or the build is so old that it was swept away"
        }
    }
}
