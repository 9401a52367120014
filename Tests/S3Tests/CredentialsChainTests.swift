import Logging
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite("Credentials that end", .timeLimit(.minutes(5)))
struct CredentialsChainTests {
    /// Gives numbered credentials, waits when told to, or fails.
    private final class Scripted: CredentialsSource {
        let name = "the script"
        private let state = Mutex((loads: 0, lifetime: Int64?.none, isFailing: false, isHeld: false))

        init(lifetime: Int64?) { state.withLock { $0.lifetime = lifetime } }

        var loads: Int { state.withLock { $0.loads } }
        func set(lifetime: Int64?) { state.withLock { $0.lifetime = lifetime } }
        func set(isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }
        func set(isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

        func load() async throws -> S3Credentials? {
            let (number, lifetime, isFailing) = state.withLock { state in
                state.loads += 1
                return (state.loads, state.lifetime, state.isFailing)
            }
            while state.withLock({ $0.isHeld }) { try await Task.sleep(for: .milliseconds(2)) }
            if isFailing { throw CredentialsError.source(name, reason: "it fails") }
            return S3Credentials(
                accessKey: "\(number)", secretKey: "s", expiry: lifetime.map { UnixTime.now() + $0 })
        }
    }

    private func chain(_ source: Scripted, _ change: (inout CredentialsTiming) -> Void = { _ in }) -> CredentialsChain {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var timing = CredentialsTiming()
        timing.afterRefusal = .zero
        change(&timing)
        return CredentialsChain([source], timing: timing, logger: logger)
    }

    @Test("many who ask at once share one look-up")
    func singleFlight() async throws {
        let source = Scripted(lifetime: 3600)
        let chain = chain(source)
        source.set(isHeld: true)
        let all = Task {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await chain.credentials().accessKey } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
        }
        try await eventually("a look-up began") { source.loads == 1 }
        source.set(isHeld: false)
        #expect(try await all.value == ["1"])
        #expect(source.loads == 1)
        #expect(try await chain.credentials().accessKey == "1")
        #expect(source.loads == 1)
    }

    @Test("shortly before the end new ones are looked for in the background, and nobody waits")
    func ahead() async throws {
        let source = Scripted(lifetime: 200)
        let chain = chain(source)
        #expect(try await chain.credentials().accessKey == "1")
        source.set(isHeld: true)
        #expect(try await chain.credentials().accessKey == "1")
        try await eventually("a second look-up began") { source.loads == 2 }
        #expect(try await chain.credentials().accessKey == "1")
        source.set(lifetime: 3600)
        source.set(isHeld: false)
        try await eventually("the new ones are there") { try await chain.credentials().accessKey != "1" }
    }

    @Test("those that are about to end are not used; if there are no new ones, they are, until the end")
    func end() async throws {
        let source = Scripted(lifetime: 30)
        let chain = chain(source)
        #expect(try await chain.credentials().accessKey == "1")
        source.set(isFailing: true)
        #expect(try await chain.credentials().accessKey == "1")
        source.set(isFailing: false)
        try await eventually("new ones") { try await chain.credentials().accessKey != "1" }
    }

    @Test("those that have ended already are an error")
    func ended() async throws {
        let chain = chain(Scripted(lifetime: -1))
        await #expect(throws: CredentialsError.source("the script", reason: "they have expired already")) {
            try await chain.credentials()
        }
    }

    @Test("those that the server refused are replaced, once")
    func refused() async throws {
        let source = Scripted(lifetime: nil)
        let chain = chain(source)
        let first = try await chain.credentials()
        await chain.refused(S3Credentials(accessKey: "another", secretKey: "x"))
        #expect(try await chain.credentials() == first)
        await chain.refused(first)
        #expect(try await chain.credentials().accessKey == "2")
        // The slower of two requests tells of the same old ones.
        await chain.refused(first)
        #expect(try await chain.credentials().accessKey == "2")
        let patient = self.chain(source) { $0.afterRefusal = .seconds(3600) }
        let third = try await patient.credentials()
        await patient.refused(third)
        #expect(try await patient.credentials() == third)
    }

    @Test("those without an end are looked at again now and then")
    func recheck() async throws {
        let source = Scripted(lifetime: nil)
        let chain = chain(source) { $0.recheck = .milliseconds(1) }
        #expect(try await chain.credentials().accessKey == "1")
        try await eventually("rotated ones are noticed") { try await chain.credentials().accessKey != "1" }
        let lazy = self.chain(source)
        let first = try await lazy.credentials()
        #expect(try await lazy.credentials() == first)
    }

    @Test("for a URL that lives longer new ones are looked for, though not for each")
    func lasting() async throws {
        let source = Scripted(lifetime: 1000)
        let calm = chain(source) { $0.recheck = .seconds(3600) }
        #expect(try await calm.credentials(lasting: 900).accessKey == "1")
        #expect(try await calm.credentials(lasting: 3000).accessKey == "1")
        #expect(source.loads == 1)
        let chain = chain(source) { $0.recheck = .milliseconds(200) }
        let first = try await Self.number(of: chain.credentials(lasting: 900))
        source.set(lifetime: 3600)
        try await eventually("new ones") { try await Self.number(of: chain.credentials(lasting: 3000)) > first }
        let second = try await Self.number(of: chain.credentials())
        // A source that has none that last longer: what there is will do.
        try await eventually("another look-up") { try await Self.number(of: chain.credentials(lasting: 5000)) > second }
        source.set(isFailing: true)
        let (last, loads) = (try await chain.credentials(), source.loads)
        try await eventually("a look-up that fails") {
            let now = try await chain.credentials(lasting: 5000)
            #expect(now == last)
            return source.loads > loads
        }
        let lazy = self.chain(Scripted(lifetime: 1000))
        let known = try await lazy.credentials()
        #expect(try await lazy.credentials(lasting: 3000) == known)
    }

    /// The number of the look-up that brought them.
    private static func number(of credentials: S3Credentials) throws -> Int {
        try #require(Int(credentials.accessKey))
    }

    @Test("a look-up has a limit, and one who gives up does not end it for others")
    func limit() async throws {
        let source = Scripted(lifetime: nil)
        let chain = chain(source) { $0.limit = .milliseconds(300) }
        source.set(isHeld: true)
        await #expect(throws: CredentialsError.self) { try await chain.credentials() }
        source.set(isHeld: false)
        // Should this one, too, take too long, there is another.
        try await eventually("a look-up that ends") {
            let found = try? await chain.credentials()
            return found.map { $0.accessKey != "1" } ?? false
        }
    }
}
