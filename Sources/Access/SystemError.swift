import Glibc

/// An `errno`, with its text.
struct SystemError: Error, Equatable, CustomStringConvertible {
    let code: Int32

    var description: String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
