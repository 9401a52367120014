import CLibGit2
package import GitProtocol

extension Repository {
    /// All refs that point to an object, sorted by the bytes of their names; neither HEAD nor symbolic refs.
    ///
    /// - Throws: ``RepositoryError`` when they cannot be read.
    package func references() async throws -> [Reference] {
        try await access { try $0.directReferences() }
    }

    /// The branch that HEAD names, whether it exists or not.
    ///
    /// - Returns: `nil` when HEAD points to a commit instead.
    /// - Throws: ``RepositoryError`` when there is no repository.
    package func head() async throws -> RefName? {
        try await access { try $0.head() }
    }

    /// Makes HEAD name a branch: the one that a clone checks out.
    ///
    /// - Parameter name: A branch, which need not exist.
    /// - Throws: ``RepositoryError`` when HEAD cannot be written.
    package func setHead(_ name: RefName) async throws {
        try await access { try $0.setHead(name) }
    }
}

extension RepositoryHandle {
    borrowing func directReferences() throws(RepositoryError) -> [Reference] {
        var iterator: OpaquePointer?
        try LibGit2.check(unsafe git_reference_iterator_new(&iterator, pointer), "list the refs")
        defer { unsafe git_reference_iterator_free(iterator) }
        var references: [Reference] = []
        while true {
            var reference: OpaquePointer?
            let code = unsafe git_reference_next(&reference, iterator)
            if code == GIT_ITEROVER.rawValue { break }
            try LibGit2.check(code, "list the refs")
            defer { unsafe git_reference_free(reference) }
            guard let name = unsafe git_reference_name(reference), let target = unsafe git_reference_target(reference)
            else { continue }
            references.append(unsafe Reference(name: String(cString: name), target: ObjectID(target.pointee)))
        }
        return references.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    fileprivate borrowing func head() throws(RepositoryError) -> RefName? {
        var reference: OpaquePointer?
        try LibGit2.check(unsafe git_reference_lookup(&reference, pointer, "HEAD"), "read HEAD")
        defer { unsafe git_reference_free(reference) }
        guard let target = unsafe git_reference_symbolic_target(reference) else { return nil }
        return try? RefName(unsafe String(cString: target))
    }

    fileprivate borrowing func setHead(_ name: RefName) throws(RepositoryError) {
        var reference: OpaquePointer?
        let code = unsafe git_reference_symbolic_create(&reference, pointer, "HEAD", name.rawValue, 1, nil)
        try LibGit2.check(code, "set HEAD")
        unsafe git_reference_free(reference)
    }
}
