package import Identifiers
package import ObjectStorage

/// Where the parts of one build are in the object store.
package struct BuildKeys: Sendable, Equatable {
    package let log: ObjectKey
    package let artifact: ObjectKey
    package let record: ObjectKey

    /// Names the keys of a build.
    ///
    /// - Throws: `ObjectKeyError` when `id` is no key segment.
    package init(app: AppName, id: String) throws(ObjectKeyError) {
        let prefix = "apps/\(app.rawValue)/builds/\(id)/"
        log = try ObjectKey(prefix + "log")
        artifact = try ObjectKey(prefix + "artifact.tar.gz")
        record = try ObjectKey(prefix + "build.json")
    }
}
