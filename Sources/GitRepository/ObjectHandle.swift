import CLibGit2
import GitProtocol
import Glibc

/// A parsed object of libgit2, released when the value goes away.
@safe struct ObjectHandle: ~Copyable {
    let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit { unsafe git_object_free(pointer) }

    /// What is at a path below this tree.
    ///
    /// - Returns: `nil` when there is nothing.
    borrowing func entryKind(path: String) throws(RepositoryError) -> TreeEntryKind? {
        var entry: OpaquePointer?
        let code = unsafe git_tree_entry_bypath(&entry, pointer, path)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try LibGit2.check(code, "look into a tree")
        defer { unsafe git_tree_entry_free(entry) }
        return unsafe TreeEntryKind(mode: git_tree_entry_filemode_raw(entry).rawValue)
    }

    /// The entries of this tree, in git's order.
    borrowing func entries() throws(RepositoryError) -> [TreeEntry] {
        var entries: [TreeEntry] = []
        let count = unsafe git_tree_entrycount(pointer)
        entries.reserveCapacity(count)
        for index in 0..<count {
            guard let entry = unsafe git_tree_entry_byindex(pointer, index),
                let name = unsafe git_tree_entry_name(entry), let id = unsafe git_tree_entry_id(entry)
            else { throw RepositoryError(kind: .invalid, operation: "read a tree", detail: "it is damaged") }
            let mode = unsafe git_tree_entry_filemode_raw(entry).rawValue
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
            entries.append(TreeEntry(name: bytes, mode: mode, id: unsafe ObjectID(id.pointee)))
        }
        return entries
    }
}

extension RepositoryHandle {
    /// Follows an object to one of a wanted type: a tag to its target, a commit to its tree.
    ///
    /// - Returns: `nil` when the object is not there, or leads to no such object.
    borrowing func peel(_ id: ObjectID, to type: git_object_t) throws(RepositoryError) -> ObjectHandle? {
        var name = id.libgit2
        var object: OpaquePointer?
        let found = unsafe git_object_lookup(&object, pointer, &name, GIT_OBJECT_ANY)
        if found == GIT_ENOTFOUND.rawValue { return nil }
        try LibGit2.check(found, "read object \(id)")
        defer { unsafe git_object_free(object) }
        var peeled: OpaquePointer?
        let code = unsafe git_object_peel(&peeled, object, type)
        if code == GIT_EPEEL.rawValue || code == GIT_EINVALIDSPEC.rawValue || code == GIT_ENOTFOUND.rawValue {
            return nil
        }
        try LibGit2.check(code, "follow object \(id)")
        return unsafe peeled.map { unsafe ObjectHandle($0) }
    }
}
