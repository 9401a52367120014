import Archive
import Testing

@Suite("TarWriter")
struct TarWriterTests {
    @Test("an entry with an odd name reads back as it was written", arguments: OddNames.paths)
    func oddNames(path: [UInt8]) throws {
        for kind in [TarEntry.Kind.file(executable: true), .directory, .symlink(target: [0xff])] {
            let entry = TarEntry(path: path, kind: kind, modified: 1_700_000_000)
            let read = try TestArchive.read(TestArchive.tar([(entry, [])]))
            #expect(read.map(\.0) == [entry])
        }
    }

    @Test("a link target reads back as it was written", arguments: OddNames.targets)
    func oddTargets(target: [UInt8]) throws {
        let entry = TarEntry(path: Array("l".utf8), kind: .symlink(target: target))
        #expect(try TestArchive.read(TestArchive.tar([(entry, [])])).map(\.0) == [entry])
    }

    @Test("numbers beyond eleven octal digits go through a pax header")
    func largeNumbers() throws {
        var limits = ArchiveLimits()
        limits.maximumTotalBytes = .max
        for (size, modified) in [(0o777_7777_7777, 0), (0o1_0000_0000_0000, -1), (1 << 62, 1 << 40)] {
            let entry = TarEntry(
                path: [0x61], kind: .file(executable: false), size: Int64(size), modified: Int64(modified))
            var reader = TarReader(limits: limits)
            reader.append(try TarWriter.header(for: entry))
            #expect(try reader.next() == .entry(entry))
        }
    }

    @Test("a plain entry is one block, and every header is whole blocks")
    func blocks() throws {
        #expect(try TarWriter.header(for: TestArchive.file("a").0).count == 512)
        for path in OddNames.paths {
            #expect(try TarWriter.header(for: TarEntry(path: path, kind: .directory)).count % 512 == 0)
        }
        #expect([0, 1, 511, 512, 513].map { TarWriter.padding(after: $0).count } == [0, 511, 1, 0, 511])
    }

    @Test(
        "an entry that makes no sense is refused",
        arguments: [
            TarEntry(path: [], kind: .directory), TarEntry(path: [0x61, 0], kind: .directory),
            TarEntry(path: [0x61, 0x2f], kind: .directory), TarEntry(path: [0x61], kind: .directory, size: 1),
            TarEntry(path: [0x61], kind: .file(executable: false), size: -1),
            TarEntry(path: [0x61], kind: .symlink(target: [])),
            TarEntry(path: [0x61], kind: .symlink(target: [0x61, 0])),
            TarEntry(path: [0x61], kind: .symlink(target: [0x61]), size: 1),
        ])
    func refused(entry: TarEntry) {
        #expect(throws: TarError.self) { try TarWriter.header(for: entry) }
    }
}
