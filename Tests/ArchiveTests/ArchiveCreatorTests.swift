import Archive
import Glibc
import TestSupport
import Testing

@Suite("ArchiveCreator")
struct ArchiveCreatorTests {
    static func archive(_ directory: String, limits: ArchiveLimits = ArchiveLimits()) throws -> (
        [UInt8], ArchiveSummary
    ) {
        var bytes: [UInt8] = []
        let summary = try ArchiveCreator.archive(directory: directory, limits: limits) { chunk in
            #expect(!chunk.isEmpty && chunk.count <= 256 << 10)
            bytes += chunk
        }
        #expect(summary.compressedBytes == Int64(bytes.count))
        return (bytes, summary)
    }

    @Test("the archive that is asked for part by part is the same, and no part is large")
    func parts() throws {
        let scratch = try TemporaryDirectory()
        let source = try Self.fill(scratch)
        try scratch.makeFile(Array("in/zeros".utf8), [UInt8](repeating: 0, count: 20 << 20))
        var walk = try ArchiveWalk(source, ArchiveLimits())
        var (bytes, count, largest) = ([UInt8](), 0, 0)
        while let part = try walk.next(upTo: 32 << 10) {
            bytes += part
            count += 1
            largest = max(largest, part.count)
        }
        #expect(bytes == (try Self.archive(source).0))
        #expect(largest <= (32 + 64) << 10)
        // 20 MiB of zeros are a few KiB of archive, but more than one job's work.
        #expect(count >= 5)
        #expect(try walk.next(upTo: 1) == nil)
    }

    /// Fills `in` with files, directories and links of odd names.
    static func fill(_ scratch: TemporaryDirectory) throws -> String {
        let source = try scratch.makeDirectory("in")
        try scratch.makeFile(Array("in/big".utf8), (0..<200_001).map { UInt8($0 % 251) })
        try scratch.makeFile(Array("in/run".utf8), Array("#!/bin/sh\n".utf8), mode: 0o755)
        _ = try scratch.makeDirectory("in/empty")
        for (index, path) in OddNames.paths.enumerated() where !path.contains(UInt8(ascii: "/")) {
            try scratch.makeFile(Array("in/".utf8) + path, Array("file \(index)".utf8))
        }
        for (index, target) in OddNames.targets.enumerated() {
            try scratch.makeLink(Array("in/link\(index)".utf8), to: target)
        }
        var directory = "in"
        for _ in 0..<20 {
            directory += "/" + String(repeating: "d", count: 30)
            _ = try scratch.makeDirectory(directory)
        }
        try scratch.makeFile(Array((directory + "/leaf").utf8), [1])
        return source
    }

    @Test("what is archived and unpacked again is the same tree")
    func roundTrip() throws {
        let scratch = try TemporaryDirectory()
        let source = try Self.fill(scratch)
        let (bytes, summary) = try Self.archive(source)
        let target = try scratch.makeDirectory("out")
        let unpacked = try TestArchive.extract(bytes, into: target)
        #expect(try scratch.manifest("out") == scratch.manifest("in"))
        let difference = try Tool.run(["diff", "-r", "--no-dereference", source, target])
        #expect(difference.status == 0 && difference.output.isEmpty)
        #expect(summary.entries == unpacked.files + unpacked.directories + unpacked.symlinks)
        #expect(summary.bytes == unpacked.bytes && summary.skipped == 0)
    }

    @Test("equal trees give equal archives whatever order the disk lists them in")
    func sorted() throws {
        var archives: [[UInt8]] = []
        let names = (0..<50).map { "f\($0)" }
        for order in [names, names.reversed()] {
            let scratch = try TemporaryDirectory()
            let source = try scratch.makeDirectory("in")
            for name in order { try scratch.makeFile(Array("in/\(name)".utf8), Array(name.utf8)) }
            #expect(try Tool.run(["sh", "-c", "touch -d @1 \(source)/*"]).status == 0)
            archives.append(try Self.archive(source).0)
        }
        #expect(archives[0] == archives[1])
    }

