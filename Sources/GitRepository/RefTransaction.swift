import CLibGit2
import GitProtocol
import Glibc

/// A transaction of libgit2 over refs; what was not committed is rolled back when the value goes away.
@safe struct RefTransaction: ~Copyable {
    /// How long to wait for somebody else's lock, in microseconds: a commit takes a few synced writes.
    ///
    /// Git waits 0.1 s (core.filesRefLockTimeout), with commits that do not sync.
    private static let lockTimeout = 1_000_000

    /// Time between two tries, in microseconds.
    private static let lockInterval = 5_000

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

    /// Locks a ref, which need not exist; waits a little for another that holds it.
    borrowing func lock(_ name: RefName) throws(RepositoryError) {
        var code: Int32 = 0
        for _ in 0...(Self.lockTimeout / Self.lockInterval) {
            code = unsafe git_transaction_lock_ref(pointer, name.rawValue)
            guard code == GIT_ELOCKED.rawValue else { break }
            usleep(UInt32(Self.lockInterval))
        }
        try LibGit2.check(code, "lock a ref")
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
