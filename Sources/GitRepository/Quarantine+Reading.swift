import GitProtocol
import Subprocess

extension Quarantine {
    /// Takes objects from the cache, or from a git child.
    struct SmallObjects {
        /// What is asked for is not in the cache, and there is no child yet.
        fileprivate struct NotCached: Error {}

        fileprivate let cache: ObjectCache
        fileprivate var reader: ObjectReader?

        /// An object in whole.
        ///
        /// - Parameters:
        ///   - id: A commit, tree or tag.
        ///   - path: What it is, for an error.
        /// - Returns: `nil` when it is not there, or is a blob.
        /// - Throws: ``SourceError`` when it is too large.
        mutating func object(_ id: ObjectID, path: String) async throws -> ObjectCache.Object? {
            if let known = cache[id] { return known }
            guard reader != nil else { throw NotCached() }
            try await reader?.request([id])
            guard let (kind, size) = try await reader?.begin(path: path) else { return nil }
            if kind == .blob {
                while try await reader?.next(path: path) != nil {}
                return nil
            }
            try SourceError.check(size, of: kind, id, path: path)
            guard let content = try await reader?.content(path: path) else { return nil }
            let object = ObjectCache.Object(kind: kind, content: content)
            cache[id] = object
            return object
        }
    }

    /// Looks at a few small objects, with a git child only when not all are in the cache.
    ///
    /// - Parameter body: Has no effects, for it may run twice.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    func withSmallObjects<R: Sendable>(_ body: (inout SmallObjects) async throws -> R) async throws -> R {
        do {
            var objects = SmallObjects(cache: cache, reader: nil)
            return try await body(&objects)
        } catch is SmallObjects.NotCached {
            return try await withObjectReader { reader in
                var objects = SmallObjects(cache: cache, reader: reader)
                return try await body(&objects)
            }
        }
    }

    /// Runs a git child that reads objects of the push and of the repository.
    func withObjectReader<R: Sendable>(_ body: (inout ObjectReader) async throws -> R) async throws -> R {
        try await repository.git.run(
            ["--git-dir=\(repository.path)", "cat-file", "--batch"], environment: environment, limits: ChildLimits(),
            slots: repository.git.pushSlots, errors: .discarded
        ) { child in
            var reader = ObjectReader(writer: child.standardInputWriter, output: child.standardOutput)
            return try await body(&reader)
        }.result
    }
}

extension SourceError {
    /// Refuses an object that is too large to be read whole.
    static func check(_ size: Int64, of kind: ObjectKind, _ id: ObjectID, path: String) throws(SourceError) {
        let limit = ObjectLimits.maximumSize(of: kind)
        guard size > limit else { return }
        throw kind == .tree
            ? .treeTooLarge(size, path: path, limit: limit) : .objectTooLarge(kind, id, size, limit: limit)
    }
}
