import Glibc
import SystemCalls

/// Unpacks a stranger's tar.gz into a directory, outside of any sandbox, and writes nowhere else.
///
/// Everything is opened relative to the directory's descriptor, one component at a time, with `O_NOFOLLOW`; files are
/// created with `O_EXCL`. A link in the archive is made with the text it has, but never followed, so its target does
/// not matter here. Files get mode 0644 or 0755 and the archive's time, directories 0755; nobody's ids, no set-id bits.
/// Its calls block on the disk: make them on a thread of their own or a thread pool. After an error the directory holds
/// what came before it; its owner removes it.
package struct ArchiveExtractor: ~Copyable, Sendable {
    private let limits: ArchiveLimits
    private var decompressor: GzipDecompressor
    private var reader: TarReader
    private var cursor: DirectoryCursor
    private var file: OwnedDescriptor?
    private var entry: TarEntry?
    private var summary = ExtractionSummary()
    private var isOver = false

    /// Opens the directory.
    ///
    /// - Parameters:
    ///   - directory: Exists, is best empty, and is written by nobody else; not itself a symbolic link.
    ///   - limits: What to refuse as too large.
    /// - Throws: ``ArchiveError`` or ``GzipError``.
    package init(into directory: String, limits: ArchiveLimits = ArchiveLimits()) throws {
        let cursor = try DirectoryCursor(directory)
        let decompressor = try GzipDecompressor()
        self.limits = limits
        self.cursor = cursor
        self.decompressor = decompressor
        reader = TarReader(limits: limits)
    }

    /// Unpacks the next piece.
    ///
    /// - Parameter compressed: Any number of bytes of the tar.gz.
    /// - Throws: ``GzipError``, ``TarError`` or ``ArchiveError``; after that every call throws.
    package mutating func append(_ compressed: [UInt8]) throws {
        guard !isOver else { throw ArchiveError.finished }
        // Until this piece is through, an error leaves it set.
        isOver = true
        decompressor.begin(compressed)
        while let chunk = try decompressor.nextChunk() {
            reader.append(chunk)
            while let event = try reader.next() { try apply(event) }
        }
        isOver = false
    }

    /// Ends the archive.
    ///
    /// - Returns: What was unpacked.
    /// - Throws: ``GzipError/truncated`` or ``TarError/truncated`` when the end is missing.
    package mutating func finish() throws -> ExtractionSummary {
        guard !isOver else { throw ArchiveError.finished }
        isOver = true
        try decompressor.finish()
        try reader.finish()
        summary.directories = cursor.created
        return summary
    }

    private mutating func apply(_ event: TarReader.Event) throws(ArchiveError) {
        switch event {
        case .entry(let entry): try begin(entry)
        case .data(let bytes): try write(bytes)
        case .endOfEntry: try end()
        case .end: break
        }
    }

    private mutating func begin(_ entry: TarEntry) throws(ArchiveError) {
        let path = entry.path
        try ArchivePath.check(path, limits)
        self.entry = entry
        switch entry.kind {
        case .directory:
            _ = try cursor.move(to: path[...], creating: true)
        case .file:
            let (parent, name) = try enter(path)
            do throws(SystemCallError) {
                file = try OwnedDescriptor.open(name, in: parent, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            } catch {
                throw error.code == EEXIST ? .duplicate(PrintablePath.text(path)) : .from(error, path)
            }
            summary.files += 1
        case .symlink(let target):
            let (parent, name) = try enter(path)
            guard unsafe symlinkat(target.cString, parent, name.cString) == 0 else {
                let error = SystemCallError.last("symlinkat")
                throw error.code == EEXIST ? .duplicate(PrintablePath.text(path)) : .from(error, path)
            }
            summary.symlinks += 1
        }
        // The reader counts headers only: directories that paths imply cost inodes too.
        guard summary.files + summary.symlinks + cursor.created <= limits.maximumEntries else {
            throw .tooManyEntries(limit: limits.maximumEntries)
        }
    }

    private mutating func enter(_ path: [UInt8]) throws(ArchiveError) -> (parent: Int32, name: ArraySlice<UInt8>) {
        let (parent, name) = ArchivePath.split(path)
        return (try cursor.move(to: parent, creating: true), name)
    }

    private mutating func write(_ bytes: [UInt8]) throws(ArchiveError) {
        guard let path = entry?.path else { return }
        do throws(SystemCallError) {
            try file?.write(bytes)
        } catch {
            throw .from(error, path)
        }
        summary.bytes += Int64(bytes.count)
    }

    private mutating func end() throws(ArchiveError) {
        defer {
            file = nil
            entry = nil
        }
        guard let raw = file?.raw, let entry, case .file(let executable) = entry.kind else { return }
        guard fchmod(raw, executable ? 0o755 : 0o644) == 0 else { throw .from(.last("fchmod"), entry.path) }
        // Times outside what file systems store are clamped; ext4 ends in 2446.
        let seconds = Int(min(max(entry.modified, 0), 15_000_000_000))
        let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        guard unsafe futimens(raw, times) == 0 else { throw .from(.last("futimens"), entry.path) }
    }
}
