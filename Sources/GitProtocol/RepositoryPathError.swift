/// Why a path names no app.
///
/// The messages never repeat the path: it is a stranger's.
package enum RepositoryPathError: Error, Equatable, Sendable {
    case empty
    case severalParts
    case homeDirectory
    case notAName
}

extension RepositoryPathError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "the path in the remote's URL is empty; expected the name of an app, such as blog.git"
        case .severalParts:
            "the path in the remote's URL has several parts; expected only the name of an app, such as blog.git"
        case .homeDirectory:
            "there are no home directories here; expected only the name of an app in the remote's URL, such as blog.git"
        case .notAName:
            "the path in the remote's URL is no name of an app; expected something like blog.git"
        }
    }
}
