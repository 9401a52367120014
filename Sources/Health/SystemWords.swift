import Glibc

/// `errno` in words.
enum SystemWords {
    /// The system's words for `code`, to stand within a sentence: "connection refused".
    static func of(_ code: Int32) -> String {
        // glibc keeps this text per thread since 2.32.
        guard let text = unsafe strerror(code).map({ unsafe String(cString: $0) }) else { return "error \(code)" }
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
