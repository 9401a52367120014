import Glibc
import TestSupport
import Testing

@testable import Archive

@Suite("ArchiveExtractor")
struct ArchiveExtractorTests {
    @Test("files, directories and links appear with their content, modes and times", arguments: [1, 100, 1 << 20])
    func contents(step: Int) throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("out")
        let entries = [
            TestArchive.directory("d"), TestArchive.file("d/run", "#!", executable: true, modified: 1_700_000_000),
            TestArchive.file("implied/by/path", "x", modified: 5), TestArchive.link("l", "/etc/passwd"),
            TestArchive.directory("implied"), TestArchive.file("late", modified: -5),
        ]
        let summary = try TestArchive.extract(
            TestArchive.gzip(TestArchive.tar(entries)), into: target, step: step)
        #expect(summary == ExtractionSummary(files: 3, directories: 3, symlinks: 1, bytes: 3))
        let lines = try scratch.manifest("out", format: "%P|%y|%m|%s|%l\\0").map { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.contains("|d|") }
        #expect(
            lines == [
                "d/run|f|755|2|", "implied/by/path|f|644|1|", "late|f|644|0|", "l|l|777|11|/etc/passwd",
            ])
        #expect(
            try scratch.manifest("out", format: "%P %y %m\\0").filter {
                $0.contains(0x64) && $0.starts(with: [0x64, 0x20])
            }
                == [Array("d d 755".utf8)])
        #expect(try scratch.manifest("out/d", format: "%Ts\\0") == [Array("1700000000".utf8)])
    }

    @Test("the umask and set-id bits have no say in modes")
    func modes() throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("out")
        let archive =
            try TestArchive.rawHeader(name: "suid", type: "0", mode: 0o7777)
            + TestArchive.rawHeader(name: "closed", type: "0", mode: 0)
            + TestArchive.rawHeader(name: "dir/", type: "5", mode: 0o7000) + TarWriter.trailer
        _ = try TestArchive.extract(TestArchive.gzip(archive), into: target)
        #expect(
            try scratch.manifest("out", format: "%P %m\\0").map { String(decoding: $0, as: UTF8.self) }
                == ["closed 644", "dir 755", "suid 755"])
    }

    static let hostilePaths = [
        "/etc/cron.d/x", "/", "..", "../x", "a/../../x", "a/..", ".", "./x", "a/./b", "a//b", "//x", "a/b//", "../",
        "./",
    ]

    @Test("a path that could lead out is refused, for every kind of entry", arguments: hostilePaths)
    func hostile(path: String) throws {
        for type in "025" {
            let scratch = try TemporaryDirectory()
            let target = try scratch.makeDirectory("out")
            let archive = try TestArchive.rawHeader(name: path, type: type, link: "t") + TarWriter.trailer
            #expect(throws: ArchiveError.self) {
                try TestArchive.extract(TestArchive.gzip(archive), into: target)
            }
            #expect(try scratch.manifest("out").isEmpty)
            #expect(try scratch.manifest(".").count == 1)
        }
    }

    static let throughLinks: [[(TarEntry, [UInt8])]] = [
        [TestArchive.link("a", "../secret"), TestArchive.file("a/new", "x")],
        [TestArchive.link("a", "../secret"), TestArchive.directory("a")],
        [TestArchive.link("a", "../secret"), TestArchive.link("a/l", "x")],
        [TestArchive.link("a", ".."), TestArchive.link("b", "a"), TestArchive.file("b/secret/new", "x")],
        [TestArchive.directory("d"), TestArchive.link("d/a", "../../secret"), TestArchive.file("d/a/b/c", "x")],
        [TestArchive.link("a", "../secret/kept"), TestArchive.file("a", "overwritten")],
        [TestArchive.link("a", "../secret/new"), TestArchive.file("a", "created")],
        [TestArchive.file("a", "1"), TestArchive.file("a", "2")],
        [TestArchive.file("a", "1"), TestArchive.link("a", "2")],
        [TestArchive.directory("a"), TestArchive.link("a", "../secret"), TestArchive.file("a/x", "")],
        [TestArchive.directory("a"), TestArchive.file("a", "x")],
        [TestArchive.file("a", "x"), TestArchive.directory("a")],
        [TestArchive.file("a", "x"), TestArchive.file("a/b", "x")],
    ]

    @Test("nothing is written through a link, and nothing that exists is replaced", arguments: 0..<13)
    func links(index: Int) throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("out")
        _ = try scratch.makeDirectory("secret")
        try scratch.makeFile(Array("secret/kept".utf8), Array("kept".utf8))
        let archive = try TestArchive.gzip(TestArchive.tar(Self.throughLinks[index]))
        #expect {
            try TestArchive.extract(archive, into: target)
        } throws: { error in
            switch error {
            case ArchiveError.throughLink, ArchiveError.duplicate: true
            default: false
            }
        }
        #expect(try scratch.content("secret/kept") == Array("kept".utf8))
        #expect(try scratch.manifest("secret").count == 1)
    }

    @Test("links that stood in the directory before are not followed either")
    func plantedLinks() throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("out")
        _ = try scratch.makeDirectory("secret")
        try scratch.makeLink(Array("out/a".utf8), to: Array("../secret".utf8))
        let archive = try TestArchive.gzip(TestArchive.tar([TestArchive.file("a/b", "x")]))
        #expect(throws: ArchiveError.throughLink("a")) { try TestArchive.extract(archive, into: target) }
        try scratch.makeLink(Array("link".utf8), to: Array("secret".utf8))
        #expect(throws: ArchiveError.self) { try TestArchive.extract(archive, into: scratch.path + "/link") }
        #expect(try scratch.manifest("secret").isEmpty)
    }

    @Test("directories swapped for links while the archive is unpacked lead nowhere")
    func race() throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("out")
        _ = try scratch.makeDirectory("secret")
        let attacker = LinkSwapper(base: scratch.path)
        attacker.start()
        // Two directories in turn, so that each entry walks from the root again.
        var round = 0
        while round < 300 || attacker.swaps < 300 {
            let entries = [TestArchive.file("d/\(round)", "x"), TestArchive.file("e/\(round)", "x")]
            _ = try? TestArchive.extract(TestArchive.gzip(TestArchive.tar(entries)), into: target)
            round += 1
        }
        attacker.stop()
        #expect(try scratch.manifest("secret").isEmpty)
    }

    @Test("limits hold: entries with implied directories, bytes, depth, length")
    func limits() throws {
        var limits = ArchiveLimits()
        limits.maximumEntries = 5
        limits.maximumTotalBytes = 100
        limits.maximumDepth = 4
        limits.maximumPathLength = 20
        func extract(_ entries: [(TarEntry, [UInt8])]) throws {
            let scratch = try TemporaryDirectory()
            _ = try TestArchive.extract(
                TestArchive.gzip(TestArchive.tar(entries)), into: scratch.makeDirectory("out"), limits: limits)
        }
        try extract([TestArchive.file("a/b/c/d/e", "x")])
        #expect(throws: ArchiveError.tooManyEntries(limit: 5)) {
            try extract([TestArchive.file("a/b/c/d/e"), TestArchive.file("f")])
        }
        #expect(throws: ArchiveError.tooDeep("a/b/c/d/e/f", limit: 4)) {
            try extract([TestArchive.file("a/b/c/d/e/f")])
        }
        #expect(throws: TarError.tooManyBytes(limit: 100)) {
            try extract([TestArchive.file("a", String(repeating: "x", count: 101))])
        }
        #expect(throws: TarError.pathTooLong(21, limit: 20)) {
            try extract([TestArchive.file(String(repeating: "x", count: 21))])
        }
    }

    @Test("a bomb is refused before it is unpacked")
    func bomb() throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("out")
        var compressor = try GzipCompressor(level: 1)
        var archive = try compressor.compress(TestArchive.tar([TestArchive.file("a", "x")]))
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<64 { archive += try compressor.compress(zeros) }
        archive += try compressor.finish()
        #expect(throws: TarError.trailingData) { try TestArchive.extract(archive, into: target, step: .max / 2) }
        let claimed = try TestArchive.gzip(TestArchive.rawHeader(name: "a", type: "0", size: 0o777_7777_7777))
        var limits = ArchiveLimits()
        limits.maximumTotalBytes = 1 << 30
        #expect(throws: TarError.tooManyBytes(limit: 1 << 30)) {
            try TestArchive.extract(claimed, into: target, limits: limits)
        }
    }

    @Test("an archive cut anywhere is an error, also where only one of the two layers notices")
    func truncated() throws {
        let whole = try TestArchive.tar([TestArchive.file("a", "content"), TestArchive.directory("d")])
        let packed = try TestArchive.gzip(whole)
        for length in 0..<packed.count {
            let scratch = try TemporaryDirectory()
            #expect(throws: (any Error).self) {
                try TestArchive.extract(Array(packed[..<length]), into: scratch.path)
            }
        }
        for blocks in 0..<(whole.count / 512) {
            let scratch = try TemporaryDirectory()
            #expect(throws: TarError.truncated) {
                try TestArchive.extract(TestArchive.gzip(Array(whole[..<(blocks * 512)])), into: scratch.path)
            }
        }
    }

    @Test("after an error, and after the end, everything is refused")
    func over() throws {
        let scratch = try TemporaryDirectory()
        var extractor = try ArchiveExtractor(into: scratch.path)
        #expect(throws: GzipError.self) { try extractor.append([1, 2, 3]) }
        #expect(throws: ArchiveError.finished) { try extractor.append(TestArchive.gzip([])) }
        #expect(throws: ArchiveError.finished) { try extractor.finish() }
        #expect(throws: ArchiveError.self) { _ = try ArchiveExtractor(into: scratch.path + "/missing") }
    }

    @Test("a full disk is named as one")
    func noSpace() throws {
        let scratch = try TemporaryDirectory()
        let target = try scratch.makeDirectory("small")
        let mounted = try Tool.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", target])
        try #require(mounted.status == 0, "needs to mount a tmpfs: \(mounted.errors)")
        defer { _ = try? Tool.run(["umount", "-l", target]) }
        let archive = try TestArchive.gzip(
            TestArchive.tar([TestArchive.file("a", String(repeating: "x", count: 200_000))]))
        #expect(throws: ArchiveError.noSpace("a")) { try TestArchive.extract(archive, into: target) }
    }
}
