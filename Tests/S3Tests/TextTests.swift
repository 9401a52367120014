import AsyncHTTPClient
import Crypto
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import S3

@Suite("Times, hashes and tags")
struct TextTests {
    @Test("times are written and read as date(1) does")
    func times() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let chosen: [Int64] = [0, -1, 951_782_399, 951_782_400, 4_107_542_399, 1_709_164_800, 253_402_300_799]
        let seconds = chosen + (0..<200).map { _ in Int64.random(in: 0...4_102_444_800, using: &random) }
        let input = Array(seconds.map { "@\($0)\n" }.joined().utf8)
        let result = try Tool.run(
            ["date", "-u", "-f", "-", "+%Y%m%dT%H%M%SZ|%Y-%m-%dT%H:%M:%S.123Z|%a, %d %b %Y %H:%M:%S GMT"], input: input)
        let lines = result.text.split(separator: "\n")
        try #require(lines.count == seconds.count)
        for (second, line) in zip(seconds, lines) {
            let forms = line.split(separator: "|").map(String.init)
            #expect(UnixTime(seconds: second).basicText == forms[0], "seed \(seed)")
            #expect(UnixTime(iso8601: forms[1])?.seconds == second, "seed \(seed)")
            #expect(UnixTime(httpDate: forms[2])?.seconds == second, "seed \(seed)")
        }
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "2009-10-12", "2009-10-12T17:50:30", "2009-13-12T17:50:30Z", "2009-10-32T17:50:30Z",
            "2009-10-12T24:50:30Z", "2009-10-12 17:50:30Z", "20x9-10-12T17:50:30Z", "Fri, 24 Mai 2013 00:00:00 GMT",
            "Fri, 24 May 2013 00:00 GMT", "Fri, 24 May 2013 00:00:00 CET",
        ])
    func noTimes(text: String) {
        #expect(UnixTime(iso8601: text) == nil && UnixTime(httpDate: text) == nil)
    }

    @Test("Base64 and CRC-32 are those of other programs")
    func sums() throws {
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
            #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
        }
        var sum = CRC32()
        sum.update(Array("123456789".utf8))
        #expect(sum.value == 0xcbf4_3926)
        var pieces = CRC32()
        var whole = CRC32()
        let bytes = FaultScope.pattern(10_007)
        whole.update(bytes)
        for start in stride(from: 0, to: bytes.count, by: 13) {
            pieces.update(Array(bytes[start..<min(start + 13, bytes.count)]))
        }
        #expect(pieces.value == whole.value)
    }

    @Test("etags lose their quotes and get them again")
    func etags() {
        for text in ["\"abc-2\"", "abc-2", "W/\"abc-2\""] { #expect(ETag.plain(text) == "abc-2") }
        #expect(ETag.quoted("abc-2") == "\"abc-2\"")
        for text in ["a\"b", "a b", "a\r\nb", "é"] { #expect(ETag.quoted(text) == nil) }
        #expect(ETag.isMD5("d41d8cd98f00b204e9800998ecf8427e") && !ETag.isMD5("d41d8cd98f00b204e9800998ecf8427-"))
    }

    private func response(_ headers: [(String, String)]) -> S3Response {
        S3Response(status: 200, headers: HTTPHeaders(headers), body: .init(), hadChecksums: true, followsDoubt: false)
    }

    /// Content of two parts of 100 bytes and one of 50, and its hashes under all the names that servers have.
    private static let content = FaultScope.pattern(250)
    private static let pieces = [0..<100, 100..<200, 200..<250].map { Array(content[$0]) }
    private static let offers: [[(String, String)]] = {
        let md5 = Insecure.MD5.hash(data: content).hex
        let sha256 = Base64.encode(SHA256.hash(data: content))
        let parts = pieces.flatMap { Array(SHA256.hash(data: $0)) }
        let composite = Base64.encode(SHA256.hash(data: parts))
        let tag = ETag.ofParts(pieces.map { Insecure.MD5.hash(data: $0).hex }) ?? ""
        var sum = CRC32()
        sum.update(content)
        let crc32 = Base64.encode((0..<4).map { UInt8(truncatingIfNeeded: sum.value >> (24 - 8 * $0)) })
        return [
            [("etag", "\"\(md5)\"")], [("etag", "\"x\""), (S3Header.sha256, sha256)],
            [("etag", "\"\(tag)\""), (S3Header.partSize, "100")],
            [("etag", "\"x-3\""), (S3Header.partSize, "100"), (S3Header.sha256, composite + "-3")],
            [("etag", "\"x-3\""), (S3Header.partSize, "100"), (S3Header.sha256, composite)],
            [("etag", "\"x-3\""), (S3Header.sha256, sha256), ("x-amz-checksum-type", "FULL_OBJECT")],
            [("etag", "\"\(md5)0\""), (S3Header.crc32, crc32)],
        ]
    }()

    @Test("content is compared with every kind of hash that servers offer", arguments: offers.indices)
    func checks(index: Int) {
        for isDamaged in [false, true] {
            var check = ContentCheck(response(Self.offers[index]), etagIsMD5: true)
            var content = Self.content
            if isDamaged { content[149] ^= 1 }
            for start in stride(from: 0, to: content.count, by: 33) {
                check.update(Array(content[start..<min(start + 33, content.count)]))
            }
            #expect(check.holds() == !isDamaged)
        }
    }

    @Test("where nothing can be compared, nothing is")
    func noChecks() {
        let md5 = [("etag", "\"d41d8cd98f00b204e9800998ecf8427e\"")]
        let kms = md5 + [("x-amz-server-side-encryption", "aws:kms")]
        let parts = [("etag", "\"x-3\""), (S3Header.sha256, "AAAA-3")]
        for (headers, etagIsMD5) in [(md5, false), (kms, true), (parts, true), ([], true)] {
            var check = ContentCheck(response(headers), etagIsMD5: etagIsMD5)
            check.update([1])
            #expect(check.holds())
        }
    }
}
