/// The name of an object: segments separated by "/", so it can be a path below a directory and an S3 key alike.
///
/// A value of this type is proof that the text was checked: it holds no "..", no leading "/" and no hidden name.
package struct ObjectKey: Hashable, Sendable {
    /// The longest key, in bytes (Amazon S3 "Object key naming guidelines": 1,024).
    package static let maximumLength = 1024
    /// The longest segment, in bytes: Linux's NAME_MAX.
    package static let maximumSegmentLength = 255

    /// The checked text.
    package let rawValue: String

    /// Checks `text` and makes a key of it.
    ///
    /// - Parameter text: Segments of `A-Z a-z 0-9 . _ = + -` with "/" between them; none starts with ".".
    /// - Throws: ``ObjectKeyError`` that says which rule is broken.
    package init(_ text: String) throws(ObjectKeyError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maximumLength else { throw .tooLong(bytes.count) }
        for segment in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            try Self.check(segment)
        }
        rawValue = text
    }

    /// This key and one more segment.
    ///
    /// - Parameter segment: Without "/".
    /// - Returns: The longer key.
    /// - Throws: ``ObjectKeyError``.
    package func appending(_ segment: String) throws(ObjectKeyError) -> ObjectKey {
        guard !segment.utf8.contains(UInt8(ascii: "/")) else { throw .badCharacter }
        return try ObjectKey(rawValue + "/" + segment)
    }

    /// Where it is below a directory: the segments before the last one, and the last one.
    var place: (directories: ArraySlice<Substring>, name: String) {
        let segments = rawValue.split(separator: "/")
        return (segments.dropLast(), segments.last.map(String.init) ?? rawValue)
    }

    private static func check(_ segment: ArraySlice<UInt8>) throws(ObjectKeyError) {
        guard let first = segment.first else { throw .emptySegment }
        guard segment.count <= maximumSegmentLength else { throw .segmentTooLong(segment.count) }
        guard first != UInt8(ascii: ".") else { throw .hiddenSegment }
        guard segment.allSatisfy(isAllowed) else { throw .badCharacter }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "._=+-".utf8.contains(byte)
        }
    }
}

extension ObjectKey: CustomStringConvertible {
    package var description: String { rawValue }
}

extension ObjectKey: Comparable {
    /// Orders by bytes, as listings do.
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}
