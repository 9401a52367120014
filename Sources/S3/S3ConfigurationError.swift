/// What is wrong with a setting.
package enum S3ConfigurationError: Error, Equatable {
    case bucket(String)
    case endpoint(String)
    case region(String)
    case prefix(String)
    case caFile(String, reason: String)
}

extension S3ConfigurationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bucket(let text):
            "\"\(text)\" is no bucket name: expected 3 to 63 lower-case letters, digits, \".\" and \"-\""
        case .endpoint(let text):
            "\"\(text)\" is no S3 endpoint: expected http:// or https://, a host, and a port if it is not the usual one"
        case .region(let text): "\"\(text)\" is no region: expected something like \"eu-central-1\""
        case .prefix(let text):
            "\"\(text)\" is no prefix for keys: expected something like \"slipway/production\", at most 200 bytes"
        case .caFile(let path, let reason): "the CA file \(path) is of no use: \(reason); expected certificates in PEM"
        }
    }
}
