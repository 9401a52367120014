import Crypto

/// AWS Signature Version 4 for S3, computed without I/O.
///
/// Source: "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API reference. For S3 the path is
/// encoded once and never normalised.
struct SignatureV4: Sendable {
    private static let algorithm = "AWS4-HMAC-SHA256"
    /// What stands for the hash in presigned URLs: whoever uses one has content that the signer does not know.
    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    let region: String
    let service: String

    /// Makes a signer.
    ///
    /// - Parameters:
    ///   - region: As in `us-east-1`.
    ///   - service: `s3`, or `sts`.
    init(region: String, service: String = "s3") {
        self.region = region
        self.service = service
    }

    /// The value of the `Authorization` header.
    ///
    /// - Parameters:
    ///   - request: What is sent, `host`, `x-amz-date` and `x-amz-content-sha256` included; all its headers are signed.
    ///   - credentials: Whose key signs; its session token has to be among the headers already.
    ///   - time: The same as in `x-amz-date`.
    /// - Returns: The value.
    func authorization(for request: CanonicalRequest, _ credentials: S3Credentials, at time: UnixTime) -> String {
        let signature = sign(request, credentials, at: time)
        return "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope(time)), "
            + "SignedHeaders=\(request.signedHeaders), Signature=\(signature)"
    }

    /// The query of a presigned URL.
    ///
    /// - Parameters:
    ///   - method: As in `GET`.
    ///   - path: Encoded.
    ///   - headers: At least `host`; whoever uses the URL has to send them all.
    ///   - query: Other parameters.
    ///   - credentials: Whose key signs.
    ///   - time: When its life begins.
    ///   - lifetime: Seconds.
    /// - Returns: The encoded query, signature included.
    func presignedQuery(
        method: String, path: String, headers: [(name: String, value: String)], query: [(name: String, value: String)],
        _ credentials: S3Credentials, at time: UnixTime, lifetime: Int64
    ) -> String {
        var parameters = query
        parameters += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", credentials.accessKey + "/" + scope(time)),
            ("X-Amz-Date", time.basicText), ("X-Amz-Expires", String(lifetime)),
        ]
        if let token = credentials.sessionToken { parameters.append(("X-Amz-Security-Token", token)) }
        let names = CanonicalRequest(
            method: method, path: path, query: [], headers: headers, payloadHash: Self.unsignedPayload)
        parameters.append(("X-Amz-SignedHeaders", names.signedHeaders))
        let request = CanonicalRequest(
            method: method, path: path, query: parameters, headers: headers, payloadHash: Self.unsignedPayload)
        return request.canonicalQuery + "&X-Amz-Signature=" + sign(request, credentials, at: time)
    }

    private func scope(_ time: UnixTime) -> String { "\(time.basicDay)/\(region)/\(service)/aws4_request" }

    private func sign(_ request: CanonicalRequest, _ credentials: S3Credentials, at time: UnixTime) -> String {
        let hash = SHA256.hash(data: Array(request.text.utf8)).hex
        let toSign = "\(Self.algorithm)\n\(time.basicText)\n\(scope(time))\n\(hash)"
        var key = Array("AWS4\(credentials.secretKey)".utf8)
        for part in [time.basicDay, region, service, "aws4_request", toSign] {
            key = Array(HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: SymmetricKey(data: key)))
        }
        return key.hex
    }
}
