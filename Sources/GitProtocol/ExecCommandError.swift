/// Why an exec request cannot be read.
///
/// The messages never repeat the command: it is a stranger's.
package enum ExecCommandError: Error, Equatable, Sendable {
    case empty
    case tooLong(Int)
    case controlCharacter
    case notUTF8
    case missingPath
    case extraWords
    case unbalancedQuotes
    case badQuoting
}

extension ExecCommandError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "expected a command such as git-receive-pack 'blog.git', got nothing"
        case .tooLong(let length):
            "a command has at most \(ExecCommand.maximumLength) bytes, this one has \(length)"
        case .controlCharacter:
            "a command is one line of text, this one has control characters in it"
        case .notUTF8:
            "a command is UTF-8 text, this one is not"
        case .missingPath:
            "expected the name of an app after the command, as in git-receive-pack 'blog.git'"
        case .extraWords:
            "expected nothing more after the command's one argument; put a single space between words"
        case .unbalancedQuotes:
            "a single quote in the command is not closed"
        case .badQuoting:
            "expected a plain word or one quoted as git does it, as in git-receive-pack 'blog.git'"
        }
    }
}
