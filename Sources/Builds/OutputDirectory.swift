import Archive
import NIOPosix
import ObjectStorage
import SystemCalls

/// What a build left, on its way into the object store.
struct OutputDirectory: Sendable {
    let path: String
    let maximumSize: Int64
    let pool: NIOThreadPool

    /// Whether there is anything to be kept.
    ///
    /// - Throws: ``BuildArtifactError`` when the build removed the directory or made it unreadable.
    func hasEntries() async throws -> Bool {
        try await pool.runIfActive {
            do throws(SystemCallError) {
                var stream = try DirectoryStream(path: path)
                return try stream.next() != nil
            } catch {
                throw BuildArtifactError(reason: "the directory itself is gone or unreadable")
            }
        }
    }

    /// Streams the directory as a tar.gz, in constant memory.
    ///
    /// - Throws: ``BuildArtifactError`` when it cannot be taken, and what `writer` throws.
    func write(to writer: any ObjectWriter) async throws {
        let channel = ChunkChannel()
        async let archiving: Void = archive(into: channel)
        do {
            while let chunk = try await channel.next() { try await writer.write(chunk) }
        } catch {
            channel.fail(error)
            _ = try? await archiving
            throw error
        }
        try await archiving
    }

    private func archive(into channel: ChunkChannel) async throws {
        var limits = ArchiveLimits()
        limits.maximumTotalBytes = maximumSize
        do {
            try await pool.runIfActive { [limits] in
                _ = try ArchiveCreator.archive(directory: path, limits: limits) { try channel.sendBlocking($0) }
            }
            channel.finish()
        } catch {
            let error = error is ArchiveError ? BuildArtifactError(reason: String(describing: error)) : error
            channel.fail(error)
            throw error
        }
    }
}
