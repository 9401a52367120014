import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("Owned descriptors")
struct OwnedDescriptorTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("a descriptor is closed with its owner, and is not inherited by children before")
    func closes() throws {
        var pair: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let isMade = unsafe socketpair(AF_UNIX, type, 0, &pair) == 0
        try #require(isMade)
        let reader = OwnedDescriptor(pair[0])
        do {
            let writer = OwnedDescriptor(pair[1])
            try writer.write([1, 2, 3])
        }
        #expect(try reader.read(upTo: 8) == [1, 2, 3])
        // The end of input comes only when nobody holds the other side; a child that another test is starting may, until its exec.
        var end = pollfd(fd: reader.raw, events: Int16(POLLIN), revents: 0)
        try #require(unsafe poll(&end, 1, 60_000) == 1)
        #expect(try reader.read(upTo: 8).isEmpty)
        let file = try OwnedDescriptor.open(path: directory.path, flags: O_RDONLY | O_DIRECTORY)
        #expect(fcntl(file.raw, F_GETFD) == FD_CLOEXEC)
    }

    @Test("what is written is read, from the start and from any place")
    func content() throws {
        let bytes = (0..<300_000).map { UInt8($0 % 251) }
        let file = try OwnedDescriptor.open(path: directory("file"), flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        try file.write(bytes)
        try file.synchronize()
        #expect(try file.status().st_size == 300_000)
        #expect(try file.read(upTo: 10, at: 251) == Array(0..<10))
        #expect(try file.read(upTo: 10, at: 299_995).count == 5)
        #expect(try file.read(upTo: 10).isEmpty, "reading from a place moves nothing")
    }

    @Test("a link as the last component is followed at a path and refused in a directory")
    func links() throws {
        try directory.write("secret", to: "target")
        try #require(unsafe symlink("target", directory("link")) == 0)
        #expect(try OwnedDescriptor.open(path: directory("link"), flags: O_RDONLY).read(upTo: 9).count == 6)
        let parent = try OwnedDescriptor.open(path: directory.path, flags: O_RDONLY | O_DIRECTORY)
        #expect(throws: SystemCallError(call: "openat", code: ELOOP)) {
            _ = try OwnedDescriptor.open("link", in: parent, flags: O_RDONLY)
        }
        #expect(throws: SystemCallError(call: "openat", code: ELOOP)) {
            _ = try OwnedDescriptor.open("link".utf8, in: parent.raw, flags: O_RDONLY)
        }
    }

    @Test("a directory is made where it is missing; a link or a file in its place is told apart")
    func directories() throws {
        try directory.write("", to: "file")
        try #require(unsafe symlink("file", directory("link")) == 0)
        let parent = try OwnedDescriptor.open(path: directory.path, flags: O_RDONLY | O_DIRECTORY)
        func failure(_ name: String) -> Int32? {
            do throws(SystemCallError) {
                _ = try OwnedDescriptor.directory(name, in: parent, creating: false)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(failure("new") == ENOENT)
        _ = try OwnedDescriptor.directory("new", in: parent, creating: true)
        #expect(failure("new") == nil)
        #expect(failure("file") == ENOTDIR)
        #expect(failure("link") == ELOOP)
    }

    @Test("of two open files one has the lock, until it lets go")
    func lock() throws {
        let first = try OwnedDescriptor.open(path: directory("lock"), flags: O_RDWR | O_CREAT, mode: 0o600)
        let second = try OwnedDescriptor.open(path: directory("lock"), flags: O_RDWR)
        #expect(try first.lock(waiting: true))
        #expect(try !second.lock(waiting: false))
        first.unlock()
        #expect(try second.lock(waiting: false))
    }

    @Test("an error says in the system's words what failed")
    func words() {
        let error = SystemCallError(call: "open", code: ENOENT)
        #expect(error.description == "No such file or directory (open)")
        #expect(error.reason == "No such file or directory")
        #expect(ErrorNumber(99_999).description == "Unknown error 99999")
    }
}
