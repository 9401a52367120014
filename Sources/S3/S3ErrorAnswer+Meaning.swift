import ObjectStorage

extension S3ErrorAnswer {
    /// What to do about an answer.
    enum Remedy {
        case none
        /// Wait and send it again.
        case retry
        /// The server wants fewer requests.
        case slowDown
        /// Look the credentials up anew.
        case newCredentials
        /// Sign with the server's time.
        case newTime
        /// Leave out the checksums that this server does not know.
        case noChecksums
    }

    /// What may help (Amazon S3 API reference, "Error responses").
    var remedy: Remedy {
        switch code {
        case "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded":
            return .slowDown
        case "RequestTimeTooSkewed": return .newTime
        // The code and not 501 alone: that of a proxy says nothing about the server.
        case "NotImplemented": return .noChecksums
        case "ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidAccessKeyId", "SignatureDoesNotMatch",
            "InvalidClientTokenId":
            return .newCredentials
        case "RequestTimeout", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "OperationAborted",
            "ConditionalRequestConflict", "InternalError", "ServiceUnavailable":
            return .retry
        default: break
        }
        switch status {
        case 429: return .slowDown
        case 503: return retryAfter == nil ? .retry : .slowDown
        case 500, 502, 504: return .retry
        default: return .none
        }
    }

    /// What a caller can tell apart.
    var kind: ObjectStoreError.Kind {
        switch code {
        case "NoSuchBucket", "PermanentRedirect", "TemporaryRedirect", "InvalidBucketName": return .noSuchBucket
        case "NoSuchKey": return .notFound
        case "RequestTimeTooSkewed": return .clockSkew
        case "QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity", "NoSpace": return .noSpace
        case "EntityTooLarge", "KeyTooLongError": return .tooLarge
        case "BadDigest", "XAmzContentSHA256Mismatch": return .damaged
        case "NotImplemented": return .unsupported
        case "AuthorizationHeaderMalformed", "ExpiredToken", "InvalidToken": return .notAllowed
        case "PreconditionFailed", "ConditionalRequestConflict": return .conditionFailed
        default: break
        }
        switch remedy {
        case .slowDown: return .throttled
        case .newCredentials: return .notAllowed
        default: break
        }
        switch status {
        case 301, 307: return .noSuchBucket
        case 401, 403: return .notAllowed
        case 404: return .notFound
        case 412: return .conditionFailed
        case 416: return .invalidRange
        case 501: return .unsupported
        case 507: return .noSpace
        default: return .unavailable
        }
    }

    /// What an operator should look at.
    func advice(_ operation: S3Operation) -> String {
        switch code {
        case "AccessDenied": return "check that the credentials' policy allows \(operation.permission)"
        case "InvalidAccessKeyId", "InvalidClientTokenId": return "check the access key; the server does not know it"
        case "SignatureDoesNotMatch": return "check the secret key, and that no proxy changes requests"
        case "ExpiredToken", "ExpiredTokenException", "InvalidToken": return "check where the session token comes from"
        case "NoSuchBucket": return "check the bucket's name and the endpoint, or create the bucket"
        case "RequestTimeTooSkewed": return "set this machine's clock, and the server's"
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect":
            return region.map { "set the region to \($0)" } ?? "check the region and the endpoint"
        case "NotImplemented": return "this server lacks what was asked for"
        default: break
        }
        switch kind {
        case .notAllowed: return "check the credentials, and that their policy allows \(operation.permission)"
        case .noSuchBucket: return region.map { "set the region to \($0)" } ?? "check the bucket, region and endpoint"
        case .throttled: return "send less, or allow more on the server"
        case .noSpace: return "free space on the server, or raise the quota"
        case .damaged: return "check the network and its proxies: content was changed on its way"
        default: return "check the server's log"
        }
    }
}
