package import Archive
package import GitProtocol
import Subprocess

extension Quarantine {
    /// Writes the tree of a commit as a `tar.gz`, in constant memory.
    ///
    /// The bytes depend on the commit alone: entries in git's order, the commit's time on all of them. Submodules
    /// become
    /// empty directories. Attributes (`export-ignore`, `export-subst`) are not looked at: a build sees what was
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
        let (repositoryPath, path, pool) = (repository.path, path, repository.pool)
        let stream = try await pool.blocking {
            try SourceStream(
                SourceWalk(commit: commit, repository: repositoryPath, quarantine: path, limits: limits), pool: pool)
        }
        var bytes: Int64 = 0
        var step = try await Self.relay(stream, &bytes, write)
        // Most trees have no large file, and then no child is started.
        if case .largeFile = step {
            let options = ["--git-dir=\(repositoryPath)", "cat-file", "--batch"]
            bytes += try await repository.git.run(
                options, environment: environment, limits: ChildLimits(), errors: .discarded
            ) { child in
                var reader = LargeFileReader(writer: child.standardInputWriter, output: child.standardOutput)
                var bytes: Int64 = 0
                while case .largeFile(let id, let size, let path) = step {
                    try await reader.begin(id, size: size, path: path)
                    while let content = try await reader.next() {
                        try await Self.write(stream.append(content), &bytes, write)
                    }
                    stream.endFile(size: size)
                    step = try await Self.relay(stream, &bytes, write)
                }
                return bytes
            }.result
        }
        let counts = stream.counts
        return SourceSummary(files: counts.files, contentBytes: counts.contentBytes, bytes: bytes)
    }

    /// Goes on until a large file or the end, whichever is returned.
    private static func relay(
        _ stream: SourceStream, _ bytes: inout Int64, _ write: ([UInt8]) async throws -> Void
    ) async throws -> SourceWalk.Step {
        while true {
            try Task.checkCancellation()
            let step = try await stream.step()
            switch step {
            case .bytes(let piece):
                try await Self.write(piece, &bytes, write)
            case .end(let piece):
                try await Self.write(piece, &bytes, write)
                return step
            case .largeFile:
                return step
            }
        }
    }

    private static func write(
        _ piece: [UInt8], _ bytes: inout Int64, _ write: ([UInt8]) async throws -> Void
    ) async throws {
        guard !piece.isEmpty else { return }
        try await write(piece)
        bytes += Int64(piece.count)
    }
}
