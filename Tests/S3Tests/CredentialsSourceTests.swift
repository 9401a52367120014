import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite("Where credentials come from", .timeLimit(.minutes(5)))
struct CredentialsSourceTests {
    private static let document = """
        {"AccessKeyId": "AKIA1", "SecretAccessKey": "s1", "Token": "t1", "Expiration": "2099-01-02T03:04:05Z",
        "Code": "Success"}
        """
    private static let found = S3Credentials(
        accessKey: "AKIA1", secretKey: "s1", sessionToken: "t1", expiry: UnixTime(iso8601: "2099-01-02T03:04:05Z"))

    private func withFetcher<Success>(_ body: (CredentialsFetcher) async throws -> Success) async throws -> Success {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            try await body(CredentialsFetcher(http: http))
        }
    }

    private func load(
        _ server: StubServer?, _ make: (CredentialsFetcher) -> any CredentialsSource
    ) async throws -> S3Credentials? {
        let found = try await withFetcher { fetcher in try await make(fetcher).load() }
        await server?.stop()
        return found
    }

    private func expectReason(_ words: String, _ work: () async throws -> S3Credentials?) async {
        do {
            let found = try await work()
            Issue.record("expected an error, not \(String(describing: found))")
        } catch let error as CredentialsError {
            #expect("\(error)".contains(words), "\(error)")
            #expect(!"\(error)".contains("s1") && !"\(error)".contains("SESAME"))
        } catch {
            Issue.record("expected another error than \(error)")
        }
    }

    @Test("the environment has them, with or without a session token, or half of them")
    func environment() async throws {
        #expect(try await EnvironmentSource([:]).load() == nil)
        var variables = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": ""]
        #expect(try await EnvironmentSource(variables).load() == S3Credentials(accessKey: "a", secretKey: "b"))
        variables["AWS_SESSION_TOKEN"] = "c"
        let found = try await EnvironmentSource(variables).load()
        #expect(found == S3Credentials(accessKey: "a", secretKey: "b", sessionToken: "c"))
        variables["AWS_SECRET_ACCESS_KEY"] = nil
        await expectReason("only one of the two") { try await EnvironmentSource(variables).load() }
    }

    @Test("mounted files have them, are read anew, and are missed by name")
    func files() async throws {
        let scratch = try TemporaryDirectory()
        let source = MountedFilesSource(
            CredentialsFiles(accessKey: scratch("id"), secretKey: scratch("key"), sessionToken: scratch("token")))
        await expectReason("id is missing or empty") { try await source.load() }
        for (name, text) in [("id", "a\n"), ("key", " b \n"), ("token", "c")] { try scratch.write(text, to: name) }
        #expect(try await source.load() == S3Credentials(accessKey: "a", secretKey: "b", sessionToken: "c"))
        try scratch.write("a2", to: "id")
        #expect(try await source.load()?.accessKey == "a2")
        // A rotation may bring a session token, or keys that have none.
        try FileManager.default.removeItem(atPath: scratch("token"))
        #expect(try await source.load() == S3Credentials(accessKey: "a2", secretKey: "b"))
        try scratch.write("\n", to: "key")
        await expectReason("key is missing or empty") { try await source.load() }
    }

    @Test("the shared files have them, by profile, and what is not supported is said")
    func sharedFiles() async throws {
        let scratch = try TemporaryDirectory()
        var variables = ["HOME": scratch.path]
        #expect(try await SharedFileSource(variables).load() == nil)
        let profile = """
            # comment
            [default]
            aws_access_key_id = a ; of the default
            AWS_SECRET_ACCESS_KEY=b=c/d+#e
            s3 =
              addressing_style = path
              aws_access_key_id = wrong
            [ other ]
            aws_access_key_id=x
            aws_secret_access_key=y
            aws_session_token=z

            [sso]
            region=eu-central-1
            """
        try scratch.write(profile, to: "credentials")
        try scratch.write(
            """
            [profile sso]
            sso_session = corp
            [profile inconfig]
            aws_access_key_id=p
            aws_secret_access_key=q
            """, to: "config")
        variables["AWS_SHARED_CREDENTIALS_FILE"] = scratch("credentials")
        variables["AWS_CONFIG_FILE"] = scratch("config")
        #expect(
            try await SharedFileSource(variables).load() == S3Credentials(accessKey: "a", secretKey: "b=c/d+#e"))
        variables["AWS_PROFILE"] = "other"
        let other = S3Credentials(accessKey: "x", secretKey: "y", sessionToken: "z")
        #expect(try await SharedFileSource(variables).load() == other)
        variables["AWS_PROFILE"] = "inconfig"
        #expect(try await SharedFileSource(variables).load() == S3Credentials(accessKey: "p", secretKey: "q"))
        variables["AWS_PROFILE"] = "sso"
        await expectReason("sso_session is not supported") { try await SharedFileSource(variables).load() }
        variables["AWS_PROFILE"] = "none"
        await expectReason("no such profile") { try await SharedFileSource(variables).load() }
    }

    @Test("a web identity token is changed for credentials at STS, on both a stub and moto")
    func webIdentity() async throws {
        let scratch = try TemporaryDirectory()
        try scratch.write("SESAME+/=\n", to: "token")
        let seen = Mutex<[String]>([])
        let server = try await StubServer { request in
            let isFirst = seen.withLock { seen in
                seen.append("\(request.method) \(request.uri) \(request.body)")
                return seen.count == 1
            }
            if isFirst { return (503, "") }
            return (
                200,
                """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>AKIA1</AccessKeyId><SecretAccessKey>s1</SecretAccessKey>
                <SessionToken>t1</SessionToken><Expiration>2099-01-02T03:04:05Z</Expiration></Credentials>
                </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """
            )
        }
        var variables = ["AWS_WEB_IDENTITY_TOKEN_FILE": scratch("token"), "AWS_ENDPOINT_URL_STS": server.url]
        await expectReason("AWS_ROLE_ARN") {
            try await load(nil) { WebIdentitySource(variables, region: "us-east-1", fetcher: $0) }
        }
        variables["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/slipway"
        let found = try await load(server) { WebIdentitySource(variables, region: "us-east-1", fetcher: $0) }
        #expect(found == Self.found)
        #expect(
            seen.withLock { $0 }.last == "POST / Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fslipway&RoleSessionName=slipway"
                + "&WebIdentityToken=SESAME%2B%2F%3D")

        variables["AWS_ENDPOINT_URL_STS"] = try await TestServer.moto.endpoint()
        let real = try await load(nil) { WebIdentitySource(variables, region: "us-east-1", fetcher: $0) }
        #expect(real?.sessionToken != nil && (real?.expiry).map { $0 > UnixTime.now() } == true)

        let refusing = try await StubServer { _ in
            (403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>SESAME</Message></Error></ErrorResponse>")
        }
        variables["AWS_ENDPOINT_URL_STS"] = refusing.url
        await expectReason("403 AccessDenied") {
            try await load(refusing) { WebIdentitySource(variables, region: "us-east-1", fetcher: $0) }
        }
        variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = nil
        #expect(try await load(nil) { WebIdentitySource(variables, region: "x", fetcher: $0) } == nil)
    }

    @Test("a container's agent gives them to who has its token")
    func container() async throws {
        let scratch = try TemporaryDirectory()
        try scratch.write("SESAME\n", to: "token")
        let server = try await StubServer { request in
            guard request.uri == "/v1/credentials", request.headers.first(name: "authorization") == "SESAME" else {
                return (401, "")
            }
            return (200, Self.document)
        }
        var variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v1/credentials"]
        await expectReason("it answered 401") { try await load(nil) { ContainerSource(variables, fetcher: $0) } }
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "SESAME"
        #expect(try await load(nil) { ContainerSource(variables, fetcher: $0) } == Self.found)
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = scratch("token")
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "wrong"
        #expect(try await load(server) { ContainerSource(variables, fetcher: $0) } == Self.found)
        #expect(try await load(nil) { ContainerSource([:], fetcher: $0) } == nil)
    }

    @Test(
        "a container's token is not sent just anywhere",
        arguments: [
            "http://example.org/", "http://169.254.170.2.example.org/", "http://127.0.0.1@example.org/",
            "http://127.0.0.1.example.org/", "http://0x7f.0.0.1/", "ftp://localhost/", "http://[::2]/", "localhost", "",
        ])
    func unsafeContainer(url: String) async throws {
        let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "SESAME"]
        if url.isEmpty {
            #expect(try await load(nil) { ContainerSource(variables, fetcher: $0) } == nil)
        } else {
            await expectReason("neither https nor") { try await load(nil) { ContainerSource(variables, fetcher: $0) } }
        }
    }

    @Test("a machine at AWS gives its role's by IMDSv2; elsewhere there are none, and that is soon known")
    func instance() async throws {
        let server = try await StubServer { request in
            if request.method == "PUT", request.uri == "/latest/api/token",
                request.headers.contains(name: "x-aws-ec2-metadata-token-ttl-seconds")
            {
                return (200, "session")
            }
            guard request.headers.first(name: "x-aws-ec2-metadata-token") == "session" else { return (401, "") }
            switch request.uri {
            case "/latest/meta-data/iam/security-credentials/": return (200, "my-role")
            case "/latest/meta-data/iam/security-credentials/my-role": return (200, Self.document)
            default: return (404, "")
            }
        }
        var variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"]
        #expect(try await load(server) { InstanceSource(variables, fetcher: $0) } == Self.found)
        variables["AWS_EC2_METADATA_DISABLED"] = "TRUE"
        #expect(try await load(nil) { InstanceSource(variables, fetcher: $0) } == nil)
        let silent = try await StubServer { _ in nil }
        let port = ClosedPort()
        for url in ["http://127.0.0.1:\(port.number)", silent.url] {
            let other = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": url]
            #expect(try await load(nil) { InstanceSource(other, fetcher: $0) } == nil)
        }
        await silent.stop()
        withExtendedLifetime(port) {}
    }

    @Test("the chain takes the first that has some, and names all when none has")
    func chain() async throws {
        let scratch = try TemporaryDirectory()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await withFetcher { [logger] fetcher in
            var variables = ["HOME": scratch.path, "AWS_EC2_METADATA_DISABLED": "true"]
            func chain() -> CredentialsChain {
                CredentialsChain(environment: variables, region: "us-east-1", http: fetcher.http, logger: logger)
            }
            await expectReason("AWS_ACCESS_KEY_ID") { try await chain().credentials() }
            await expectReason("IMDSv2") { try await chain().credentials() }
            variables["AWS_ACCESS_KEY_ID"] = "a"
            variables["AWS_SECRET_ACCESS_KEY"] = "b"
            let found = try await chain().credentials()
            #expect(found.accessKey == "a")
        }
    }
}
