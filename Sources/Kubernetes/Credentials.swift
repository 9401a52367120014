/// What one request logs in with.
struct Credentials: Sendable, Equatable {
    let token: String?
    let certificate: ClientCertificate?

    /// Logs in with one of them, with both, or with none.
    init(token: String? = nil, certificate: ClientCertificate? = nil) {
        self.token = token
        self.certificate = certificate
    }
}
