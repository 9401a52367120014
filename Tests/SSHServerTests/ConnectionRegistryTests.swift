import Testing

@testable import SSHServer

@Suite("Places for connections") struct ConnectionRegistryTests {
    private func registry(_ total: Int, _ unauthenticated: Int, _ perAddress: Int) -> ConnectionRegistry {
        ConnectionRegistry(
            limits: ConnectionLimits(
                maximumConnections: total, maximumUnauthenticated: unauthenticated, maximumPerAddress: perAddress))
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
}
