/// Paths as they come in settings.
enum PathText {
    /// The longest path, in bytes (Linux: PATH_MAX with its terminating NUL is 4096).
    private static let maximumLength = 4095

    /// Whether the kernel would take the text as a path, and a log line can show it.
    static func isValid(_ text: String) -> Bool {
        (1...maximumLength).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// The text without slashes at its end; `/` stays.
    static func withoutTrailingSlashes(_ text: String) -> String {
        var rest = text[...]
        while rest.count > 1, rest.last == "/" { rest.removeLast() }
        return String(rest)
    }

    /// The path of an entry in a directory.
    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }
}
