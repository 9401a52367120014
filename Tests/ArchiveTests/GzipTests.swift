import TestSupport
import Testing

@testable import Archive

@Suite("gzip")
struct GzipTests {
    /// Decompresses in pieces and checks that no piece of output is too large.
    static func decompress(_ bytes: [UInt8], step: Int = .max) throws -> [UInt8] {
        var decompressor = try GzipDecompressor()
        var output: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(step, bytes.count - start)
            try decompressor.decompress(Array(bytes[start..<end])) { chunk in
                #expect(!chunk.isEmpty && chunk.count <= GzipDecompressor.maximumChunk)
                output += chunk
            }
            start = end
        }
        try decompressor.finish()
        return output
    }

    @Test("what is compressed in pieces of any size comes back", arguments: [0, 1, 65_535, 65_536, 300_000])
    func roundTrip(size: Int) throws {
        var random = SeededGenerator(seed: UInt64(size))
        for noise in [false, true] {
            let bytes = (0..<size).map { noise ? random.next(upperBound: UInt8.max) : UInt8($0 % 7) }
            for level in [0, 1, 9] as [Int32] {
                var compressor = try GzipCompressor(level: level)
                var packed: [UInt8] = []
                for start in stride(from: 0, to: size, by: 50_000) {
                    packed += try compressor.compress(Array(bytes[start..<min(size, start + 50_000)]))
                }
                packed += try compressor.finish()
                #expect(try Self.decompress(packed) == bytes)
                #expect(try Self.decompress(packed, step: 1021) == bytes)
            }
        }
    }

    @Test("the real gzip reads what is written here, and the other way round")
    func realGzip() throws {
        let bytes = Array(String(repeating: "hello, world\n", count: 1000).utf8)
        let unpacked = try Tool.run(["gzip", "-dc"], input: TestArchive.gzip(bytes))
        #expect(unpacked.status == 0 && unpacked.output == bytes)
        let packed = try Tool.run(["gzip", "-9"], input: bytes)
        #expect(try Self.decompress(packed.output, step: 1) == bytes)
    }

    @Test("equal input gives equal output, without a time in it")
    func deterministic() throws {
        #expect(Array(try TestArchive.gzip([1, 2, 3])[4..<8]) == [0, 0, 0, 0])
    }

    @Test("members in a row are one stream", arguments: [1, 5, 1000])
    func members(step: Int) throws {
        let bytes = try TestArchive.gzip([1]) + TestArchive.gzip([]) + TestArchive.gzip([2, 3])
        #expect(try Self.decompress(bytes, step: step) == [1, 2, 3])
    }

    @Test("a stream cut anywhere is truncated")
    func truncated() throws {
        let bytes = try TestArchive.gzip(Array("some content".utf8))
        for length in 0..<bytes.count {
            #expect(throws: GzipError.truncated) { try Self.decompress(Array(bytes[..<length]), step: 3) }
        }
        #expect(throws: GzipError.truncated) { try Self.decompress(bytes + bytes[..<5]) }
    }

    @Test("garbage, a changed checksum and what is not gzip are refused, and stay refused")
    func corrupt() throws {
        let good = try TestArchive.gzip(Array("some content".utf8))
        var changed = good
        changed[good.count - 6] ^= 1
        for bytes in [good + [0, 0], good + Array("tail".utf8), changed, Array("PK\u{3}\u{4}zip".utf8)] {
            var decompressor = try GzipDecompressor()
            for _ in 0..<2 {
                #expect {
                    try decompressor.decompress(bytes) { _ in }
                } throws: { error in
                    if case GzipError.corrupt = error { true } else { false }
                }
            }
        }
    }

    @Test("after its end nothing can be added")
    func finished() throws {
        var compressor = try GzipCompressor()
        _ = try compressor.finish()
        #expect(throws: GzipError.finished) { try compressor.compress([1]) }
        #expect(throws: GzipError.finished) { try compressor.finish() }
        #expect(throws: GzipError.badLevel(10)) { _ = try GzipCompressor(level: 10) }
    }

    @Test("a sink that throws ends the decompression")
    func sinkThrows() throws {
        struct Stop: Error {}
        var decompressor = try GzipDecompressor()
        let bytes = try TestArchive.gzip([UInt8](repeating: 0, count: 1 << 20))
        var calls = 0
        #expect(throws: Stop.self) {
            try decompressor.decompress(bytes) { _ in
                calls += 1
                throw Stop()
            }
        }
        #expect(calls == 1)
    }
}
