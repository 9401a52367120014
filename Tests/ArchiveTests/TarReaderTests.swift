import TestSupport
import Testing

@testable import Archive

@Suite("TarReader")
struct TarReaderTests {
    @Test("an archive reads the same in pieces of any size", arguments: [1, 7, 511, 512, 513, 4096])
    func pieces(step: Int) throws {
        let entries = [
            TestArchive.directory("d"), TestArchive.file("d/grüße", String(repeating: "x", count: 1300)),
            TestArchive.link("l", String(repeating: "t", count: 300)), TestArchive.file("empty"),
            TestArchive.file("full", String(repeating: "y", count: 512), executable: true),
        ]
        let read = try TestArchive.read(TestArchive.tar(entries), step: step)
        #expect(read.map(\.0) == entries.map(\.0))
        #expect(read.map(\.1) == entries.map(\.1))
    }

    @Test("an archive cut anywhere is truncated, not complete")
    func truncated() throws {
        let bytes = try TestArchive.tar([TestArchive.file("grüße", "content"), TestArchive.link("l", "t")])
        for length in 0..<bytes.count {
            #expect(throws: TarError.truncated) { try TestArchive.read(Array(bytes[..<length])) }
        }
    }

    @Test(
        "hard links, devices, FIFOs, sparse files and unknown types are refused",
        arguments: Array("1346SDMNVXz" as String))
    func types(type: Character) throws {
        let bytes = try TestArchive.rawHeader(name: "a", type: type, link: "b") + TarWriter.trailer
        let code = try #require(type.asciiValue)
        #expect(throws: TarError.unsupportedType(code, path: "a")) { try TestArchive.read(bytes) }
    }

    @Test("a changed byte in a header is noticed")
    func checksum() throws {
        var bytes = try TestArchive.tar([TestArchive.file("a", "content")])
        bytes[1] = 0x62
        #expect(throws: TarError.badChecksum) { try TestArchive.read(bytes) }
    }

    @Test("a header of the oldest format is refused with what to use")
    func oldFormat() throws {
        let bytes = try TestArchive.rawHeader(name: "a", type: "0") {
            $0.replaceSubrange(257..<265, with: Array(repeating: 0, count: 8))
        }
        #expect(throws: TarError.notUstar) { try TestArchive.read(bytes) }
        #expect(TarError.notUstar.description.contains("--format=pax"))
    }

    static let badRecords = [
        "", "4 a=\n", "0 \n", "999999999999 path=a\n", "11 path=abcd", "-5 a=b\n", "6 ab=c\n", "9 path a\n",
        "10 path=a\n10 path=b\n", "18446744073709551616 path=a\n", "12 size=-10\n", "9 size=\n",
        "27 size=99999999999999999999\n", "11 mtime=x\n", "25 GNU.sparse.major=1.0.0\n", "8 path=\n",
        "11 path=a\u{0}b\n",
    ]

    @Test("a pax header that is malformed, or names a thing twice, is refused", arguments: badRecords)
    func badPax(text: String) throws {
        let content = Array(text.utf8)
        let bytes =
            try TestArchive.rawHeader(name: "p", type: "x", size: Int64(content.count)) + TestArchive.padded(content)
            + TestArchive.rawHeader(name: "a", type: "0", size: 0) + TarWriter.trailer
        if text.isEmpty {
            #expect(try TestArchive.read(bytes).count == 1)
        } else {
            #expect(throws: TarError.self) { try TestArchive.read(bytes) }
        }
    }

    @Test("a fraction of a second is rounded down", arguments: [("1.9", 1), ("-1.5", -2), ("-1.0", -1), ("7.", 7)])
    func fractions(text: String, seconds: Int64) throws {
        let content = Array("\(8 + text.utf8.count + (text.utf8.count > 1 ? 2 : 1)) mtime=\(text)\n".utf8)
        #expect(try PaxRecords(Array("\(content.count) mtime=\(text)\n".utf8)).modified == seconds)
    }

    @Test(
        "two headers that both name the next entry are refused",
        arguments: [("x", "x"), ("L", "L"), ("x", "L"), ("K", "K")])
    func twoNames(first: String, second: String) throws {
        func header(_ type: String) throws -> [UInt8] {
            let content = Array((type == "x" ? "10 path=b\n" : "bbb\u{0}").utf8)
            return try TestArchive.rawHeader(name: "h", type: Character(type), size: Int64(content.count))
                + TestArchive.padded(content)
        }
        let bytes =
            try header(first) + header(second) + TestArchive.rawHeader(name: "a", type: "0") + TarWriter.trailer
        #expect(throws: TarError.self) { try TestArchive.read(bytes) }
    }

