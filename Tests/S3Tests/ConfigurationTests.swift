import Testing

@testable import S3

@Suite("S3 configuration")
struct ConfigurationTests {
    @Test(
        "the address of an object",
        arguments: [
            // bucket, endpoint, region, path style, expected
            ("logs", nil, "eu-central-1", nil, "https://logs.s3.eu-central-1.amazonaws.com/a%2Bb/c"),
            ("logs", nil, "cn-north-1", nil, "https://logs.s3.cn-north-1.amazonaws.com.cn/a%2Bb/c"),
            ("logs", nil, "us-east-1", true, "https://s3.us-east-1.amazonaws.com/logs/a%2Bb/c"),
            ("my.logs", nil, "us-east-1", nil, "https://s3.us-east-1.amazonaws.com/my.logs/a%2Bb/c"),
            ("Old_Logs", nil, "us-east-1", nil, "https://s3.us-east-1.amazonaws.com/Old_Logs/a%2Bb/c"),
            ("logs", "http://127.0.0.1:9000", "x", nil, "http://127.0.0.1:9000/logs/a%2Bb/c"),
            ("logs", "http://127.0.0.1:9000/", "x", false, "http://logs.127.0.0.1:9000/a%2Bb/c"),
            ("logs", "HTTPS://S3.Example.org:443", "x", nil, "https://s3.example.org/logs/a%2Bb/c"),
            ("logs", "http://s3.example.org:80", "x", false, "http://logs.s3.example.org/a%2Bb/c"),
            ("logs", "https://s3.example.org:80", "x", nil, "https://s3.example.org:80/logs/a%2Bb/c"),
            ("logs", "http://[::1]:9000", "x", nil, "http://[::1]:9000/logs/a%2Bb/c"),
            ("logs", "http://[fd00::1]", "x", nil, "http://[fd00::1]/logs/a%2Bb/c"),
        ] as [(String, String?, String, Bool?, String)])
    func addresses(bucket: String, endpoint: String?, region: String, pathStyle: Bool?, url: String) throws {
        let made = try S3Configuration(bucket: bucket, endpoint: endpoint, region: region, pathStyle: pathStyle)
        #expect(made.endpoint.url(path: made.endpoint.path("a+b/c"), query: "") == url)
    }

    @Test(
        "endpoints that are none are refused",
        arguments: [
            "", "s3.example.org", "ftp://x", "http://", "http:///", "http://a/b", "http://a?b", "http://a#b",
            "http://user@a", "http://a:0", "http://a:65536", "http://a:b", "http://a b", "http://::1", "http://[::1",
            "http://a\r\nb", "http://é",
        ])
    func badEndpoints(text: String) {
        #expect(throws: S3ConfigurationError.endpoint(text)) { try S3Configuration(bucket: "logs", endpoint: text) }
    }

    @Test("bucket, region and prefix are checked, with words")
    func others() throws {
        for bucket in ["", "ab", "a/b", "a?b", "..x/", String(repeating: "a", count: 64), "a b"] {
            #expect(throws: S3ConfigurationError.bucket(bucket)) { try S3Configuration(bucket: bucket) }
        }
        for region in ["", "eu_1", "a.b", "EU", "a/b"] {
            #expect(throws: S3ConfigurationError.region(region)) {
                try S3Configuration(bucket: "logs", region: region)
            }
        }
        for prefix in ["/", "a//b", "/a", "..", "a b", String(repeating: "a", count: 201)] {
            #expect(throws: S3ConfigurationError.prefix(prefix)) {
                try S3Configuration(bucket: "logs", prefix: prefix)
            }
        }
        #expect(try S3Configuration(bucket: "logs", prefix: "a/b/").prefix == "a/b/")
        #expect(try S3Configuration(bucket: "logs", prefix: "a/b").prefix == "a/b/")
        #expect(try S3Configuration(bucket: "logs").prefix == "")
    }
}
