import Logging
import ObjectStorage
import Synchronization

extension S3ObjectStore {
    /// Makes an object of parts.
    ///
    /// - Parameters:
    ///   - upload: The put.
    ///   - sent: All parts.
    ///   - parts: Their upload.
    /// - Returns: The object's metadata.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    func complete(_ upload: S3Upload, _ sent: [S3SentPart], of parts: S3Parts) async throws -> ObjectMetadata {
        let key = upload.key
        var request = S3Request(.completeUpload, configuration.name(of: key))
        request.query = [("uploadId", parts.uploadID)]
        request.payload = S3Payload(Self.document(sent, hasChecksums: parts.hasChecksums))
        request.headers = [("content-type", "application/xml")] + (try conditionHeaders(upload))
        let expected = configuration.etagIsMD5 ? ETag.ofParts(sent.map(\.etag)) : nil
        do {
            let put = try await client.send(request) { response in
                let document = try await response.document()
                // The status is sent before the work is done; what came of it is in the body.
                if document.name == "Error" { throw S3Failure(.answer(S3ErrorAnswer(status: 500, document: document))) }
                guard let etag = document.text(of: "ETag").map(ETag.plain) else {
                    throw S3Failure(.nonsense("the answer to an upload has no ETag"))
                }
                if let expected, response.hasMD5, etag.contains("-"), etag.lowercased() != expected {
                    throw S3Failure(
                        .damaged(
                            "the ETag \(etag) is not that of the parts that were sent, \(expected); "
                                + "set s3.etag-is-md5 to off, if this server has its own way to make ETags"))
                }
                return PutAnswer(etag: etag, response: response)
            }
            return try await metadata(key, size: sent.reduce(0) { $0 + $1.size }, put)
        } catch let failure as S3Failure {
            // A second try finds no such upload when the first one had its effect.
            // One that still works on it may show the object later, and must not be told to abort.
            let patience = Self.isFinal(failure) ? .zero : configuration.limits.effectTime
            if let found = await ownEffect(upload, failure, etag: expected, within: patience) { return found }
            throw putError(failure, .completeUpload, upload)
        }
    }

    /// Whether an answer says that the server is not at work any more; 404 may mean that it has begun.
    private static func isFinal(_ failure: S3Failure) -> Bool {
        guard let status = failure.answer?.status else { return false }
        return status < 500 && status != 404
    }

    /// Has the parts of an upload removed, in a task of its own: its put may be cancelled, and does not wait.
    ///
    /// - Parameters:
    ///   - uploadID: Of the upload.
    ///   - key: The object's name.
    func abort(_ uploadID: String, _ key: ObjectKey) {
        cleaning.begin { [client] in await client.removeParts(of: uploadID, key) }
    }

    /// Removes the parts of uploads that nobody completed, such as those of a process that was killed.
    ///
    /// - Parameters:
    ///   - beginning: What the keys of uploads start with that are looked at: others may use the bucket too.
    ///   - age: Uploads begun within this time are left alone: they may be on their way.
    ///   - dryRun: Only count them.
    /// - Returns: How many were removed, or would be.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    @discardableResult
    package func removeStaleUploads(
        below beginning: String = "", olderThan age: Duration, dryRun: Bool = false
    ) async throws -> Int {
        let limit = client.clock.now() + -age.components.seconds
        var marker: (key: String, id: String)?
        var count = 0
        while true {
            var request = S3Request(.listUploads, nil)
            request.query = [("uploads", ""), ("prefix", configuration.prefix + beginning)]
            if let marker { request.query += [("key-marker", marker.key), ("upload-id-marker", marker.id)] }
            let document = try await send(request, for: .list, "") { response in try await response.document() }
            var stale: [(id: String, key: ObjectKey)] = []
            for item in document.all("Upload") {
                guard let name = item.text(of: "Key"), name.hasPrefix(configuration.prefix + beginning),
                    let key = try? ObjectKey(String(name.dropFirst(configuration.prefix.count))),
                    let id = item.text(of: "UploadId"),
                    let begun = item.text(of: "Initiated").flatMap({ UnixTime(iso8601: $0) }), begun < limit
                else { continue }
                stale.append((id, key))
            }
            count += stale.count
            if !dryRun { try await remove(stale) }
            guard document.text(of: "IsTruncated") == "true", let next = document.text(of: "NextKeyMarker"),
                let id = document.text(of: "NextUploadIdMarker"), marker.map({ $0 != (next, id) }) ?? true
            else { return count }
            marker = (next, id)
        }
    }

    /// Uploads that are removed at once; the others of a page wait, and their time does not run meanwhile.
    private static let concurrentRemovals = 4

    private func remove(_ uploads: [(id: String, key: ObjectKey)]) async throws {
        await withTaskGroup(of: Void.self) { group in
            for (index, upload) in uploads.enumerated() {
                if index >= Self.concurrentRemovals { await group.next() }
                if Task.isCancelled { break }
                group.addTask { [client] in await client.removeParts(of: upload.id, upload.key) }
            }
        }
        try Task.checkCancellation()
    }

    private static func document(_ parts: [S3SentPart], hasChecksums: Bool) -> String {
        let items = parts.map { part in
            let checksum = hasChecksums ? "<ChecksumSHA256>\(Base64.encode(part.sha256))</ChecksumSHA256>" : ""
            let etag = XMLReference.escape("\"\(part.etag)\"")
            return "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(etag)</ETag>\(checksum)</Part>"
        }
        return "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(items.joined())"
            + "</CompleteMultipartUpload>"
    }
}

extension S3Client {
    /// Removes the parts of an upload, within the time for it; says so when that fails.
    ///
    /// - Parameters:
    ///   - uploadID: Of the upload.
    ///   - key: The object's name.
    fileprivate func removeParts(of uploadID: String, _ key: ObjectKey) async {
        var request = S3Request(.abortUpload, configuration.name(of: key))
        request.query = [("uploadId", uploadID)]
        do {
            try await TimeLimit.run(configuration.limits.cleanUpTime) { [request] in
                try await self.send(request) { response in try await response.drain() }
            }
        } catch let failure as S3Failure where failure.answer?.status == 404 {
            // Gone already, or completed after all.
        } catch {
            var words: String?
            if let failure = error as? S3Failure {
                words = ObjectStoreError(failure, .abortUpload, .delete, key.rawValue, configuration).detail
            }
            logger.warning(
                "parts of a failed upload stay in the bucket until they are swept",
                metadata: ["key": "\(key)", "error": "\(words ?? "it took too long")"])
        }
    }
}
