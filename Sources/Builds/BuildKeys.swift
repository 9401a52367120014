package import Identifiers
package import ObjectStorage

/// Where the parts of one build are in the object store.
package struct BuildKeys: Sendable, Equatable {
    /// The highest number of a part of a log: six digits, so that a listing has the parts in their order.
    package static let maximumLogParts = 999_999

    /// All of the log; there from the build's end on.
    package let log: ObjectKey
    /// What the keys of the log's parts start with: the log so far, while there is no ``log``.
    package let logParts: String
    package let artifact: ObjectKey
    package let record: ObjectKey

    /// Names the keys of a build.
    ///
    /// - Throws: `ObjectKeyError` when `id` is no key segment.
    package init(app: AppName, id: String) throws(ObjectKeyError) {
        let prefix = "apps/\(app.rawValue)/builds/\(id)/"
        log = try ObjectKey(prefix + "log")
        logParts = prefix + "log.parts/"
        artifact = try ObjectKey(prefix + "artifact.tar.gz")
        record = try ObjectKey(prefix + "build.json")
    }

    /// Names a part of the log.
    ///
    /// - Parameter number: From 1 to ``maximumLogParts``.
    /// - Returns: Its key.
    /// - Throws: `ObjectKeyError`, for no build whose other keys there are.
    package func logPart(_ number: Int) throws(ObjectKeyError) -> ObjectKey {
        let digits = String(number)
        let width = String(Self.maximumLogParts).count
        return try ObjectKey(logParts + String(repeating: "0", count: max(0, width - digits.count)) + digits)
    }
}
