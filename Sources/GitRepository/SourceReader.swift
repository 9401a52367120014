import Archive
import GitProtocol

/// Turns the tree of a commit into the entries of an archive, each object read once and in order.
struct SourceReader {
    private let limits: ArchiveLimits
    private let modified: Int64
    private var walk: SourceWalk
    /// Files and symbolic links so far.
    private(set) var files = 0
    /// Bytes of their content.
    private(set) var contentBytes: Int64 = 0

    /// Starts at the root of a commit's tree.
    ///
    /// - Throws: ``SourceError`` when there is no such commit, or its root directory is too large.
    init(commit: ObjectID, limits: ArchiveLimits, _ reader: inout ObjectReader) async throws {
        let name = "commit \(commit)"
        try await reader.request([commit])
        guard let (kind, size) = try await reader.begin(path: name), kind == .commit else {
            throw SourceError.noSuchCommit(commit)
        }
        try SourceError.check(size, of: kind, commit, path: name)
        guard let content = CommitContent(try await reader.content(path: name)) else {
            throw SourceError.noSuchCommit(commit)
        }
        self.limits = limits
        modified = content.time
        walk = SourceWalk(limits: limits)
        try await reader.request([content.tree])
        try await enter(content.tree, [], &reader)
    }

    /// Writes every entry below the root.
    mutating func writeAll(
        to archive: inout SourceArchive, from reader: inout ObjectReader, _ write: ([UInt8]) async throws -> Void
    ) async throws {
        while let run = try walk.next() {
            try Task.checkCancellation()
            try await reader.request(run.lazy.filter(\.hasContent).map(\.id))
            for entry in run {
                switch entry.kind {
                case .directory:
                    try await archive.append(tarEntry(entry.path, .directory), write)
                    try await enter(entry.id, entry.path, &reader)
                case .submodule:
                    try await archive.append(tarEntry(entry.path, .directory), write)
                case .symlink:
                    try await archive.append(link(entry, &reader), write)
                case .file, .executable:
                    try await writeFile(entry, to: &archive, from: &reader, write)
                }
            }
        }
    }

    private mutating func enter(_ id: ObjectID, _ path: [UInt8], _ reader: inout ObjectReader) async throws {
        let name = SourceWalk.text(path)
        guard let (kind, size) = try await reader.begin(path: name), kind == .tree else {
            throw SourceError.missing(id, path: name)
        }
        try walk.check(treeSize: size, at: path)
        try walk.enter(try await reader.content(path: name), at: path)
    }

    private mutating func link(_ entry: SourceWalk.Entry, _ reader: inout ObjectReader) async throws -> TarEntry {
        let name = SourceWalk.text(entry.path)
        let size = try await blobSize(entry, &reader)
        guard size <= limits.maximumPathLength else {
            throw SourceError.linkTooLong(size, path: name, limit: limits.maximumPathLength)
        }
        guard size > 0 else { throw SourceError.emptyLink(path: name) }
        files += 1
        return tarEntry(entry.path, .symlink(target: try await reader.content(path: name)))
    }

    private mutating func writeFile(
        _ entry: SourceWalk.Entry, to archive: inout SourceArchive, from reader: inout ObjectReader,
        _ write: ([UInt8]) async throws -> Void
    ) async throws {
        let name = SourceWalk.text(entry.path)
        let size = try await blobSize(entry, &reader)
        files += 1
        contentBytes += size
        guard contentBytes <= limits.maximumTotalBytes else {
            throw SourceError.tooManyBytes(limit: limits.maximumTotalBytes)
        }
        try await archive.append(
            tarEntry(entry.path, .file(executable: entry.kind == .executable), size: size), write)
        while let piece = try await reader.next(path: name) { try await archive.append(piece, write) }
        try await archive.append(TarWriter.padding(after: size), write)
    }

    private func blobSize(_ entry: SourceWalk.Entry, _ reader: inout ObjectReader) async throws -> Int64 {
        let name = SourceWalk.text(entry.path)
        guard let (kind, size) = try await reader.begin(path: name), kind == .blob else {
            throw SourceError.missing(entry.id, path: name)
        }
        return size
    }

    private func tarEntry(_ path: [UInt8], _ kind: TarEntry.Kind, size: Int64 = 0) -> TarEntry {
        TarEntry(path: path, kind: kind, size: size, modified: modified)
    }
}
