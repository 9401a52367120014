import ObjectStorage
import Testing

@testable import S3

@Suite("ETags that look like MD5s and are none", .timeLimit(.minutes(5)))
struct ETagTests {
    private static let tag = "0123456789abcdef0123456789abcdef"

    @Test(
        "an object is not taken for stored, and the error names the setting; with that at off it is",
        arguments: [true, false])
    func put(isMD5: Bool) async throws {
        let answer = "HTTP/1.1 200 OK\r\nETag: \"\(Self.tag)\"\r\nContent-Length: 0\r\n\r\n"
        let proxy = try FaultProxy(to: try await TestServer.seaweedFS.port()) { _, line in
            line.hasPrefix("PUT") ? .answer(answer) : .none
        }
        var configuration = try S3Configuration(
            bucket: "faults", endpoint: "http://127.0.0.1:\(proxy.port)", limits: FaultScope.limits)
        configuration.etagIsMD5 = isMD5
        try await TestServer.withStore(configuration, StaticCredentials(TestServer.keys)) { store in
            let key = try ObjectKey("faults/etag")
            if isMD5 {
                await FaultScope.expect(.damaged, detail: [Self.tag, "s3.etag-is-md5"]) {
                    try await store.put(key, bytes: [1, 2, 3])
                }
            } else {
                let put = try await store.put(key, bytes: [1, 2, 3])
                #expect(put.etag == Self.tag)
            }
        }
    }
}
