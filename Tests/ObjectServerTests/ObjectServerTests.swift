import Logging
import NIOCore
import NIOPosix
import ObjectStorage
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import ObjectServer

/// A server over a directory, asked with curl.
@Suite("Objects over HTTP")
struct ObjectServerTests {
    private struct Setting {
        /// Not those of the store, for which clients wait.
        private static let clients: NIOThreadPool = {
            let pool = NIOThreadPool(numberOfThreads: 8)
            pool.start()
            return pool
        }()

        let directory: TemporaryDirectory
        let store: FileObjectStore
        let stranger: FileObjectStore
        let key: ObjectKey

        func curl(_ arguments: String...) async throws -> (status: String, body: String) {
            let output = directory("answer")
            // Off Swift's own threads, which the server needs.
            let result = try await Self.clients.runIfActive {
                try Tool.run(["curl", "-sS", "--max-time", "20", "-o", output, "-w", "%{http_code}"] + arguments)
            }
            return (result.text, (try? directory.read("answer")) ?? "")
        }

        func shell(_ script: String) async throws -> String {
            try await Self.clients.runIfActive { try Tool.run(["bash", "-c", script]).text }
        }
    }

    private func serving(
        maximumSize: Int64 = 1 << 30, maximumConnections: Int = 256, idleTimeout: TimeAmount = .seconds(20),
        _ body: @escaping @Sendable (Setting) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let port = Mutex<UInt16>(0)
        let secret = (0..<32).map { UInt8($0) }
        let start = try FileObjectStore(root: directory("store"), pool: .singleton)
        var server = ObjectServer(
            addresses: ["127.0.0.1"], port: 0, store: start,
            signer: try ObjectURLSigner(base: "", secret: secret), maximumSize: maximumSize,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            onListening: { bound in port.withLock { $0 = bound } })
        server.maximumConnections = maximumConnections
        server.idleTimeout = idleTimeout
        try await withThrowingTaskGroup(of: Void.self) { [server] group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await eventually("a port") { port.withLock { $0 } != 0 }
            let base = "http://127.0.0.1:\(port.withLock { $0 })/objects"
            func store(_ secret: [UInt8]) throws -> FileObjectStore {
                try FileObjectStore(
                    root: directory("store"), pool: .singleton, urls: try ObjectURLSigner(base: base, secret: secret))
            }
            try await body(
                Setting(
                    directory: directory, store: try store(secret), stranger: try store(secret.map { $0 ^ 1 }),
                    key: try ObjectKey("apps/blog/sources/a.tar.gz")))
        }
    }

    @Test("connections that ask for nothing, or for half of something, keep nobody out")
    func idleConnections() async throws {
        // They would stay for an hour, if nobody else came.
        try await serving(maximumConnections: 4, idleTimeout: .hours(1)) { at in
            let get = try await at.store.presign(.get, at.key, for: .seconds(3600))
            let port = try #require(get.firstMatch(of: /:(\d+)\//)?.1)
            let answers = try await at.shell(
                """
                for n in $(seq 20 31); do
                    eval "exec $n<>/dev/tcp/127.0.0.1/\(port)"
                    printf 'GET /objects/a HTTP/1.1\\r\\n' >&$n
                done
                for n in 1 2 3 4 5 6; do curl -s -o /dev/null -w '%{http_code} ' --max-time 60 '\(get)'; done
                """)
            #expect(answers == "404 404 404 404 404 404")
        }
    }

    @Test("an object goes out and comes in by signed URLs, whole and in parts")
    func roundTrip() async throws {
        try await serving { at in
            let content = String(repeating: "0123456789", count: 200_000)
            try at.directory.write(content, to: "upload")
            let put = try await at.store.presign(.put, at.key, for: .seconds(3600))
            #expect(try await at.curl("-T", at.directory("upload"), put).status == "200")
            #expect(try await at.store.head(at.key)?.size == 2_000_000)
            let get = try await at.store.presign(.get, at.key, for: .seconds(3600))
            let whole = try await at.curl(get)
            #expect(whole.status == "200" && whole.body == content)
            let part = try await at.curl("-r", "5-12", get)
            #expect(part.status == "206" && part.body == "56789012")
            #expect(try await at.curl("-r", "-3", get).body == "789")
            #expect(try await at.curl("-r", "1999998-", get).body == "89")
            #expect(try await at.curl("-r", "2000000-", get).status == "416")
            #expect(try await at.curl("-I", get).status == "200")
        }
    }

