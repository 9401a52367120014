/// Why a text is no name of a ref.
///
/// The messages fit behind `ng` in a report and never repeat the name: the client prints that itself.
package enum RefNameError: Error, Equatable, Sendable {
    case notUnderRefs
    case oneLevel
    case tooLong(Int)
    case componentTooLong(Int)
    case notUTF8
    case emptyComponent
    case dotAtStart
    case dotAtEnd
    case doubleDot
    case lockSuffix
    case reflogSyntax
    case badCharacter
}

extension RefNameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notUnderRefs:
            "funny refname: expected a name that starts with refs/, such as refs/heads/main"
        case .oneLevel:
            "funny refname: expected a folder under refs/, such as refs/heads/main or refs/tags/v1"
        case .tooLong(let length):
            "funny refname: at most \(RefName.maximumLength) bytes are allowed, this one has \(length)"
        case .componentTooLong(let length):
            "funny refname: at most \(RefName.maximumComponentLength) bytes are allowed between slashes, here are \(length)"
        case .notUTF8:
            "funny refname: it is not valid UTF-8; rename it"
        case .emptyComponent:
            "funny refname: a slash needs a name on both sides"
        case .dotAtStart:
            "funny refname: no part may start with \".\""
        case .dotAtEnd:
            "funny refname: it may not end with \".\""
        case .doubleDot:
            "funny refname: \"..\" is not allowed"
        case .lockSuffix:
            "funny refname: no part may end with \".lock\""
        case .reflogSyntax:
            "funny refname: \"@{\" is not allowed"
        case .badCharacter:
            "funny refname: spaces, control characters and ~ ^ : ? * [ \\ are not allowed"
        }
    }
}
