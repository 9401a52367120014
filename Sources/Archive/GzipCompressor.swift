import CZlib

/// Compresses a stream to one gzip member without a name or a time in it, so equal input gives equal output.
///
/// `@unchecked Sendable`: it has exactly one owner and zlib's state belongs to no thread, so it may move between them.
@safe package struct GzipCompressor: ~Copyable, @unchecked Sendable {
    /// Output is collected in pieces of this size.
    private static let scratchSize = 64 << 10
    /// zlib counts input in 32 bits; larger input is given in pieces.
    private static let maximumInput = 1 << 30

    private let stream: UnsafeMutablePointer<z_stream>
    private var scratch = [UInt8](repeating: 0, count: Self.scratchSize)
    private var finished = false

    /// Makes a compressor.
    ///
    /// - Parameter level: 0 (none) to 9 (smallest). 1 is the default because archives here are written more often than
    ///   they are moved.
    /// - Throws: ``GzipError``.
    package init(level: Int32 = 1) throws(GzipError) {
        guard (0...9).contains(level) else { throw .badLevel(level) }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe slipway_deflate_init_gzip(stream, level) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses the next bytes.
    ///
    /// - Parameter bytes: Any number.
    /// - Returns: What is ready, often nothing.
    /// - Throws: ``GzipError/finished`` after ``finish()``.
    package mutating func compress(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
        guard !finished else { throw .finished }
        var output: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.maximumInput)
            try run(bytes[start..<end], flush: Z_NO_FLUSH, into: &output)
            start = end
        }
        return output
    }

    /// Ends the stream.
    ///
    /// - Returns: The last bytes.
    /// - Throws: ``GzipError/finished`` when called twice.
    package mutating func finish() throws(GzipError) -> [UInt8] {
        guard !finished else { throw .finished }
        finished = true
        var output: [UInt8] = []
        try run([], flush: Z_FINISH, into: &output)
        return output
    }

    private mutating func run(
        _ input: ArraySlice<UInt8>, flush: Int32, into output: inout [UInt8]
    ) throws(GzipError) {
        let stream = unsafe self.stream
        var used = 0
        while true {
            let (status, left) = unsafe input.withUnsafeBufferPointer { source in
                unsafe scratch.withUnsafeMutableBufferPointer { target in
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(
                        mutating: source.baseAddress?.advanced(by: used))
                    unsafe stream.pointee.avail_in = UInt32(source.count - used)
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(target.count)
                    let status = unsafe deflate(stream, flush)
                    used = unsafe source.count - Int(stream.pointee.avail_in)
                    return unsafe (status, Int(stream.pointee.avail_out))
                }
            }
            output += scratch[..<(Self.scratchSize - left)]
            switch status {
            case Z_STREAM_END: return
            // No progress was possible: all input is taken and all output given.
            case Z_BUF_ERROR where flush == Z_NO_FLUSH: return
            case Z_OK where flush == Z_NO_FLUSH && left > 0: return
            case Z_OK: continue
            default: throw .corrupt("deflate answered \(status)")
            }
        }
    }
}
