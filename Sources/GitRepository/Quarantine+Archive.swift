package import Archive
package import GitProtocol

extension Quarantine {
    /// Writes the tree of a commit as a `tar.gz`, in constant memory.
    ///
    /// The bytes depend on the commit alone: entries in git's order, the commit's time on all of them. Submodules
    /// become empty directories. Attributes (`export-ignore`, `export-subst`) are not looked at: a build sees what was
    /// pushed.
    ///
    /// - Parameters:
    ///   - commit: A commit in the push or in the repository.
    ///   - limits: How many entries, bytes and so on; a small pack can hold a tree of billions of files.
    ///   - write: Takes the archive in pieces.
    /// - Returns: How much it is.
    /// - Throws: ``SourceError`` when the tree is the cause, or what `write` throws.
    package func archive(
        commit: ObjectID, limits: ArchiveLimits = ArchiveLimits(), write: ([UInt8]) async throws -> Void
    ) async throws -> SourceSummary {
        let gzip = try GzipStream(pool: repository.pool)
        return try await withObjectReader { reader in
            var source = try await SourceReader(commit: commit, limits: limits, &reader)
            var archive = SourceArchive(gzip)
            try await source.writeAll(to: &archive, from: &reader, write)
            try await archive.finish(write)
            return SourceSummary(files: source.files, contentBytes: source.contentBytes, bytes: archive.bytes)
        }
    }
}
