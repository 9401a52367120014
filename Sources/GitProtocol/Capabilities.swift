/// What a client says it can do and wants: words like `atomic` or `agent=git/2.39.5` (gitprotocol-capabilities).
package struct Capabilities: Equatable, Sendable {
    /// The longest list, in bytes: git's own is under 200, and a session id or agent may be long.
    package static let maximumLength = 4096

    /// The most words; git knows about thirty.
    package static let maximumCount = 64

    private let words: [String]

    /// No capabilities at all, as when nothing is pushed.
    package init() {
        words = []
    }

    /// Reads a client's list.
    ///
    /// - Parameter bytes: What follows the NUL of the first command: words with spaces between and around them.
    /// - Throws: ``CapabilitiesError`` when there are too many, or they are no plain text.
    package init(_ bytes: [UInt8]) throws(CapabilitiesError) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong(bytes.count) }
        guard !bytes.contains(where: \.isControl), let text = String(validating: bytes, as: UTF8.self) else {
            throw .notText
        }
        let words = text.utf8.split(separator: UInt8(ascii: " "))
        guard words.count <= Self.maximumCount else { throw .tooMany(words.count) }
        self.words = words.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the client said `name`, alone or with a value.
    package func contains(_ name: String) -> Bool {
        words.contains(name) || value(of: name) != nil
    }

    /// The value the client gave with `name=`; of several, the first, as in git.
    package func value(of name: String) -> String? {
        values(of: name).first
    }

    /// All values the client gave with `name=`, in its order.
    package func values(of name: String) -> [String] {
        let prefix = name + "="
        return words.filter { $0.utf8.starts(with: prefix.utf8) }
            .map { String(decoding: $0.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) }
    }
}
