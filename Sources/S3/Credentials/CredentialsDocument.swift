import FoundationEssentials

/// Credentials as the services for containers and instances give them, in JSON.
struct CredentialsDocument: Decodable {
    private let accessKeyID: String
    private let secretAccessKey: String
    private let token: String?
    private let expiration: String?

    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case expiration = "Expiration"
    }

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - bytes: JSON.
    ///   - name: Of the source, for the error.
    /// - Returns: The credentials.
    /// - Throws: ``CredentialsError``.
    static func read(_ bytes: [UInt8], from name: String) throws -> S3Credentials {
        // The decoder's own errors would quote what it read.
        guard let document = try? JSONDecoder().decode(CredentialsDocument.self, from: Data(bytes)) else {
            throw CredentialsError.source(name, reason: "the answer has no AccessKeyId and SecretAccessKey")
        }
        var expiry: UnixTime?
        if let text = document.expiration {
            expiry = UnixTime(iso8601: text)
            guard expiry != nil else {
                throw CredentialsError.source(name, reason: "the answer's Expiration is no time in ISO 8601")
            }
        }
        return S3Credentials(
            accessKey: document.accessKeyID, secretKey: document.secretAccessKey, sessionToken: document.token,
            expiry: expiry)
    }
}
