import ObjectStorage

extension ObjectStoreError {
    /// Words for a failed call.
    ///
    /// - Parameters:
    ///   - failure: The call.
    ///   - call: Its name.
    ///   - operation: What was asked of the store.
    ///   - text: The key or prefix, as the store's user knows it.
    ///   - configuration: Where it went.
    init(
        _ failure: S3Failure, _ call: S3Operation, _ operation: Operation, _ text: String?,
        _ configuration: S3Configuration
    ) {
        let kind: Kind
        var words: String
        switch failure.cause {
        case .answer(let answer):
            kind = failure.mayPass ? .unavailable : answer.kind
            words = "\(answer.status)"
            if !answer.code.isEmpty { words += " \(answer.code)" }
            if !answer.message.isEmpty { words += " \"\(answer.message)\"" }
            if let id = answer.requestID { words += ", request id \(id)" }
            words += "; " + (failure.mayPass ? "puts have no checksums from now on" : answer.advice(call))
        case .transport(let problem):
            kind =
                switch problem {
                case .shutDown: .unavailable
                case .timedOut: .unresponsive
                case .notConnected, .notTrusted, .cut: .unreachable
                }
            words = "\(problem)"
            if case .notTrusted = problem {
                words += "; check the server's certificate, and that its authority is the system's or in s3.ca-file"
            } else if problem != .shutDown {
                words += "; check that \(configuration.endpoint.description) is the right endpoint and can be reached"
            }
        case .credentials(let error):
            kind = .noCredentials
            words = "\(error)"
        case .nonsense(let reason):
            kind = .unavailable
            words = "\(reason); check that \(configuration.endpoint.description) is an S3 endpoint"
        case .damaged(let reason):
            kind = .damaged
            words = reason
        }
        if failure.attempts > 1 { words += "; tried \(failure.attempts) times" }
        let place = text.map { ", key \(configuration.prefix)\($0)" } ?? ""
        self.init(
            kind, operation, text: text,
            detail: "bucket \(configuration.bucket)\(place), \(call.rawValue): \(words)")
    }
}