    @Test("a global header is skipped as git archive writes it, and refused when it sets a path or a size")
    func globalHeader() throws {
        func archive(_ text: String) throws -> [UInt8] {
            let content = Array(text.utf8)
            return try TestArchive.rawHeader(name: "pax_global_header", type: "g", size: Int64(content.count))
                + TestArchive.padded(content) + TestArchive.tar([TestArchive.file("a", "x")])
        }
        let comment = "52 comment=" + String(repeating: "a", count: 40) + "\n"
        #expect(try TestArchive.read(archive(comment)).map(\.0.path) == [[0x61]])
        #expect(throws: TarError.self) { try TestArchive.read(archive("10 path=b\n")) }
        #expect(throws: TarError.self) { try TestArchive.read(archive("10 size=9\n")) }
    }

    @Test("a giant header is refused before it is read")
    func giantHeader() throws {
        let header = try TestArchive.rawHeader(name: "p", type: "x", size: 0o777_7777_7777)
        #expect(throws: TarError.extendedHeaderTooLarge(0o777_7777_7777, limit: 64 << 10)) {
            try TestArchive.read(header)
        }
    }

    @Test("sizes that are negative, too large for 64 bits or not octal are refused")
    func badSizes() throws {
        let fields: [[UInt8]] = [
            [0xff] + Array(repeating: 0xff, count: 11), [0x80] + Array(repeating: 0xff, count: 11),
            [0x81] + Array(repeating: 0, count: 11), [0x80, 0, 0, 0, 0x80] + Array(repeating: 0, count: 7),
            Array("00000000008\u{0}".utf8), Array("0x000000001\u{0}".utf8), Array("-0000000001\u{0}".utf8),
        ]
        for field in fields {
            let bytes = try TestArchive.rawHeader(name: "a", type: "0") { $0.replaceSubrange(124..<136, with: field) }
            #expect(throws: TarError.badNumber(field: "size")) { try TestArchive.read(bytes) }
        }
    }

    @Test("directories and links with content are refused", arguments: ["2", "5"])
    func content(type: String) throws {
        let bytes = try TestArchive.rawHeader(name: "a", type: Character(type), size: 1, link: "b")
        #expect(throws: TarError.unexpectedContent(path: "a")) { try TestArchive.read(bytes) }
    }

    @Test("limits on entries, bytes, path length and padding hold")
    func limits() throws {
        var limits = ArchiveLimits()
        limits.maximumEntries = 2
        limits.maximumTotalBytes = 10
        limits.maximumPathLength = 5
        limits.maximumTrailingBytes = 1024
        func read(_ entries: [(TarEntry, [UInt8])], _ extra: [UInt8] = []) throws {
            _ = try TestArchive.read(TestArchive.tar(entries) + extra, limits: limits)
        }
        let (a, b, c) = (TestArchive.file("a", "12345"), TestArchive.file("b", "12345"), TestArchive.file("c"))
        try read([a, b], [UInt8](repeating: 0, count: 1024))
        #expect(throws: TarError.tooManyEntries(limit: 2)) { try read([a, b, c]) }
        #expect(throws: TarError.tooManyBytes(limit: 10)) { try read([a, TestArchive.file("b", "123456")]) }
        #expect(throws: TarError.pathTooLong(6, limit: 5)) { try read([TestArchive.file("123456")]) }
        #expect(throws: TarError.pathTooLong(6, limit: 5)) { try read([TestArchive.link("a", "123456")]) }
        #expect(throws: TarError.trailingData) { try read([a], [UInt8](repeating: 0, count: 1025)) }
        #expect(throws: TarError.trailingData) { try read([a], [0, 1]) }
        #expect(throws: TarError.trailingData) { try read([], TestArchive.tar([a])) }
    }

    @Test("after an error every call throws it again")
    func sticky() throws {
        var reader = TarReader()
        reader.append([UInt8](repeating: 1, count: 512))
        #expect(throws: TarError.notUstar) { try reader.next() }
        reader.append(try TestArchive.tar([TestArchive.file("a")]))
        #expect(throws: TarError.notUstar) { try reader.next() }
        #expect(throws: TarError.notUstar) { try reader.finish() }
    }
}
