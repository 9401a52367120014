/// Why bytes are no tar archive that is accepted here, or an entry cannot be written as one.
package enum TarError: Error, Equatable, CustomStringConvertible {
    case notUstar
    case badChecksum
    case badNumber(field: String)
    case badExtendedHeader(String)
    case unsupportedType(UInt8, path: String)
    case badPath(String, reason: String)
    case pathTooLong(Int, limit: Int)
    case unexpectedContent(path: String)
    case extendedHeaderTooLarge(Int64, limit: Int)
    case tooManyEntries(limit: Int)
    case tooManyBytes(limit: Int64)
    case trailingData
    case truncated

    package var description: String {
        switch self {
        case .notUstar:
            "the archive has a header that is not in the ustar, pax or GNU format; make it with `tar --format=pax`"
        case .badChecksum:
            "the archive is damaged: a header's checksum does not match; make or send it again"
        case .badNumber(let field):
            "the archive is damaged: the \(field) in a header is not a number that fits"
        case .badExtendedHeader(let reason):
            "the archive has an extended header that is not accepted: \(reason)"
        case .unsupportedType(let type, let path):
            "\(path) is \(Self.words(for: type)); an archive here has only files, directories and symbolic links"
        case .badPath(let path, let reason):
            "the archive's entry \"\(path)\" is not accepted: \(reason)"
        case .pathTooLong(let length, let limit):
            "a path or link target in the archive has \(length) bytes; at most \(limit) are accepted"
        case .unexpectedContent(let path):
            "\(path) is a directory or a link but has content; expected a size of 0"
        case .extendedHeaderTooLarge(let size, let limit):
            "an extended header in the archive has \(size) bytes; at most \(limit) are accepted"
        case .tooManyEntries(let limit):
            "the archive has more than \(limit) entries; leave out what is not needed"
        case .tooManyBytes(let limit):
            "the archive has more than \(limit) bytes of content; leave out what is not needed"
        case .trailingData:
            "the archive has data after its end marker; expected nothing but a little zero padding"
        case .truncated:
            "the archive ends too early; expected the end marker of two zero blocks"
        }
    }

    /// Whether what the archive holds is at fault, and not the bytes on their way: whoever made the content can mend it.
    package var blamesContent: Bool {
        switch self {
        case .badExtendedHeader, .unsupportedType, .badPath, .pathTooLong, .unexpectedContent,
            .extendedHeaderTooLarge, .tooManyEntries, .tooManyBytes:
            true
        case .notUstar, .badChecksum, .badNumber, .trailingData, .truncated: false
        }
    }

    private static func words(for type: UInt8) -> String {
        switch type {
        case UInt8(ascii: "1"): "a hard link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
        case UInt8(ascii: "6"): "a FIFO"
        case UInt8(ascii: "S"): "a sparse file in GNU's format (use tar without --sparse)"
        default: "of type \"\(PrintablePath.text([type]))\""
        }
    }
}
