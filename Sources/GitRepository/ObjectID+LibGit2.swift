import CLibGit2
import GitProtocol

extension ObjectID {
    /// Takes an id from libgit2.
    init(_ id: git_oid) {
        self = unsafe withUnsafeBytes(of: id) { unsafe ObjectID(bytes: $0) } ?? .zero
    }

    /// The id as libgit2 has it.
    var libgit2: git_oid {
        var id = git_oid()
        let bytes = bytes
        unsafe withUnsafeMutableBytes(of: &id) { unsafe $0.copyBytes(from: bytes) }
        return id
    }
}
