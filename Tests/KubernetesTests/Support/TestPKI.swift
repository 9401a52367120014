import TestSupport

/// Certificates of a test's own, made by openssl.
struct TestPKI: Sendable {
    let authorityName = "test-ca.pem"
    let certificateName = "test-crt.pem"
    let keyName = "test-key.pem"
    private let directory: TemporaryDirectory

    var authority: String { directory(authorityName) }
    var certificate: String { directory(certificateName) }
    var key: String { directory(keyName) }

    /// Makes an authority, and a certificate that it did not sign: tests that read files need no more.
    init(in directory: TemporaryDirectory) throws {
        self.directory = directory
        for (certificate, key) in [(authorityName, "test-ca-key.pem"), (certificateName, keyName)] {
            let result = try Tool.run(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=test", "-days", "2", "-keyout", key, "-out", certificate,
                ], in: directory.path)
            guard result.status == 0 else { throw MissingCluster(reason: "openssl failed: \(result.errors)") }
        }
    }
}
