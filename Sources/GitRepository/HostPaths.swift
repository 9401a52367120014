/// Keeps the layout of the server's disk out of messages.
enum HostPaths {
    private static let replacement = "(path)"

    /// Replaces every absolute path in a message.
    ///
    /// A path starts with "/" at the start of a word and ends where the word ends; git and libgit2 quote theirs.
    ///
    /// - Parameter text: A message of git, libgit2 or the system.
    /// - Returns: The message with "(path)" in place of each.
    static func removed(from text: String) -> String {
        var result = ""
        var atWordStart = true
        var inPath = false
        for character in text {
            let isBoundary = character.isWhitespace || "'\":,;()".contains(character)
            if inPath, !isBoundary { continue }
            inPath = character == "/" && atWordStart
            atWordStart = isBoundary
            if inPath { result += replacement } else { result.append(character) }
        }
        return result
    }
}
