import CZlib

/// Decompresses a gzip stream in pieces, so that a bomb's content is never in memory.
///
/// Several members in a row are read as one stream (RFC 1952 section 2.2); anything else behind a member is an error.
/// `@unchecked Sendable`: it has exactly one owner and zlib's state belongs to no thread, so it may move between them.
@safe package struct GzipDecompressor: ~Copyable, @unchecked Sendable {
    /// The most bytes that are handed out at once.
    package static let maximumChunk = 64 << 10

    private enum State {
        /// Nothing came yet.
        case empty
        case insideMember
        case betweenMembers
        case failed(GzipError)
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var state = State.empty
    private var input = PendingInput()

    /// Makes a decompressor.
    ///
    /// - Throws: ``GzipError/outOfMemory``.
    package init() throws(GzipError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe slipway_inflate_init_gzip(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decompresses the next bytes.
    ///
    /// - Parameters:
    ///   - bytes: Any number of compressed bytes.
    ///   - consume: Is given the output in pieces of at most ``maximumChunk`` bytes; what it throws ends the call.
    /// - Throws: ``GzipError``, or what `consume` throws; the decompressor is of no use afterwards.
    package mutating func decompress(_ bytes: [UInt8], into consume: ([UInt8]) throws -> Void) throws {
        begin(bytes)
        while let chunk = try nextChunk() { try consume(chunk) }
    }

    /// Says that no more bytes come.
    ///
    /// - Throws: ``GzipError/truncated`` when the stream is not complete.
    package mutating func finish() throws(GzipError) {
        switch state {
        case .betweenMembers: state = .failed(.finished)
        case .empty, .insideMember: throw .truncated
        case .failed(let error): throw error
        }
    }

    /// Takes the next compressed bytes; call ``nextChunk()`` until it returns nil before giving more.
    mutating func begin(_ bytes: [UInt8]) { input.append(bytes) }

    /// The next piece of output, or nil when more input is needed.
    mutating func nextChunk() throws(GzipError) -> [UInt8]? {
        while true {
            switch state {
            case .failed(let error):
                throw error
            case .betweenMembers:
                guard input.count > 0 else { return nil }
                guard unsafe inflateReset(stream) == Z_OK else { throw fail(.corrupt("it cannot be read on")) }
                state = .insideMember
            case .empty:
                guard input.count > 0 else { return nil }
                state = .insideMember
            case .insideMember:
                let (status, output) = inflateOnce()
                switch status {
                case Z_OK, Z_BUF_ERROR: break
                case Z_STREAM_END: state = .betweenMembers
                case Z_MEM_ERROR: throw fail(.outOfMemory)
                default: throw fail(.corrupt(message(for: status)))
                }
                if !output.isEmpty { return output }
                // Without output there is no more to come from this input, unless another member follows.
                if status != Z_STREAM_END, input.count == 0 { return nil }
            }
        }
    }

    private mutating func inflateOnce() -> (status: Int32, output: [UInt8]) {
        let stream = unsafe self.stream
        // zlib counts in 32 bits; the rest comes with the next call.
        let offered = min(input.count, 1 << 30)
        var status = Z_OK
        let output = unsafe [UInt8](unsafeUninitializedCapacity: Self.maximumChunk) { target, count in
            unsafe input.bytes.withUnsafeBufferPointer { source in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: source.baseAddress?.advanced(by: input.position))
                unsafe stream.pointee.avail_in = UInt32(offered)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(Self.maximumChunk)
                unsafe status = inflate(stream, Z_NO_FLUSH)
            }
            unsafe count = Self.maximumChunk - Int(stream.pointee.avail_out)
        }
        unsafe input.skip(offered - Int(stream.pointee.avail_in))
        return (status, output)
    }

    private mutating func fail(_ error: GzipError) -> GzipError {
        state = .failed(error)
        return error
    }

    private func message(for status: Int32) -> String {
        if let text = unsafe stream.pointee.msg { return unsafe String(cString: text) }
        return "zlib answered \(status)"
    }
}
