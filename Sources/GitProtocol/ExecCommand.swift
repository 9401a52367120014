/// What a client asks to run: one of git's two services on a path, or `ping`.
///
/// No shell ever sees the text. Git sends `git-receive-pack 'blog.git'`, quoted by its own `sq_quote`, and exactly that
/// is undone here; a bare word is taken too, because people type one.
package struct ExecCommand: Equatable, Sendable {
    /// The command, with the path as the client meant it and not yet checked (see ``RepositoryPath``).
    package enum Kind: Equatable, Sendable {
        case receivePack(path: String)
        case uploadPack(path: String)
        case ping
        /// Anything else: its first word, or `git` and its subcommand, made printable and short.
        case unknown(String)
    }

    /// The longest command, in bytes: room for any path that Linux has (`PATH_MAX`).
    package static let maximumLength = 4096

    /// How much of an unknown command's name is kept, in bytes: enough to recognise it in a message.
    private static let maximumNameLength = 64

    /// What was asked for.
    package let kind: Kind

    /// Reads an exec request.
    ///
    /// - Parameter bytes: The command as it came in the SSH request.
    /// - Returns: The command; one that is not known is ``Kind/unknown(_:)``, not an error.
    /// - Throws: ``ExecCommandError`` when it is too long, is no line of text, or a known command has not exactly the
    ///   words it takes.
    package static func parse(_ bytes: [UInt8]) throws(ExecCommandError) -> ExecCommand {
        guard bytes.count <= maximumLength else { throw .tooLong(bytes.count) }
        guard !bytes.contains(where: \.isControl) else { throw .controlCharacter }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        let (name, arguments) = split(Array(text.utf8))
        guard !name.isEmpty else { throw .empty }
        switch name {
        case "git-receive-pack", "git receive-pack":
            return try ExecCommand(kind: .receivePack(path: path(arguments)))
        case "git-upload-pack", "git upload-pack":
            return try ExecCommand(kind: .uploadPack(path: path(arguments)))
        case "ping":
            guard arguments == nil else { throw .extraWords }
            return ExecCommand(kind: .ping)
        default:
            return ExecCommand(kind: .unknown(ClientText.line(name, maximumBytes: maximumNameLength)))
        }
    }

    /// Cuts off the name of the command: the first word, or two when the first is `git`.
    private static func split(_ bytes: [UInt8]) -> (name: String, arguments: ArraySlice<UInt8>?) {
        let space = UInt8(ascii: " ")
        var words = bytes.split(separator: space, maxSplits: 1, omittingEmptySubsequences: false)
        var name = String(decoding: words[0], as: UTF8.self)
        if name == "git", words.count == 2 {
            words = words[1].split(separator: space, maxSplits: 1, omittingEmptySubsequences: false)
            name += " " + String(decoding: words[0], as: UTF8.self)
        }
        return (name, words.count == 2 ? words[1] : nil)
    }

    private static func path(_ arguments: ArraySlice<UInt8>?) throws(ExecCommandError) -> String {
        guard let arguments, !arguments.isEmpty else { throw .missingPath }
        return String(decoding: try ShellWord.unquote(arguments), as: UTF8.self)
    }
}
