import CLibGit2
import Glibc
import SystemCalls

/// Why an operation on a repository failed, when it is no fault of the push.
///
/// The text has no path of the host in it, so it may be shown to users.
package struct RepositoryError: Error, Sendable, CustomStringConvertible {
    /// Where the error comes from.
    package enum Kind: Sendable, Equatable {
        /// libgit2 returned this code.
        case library(code: Int32)
        /// A system call failed with this `errno`.
        case system(errno: Int32)
        /// A git child failed in a way that its messages do not explain.
        case child
        /// What was asked for is not allowed or not there.
        case invalid
        /// The thread pool is shut down.
        case shuttingDown
    }

    /// Where the error comes from.
    package let kind: Kind
    /// What was tried; reads well after "could not".
    package let operation: String
    /// What went wrong, in words.
    package let detail: String

    package var description: String { "could not \(operation): \(detail)" }

    init(kind: Kind, operation: String, detail: String) {
        self.kind = kind
        self.operation = operation
        self.detail = HostPaths.removed(from: detail)
    }

    /// The error that libgit2 kept for this thread.
    static func library(_ code: Int32, _ operation: String) -> RepositoryError {
        let message =
            unsafe git_error_last().flatMap { unsafe $0.pointee.message }.map { unsafe String(cString: $0) }
        return RepositoryError(
            kind: .library(code: code), operation: operation, detail: message ?? "libgit2 error \(code)")
    }

    /// The error of the system call that failed just now.
    static func system(_ operation: String, code: Int32 = errno) -> RepositoryError {
        RepositoryError(
            kind: .system(errno: code), operation: operation, detail: "\(ErrorNumber(code))")
    }

    /// Whether the whole disk is full or read-only, which passes for all repositories at once.
    var isOfDisk: Bool { [EROFS, ENOSPC, EDQUOT].contains { kind == .system(errno: $0) } }

    /// Whether somebody else holds the lock of a ref; it may be free in a moment.
    var isLocked: Bool { kind == .library(code: GIT_ELOCKED.rawValue) }
}
