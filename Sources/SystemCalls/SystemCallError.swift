import Glibc

/// A system call that failed.
package struct SystemCallError: Error, Equatable, CustomStringConvertible {
    /// The call's name.
    package let call: String
    /// What `errno` was.
    package let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call that failed just now on this thread.
    package static func last(_ call: String) -> SystemCallError { SystemCallError(call: call, code: errno) }

    /// The system's words alone, for people who know nothing of calls.
    package var reason: String { ErrorNumber(code).description }

    package var description: String { "\(reason) (\(call))" }
}
