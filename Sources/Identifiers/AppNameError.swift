/// Why a text is no app name.
///
/// The messages never repeat the text: it is a stranger's, and may be 64 KB of control characters.
package enum AppNameError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooLong(Int)
    case badCharacter
    case badEdge

    package var description: String {
        switch self {
        case .empty:
            "an app name is missing; expected something like \"blog\""
        case .tooLong(let length):
            "an app name has at most \(AppName.maximumLength) characters, this one has \(length)"
        case .badCharacter:
            "an app name has only lower-case letters, digits and \"-\", like \"blog\" or \"web-shop-2\""
        case .badEdge:
            "an app name starts and ends with a letter or a digit"
        }
    }
}
