import Archive
package import NIOPosix
package import ObjectStorage
import SystemCalls

/// What a build left, on its way into the object store.
package struct OutputDirectory: Sendable {
    let path: String
    let maximumSize: Int64
    let pool: NIOThreadPool

    /// Names a directory.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - maximumSize: Bytes of content that are taken.
    ///   - pool: Where files block.
    package init(path: String, maximumSize: Int64, pool: NIOThreadPool) {
        self.path = path
        self.maximumSize = maximumSize
        self.pool = pool
    }

    /// Whether there is anything to be kept.
    ///
    /// - Throws: ``BuildArtifactError`` when the build removed the directory or made it unreadable.
    package func hasEntries() async throws -> Bool {
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
    /// A thread of the pool is held for one part only, never while `writer` takes it: the store may need that thread.
    ///
    /// - Throws: ``BuildArtifactError`` when it cannot be taken, and what `writer` throws.
    package func write(to writer: any ObjectWriter) async throws {
        var limits = ArchiveLimits()
        limits.maximumTotalBytes = maximumSize
        let archive = try await archiving { [path, limits] in try OutputArchive(of: path, limits: limits) }
        while let part = try await archiving({ try archive.next() }) {
            if !part.isEmpty { try await writer.write(part) }
        }
    }

    private func archiving<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await pool.runIfActive(work)
        } catch let error as ArchiveError {
            throw BuildArtifactError(reason: error.description)
        } catch let error as TarError {
            throw BuildArtifactError(reason: error.description)
        }
    }
}
