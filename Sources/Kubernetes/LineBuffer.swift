/// Cuts a stream of bytes into lines of limited length.
struct LineBuffer {
    /// Bytes that are taken off the front at once, rather than with each line.
    private static let compaction = 1 << 20

    private let maximumLine: Int
    private var bytes: [UInt8] = []
    private var start = 0
    /// Where the search for the end of the line goes on.
    private var searched = 0

    /// Makes an empty buffer.
    ///
    /// - Parameter maximumLine: In bytes.
    init(maximumLine: Int) { self.maximumLine = maximumLine }

    /// Takes more bytes.
    mutating func append(_ more: some Sequence<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.compaction)
            (start, searched) = (0, 0)
        } else if start >= Self.compaction {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next line that is not empty, without its end; nil when more bytes are needed.
    ///
    /// - Throws: ``TooLong``.
    mutating func next() throws(TooLong) -> [UInt8]? {
        while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            (start, searched) = (end + 1, end + 1)
            guard line.count <= maximumLine else { throw TooLong() }
            if !line.isEmpty { return Array(line) }
        }
        searched = bytes.count
        guard bytes.count - start <= maximumLine else { throw TooLong() }
        return nil
    }

    struct TooLong: Error {}
}
