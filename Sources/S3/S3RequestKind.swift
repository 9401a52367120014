import NIOCore

/// What decides how long a request may take.
enum S3RequestKind: Sendable {
    /// One object, and few bytes either way until the answer's head: somebody may wait for it.
    case small
    /// Many bytes, or work for the server that grows with its objects.
    case large
    /// The server puts an object of many parts together, and may say nothing meanwhile.
    case completion

    /// Bytes of a body that get through within the 4 s that a push gives a small request at 8 KiB/s: large objects on their way may leave
    /// it no more of the line.
    static let smallBody = 32 << 10
}

extension S3Request {
    /// What decides how long it may take.
    var kind: S3RequestKind {
        switch operation {
        case .completeUpload: .completion
        case .uploadPart, .listObjects, .listUploads, .deleteObjects, .abortUpload: .large
        case .putObject: payload.bytes.readableBytes > S3RequestKind.smallBody ? .large : .small
        case .getObject, .headObject, .deleteObject, .createUpload: .small
        }
    }
}

extension S3Limits {
    /// How long a request may take.
    func patience(for request: S3Request) -> S3Patience {
        switch request.kind {
        case .small: small
        case .large: large
        case .completion: completion
        }
    }
}
