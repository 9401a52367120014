import NIOHTTP1
package import ObjectStorage

extension S3ObjectStore {
    package func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject {
        try Task.checkCancellation()
        if let range, range.lowerBound < 0 || range.isEmpty {
            throw ObjectStoreError(.invalidRange, .get, key, detail: "\(range)")
        }
        let opened = try await open(key, range, etag: nil)
        let reading = S3ObjectReading(opened, store: self)
        return StoredObject(metadata: opened.metadata, body: ObjectBody { try await reading.next() })
    }

    /// Asks for an object's content.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - range: The bytes wanted; all when nil.
    ///   - etag: What its etag has to be.
    /// - Returns: The answer, its body still to be read.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    func open(_ key: ObjectKey, _ range: Range<Int64>?, etag: String?) async throws -> OpenedObject {
        var request = S3Request(.getObject, configuration.name(of: key))
        if let range {
            // An end beyond what JavaScript can count is no number to some servers.
            let end = range.upperBound > 1 << 53 ? "" : String(range.upperBound - 1)
            request.headers.append(("range", "bytes=\(range.lowerBound)-\(end)"))
        } else {
            request.headers.append(("x-amz-checksum-mode", "ENABLED"))
        }
        if let etag = etag.flatMap(ETag.quoted) { request.headers.append(("if-match", etag)) }
        let etagIsMD5 = configuration.etagIsMD5
        return try await send(request, for: .get, key.rawValue) { response in
            let metadata = try response.metadata(key)
            if let etag, metadata.etag != etag {
                throw S3Failure(.answer(S3ErrorAnswer(status: 412, headers: [:], body: [])))
            }
            var wanted = 0..<metadata.size
            var skip: Int64 = 0
            if let range {
                wanted = range.clamped(to: wanted)
                if response.status == 206 {
                    guard response.contentRange?.first == wanted.lowerBound else {
                        throw S3Failure(.nonsense("the answer has other bytes than asked for"))
                    }
                } else {
                    skip = wanted.lowerBound
                }
            }
            let check = range == nil ? ContentCheck(response, etagIsMD5: etagIsMD5) : .none
            return OpenedObject(metadata: metadata, wanted: wanted, skip: skip, check: check, response: response)
        }
    }

    package func head(_ key: ObjectKey) async throws -> ObjectMetadata? {
        try Task.checkCancellation()
        let request = S3Request(.headObject, configuration.name(of: key))
        do {
            return try await client.send(request) { response in try response.metadata(key) }
        } catch let failure as S3Failure {
            guard let status = failure.answer?.status, Self.statusesWithReasons.contains(status) else {
                throw ObjectStoreError(failure, .headObject, .head, key.rawValue, configuration)
            }
            return try await headWithWords(key)
        }
    }

    /// Statuses that have several reasons: 404 says as well that there is no such bucket.
    ///
    /// A server in trouble is not asked again.
    private static let statusesWithReasons = [301, 307, 400, 403, 404]

    /// Asks once more, with a method whose answer has a body: that of HEAD has none, and so no reason.
    private func headWithWords(_ key: ObjectKey) async throws -> ObjectMetadata? {
        var request = S3Request(.getObject, configuration.name(of: key))
        request.headers.append(("range", "bytes=0-0"))
        do {
            return try await client.send(request) { response in
                let metadata = try response.metadata(key)
                try await response.drain()
                return metadata
            }
        } catch let failure as S3Failure {
            if let answer = failure.answer, answer.code == "NoSuchKey" || (answer.code.isEmpty && answer.status == 404)
            {
                return nil
            }
            throw ObjectStoreError(failure, .headObject, .head, key.rawValue, configuration)
        }
    }
}
