import Crypto
package import ObjectStorage

extension S3ObjectStore {
    /// Keys in one call of DeleteObjects (Amazon S3 API reference).
    private static let batchSize = 1000

    package func delete(_ keys: [ObjectKey]) async throws {
        for start in stride(from: 0, to: keys.count, by: Self.batchSize) {
            try Task.checkCancellation()
            let batch = Array(keys[start..<min(start + Self.batchSize, keys.count)])
            for key in try await failures(deleting: batch) { try await delete(key) }
        }
    }

    /// Deletes many at once.
    ///
    /// - Returns: Those to be deleted one by one: the server did not do it, or does not know the call.
    private func failures(deleting keys: [ObjectKey]) async throws -> [ObjectKey] {
        guard keys.count > 1 else { return keys }
        let items = keys.map { "<Object><Key>\(XMLReference.escape(configuration.name(of: $0)))</Key></Object>" }
        let text =
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>\(items.joined())</Delete>"
        var request = S3Request(.deleteObjects, nil)
        request.query = [("delete", "")]
        request.payload = S3Payload(text)
        // Required for this call, and the one form of it that all servers know.
        let hash = Insecure.MD5.hash(data: Array(text.utf8))
        request.headers = [("content-md5", Base64.encode(hash)), ("content-type", "application/xml")]
        do {
            let document = try await client.send(request) { response in try await response.document() }
            let failed = Set(document.all("Error").compactMap { $0.text(of: "Key") })
            return failed.isEmpty ? [] : keys.filter { failed.contains(configuration.name(of: $0)) }
        } catch let failure as S3Failure {
            if let answer = failure.answer, [400, 405, 501].contains(answer.status) { return keys }
            throw ObjectStoreError(failure, .deleteObjects, .delete, keys.first?.rawValue, configuration)
        }
    }

    private func delete(_ key: ObjectKey) async throws {
        try Task.checkCancellation()
        do {
            try await client.send(S3Request(.deleteObject, configuration.name(of: key))) { response in
                try await response.drain()
            }
        } catch let failure as S3Failure {
            if failure.answer?.code == "NoSuchKey" { return }
            throw ObjectStoreError(failure, .deleteObject, .delete, key.rawValue, configuration)
        }
    }
}
