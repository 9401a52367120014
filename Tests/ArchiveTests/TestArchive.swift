import TestSupport

@testable import Archive

/// Builds archives for tests, honest and not.
enum TestArchive {
    static func tar(_ entries: [(TarEntry, [UInt8])], trailer: Bool = true) throws -> [UInt8] {
        var out: [UInt8] = []
        for (entry, content) in entries {
            out += try TarWriter.header(for: entry) + content + TarWriter.padding(after: Int64(content.count))
        }
        return trailer ? out + TarWriter.trailer : out
    }

    static func gzip(_ bytes: [UInt8], level: Int32 = 1) throws -> [UInt8] {
        var compressor = try GzipCompressor(level: level)
        return try compressor.compress(bytes) + compressor.finish()
    }

    static func file(
        _ path: String, _ content: String = "", executable: Bool = false, modified: Int64 = 0
    ) -> (TarEntry, [UInt8]) {
        let bytes = Array(content.utf8)
        return (
            TarEntry(
                path: Array(path.utf8), kind: .file(executable: executable), size: Int64(bytes.count),
                modified: modified),
            bytes
        )
    }

    static func directory(_ path: String) -> (TarEntry, [UInt8]) {
        (TarEntry(path: Array(path.utf8), kind: .directory), [])
    }

    static func link(_ path: String, _ target: String) -> (TarEntry, [UInt8]) {
        (TarEntry(path: Array(path.utf8), kind: .symlink(target: Array(target.utf8))), [])
    }

    /// A header block with fields of choice and a right checksum.
    static func rawHeader(
        name: String, type: Character, size: Int64 = 0, mode: Int64 = 0o644, link: String = "",
        change: (inout [UInt8]) -> Void = { _ in }
    ) throws -> [UInt8] {
        var block = try TarWriter.header(for: TarEntry(path: Array("x".utf8), kind: .file(executable: false)))
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int64) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: 11 - digits.count) + digits
        }
        put(name, at: 0)
        put(String(octal(mode).suffix(7)), at: 100)
        put(octal(size), at: 124)
        put(link, at: 157)
        block[156] = type.asciiValue ?? 0
        change(&block)
        fixChecksum(&block)
        return block
    }

    static func fixChecksum(_ block: inout [UInt8]) {
        let digits = String(TarLayout.sum(of: block[...]), radix: 8)
        let text = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
        block.replaceSubrange(TarLayout.checksum, with: Array(text.utf8))
    }

    static func padded(_ content: [UInt8]) -> [UInt8] { content + TarWriter.padding(after: Int64(content.count)) }

    /// All events of an archive that is given in pieces of `step` bytes; the pieces of content are joined.
    static func read(
        _ bytes: [UInt8], step: Int = .max, limits: ArchiveLimits = ArchiveLimits()
    ) throws -> [(TarEntry, [UInt8])] {
        var reader = TarReader(limits: limits)
        var entries: [(TarEntry, [UInt8])] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(step, bytes.count - start)
            reader.append(Array(bytes[start..<end]))
            start = end
            while let event = try reader.next() {
                switch event {
                case .entry(let entry): entries.append((entry, []))
                case .data(let piece): entries[entries.count - 1].1 += piece
                case .endOfEntry, .end: break
                }
            }
        }
        try reader.finish()
        return entries
    }

    static func extract(
        _ archive: [UInt8], into directory: String, step: Int = 1000, limits: ArchiveLimits = ArchiveLimits()
    ) throws -> ExtractionSummary {
        var extractor = try ArchiveExtractor(into: directory, limits: limits)
        var start = 0
        while start < archive.count {
            let end = min(archive.count, start + step)
            try extractor.append(Array(archive[start..<end]))
            start = end
        }
        return try extractor.finish()
    }
}
