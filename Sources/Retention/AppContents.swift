package import Identifiers
import ObjectStorage

/// How much there is of an app.
package struct AppContents: Sendable, Equatable, CustomStringConvertible {
    package let app: AppName
    /// Also when only a part of it is left, of a deletion that was interrupted.
    package let hasRepository: Bool
    package private(set) var objects: Int
    /// Of the objects.
    package private(set) var bytes: Int64

    init(app: AppName, hasRepository: Bool, objects: Int = 0, bytes: Int64 = 0) {
        self.app = app
        self.hasRepository = hasRepository
        self.objects = objects
        self.bytes = bytes
    }

    /// Whether there is no such app.
    package var isEmpty: Bool { !hasRepository && objects == 0 }

    /// As in `the repository of blog and 212 objects (1.3 GiB)`.
    package var description: String {
        if isEmpty { return "nothing of \(app): it has neither a repository nor objects" }
        let found = objects > 0 ? "\(objects.counted("object")) (\(bytes.bytesInWords))" : "no objects"
        return hasRepository ? "the repository of \(app) and \(found)" : "\(found) of \(app), which has no repository"
    }

    mutating func add(_ object: ObjectMetadata) {
        objects += 1
        bytes += object.size
    }
}
