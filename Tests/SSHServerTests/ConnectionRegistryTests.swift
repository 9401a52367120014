import Health
import Metrics
import Synchronization
import Testing

@testable import SSHServer

@Suite("Places for connections") struct ConnectionRegistryTests {
    /// How far the registry's clock is ahead of the real one.
    private final class Clock: Sendable {
        private let ahead = Mutex(Duration.zero)
        func withLock<Result>(_ body: (Duration) -> Result) -> Result { ahead.withLock { body($0) } }
        func advance(by time: Duration) { ahead.withLock { $0 += time } }
    }

    private let clock = Clock()

    private func registry(_ total: Int, _ unauthenticated: Int, _ perAddress: Int) -> ConnectionRegistry {
        let limits = ConnectionLimits(
            maximumConnections: total, maximumUnauthenticated: unauthenticated, maximumPerAddress: perAddress)
        return ConnectionRegistry(
            limits: limits,
            metrics: SSHServerMetrics(factory: NOOPMetricsHandler.instance, limits: limits),
            now: { .now + clock.withLock { $0 } })
    }

    @Test("a place is given back once, however often it is said")
    func remove() throws {
        let registry = registry(2, 100, 100)
        let first = try registry.admit(from: "a").get()
        _ = try registry.admit(from: "a").get()
        #expect(throws: ConnectionRefused(reason: .connections)) { try registry.admit(from: "a").get() }
        registry.remove(first)
        registry.remove(first)
        #expect(registry.count == 1)
        _ = try registry.admit(from: "a").get()
        #expect(throws: ConnectionRefused(reason: .connections)) { try registry.admit(from: "a").get() }
    }

    @Test("a login frees a place for those who have not logged in, once")
    func authenticated() throws {
        let registry = registry(100, 1, 100)
        let first = try registry.admit(from: "a").get()
        #expect(throws: ConnectionRefused(reason: .unauthenticated)) { try registry.admit(from: "b").get() }
        registry.authenticated(first)
        registry.authenticated(first)
        let second = try registry.admit(from: "b").get()
        #expect(throws: ConnectionRefused(reason: .unauthenticated)) { try registry.admit(from: "c").get() }
        registry.remove(first)
        registry.authenticated(first)
        #expect(throws: ConnectionRefused(reason: .unauthenticated)) { try registry.admit(from: "c").get() }
        registry.remove(second)
        _ = try registry.admit(from: "c").get()
    }

    @Test("addresses are counted one by one")
    func addresses() throws {
        let registry = registry(100, 100, 2)
        let tickets = try [registry.admit(from: "a").get(), registry.admit(from: "a").get()]
        #expect(throws: ConnectionRefused(reason: .address)) { try registry.admit(from: "a").get() }
        _ = try registry.admit(from: "b").get()
        for ticket in tickets { registry.remove(ticket) }
        _ = try registry.admit(from: "a").get()
    }

