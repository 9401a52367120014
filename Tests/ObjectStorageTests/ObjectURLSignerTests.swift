import NIOPosix
import ObjectStorage
import StoreConformance
import TestSupport
import Testing

@Suite("Presigned URLs of the file system")
struct ObjectURLSignerTests {
    private static let secret = [UInt8](repeating: 7, count: 32)

    private struct Parts {
        var path: String
        var access: PresignedAccess?
        var expires: String
        var signature: String
    }

    private func parts(_ url: String) throws -> Parts {
        let pieces = url.split(separator: "?").map(String.init)
        try #require(pieces.count == 2)
        var values: [String: String] = [:]
        for pair in pieces[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            values[sides[0]] = sides[1]
        }
        return Parts(
            path: pieces[0], access: PresignedAccess(rawValue: values["access"] ?? ""),
            expires: values["expires"] ?? "", signature: values["signature"] ?? "")
    }

    @Test("a URL allows what it was made for, on its object, until it ends", arguments: PresignedAccess.allCases)
    func allows(access: PresignedAccess) throws {
        let signer = try ObjectURLSigner(base: "https://slipway.example.org/objects", secret: Self.secret)
        let key = try ObjectKey("apps/blog/a+b=c")
        let made = try parts(signer.url(access, key, for: .seconds(60)))
        #expect(made.path == "https://slipway.example.org/objects/apps/blog/a+b=c")
        #expect(made.access == access)
        #expect(signer.allows(access, key, expires: made.expires, signature: made.signature))

        let otherAccess: PresignedAccess = access == .get ? .put : .get
        #expect(!signer.allows(otherAccess, key, expires: made.expires, signature: made.signature))
        #expect(!signer.allows(access, try ObjectKey("apps/blog"), expires: made.expires, signature: made.signature))
        let later = String((Int64(made.expires) ?? 0) + 1)
        #expect(!signer.allows(access, key, expires: later, signature: made.signature))
        for odd in ["+\(made.expires)", "0\(made.expires)", " \(made.expires)", "", "x"] {
            #expect(!signer.allows(access, key, expires: odd, signature: made.signature))
        }
        for odd in ["", "00", made.signature.uppercased() + "0", String(made.signature.dropLast()) + "g"] {
            #expect(!signer.allows(access, key, expires: made.expires, signature: odd))
        }
        let stranger = try ObjectURLSigner(base: "", secret: [UInt8](repeating: 8, count: 32))
        #expect(!stranger.allows(access, key, expires: made.expires, signature: made.signature))
        let ended = try parts(signer.url(access, key, for: .zero))
        #expect(!signer.allows(access, key, expires: ended.expires, signature: ended.signature))
    }

    @Test("a secret that can be guessed is refused")
    func shortSecret() {
        #expect(throws: ObjectStoreError.self) { try ObjectURLSigner(base: "", secret: [1, 2, 3]) }
    }

    @Test("a store presigns when it knows its address, and says so when it does not")
    func store() async throws {
        let scratch = try TemporaryDirectory()
        let key = try ObjectKey("a")
        let signer = try ObjectURLSigner(base: "http://127.0.0.1:1", secret: Self.secret)
        let store = try FileObjectStore(root: scratch("one"), pool: .singleton, urls: signer)
        let made = try parts(await store.presign(.get, key, for: .seconds(60)))
        #expect(signer.allows(.get, key, expires: made.expires, signature: made.signature))
        let plain = try FileObjectStore(root: scratch("two"), pool: .singleton)
        let scope = ConformanceScope(store: plain, prefix: "x")
        await scope.expect(.unsupported) { _ = try await plain.presign(.get, key, for: .seconds(60)) }
    }
}
