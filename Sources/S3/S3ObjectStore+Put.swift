import NIOCore
package import ObjectStorage

extension S3ObjectStore {
    @discardableResult
    package func put(
        _ key: ObjectKey, condition: PutCondition, body: @Sendable (any ObjectWriter) async throws -> Void
    ) async throws -> ObjectMetadata {
        try Task.checkCancellation()
        let writer = S3ObjectWriter(key, S3Upload(self, key, condition))
        var upload: S3Upload
        do {
            try await body(writer)
            try Task.checkCancellation()
            upload = try writer.end()
        } catch {
            await writer.discard()
            throw error
        }
        do {
            return try await upload.complete()
        } catch {
            await upload.discard()
            throw error
        }
    }

    /// Puts an object in one request.
    func putWhole(_ upload: S3Upload, _ piece: FinishedPiece) async throws -> ObjectMetadata {
        let key = upload.key
        var request = S3Request(.putObject, configuration.name(of: key))
        request.payload = piece.payload
        request.headers = [S3Header.contentType, piece.checksum, (S3Header.mark, upload.mark)]
        request.headers += try conditionHeaders(upload)
        let configuration = self.configuration
        do {
            let put = try await client.send(request) { response in
                let etag = try piece.verify(response, configuration)
                let metadata = PutAnswer(etag: etag, response: response)
                try await response.drain()
                return metadata
            }
            return try await metadata(key, size: piece.bytes.readableBytes, put)
        } catch let failure as S3Failure {
            let expected = configuration.etagIsMD5 && failure.leavesDoubt ? piece.md5 : nil
            // Somebody waits for what is small, and will put it again.
            let look = request.kind == .small ? configuration.limits.lookTime : nil
            if let found = await ownEffect(upload, failure, etag: expected, eachLook: look) { return found }
            throw putError(failure, .putObject, upload)
        }
    }

    /// The headers that have the server check a condition.
    func conditionHeaders(_ upload: S3Upload) throws -> [(name: String, value: String)] {
        switch upload.condition {
        case .always: return []
        case .ifAbsent: return [("if-none-match", "*")]
        case .ifMatch(let etag):
            guard let quoted = ETag.quoted(etag) else { throw ObjectStoreError(.conditionFailed, .put, upload.key) }
            return [("if-match", quoted)]
        }
    }

    /// Words for a failed put; a missing object cannot have the etag asked for.
    func putError(_ failure: S3Failure, _ call: S3Operation, _ upload: S3Upload) -> ObjectStoreError {
        let error = ObjectStoreError(failure, call, .put, upload.key.rawValue, configuration)
        guard case .ifMatch = upload.condition, error.kind == .notFound else { return error }
        return ObjectStoreError(.conditionFailed, .put, upload.key, detail: error.detail)
    }

    /// Looks for what a put has done although its answer was lost: the object with its mark.
    ///
    /// - Parameters:
    ///   - upload: The put.
    ///   - failure: How it ended.
    ///   - etag: What the object's etag has to be; nil when that cannot be told.
    ///   - patience: How long to look again when it is not there.
    ///   - limit: How long one look may take; as long as any small request when nil.
    /// - Returns: Its metadata; nil when it had no effect, or that cannot be found out.
    func ownEffect(
        _ upload: S3Upload, _ failure: S3Failure, etag: String?, within patience: Duration = .zero,
        eachLook limit: Duration? = nil
    ) async -> ObjectMetadata? {
        guard failure.leavesDoubt else { return nil }
        if case .damaged = failure.cause { return nil }
        let end = ContinuousClock.now + patience
        var pause = Self.firstLook
        while !Task.isCancelled {
            if let found = await effect(of: upload, etag: etag, within: limit) { return found }
            guard .now + pause < end else { return nil }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
        return nil
    }

    /// The pause before a second look for an object; it doubles, up to ``longestPause``.
    private static let firstLook = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(2)

    private func effect(of upload: S3Upload, etag: String?, within limit: Duration?) async -> ObjectMetadata? {
        guard let limit else { return try? await effect(of: upload, etag: etag) }
        return try? await TimeLimit.run(limit) { try await self.effect(of: upload, etag: etag) }
    }

    private func effect(of upload: S3Upload, etag: String?) async throws -> ObjectMetadata? {
        try await client.send(S3Request(.headObject, configuration.name(of: upload.key))) { response in
            let isOwn = response.header(S3Header.mark) == upload.mark
            let isWhole = etag == nil || !response.hasMD5 || response.etag?.lowercased() == etag
            return isOwn && isWhole ? try response.metadata(upload.key) : nil
        }
    }

    /// The metadata of what was just put: few servers say in their answer what time they put on it.
    func metadata(_ key: ObjectKey, size: Int, _ put: PutAnswer) async throws -> ObjectMetadata {
        var modified = put.modified
        if modified == nil, let found = try? await head(key), found.etag == put.etag {
            modified = UnixTime(seconds: found.modified)
        }
        let seconds = (modified ?? put.date ?? client.clock.now()).seconds
        return ObjectMetadata(key: key, size: Int64(size), etag: put.etag, modified: seconds)
    }
}
