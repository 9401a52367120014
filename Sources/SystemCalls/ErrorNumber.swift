import Glibc

/// An `errno`, with the system's words for it.
package struct ErrorNumber: Equatable, Sendable, CustomStringConvertible {
    package let code: Int32

    package init(_ code: Int32) { self.code = code }

    /// That of the call that failed just now on this thread.
    package static var last: ErrorNumber { ErrorNumber(errno) }

    package var description: String {
        // glibc keeps this text per thread since 2.32.
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
