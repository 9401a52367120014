import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ObjectStorage

/// One request for an object, answered.
struct ObjectExchange: Sendable {
    let store: any ObjectStore
    let signer: ObjectURLSigner
    let maximumSize: Int64
    let logger: Logger

    /// Answers a request, whatever it is.
    func answer(_ request: Request) async -> Response {
        let access: PresignedAccess
        switch request.method {
        case .get, .head: access = .get
        case .put: access = .put
        default:
            var response = Self.text(.methodNotAllowed, "expected GET, HEAD or PUT")
            response.headers[.allow] = "GET, HEAD, PUT"
            return response
        }
        // Whoever has no right learns nothing, not even whether the name could be one.
        guard let key = key(of: request.uri.path), let parameters = SignedParameters(request.uri.query),
            signer.allows(access, key, expires: parameters.expires, signature: parameters.signature)
        else {
            return Self.text(.forbidden, "this URL is not one of this server's, or its time is over")
        }
        do {
            return access == .put ? try await put(key, request) : try await get(key, request)
        } catch let error as ObjectStoreError {
            logger.warning("object refused", metadata: ["key": "\(key)", "error": "\(error)"])
            return Self.text(Self.status(of: error), "\(error)")
        } catch let error as TooLarge {
            logger.warning("object refused", metadata: ["key": "\(key)", "error": "\(error)"])
            return Self.text(.contentTooLarge, "\(error)")
        } catch let error as BadDigest {
            logger.warning("object refused", metadata: ["key": "\(key)", "error": "\(error)"])
            return Self.text(.badRequest, "\(error)")
        } catch {
            logger.info("transfer ended early", metadata: ["key": "\(key)", "reason": "\(error)"])
            return Self.text(.badRequest, "the transfer ended early")
        }
    }

    private func key(of path: String) -> ObjectKey? {
        let prefix = ObjectServer.path + "/"
        // Keys have no characters that a URL would encode, so an encoded path is none of ours.
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        return try? ObjectKey(String(decoding: path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
    }

    private func get(_ key: ObjectKey, _ request: Request) async throws -> Response {
        if request.method == .head {
            guard let metadata = try await store.head(key) else { throw ObjectStoreError(.notFound, .head, key) }
            return Response(status: .ok, headers: Self.fields(of: metadata, length: metadata.size))
        }
        let range = try await ByteRange.parse(request.headers[.range]) { try await store.head(key)?.size }
        let object = try await store.get(key, range: range)
        let metadata = object.metadata
        let whole = 0..<metadata.size
        let part = range?.clamped(to: whole) ?? whole
        var fields = Self.fields(of: metadata, length: Int64(part.count))
        if range != nil {
            fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(metadata.size)"
        }
        logger.info("object given out", metadata: ["key": "\(key)", "bytes": "\(part.count)"])
        return Response(
            status: range == nil ? .ok : .partialContent, headers: fields,
            body: ResponseBody(contentLength: part.count) { writer in
                for try await chunk in object.body { try await writer.write(ByteBuffer(bytes: chunk)) }
                try await writer.finish(nil)
            })
    }

    private func put(_ key: ObjectKey, _ request: Request) async throws -> Response {
        let announced = request.headers[.contentLength].flatMap { Int64($0) }
        if let announced, announced > maximumSize { throw TooLarge(limit: maximumSize) }
        let body = request.body
        let limit = maximumSize
        let expected = request.headers[.contentMD5]
        let metadata = try await store.put(key, condition: .always) { writer in
            var count: Int64 = 0
            var md5 = Insecure.MD5()
            for try await buffer in body {
                count += Int64(buffer.readableBytes)
                guard count <= limit else { throw TooLarge(limit: limit) }
                let bytes = Array(buffer.readableBytesView)
                if expected != nil { md5.update(data: bytes) }
                try await writer.write(bytes)
            }
            // A connection that broke must not leave half of an object.
            if let announced, announced != count { throw ObjectStoreError(.damaged, .put, key) }
            if let expected, expected != Data(md5.finalize()).base64EncodedString() { throw BadDigest() }
        }
        logger.info("object taken", metadata: ["key": "\(key)", "bytes": "\(metadata.size)"])
        return Response(status: .ok, headers: [.eTag: "\"\(metadata.etag)\"", .contentLength: "0"])
    }

    private static func fields(of metadata: ObjectMetadata, length: Int64) -> HTTPFields {
        [
            .contentType: "application/octet-stream", .contentLength: "\(length)", .eTag: "\"\(metadata.etag)\"",
            .acceptRanges: "bytes", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        let buffer = ByteBuffer(string: text + "\n")
        return Response(
            status: status,
            headers: [
                .contentType: "text/plain; charset=utf-8", .contentLength: "\(buffer.readableBytes)",
                .cacheControl: "no-store",
            ],
            body: .init(byteBuffer: buffer))
    }

    private static func status(of error: ObjectStoreError) -> HTTPResponse.Status {
        switch error.kind {
        case .notFound: .notFound
        case .invalidRange: .rangeNotSatisfiable
        case .conditionFailed: .preconditionFailed
        case .damaged: .badRequest
        default: .serviceUnavailable
        }
    }
}

/// More came than is taken.
struct TooLarge: Error, CustomStringConvertible {
    let limit: Int64
    var description: String { "expected at most \(limit) bytes; make the artifact smaller" }
}

/// What came is not what its sender says that it is.
struct BadDigest: Error, CustomStringConvertible {
    /// Begins with S3's code for it, which clients know.
    var description: String { "BadDigest: the content is not what Content-MD5 says; send it again" }
}

extension HTTPField.Name {
    /// RFC 1864: RFC 9110 no longer has it, and S3 checks it.
    fileprivate static var contentMD5: Self { Self("Content-MD5")! }
}

/// What makes a URL one of ours.
struct SignedParameters: Equatable {
    let expires: String
    let signature: String

    /// Reads `access=…&expires=…&signature=…`, in any order, each once and nothing else.
    init?(_ query: String?) {
        var values: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, values.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
                return nil
            }
        }
        // The method that was signed counts, not what the URL says of it.
        guard values.removeValue(forKey: "access") != nil, let expires = values.removeValue(forKey: "expires"),
            let signature = values.removeValue(forKey: "signature"), values.isEmpty
        else { return nil }
        self.expires = expires
        self.signature = signature
    }
}
