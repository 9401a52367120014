import FoundationEssentials

/// The settings file.
enum SettingsFile {
    /// A settings file is a page of text; whatever is larger is another file.
    private static let maximumSize = 1 << 20

    struct TooLarge: Error, CustomStringConvertible {
        var description: String { "it is larger than 1 MiB, so it is no settings file" }
    }

    struct NotText: Error, CustomStringConvertible {
        var description: String { "it is not UTF-8 text" }
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a file whole.
    ///
    /// - Throws: An error whose text fits after "cannot be read: ".
    static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Unreadable(
                description: FileManager.default.fileExists(atPath: path)
                    ? "no permission, or not a file" : "no such file")
        }
        guard data.count <= maximumSize else { throw TooLarge() }
        guard let text = String(bytes: data, encoding: .utf8) else { throw NotText() }
        return text
    }
}
