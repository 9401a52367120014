/// The full name of a ref, such as `refs/heads/main`.
///
/// A value of this type is proof that the name was checked by the rules of git-check-ref-format(1) as git's own
/// receive-pack applies them: it starts with `refs/`, and what follows has at least two components. Names are equal
/// and ordered by their bytes, as in git; Swift's own comparison of strings takes different bytes for the same text.
package struct RefName: Sendable {
    /// The longest name, in bytes: far above what people use, and far below the 4,096 of a path on Linux.
    package static let maximumLength = 1024

    /// The longest part between two slashes, in bytes: it becomes a file name (at most 255) with `.lock` after it.
    package static let maximumComponentLength = 250

    private static let root = "refs/"
    private static let branches = "refs/heads/"

    /// The checked text.
    package let rawValue: String

    /// Checks `text` and makes a name of it.
    ///
    /// - Parameter text: What a client or a configuration says.
    /// - Throws: ``RefNameError`` that says which rule is broken.
    package init(_ text: String) throws(RefNameError) {
        try self.init(bytes: Array(text.utf8))
    }

    /// Checks the bytes of a name, as they came over the wire.
    ///
    /// - Parameter bytes: The name without a newline.
    /// - Throws: ``RefNameError``; git takes any bytes for a name, Slipway only UTF-8.
    package init(bytes: [UInt8]) throws(RefNameError) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong(bytes.count) }
        guard bytes.starts(with: Self.root.utf8) else { throw .notUnderRefs }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        let components = bytes.dropFirst(Self.root.utf8.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for component in components {
            try Self.check(component)
        }
        guard components.count > 1 else { throw .oneLevel }
        guard bytes.last != UInt8(ascii: ".") else { throw .dotAtEnd }
        rawValue = text
    }

    private static func check(_ component: ArraySlice<UInt8>) throws(RefNameError) {
        guard let first = component.first else { throw .emptyComponent }
        guard first != UInt8(ascii: ".") else { throw .dotAtStart }
        guard component.count <= maximumComponentLength else { throw .componentTooLong(component.count) }
        guard !component.hasSuffix(".lock") else { throw .lockSuffix }
        var previous: UInt8 = 0
        for byte in component {
            if isForbidden(byte) { throw .badCharacter }
            if byte == UInt8(ascii: "."), previous == UInt8(ascii: ".") { throw .doubleDot }
            if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "@") { throw .reflogSyntax }
            previous = byte
        }
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: ":"), UInt8(ascii: "?"),
            UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "\\"):
            true
        default:
            byte.isControl
        }
    }

    /// The branch, such as `main`; `nil` when this ref is no branch.
    package var branch: String? {
        // By bytes: to String, a "/" with a combining accent after it is another character.
        guard rawValue.utf8.starts(with: Self.branches.utf8) else { return nil }
        return String(decoding: rawValue.utf8.dropFirst(Self.branches.utf8.count), as: UTF8.self)
    }
}

extension RefName: Hashable {
    package static func == (left: RefName, right: RefName) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(rawValue.utf8.count)
        for byte in rawValue.utf8 { hasher.combine(byte) }
    }
}

extension RefName: Comparable {
    package static func < (left: RefName, right: RefName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension RefName: CustomStringConvertible {
    package var description: String { rawValue }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
