import SystemCalls
import TestSupport
import Testing

@testable import Access

@Suite("Access file watch")
struct AccessFileWatchTests {
    private let directory: TemporaryDirectory
    private let first: FileIdentity
    private let second: FileIdentity
    private let third: FileIdentity

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["1", "2", "3"] { try directory.write(name, to: name) }
        first = try FileIdentity.of(path: directory("1"))
        second = try FileIdentity.of(path: directory("2"))
        third = try FileIdentity.of(path: directory("3"))
    }

    @Test("an unchanged file asks for nothing")
    func unchanged() {
        var watch = AccessFileWatch(loaded: first)
        #expect(watch.observe(.found(first)) == .nothing)
    }

    @Test("a change is read when two looks agree, and only once")
    func settles() {
        var watch = AccessFileWatch(loaded: first)
        #expect(watch.observe(.found(second)) == .settle)
        #expect(watch.observe(.found(third)) == .settle)
        #expect(watch.observe(.found(third)) == .read)
        #expect(watch.observe(.found(third)) == .nothing)
    }

    @Test("a missing file is reported once, and read when it is back unchanged")
    func missing() {
        var watch = AccessFileWatch(loaded: first)
        let error = SystemCallError(call: "stat", code: 2)
        #expect(watch.observe(.missing(error)) == .reportMissing(error))
        #expect(watch.observe(.missing(error)) == .nothing)
        #expect(watch.observe(.found(first)) == .settle)
        #expect(watch.observe(.found(first)) == .read)
    }

    @Test("a change that is gone at the next look is forgotten")
    func flicker() {
        var watch = AccessFileWatch(loaded: first)
        #expect(watch.observe(.found(second)) == .settle)
        #expect(watch.observe(.found(first)) == .nothing)
        #expect(watch.observe(.found(second)) == .settle)
    }
}
