/// Where the value of a setting came from.
enum SettingOrigin: Sendable, Equatable {
    /// A flag, with its dashes.
    case flag(String)
    /// An environment variable.
    case environment(String)
    /// The file as it was named, the line of the key, and the key.
    case file(String, line: Int, key: String)
    /// Nobody said anything; carries the key.
    case builtIn(String)

    /// How the key is named at the start of an error.
    var place: String {
        switch self {
        case .flag(let flag): flag
        case .environment(let variable): variable
        case .file(let path, let line, let key): "\(path):\(line): \(key)"
        case .builtIn(let key): "\(key) (default)"
        }
    }

    /// What stands in parentheses behind the value in `slipway check`.
    var source: String {
        switch self {
        case .flag(let flag): flag
        case .environment(let variable): variable
        case .file(let path, let line, _): "\(path):\(line)"
        case .builtIn: "default"
        }
    }
}
