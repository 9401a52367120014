/// The name of an app: a DNS-1123 label, so it can be a host name, a Kubernetes label and a path segment alike.
///
/// A value of this type is proof that the text was checked; paths and object keys are built from nothing else.
package struct AppName: Hashable, Sendable {
    /// The longest name, in bytes (RFC 1123 section 2.1: a label has at most 63).
    package static let maximumLength = 63

    /// The checked text.
    package let rawValue: String

    /// Checks `text` and makes a name of it.
    ///
    /// - Parameter text: What a client or an operator wrote.
    /// - Throws: ``AppNameError`` that says which rule is broken.
    package init(_ text: String) throws(AppNameError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maximumLength else { throw .tooLong(bytes.count) }
        guard bytes.allSatisfy({ Self.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) else {
            throw .badCharacter
        }
        guard Self.isAlphanumeric(bytes[0]), Self.isAlphanumeric(bytes[bytes.count - 1]) else {
            throw .badEdge
        }
        rawValue = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension AppName: CustomStringConvertible {
    package var description: String { rawValue }
}

extension AppName: Comparable {
    package static func < (left: AppName, right: AppName) -> Bool { left.rawValue < right.rawValue }
}
