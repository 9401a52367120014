import TestSupport
import Testing

@testable import Archive

/// Hostile archives by the thousand.
///
/// Every failure prints the seed that makes it again.
@Suite("Archive fuzzing")
struct ArchiveFuzzTests {
    @Test("a tar archive with changed bytes is read or refused, in pieces of any size")
    func changedTar() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("changedTar seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let good = try TestArchive.tar([
            TestArchive.directory("d"), TestArchive.file("d/grüße", String(repeating: "x", count: 700)),
            TestArchive.link("l", String(repeating: "t", count: 300)), TestArchive.file("b", "1", modified: -1),
        ])
        var refused = 0
        for _ in 0..<1500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let header = Int.random(in: 0..<(bytes.count / 512), using: &random) * 512
                let index = header + Int.random(in: 0..<512, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
                // Half of the time the checksum is right again, so that the fields themselves are tried.
                if Bool.random(using: &random) {
                    var block = Array(bytes[header..<(header + 512)])
                    TestArchive.fixChecksum(&block)
                    bytes.replaceSubrange(header..<(header + 512), with: block)
                }
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            do {
                _ = try TestArchive.read(bytes, step: Int.random(in: 1...1000, using: &random))
            } catch is TarError {
                refused += 1
            }
        }
        #expect(refused > 100, "seed \(seed)")
    }

    @Test("random bytes are no archive and no gzip")
    func noise() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("noise seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 1...2048, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: (any Error).self, "seed \(seed)") { try TestArchive.read(bytes + [1]) }
            #expect(throws: GzipError.self, "seed \(seed)") { try GzipTests.decompress(bytes) }
            _ = try? PaxRecords(bytes)
        }
    }

    @Test("gzip data with changed bytes is refused or gives what it held")
    func changedGzip() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("changedGzip seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let content = (0..<5000).map { UInt8($0 % 97) }
        let good = try TestArchive.gzip(content)
        for _ in 0..<1000 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            do {
                let step = Int.random(in: 1...100, using: &random)
                #expect(try GzipTests.decompress(bytes, step: step) == content, "seed \(seed)")
            } catch is GzipError {}
        }
    }

    @Test("archives of hostile names and links never touch what is outside")
    func hostileTrees() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("hostileTrees seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let scratch = try TemporaryDirectory()
        _ = try scratch.makeDirectory("secret")
        try scratch.makeFile(Array("secret/kept".utf8), [1])
        let before = try scratch.manifest("secret", format: "%P|%y|%m|%s|%l|%T@\\0")
        let words = ["a", "b", "secret", "..", ".", "", "kept", "l"]
        func path() -> String {
            (0..<Int.random(in: 1...4, using: &random)).map { _ in words.randomElement(using: &random) ?? "a" }
                .joined(separator: "/")
        }
        for round in 0..<400 {
            var tar: [UInt8] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let type = ("0255" as String).randomElement(using: &random) ?? "0"
                tar += try TestArchive.rawHeader(name: path(), type: type, link: "../" + path())
            }
            let target = try scratch.makeDirectory("out\(round)")
            _ = try? TestArchive.extract(TestArchive.gzip(tar + TarWriter.trailer), into: target)
        }
        #expect(try scratch.manifest("secret", format: "%P|%y|%m|%s|%l|%T@\\0") == before, "seed \(seed)")
        let outside = try Tool.run(["find", scratch.path, "-mindepth", "1", "-maxdepth", "1", "!", "-name", "out*"])
        #expect(outside.output == Array((scratch.path + "/secret\n").utf8), "seed \(seed)")
    }
}
