/// The first bytes of a pack: what it is, and how many objects it has (gitformat-pack).
package struct PackHeader: Equatable, Sendable {
    /// The length of a header, in bytes.
    package static let length = 12

    private static let signature = Array("PACK".utf8)
    private static let versions: ClosedRange<UInt32> = 2...3

    /// The version of the format, 2 or 3.
    package let version: UInt32

    /// How many objects the pack says it has.
    package let objectCount: UInt32

    /// Reads a header.
    ///
    /// - Parameter bytes: The start of the pack; only the first ``length`` bytes are looked at.
    /// - Throws: ``PackHeaderError`` when there are fewer, or they are no header.
    package init(_ bytes: some Collection<UInt8>) throws(PackHeaderError) {
        let header = Array(bytes.prefix(Self.length))
        guard header.count == Self.length else { throw .truncated(header.count) }
        guard header.starts(with: Self.signature) else {
            throw .badSignature(ClientText.line(header.prefix(4), maximumBytes: 16))
        }
        version = header[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
        objectCount = header[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
        guard Self.versions.contains(version) else { throw .unsupportedVersion(version) }
    }
}
