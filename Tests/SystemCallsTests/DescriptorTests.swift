import Glibc
import Testing

@testable import SystemCalls

@Suite("Descriptors of the process") struct DescriptorTests {
    @Test(
        "an eighth is kept back, within bounds",
        arguments: [(128, 24), (192, 24), (256, 32), (1024, 128), (1_048_576, 256)])
    func headroom(limit: Int, expected: Int) {
        #expect(Descriptors.headroom(of: limit) == expected)
    }

    @Test("the limit is the soft one")
    func limit() {
        var limit = rlimit()
        let code = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(code == 0 && Descriptors.limit == Int(clamping: limit.rlim_cur))
    }

    @Test("there is room for a child where there are descriptors, however often")
    func room() throws {
        for _ in 0..<1000 {
            let room = try DescriptorRoom()
            room.giveBack()
            room.giveBack()
        }
        // Given back with the object, too, or this would be more than there are.
        for _ in 0..<1000 { _ = try DescriptorRoom() }
        #expect(!Descriptors.areScarce())
    }

    @Test("more than there can be is a shortage, in words")
    func shortage() async {
        // In a process of its own: for a moment nobody else would get any.
        await #expect(processExitsWith: .success) {
            // Where there may be a thousand million, they would all be tried.
            var limit = rlimit()
            _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = 256
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let error = #expect(throws: DescriptorShortage.self) {
                try DescriptorRoom(for: Descriptors.limit + 1)
            }
            #expect(error.map { "\($0)" } == "this builder is out of file descriptors")
            _ = try DescriptorRoom()
        }
    }

    @Test("they are scarce when only those are left that are kept back")
    func scarce() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit()
            _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = 256
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var opened: [OwnedNumber] = []
            while !Descriptors.areScarce() { opened.append(OwnedNumber(dup(0))) }
            // 256 less the 32 that are kept back; numbers begin at 0. The process's other threads may have one or another for a moment.
            let last = try #require(opened.last).number
            #expect((220...223).contains(last))
            opened.removeLast(8)
            #expect(!Descriptors.areScarce() && Descriptors.areScarce(besides: 8))
        }
    }

    @Test("a spare is given up once, and taken again")
    func spare() {
        let spare = SpareDescriptor()
        #expect(spare.release())
        #expect(!spare.release())
        #expect(spare.restore() && spare.restore())
        #expect(spare.release())
    }
}

/// A descriptor that is closed with this object.
private final class OwnedNumber {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { close(number) }
}
