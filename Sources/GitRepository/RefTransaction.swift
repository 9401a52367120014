import CLibGit2
import GitProtocol

/// A transaction of libgit2 over refs; what was not committed is rolled back when the value goes away.
@safe struct RefTransaction: ~Copyable {
    private let pointer: OpaquePointer

    /// Begins a transaction.
    init(_ repository: borrowing RepositoryHandle) throws(RepositoryError) {
        var created: OpaquePointer?
        try LibGit2.check(unsafe git_transaction_new(&created, repository.pointer), "update refs")
        guard let created = unsafe created else {
            throw RepositoryError(kind: .invalid, operation: "update refs", detail: "libgit2 returned nothing")
        }
        unsafe pointer = created
    }

    deinit { unsafe git_transaction_free(pointer) }

    /// Locks a ref, which need not exist; does not wait for another that holds it.
    ///
    /// - Throws: ``RepositoryError``, one that ``RepositoryError/isLocked`` when it is held.
    borrowing func lock(_ name: RefName) throws(RepositoryError) {
        try LibGit2.check(unsafe git_transaction_lock_ref(pointer, name.rawValue), "lock a ref")
    }

    /// Sets a locked ref.
    borrowing func set(_ name: RefName, to id: ObjectID) throws(RepositoryError) {
        var target = id.libgit2
        try LibGit2.check(
            unsafe git_transaction_set_target(pointer, name.rawValue, &target, nil, nil), "update a ref")
    }

    /// Removes a locked ref.
    borrowing func remove(_ name: RefName) throws(RepositoryError) {
        try LibGit2.check(unsafe git_transaction_remove(pointer, name.rawValue), "delete a ref")
    }

    /// Makes it so, one ref after the other, and unlocks them.
    borrowing func commit() throws(RepositoryError) {
        try LibGit2.check(unsafe git_transaction_commit(pointer), "update refs")
    }
}
