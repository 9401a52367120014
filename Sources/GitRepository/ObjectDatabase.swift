import CLibGit2
import GitProtocol

/// The objects of a repository, and those of a quarantine when one is given.
@safe struct ObjectDatabase: ~Copyable {
    private let pointer: OpaquePointer

    /// Opens the objects.
    ///
    /// - Parameters:
    ///   - repository: Whose objects; its own lookups find those of the quarantine too afterwards.
    ///   - quarantine: The directory with a push's objects.
    /// - Throws: ``RepositoryError`` when they cannot be opened.
    init(of repository: borrowing RepositoryHandle, quarantine: String? = nil) throws(RepositoryError) {
        var opened: OpaquePointer?
        try LibGit2.check(unsafe git_repository_odb(&opened, repository.pointer), "open the objects")
        guard let opened = unsafe opened else {
            throw RepositoryError(kind: .invalid, operation: "open the objects", detail: "libgit2 returned nothing")
        }
        if let quarantine {
            do throws(RepositoryError) {
                try LibGit2.check(unsafe git_odb_add_disk_alternate(opened, quarantine), "open the quarantine")
            } catch {
                unsafe git_odb_free(opened)
                throw error
            }
        }
        unsafe pointer = opened
    }

    deinit { unsafe git_odb_free(pointer) }

    /// Whether an object is there.
    borrowing func contains(_ id: ObjectID) -> Bool {
        var name = id.libgit2
        return unsafe git_odb_exists(pointer, &name) == 1
    }

    /// What an object is, and how large; nothing of it is unfolded.
    ///
    /// This is all that libgit2 is asked about objects: to read a small one it would unfold what that is stored as a
    /// difference to, which may be a gigabyte. See ``ObjectReader``.
    ///
    /// - Parameter id: Any id.
    /// - Returns: `nil` when it is not there.
    /// - Throws: ``RepositoryError`` when it is there but cannot be read.
    borrowing func header(of id: ObjectID) throws(RepositoryError) -> (kind: ObjectKind, size: Int64)? {
        var name = id.libgit2
        var size = 0
        var type = GIT_OBJECT_INVALID
        let code = unsafe git_odb_read_header(&size, &type, pointer, &name)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try LibGit2.check(code, "read object \(id)")
        guard let kind = ObjectKind(type) else {
            throw RepositoryError(kind: .invalid, operation: "read object \(id)", detail: "it is of no known type")
        }
        return (kind, Int64(size))
    }
}
