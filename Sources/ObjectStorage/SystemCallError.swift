import Glibc

/// A system call that failed.
struct SystemCallError: Error, Equatable, CustomStringConvertible {
    let call: String
    /// What `errno` was.
    let code: Int32

    var description: String {
        // glibc keeps this text per thread since 2.32.
        let words = unsafe strerror(code).map { unsafe String(cString: $0) }
        return "\(words ?? "error \(code)") (\(call))"
    }

    /// The call that failed just now on this thread.
    static func last(_ call: String) -> SystemCallError { SystemCallError(call: call, code: errno) }
}
