/// Why there are no credentials.
package enum CredentialsError: Error, Equatable {
    /// No source has any.
    case nothingFound(tried: [String])
    /// A source that is set up does not give any.
    case source(String, reason: String)
}

extension CredentialsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothingFound(let tried):
            "no credentials for S3 were found; looked for " + tried.joined(separator: ", ")
                + "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role"
        case .source(let name, let reason): "no credentials from \(name): \(reason)"
        }
    }
}
