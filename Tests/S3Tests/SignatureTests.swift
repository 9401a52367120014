import Crypto
import Testing

@testable import S3

/// The examples of the Amazon S3 API reference, "Signature Calculations for the Authorization Header" and
/// "Authenticating Requests: Using Query Parameters".
@Suite("SigV4, AWS's examples")
struct SignatureTests {
    private static let host = "examplebucket.s3.amazonaws.com"
    private let signer = SignatureV4(region: "us-east-1")
    private let credentials = S3Credentials(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    private let time = UnixTime(iso8601: "2013-05-24T00:00:00Z") ?? UnixTime(seconds: 0)

    private struct Example: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var method = "GET"
        var path = "/"
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body = ""
        let signedHeaders: String
        let signature: String
    }

    private static let examples = [
        Example(
            testDescription: "GET Object", path: "/test.txt", headers: [("Range", "bytes=0-9")],
            signedHeaders: "host;range;x-amz-content-sha256;x-amz-date",
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(
            testDescription: "PUT Object", method: "PUT", path: "/" + PercentEncoding.encode("test$file.text"),
            headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            body: "Welcome to Amazon S3.",
            signedHeaders: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Example(
            testDescription: "GET Bucket Lifecycle", query: [("lifecycle", "")],
            signedHeaders: "host;x-amz-content-sha256;x-amz-date",
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Example(
            testDescription: "GET Bucket (List Objects)", query: [("prefix", "J"), ("max-keys", "2")],
            signedHeaders: "host;x-amz-content-sha256;x-amz-date",
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    @Test("the Authorization header is that of the example", arguments: examples)
    private func header(example: Example) {
        let hash = SHA256.hash(data: Array(example.body.utf8)).hex
        let own = [("Host", Self.host), ("x-amz-date", "20130524T000000Z"), ("x-amz-content-sha256", hash)]
        let request = CanonicalRequest(
            method: example.method, path: example.path, query: example.query, headers: example.headers + own,
            payloadHash: hash)
        #expect(
            signer.authorization(for: request, credentials, at: time)
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=\(example.signedHeaders), Signature=\(example.signature)")
    }

    @Test("the presigned URL is that of the example")
    func presigned() throws {
        let endpoint = try S3Endpoint(
            "https://s3.amazonaws.com", region: "us-east-1", bucket: "examplebucket", pathStyle: false)
        let url = endpoint.presigned(
            "GET", "test.txt", region: "us-east-1", credentials, at: time, lifetime: 86_400)
        #expect(
            url == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    @Test("what is signed never has the secret in its description")
    func secret() {
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("wJalr") && text.contains("AKIA"))
        }
    }
}