    @Test("a URL for reading does not write, one for another object or of another server opens nothing")
    func refusals() async throws {
        try await serving { at in
            try await at.store.put(at.key, bytes: [1, 2, 3])
            try at.directory.write("x", to: "upload")
            let upload = at.directory("upload")
            let get = try await at.store.presign(.get, at.key, for: .seconds(3600))
            let put = try await at.store.presign(.put, at.key, for: .seconds(3600))
            #expect(try await at.curl("-T", upload, get).status == "403")
            #expect(try await at.curl("-T", upload, get.replacing("access=GET", with: "access=PUT")).status == "403")
            #expect(try await at.curl(put).status == "403")
            #expect(try await at.curl(get.replacing("a.tar.gz", with: "b.tar.gz")).status == "403")
            #expect(
                try await at.curl("--path-as-is", get.replacing("a.tar.gz", with: "../sources/a.tar.gz")).status
                    == "403")
            #expect(try await at.curl(get + "0").status == "403")
            #expect(try await at.curl(get + "&x=1").status == "403")
            #expect(try await at.curl(String(get.prefix { $0 != "?" })).status == "403")
            #expect(try await at.curl(try await at.stranger.presign(.get, at.key, for: .seconds(3600))).status == "403")
            #expect(try await at.curl(try await at.store.presign(.get, at.key, for: .zero)).status == "403")
            #expect(try await at.curl("-X", "DELETE", get).status == "405")
            #expect(try await at.store.getAll(at.key, limit: 10) == [1, 2, 3])
            let missing = try await at.store.presign(.get, try ObjectKey("apps/none"), for: .seconds(3600))
            #expect(try await at.curl(missing).status == "404")
        }
    }

    @Test("more than the limit is not taken, announced or not, and nothing of it stays")
    func limit() async throws {
        try await serving(maximumSize: 1000) { at in
            try at.directory.write(String(repeating: "x", count: 1001), to: "upload")
            let put = try await at.store.presign(.put, at.key, for: .seconds(3600))
            #expect(try await at.curl("-T", at.directory("upload"), put).status == "413")
            let chunked = try await at.curl("-H", "Transfer-Encoding: chunked", "-T", at.directory("upload"), put)
            // It may still be sending when it is refused, and then see the connection end.
            #expect(["413", "000"].contains(chunked.status))
            #expect(try await at.store.head(at.key) == nil)
        }
    }

    @Test("what is not what its Content-MD5 says is refused, and nothing of it stays")
    func digest() async throws {
        try await serving { at in
            try at.directory.write("hello", to: "sent")
            let url = try await at.store.presign(.put, at.key, for: .seconds(60))
            // Of "hello", and of "hellx".
            for (digest, status) in [
                ("JgYKKVYv8mn4A2yJTDlrKA==", "400"), ("nonsense", "400"), ("XUFAKrxLKna5cZ2REBfFkg==", "200"),
            ] {
                let answer = try await at.curl("-T", at.directory("sent"), "-H", "Content-MD5: \(digest)", url)
                #expect(answer.status == status, "\(answer)")
                #expect(answer.body.hasPrefix("BadDigest") == (status == "400"), "\(answer)")
                #expect((try await at.store.head(at.key) != nil) == (status == "200"))
            }
        }
    }

    @Test("an upload that breaks off leaves nothing")
    func broken() async throws {
        try await serving { at in
            let put = try await at.store.presign(.put, at.key, for: .seconds(3600))
            try at.directory.write(String(repeating: "x", count: 5_000_000), to: "upload")
            // The client gives up in the middle: one megabyte a second, for one second.
            _ = try? await at.curl("--limit-rate", "1M", "--max-time", "1", "-T", at.directory("upload"), put)
            let retry = try await at.store.presign(.get, at.key, for: .seconds(3600))
            #expect(try await at.curl(retry).status == "404")
        }
    }

    @Test(
        "ranges are read as the RFC has them, and what is none is ignored",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=5-9", 5..<10), ("bytes=5-", 5..<Int64.max), ("bytes=-5", 95..<100),
            ("bytes=-500", 0..<100), ("bytes=9-5", nil), ("bytes=-0", nil), ("bytes=-", nil), ("bytes=a-b", nil),
            ("bytes=1-2,5-6", nil), ("items=1-2", nil), ("bytes=0-9223372036854775807", nil), ("bytes=+1-2", nil),
        ] as [(String, Range<Int64>?)])
    func ranges(field: String, range: Range<Int64>?) async throws {
        #expect(try await ByteRange.parse(field, size: { 100 }) == range)
    }
}
