import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite("Directories")
struct DirectoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("a listing has every name once, whatever bytes it is of, and says what each is")
    func listing() throws {
        try directory.write("", to: "file")
        try MissingDirectories.make(directory("folder"), mode: 0o700)
        try #require(unsafe symlink("folder", directory("link")) == 0)
        let odd: [UInt8] = [0xff, 0x0a]
        let opened = try OwnedDescriptor.open(path: directory.path, flags: O_RDONLY | O_DIRECTORY)
        _ = try OwnedDescriptor.open(odd, in: opened.raw, flags: O_WRONLY | O_CREAT, mode: 0o600)

        var stream = try DirectoryStream(opened.raw)
        var found: [[UInt8]: DirectoryEntry.Kind] = [:]
        while let entry = try stream.next() {
            #expect(found.updateValue(try entry.kind(in: opened.raw), forKey: entry.name) == nil)
        }
        #expect(
            found == [
                Array("file".utf8): .file, Array("folder".utf8): .directory, Array("link".utf8): .other, odd: .file,
            ])
        #expect(try DirectoryStream.names(in: directory.path).sorted() == ["file", "folder", "link", "\u{fffd}\n"])
    }

    @Test("a listing of what is no directory is an error")
    func noDirectory() throws {
        try directory.write("", to: "file")
        #expect(throws: SystemCallError(call: "openat", code: ENOTDIR)) {
            try DirectoryStream.names(in: directory("file"))
        }
        #expect(throws: SystemCallError(call: "openat", code: ENOENT)) {
            try DirectoryStream.names(in: directory("absent"))
        }
    }

    @Test("missing directories are made with those above them; what is there stays")
    func missing() throws {
        try MissingDirectories.make(directory("a/b//c/"), mode: 0o700)
        try directory.write("kept", to: "a/b/c/file")
        try MissingDirectories.make(directory("a/b/c"), mode: 0o700)
        #expect(try directory.read("a/b/c/file") == "kept")
        #expect(throws: SystemCallError(call: "mkdir", code: ENOTDIR)) {
            try MissingDirectories.make(directory("a/b/c/file/d"), mode: 0o700)
        }
        try MissingDirectories.make(directory("a/b/c/file/d"), mode: 0o700, ignoring: [ENOTDIR])
    }
}
