/// Why a gzip stream cannot be read or written.
package enum GzipError: Error, Equatable, CustomStringConvertible {
    case corrupt(String)
    case truncated
    case outOfMemory
    case badLevel(Int32)
    case finished

    package var description: String {
        switch self {
        case .corrupt(let reason): "the data is not in gzip format or is damaged (\(reason)); make or send it again"
        case .truncated: "the gzip data ends too early; send it again"
        case .outOfMemory: "there is not enough memory for zlib's buffers (about 300 KB); free some and try again"
        case .badLevel(let level): "the compression level is \(level); expected 0 (none) to 9 (smallest)"
        case .finished: "the gzip stream was finished or failed before; nothing can be added to it"
        }
    }
}
