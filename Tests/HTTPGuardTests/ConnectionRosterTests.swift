import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPGuard

@Suite("Rosters of connections") struct ConnectionRosterTests {
    private func channel(in roster: ConnectionRoster) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        roster.add(channel)
        return channel
    }

    @Test("a connection too many costs the oldest idle one, never a busy one or itself")
    func oldestIdle() throws {
        let roster = ConnectionRoster(limit: 2, closesBusy: false)
        let busy = try channel(in: roster)
        roster.note(busy, isBusy: true)
        let idle = try channel(in: roster)
        let new = try channel(in: roster)
        roster.closeSurplus(but: new)
        #expect(busy.isActive && !idle.isActive && new.isActive)
        #expect(roster.count == 2 && roster.hasRoom)
        roster.note(new, isBusy: true)
        #expect(!roster.hasRoom)
        roster.note(busy, isBusy: false)
        #expect(roster.hasRoom)
    }

    @Test("where all are busy, nobody has to go unless the port is for probes", arguments: [false, true])
    func allBusy(closesBusy: Bool) throws {
        let roster = ConnectionRoster(limit: 2, closesBusy: closesBusy)
        let channels = try (0..<3).map { _ in
            let channel = try channel(in: roster)
            roster.note(channel, isBusy: true)
            return channel
        }
        roster.closeSurplus(but: channels[2])
        #expect(channels.map(\.isActive) == [!closesBusy, true, true])
        #expect(roster.hasRoom == closesBusy)
    }

    @Test("one that ended by itself has no place any more")
    func ended() throws {
        let roster = ConnectionRoster(limit: 1, closesBusy: false)
        let channel = try channel(in: roster)
        #expect(roster.count == 1)
        _ = try channel.finish()
        #expect(roster.count == 0)
        roster.note(channel, isBusy: true)
        #expect(roster.count == 0)
    }

    @Test("one that came just now is not closed for want of descriptors: it may be about to ask")
    func young() throws {
        let roster = ConnectionRoster(limit: 9, closesBusy: false)
        let before = NIODeadline.now()
        let channel = try channel(in: roster)
        #expect(!roster.closeOldestIdle(at: before + .milliseconds(200)))
        #expect(channel.isActive)
        #expect(roster.closeOldestIdle(at: .now() + .milliseconds(201)))
    }
}
