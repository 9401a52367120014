import CLibGit2
import GitProtocol

/// What a ref is right now.
enum RefValue: Equatable {
    case missing
    case direct(ObjectID)
    case symbolic
}

extension RepositoryHandle {
    /// Reads a ref from the disk.
    borrowing func value(of name: RefName) throws(RepositoryError) -> RefValue {
        var reference: OpaquePointer?
        let code = unsafe git_reference_lookup(&reference, pointer, name.rawValue)
        if code == GIT_ENOTFOUND.rawValue { return .missing }
        try LibGit2.check(code, "read a ref")
        defer { unsafe git_reference_free(reference) }
        guard let target = unsafe git_reference_target(reference) else { return .symbolic }
        return .direct(unsafe ObjectID(target.pointee))
    }
}
