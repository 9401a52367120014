import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension S3Client {
    /// Bodies up to this size are handed over at once; larger ones in slices, so that progress can be seen.
    private static let sliceSize = 256 << 10

    /// Makes the HTTP request of a call; all its headers and the hash of its body are signed.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - credentials: Who signs.
    ///   - hasChecksums: Whether its checksums are left in.
    /// - Returns: What is to be sent.
    func sign(_ request: S3Request, _ credentials: S3Credentials, hasChecksums: Bool) -> HTTPClientRequest {
        let endpoint = configuration.endpoint
        let time = clock.now()
        var headers = request.headers
        if !hasChecksums {
            headers.removeAll { $0.name.hasPrefix("x-amz-checksum-") }
        }
        headers += [
            ("host", endpoint.authority), ("x-amz-date", time.basicText),
            ("x-amz-content-sha256", request.payload.sha256),
        ]
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
        let path = endpoint.path(request.name)
        let canonical = CanonicalRequest(
            method: request.operation.method.rawValue, path: path, query: request.query, headers: headers,
            payloadHash: request.payload.sha256)
        let signer = SignatureV4(region: configuration.region)
        headers.append(("authorization", signer.authorization(for: canonical, credentials, at: time)))
        headers.append(("user-agent", "slipway"))

        var result = HTTPClientRequest(url: endpoint.url(path: path, query: canonical.canonicalQuery))
        result.method = request.operation.method
        result.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        let body = request.payload.bytes
        if body.readableBytes > Self.sliceSize {
            let slices = BufferSlices(buffer: body, size: Self.sliceSize)
            result.body = .stream(slices, length: .known(Int64(body.readableBytes)))
        } else if body.readableBytes > 0 {
            result.body = .bytes(body)
        }
        return result
    }
}