    @Test("sockets, FIFOs and devices are left out and counted; set-id bits are dropped")
    func special() throws {
        let scratch = try TemporaryDirectory()
        let source = try scratch.makeDirectory("in")
        let made = unsafe mkfifo(scratch.absolute(Array("in/fifo".utf8)), 0o644)
        let device = unsafe mknod(scratch.absolute(Array("in/null".utf8)), S_IFCHR | 0o666, 0x103)
        #expect(made == 0 && device == 0)
        try scratch.makeFile(Array("in/suid".utf8), [1], mode: 0o6755)
        let (bytes, summary) = try Self.archive(source)
        #expect(summary.skipped == 2 && summary.entries == 1)
        _ = try TestArchive.extract(bytes, into: scratch.makeDirectory("out"))
        #expect(try scratch.manifest("out") == [Array("suid|f|755|1|".utf8)])
    }

    @Test("links are stored, never followed, not even as the directory itself")
    func links() throws {
        let scratch = try TemporaryDirectory()
        let source = try scratch.makeDirectory("in")
        try scratch.makeLink(Array("in/outside".utf8), to: Array("/etc".utf8))
        try scratch.makeLink(Array("in/loop".utf8), to: Array(".".utf8))
        try scratch.makeLink(Array("alias".utf8), to: Array("in".utf8))
        #expect(try Self.archive(source).1.entries == 2)
        #expect(throws: ArchiveError.self) { try Self.archive(scratch.path + "/alias") }
    }

    @Test("limits on entries, bytes and depth hold")
    func limits() throws {
        let scratch = try TemporaryDirectory()
        let source = try scratch.makeDirectory("in")
        _ = try scratch.makeDirectory("in/d")
        try scratch.makeFile(Array("in/d/a".utf8), [1, 2, 3])
        func archive(_ change: (inout ArchiveLimits) -> Void) throws -> ArchiveSummary {
            var limits = ArchiveLimits()
            change(&limits)
            return try Self.archive(source, limits: limits).1
        }
        #expect(try archive { $0.maximumEntries = 2 }.entries == 2)
        #expect(throws: ArchiveError.tooManyEntries(limit: 1)) { try archive { $0.maximumEntries = 1 } }
        #expect(throws: ArchiveError.tooManyBytes(limit: 2)) { try archive { $0.maximumTotalBytes = 2 } }
        #expect(throws: ArchiveError.tooDeep("d/a", limit: 0)) { try archive { $0.maximumDepth = 0 } }
        #expect(throws: ArchiveError.pathTooLong("d/a", limit: 2)) { try archive { $0.maximumPathLength = 2 } }
    }

    @Test("a nest of directories that a hostile build left is refused, not a stack overflow")
    func deepNest() throws {
        let scratch = try TemporaryDirectory()
        let source = try scratch.makeDirectory("in")
        let nest = "import os\nos.chdir('\(source)')\nfor i in range(3000):\n os.mkdir('d'); os.chdir('d')\n"
        #expect(try Tool.run(["python3", "-c", nest]).status == 0)
        #expect {
            try Self.archive(source)
        } throws: { error in
            if case ArchiveError.tooDeep = error { true } else { false }
        }
    }

    @Test("a file that shrinks meanwhile is an error, not a wrong archive")
    func shrinks() throws {
        let scratch = try TemporaryDirectory()
        let source = try scratch.makeDirectory("in")
        // Incompressible, so that the first pieces come before the end is read.
        var random = SeededGenerator(seed: 1)
        try scratch.makeFile(Array("in/a".utf8), (0..<2_000_000).map { _ in random.next(upperBound: UInt8.max) })
        let path = scratch.absolute(Array("in/a".utf8))
        #expect(throws: ArchiveError.changed("a")) {
            _ = try ArchiveCreator.archive(directory: source) { _ in _ = unsafe truncate(path, 100) }
        }
    }
}
