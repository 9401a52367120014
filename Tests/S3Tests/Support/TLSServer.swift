import S3
import TestSupport

/// SeaweedFS with TLS of its own, whose certificate is for `localhost` and from an authority that no system knows.
struct TLSServer: Sendable {
    // A constant of a type is made when it is first used.
    private static let started = Task {
        let script = #"""
            set -e
            cd "$1"
            for name in authority stranger; do
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -keyout $name.key -out $name.pem
            done 2>openssl.log
            printf 'subjectAltName=DNS:localhost\n' >names
            openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr 2>>openssl.log
            openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
                -extfile names -out server.pem 2>>openssl.log
            printf '%s\n' '#!/bin/bash' "exec weed \"\$@\" -s3.port.https=$(($2 + 8)) -s3.cert.file=$1/server.pem \
                -s3.key.file=$1/server.key" >weed-tls
            chmod +x weed-tls
            . '\#(TestTools.root)/scripts/lib/s3-server.sh'
            WEED=$1/weed-tls
            set +e
            start_s3 "$1/s3" "$2" && echo ready && read -r _
            stop_s3
            rm -rf -- "$1"
            """#
        return try ServerProcess("weed with TLS", ports: 9, script: script)
    }

    /// Who signed the server's certificate, and who did not.
    enum Authority: String, Sendable, CaseIterable {
        case authority, stranger, none
    }

    private let process: ServerProcess

    /// Starts it, or takes the one that others have started.
    init() async throws { process = try await Self.started.value }

    /// Runs a test with a store.
    ///
    /// - Parameters:
    ///   - authority: Whose certificate the CA file has.
    ///   - host: What the server is called; its certificate is for `localhost`.
    ///   - body: The test.
    /// - Throws: What `body` throws.
    func withStore(
        trusting authority: Authority, host: String = "localhost", _ body: (S3ObjectStore) async throws -> Void
    ) async throws {
        let file = authority == .none ? nil : process.scratch("\(authority.rawValue).pem")
        let configuration = try S3Configuration(
            bucket: "secure", endpoint: "https://\(host):\(process.port + 8)", caFile: file)
        try await TestServer.withStore(configuration, StaticCredentials(TestServer.keys), body)
    }
}
