/// The path in a client's URL, reduced to the text that names an app.
///
/// `/blog.git`, `blog.git` and `blog` are the same. The path never becomes a path on disk: only the name in it is used,
/// and that still has to be checked as an app's name.
package struct RepositoryPath: Equatable, Sendable {
    private static let suffix = ".git"

    /// The text between one leading slash and one trailing `.git`.
    package let appName: String

    /// Takes a path apart.
    ///
    /// - Parameter path: As the client meant it, with quoting undone.
    /// - Throws: ``RepositoryPathError`` when nothing is left or a slash is.
    package init(_ path: String) throws(RepositoryPathError) {
        var name = Array(path.utf8)[...]
        if name.first == UInt8(ascii: "/") { name = name.dropFirst() }
        if name.suffix(Self.suffix.utf8.count).elementsEqual(Self.suffix.utf8) {
            name = name.dropLast(Self.suffix.utf8.count)
        }
        guard !name.isEmpty else { throw .empty }
        guard name.first != UInt8(ascii: "~") else { throw .homeDirectory }
        guard !name.contains(UInt8(ascii: "/")) else { throw .severalParts }
        guard name.first != UInt8(ascii: "."), !name.contains(where: \.isControl) else { throw .notAName }
        appName = String(decoding: name, as: UTF8.self)
    }
}
