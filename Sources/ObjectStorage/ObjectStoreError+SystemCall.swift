import Glibc
import SystemCalls

extension ObjectStoreError {
    /// Words for a failed system call.
    ///
    /// - Parameters:
    ///   - error: The call.
    ///   - operation: What was asked.
    ///   - text: The key or prefix.
    init(_ error: SystemCallError, _ operation: Operation, _ text: String?) {
        let kind: Kind =
            switch error.code {
            // Elsewhere a missing file is one of the store's own.
            case ENOENT where operation == .get || operation == .head: .notFound
            case ENOSPC, EDQUOT, EFBIG: .noSpace
            case EROFS: .readOnly
            case EMFILE, ENFILE: .noDescriptors
            case EACCES, EPERM, ELOOP, ENOTDIR, EISDIR, ENOTEMPTY, ENAMETOOLONG: .notAllowed
            default: .unavailable
            }
        self.init(kind, operation, text: text, detail: error.description)
    }

    /// Why a store's directories cannot be made or opened.
    ///
    /// - Parameters:
    ///   - root: The store's.
    ///   - error: The call.
    init(whileOpening root: String, _ error: SystemCallError) {
        // What is no directory, or leads elsewhere, stays so whoever waits.
        let isInTheWay = [ENOTDIR, ELOOP].contains(error.code)
        let kind = isInTheWay ? .noDirectory : Self(error, .open, nil).kind
        self.init(kind, .open, nil, detail: "\(root): \(error)")
    }
}