    @Test("threads that come and go at once leave nothing behind")
    func stress() async throws {
        let registry = registry(8, 8, 8)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask {
                    for _ in 0..<500 {
                        guard let ticket = try? registry.admit(from: "\(number % 3)").get() else { continue }
                        registry.authenticated(ticket)
                        registry.remove(ticket)
                    }
                }
            }
        }
        #expect(registry.count == 0)
        for _ in 0..<4 { _ = try registry.admit(from: "0").get() }
    }

    @Test("a full server counts as full until a fifth of its places is free")
    func saturation() throws {
        let registry = registry(10, 100, 100)
        var tickets: [ConnectionRegistry.Ticket] = []
        func slots(_ count: Int, isFull: Bool, unauthenticated: Int) -> ConnectionSlots {
            ConnectionSlots(
                count: count, limit: 10, isFull: isFull, unauthenticated: unauthenticated,
                loginPlaces: LoginPlacesReading(count: unauthenticated, limit: 100, isFull: false),
                lacksDescriptors: false)
        }
        func add() throws { tickets.append(try registry.admit(from: "a").get()) }
        for _ in 0..<9 { try add() }
        #expect(!registry.slots.isFull)
        try add()
        registry.authenticated(tickets[9])
        #expect(registry.slots == slots(10, isFull: true, unauthenticated: 9))
        #expect(registry.slots.authenticated == 1)
        registry.remove(tickets.removeLast())
        #expect(registry.slots == slots(9, isFull: true, unauthenticated: 9))
        registry.remove(tickets.removeLast())
        #expect(registry.slots == slots(8, isFull: false, unauthenticated: 8))
        try add()
        #expect(!registry.slots.isFull)
    }

    @Test("who takes too long to log in goes for a newcomer, is told so once, and keeps no place")
    func oustsTheOldest() throws {
        let registry = registry(100, 2, 100)
        let ousted = Mutex<[String]>([])
        let first = try registry.admit(from: "a").get()
        registry.isSetUp(first) { ousted.withLock { $0.append("first") } }
        clock.advance(by: .milliseconds(1))
        let second = try registry.admit(from: "b").get()
        registry.isSetUp(second) { ousted.withLock { $0.append("second") } }
        #expect(registry.slots.loginPlaces.isFull)
        #expect(throws: ConnectionRefused(reason: .unauthenticated)) { try registry.admit(from: "c").get() }
        clock.advance(by: LoginPlaces.protectedTime)
        #expect(!registry.slots.loginPlaces.isFull)
        _ = try registry.admit(from: "c").get()
        #expect(ousted.withLock { $0 } == ["first"])
        // Until it has ended it is a connection still.
        #expect(registry.slots.count == 3 && registry.slots.unauthenticated == 3)
        registry.remove(first)
        #expect(registry.slots.count == 2 && registry.slots.unauthenticated == 2)
        _ = try registry.admit(from: "d").get()
        #expect(ousted.withLock { $0 } == ["first", "second"])
    }

    @Test("who is to go before anybody knows how, goes as soon as that is known")
    func oustsLate() throws {
        let registry = registry(100, 1, 100)
        let first = try registry.admit(from: "a").get()
        clock.advance(by: LoginPlaces.protectedTime)
        _ = try registry.admit(from: "b").get()
        let count = Mutex(0)
        registry.isSetUp(first) { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 1)
    }

    @Test("who has logged in is never the one to go")
    func keepsUsers() throws {
        let registry = registry(100, 1, 100)
        let user = try registry.admit(from: "a").get()
        registry.isSetUp(user) { Issue.record("a user was put out") }
        registry.authenticated(user)
        for number in 0..<20 {
            clock.advance(by: LoginPlaces.protectedTime)
            _ = try registry.admit(from: "b\(number)").get()
        }
    }

    @Test("those that are not set up yet are known, until they are or end")
    func pending() throws {
        let registry = registry(100, 100, 100)
        let tickets = try (0..<3).map { _ in try registry.admit(from: "a").get() }
        #expect(registry.pending == 3)
        registry.isSetUp(tickets[0]) {}
        registry.isSetUp(tickets[0]) {}
        #expect(registry.pending == 2)
        for ticket in tickets { registry.remove(ticket) }
        #expect(registry.pending == 0)
    }

    @Test("without descriptors nobody gets in, and nobody goes")
    func lacksDescriptors() throws {
        let registry = registry(100, 1, 100)
        let first = try registry.admit(from: "a").get()
        registry.isSetUp(first) { Issue.record("somebody was put out for nothing") }
        clock.advance(by: LoginPlaces.protectedTime)
        #expect(throws: ConnectionRefused(reason: .descriptors)) {
            try registry.admit(from: "b", lacksDescriptors: true).get()
        }
        // It is told for a while, because readiness must not waver with each descriptor that is closed.
        #expect(registry.slots.reading.problem == "this builder is out of file descriptors")
        clock.advance(by: ConnectionRegistry.shortageLasts)
        #expect(registry.slots.reading.problem == nil)
    }
}
