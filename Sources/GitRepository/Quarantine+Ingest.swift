import GitProtocol
import Subprocess

extension Quarantine {
    /// Takes a pack in and checks every object of it (git-fsck(1), strict).
    ///
    /// Ends when the pack does, whether the client ends its stream or not. When it fails, the rest of the client's
    /// bytes
    /// is still unread.
    ///
    /// - Parameters:
    ///   - initial: Bytes of the pack that were received with the commands.
    ///   - limits: How much is accepted.
    ///   - next: Yields what the client sends, nil at its end; must return or throw on cancellation.
    ///   - progress: Takes git's progress lines, at most about ten a second.
    /// - Returns: How much came.
    /// - Throws: ``PackError`` when it is the pack's fault; what `next` throws; `CancellationError`.
    package func ingest(
        initial: [UInt8] = [],
        limits: PackLimits = PackLimits(),
        next: @escaping @Sendable () async throws -> [UInt8]?,
        progress: @escaping @Sendable ([UInt8]) async -> Void = { _ in }
    ) async throws -> PackSummary {
        let source = PackSource(initial: initial, next: next)
        let header = try await Self.header(of: source)
        guard header.objectCount <= limits.maximumObjects else {
            throw PackError.tooManyObjects(header.objectCount, limit: limits.maximumObjects)
        }
        switch PackEngine(for: header) {
        case .empty:
            return try await Self.checkEmpty(source, header)
        case .indexPack:
            try await index(source, limits, progress)
            return PackSummary(objects: header.objectCount, bytes: source.passed)
        }
    }

    private static func header(of source: PackSource) async throws -> PackHeader {
        let start = try await source.peek(PackHeader.length)
        do throws(PackHeaderError) {
            return try PackHeader(start)
        } catch {
            throw PackError.badHeader(error)
        }
    }

    private static func checkEmpty(_ source: PackSource, _ header: PackHeader) async throws -> PackSummary {
        let length = PackHeader.length + ObjectID.byteCount
        let bytes = try await source.peek(length)
        guard bytes.count >= length else { throw PackError.truncated }
        let trailer = ObjectID(bytes: bytes[PackHeader.length..<length])
        guard trailer == PackEngine.emptyTrailer(version: header.version) else {
            throw PackError.corrupt("its checksum does not match")
        }
        return PackSummary(objects: 0, bytes: Int64(length))
    }

    private func index(
        _ source: PackSource, _ limits: PackLimits, _ progress: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws {
        let messages = GitMessages()
        let status = try await repository.git.relay(
            [
                "--git-dir=\(repository.path)", "index-pack", "--stdin", "--strict", "--fix-thin",
                "--max-input-size=\(limits.maximumBytes)", "--show-resolving-progress",
            ],
            environment: environment, limits: limits.indexing, slots: repository.git.pushSlots,
            input: { try await source.read() },
            output: { _ in },
            errors: { bytes in
                let update = messages.append(bytes)
                if !update.isEmpty { await progress(update) }
            })
        guard status.isSuccess else { throw PackError(status: status, messages: messages, limits: limits) }
    }
}
