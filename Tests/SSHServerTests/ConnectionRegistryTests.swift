import Metrics
import Testing

@testable import SSHServer

@Suite("Places for connections") struct ConnectionRegistryTests {
    private func registry(_ total: Int, _ unauthenticated: Int, _ perAddress: Int) -> ConnectionRegistry {
        ConnectionRegistry(
            limits: ConnectionLimits(
                maximumConnections: total, maximumUnauthenticated: unauthenticated, maximumPerAddress: perAddress),
            metrics: SSHServerMetrics(factory: NOOPMetricsHandler.instance, limit: total))
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
        func add() throws { tickets.append(try registry.admit(from: "a").get()) }
        for _ in 0..<9 { try add() }
        #expect(!registry.slots.isFull)
        try add()
        registry.authenticated(tickets[9])
        #expect(registry.slots == ConnectionSlots(count: 10, limit: 10, isFull: true, unauthenticated: 9))
        #expect(registry.slots.authenticated == 1)
        registry.remove(tickets.removeLast())
        #expect(registry.slots == ConnectionSlots(count: 9, limit: 10, isFull: true, unauthenticated: 9))
        registry.remove(tickets.removeLast())
        #expect(registry.slots == ConnectionSlots(count: 8, limit: 10, isFull: false, unauthenticated: 8))
        try add()
        #expect(!registry.slots.isFull)
    }
}
