import Glibc
import NIOCore
import NIOPosix
import SystemCalls

/// A finished file that is sent: its size is known, and it can be read again.
struct SpooledFile: Sendable {
    /// Bytes that are read at once.
    private static let chunk = 256 << 10

    let path: String
    let size: Int64
    /// As the field `Content-MD5`: object stores refuse what is damaged on its way, which nobody would look at again.
    let contentMD5: String
    let pool: NIOThreadPool

    /// The content, read as it is taken.
    var chunks: Chunks { Chunks(file: self) }

    struct Chunks: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        let file: SpooledFile

        func makeAsyncIterator() -> Iterator { Iterator(file: file) }
    }

    struct Iterator: AsyncIteratorProtocol {
        let file: SpooledFile
        private var offset: Int64 = 0

        init(file: SpooledFile) { self.file = file }

        mutating func next() async throws -> ByteBuffer? {
            let (path, start) = (file.path, offset)
            let bytes = try await file.pool.runIfActive {
                let descriptor = try OwnedDescriptor.open(path: path, flags: O_RDONLY)
                return try descriptor.read(upTo: SpooledFile.chunk, at: start)
            }
            offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
        }
    }
}
