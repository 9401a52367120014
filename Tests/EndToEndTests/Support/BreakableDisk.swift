import Glibc

/// A file system of its own, mounted for a test that breaks it, until it is released.
///
/// Takes root, as every mounting does.
final class BreakableDisk: Sendable {
    /// How it breaks.
    enum Failure: String, Sendable {
        case readOnly = "read-only"
        case full
        /// Calls neither succeed nor fail.
        case hung
    }

    /// Where it is mounted.
    let path: String
    let failure: Failure
    /// Where its files are also seen while it hangs.
    let backing: String
    private let room: Int
    /// What answers for a disk that can hang: a FUSE file system over a folder.
    private let daemon: ChildProcess?

    /// Mounts it.
    ///
    /// - Parameters:
    ///   - name: Where, in `directory`.
    ///   - directory: The test's own.
    ///   - failure: How it is going to break.
    ///   - megabytes: How large it is; one that hangs is as large as the disk below it.
    ///   - room: How many megabytes are left when it is as full as the test wants.
    ///   - mode: Of its root, in octal.
    /// - Throws: ``Failed`` when it cannot be mounted.
    init(
        _ name: String, in directory: TemporaryDirectory, failure: Failure, megabytes: Int, room: Int = 0, mode: String
    ) async throws {
        path = try directory.makeDirectory(name)
        self.failure = failure
        self.room = room << 20
        guard failure == .hung else {
            backing = path
            daemon = nil
            let options = "size=\(megabytes)m,mode=\(mode)"
            try await Command("/bin/mount", ["-t", "tmpfs", "-o", options, "slipway-test", path]).run().succeeded()
            return
        }
        backing = try directory.makeDirectory("backing-\(name.replacing("/", with: "-"))")
        try await Command("/bin/chmod", [mode, backing]).run().succeeded()
        // What the kernel remembers for a second would hide that it hangs.
        let started = try ChildProcess(
            "/usr/bin/bindfs", ["-f", "-o", "attr_timeout=0,entry_timeout=0", backing, path],
            environment: Command.cleanEnvironment,
            output: directory("bindfs.out"))
        daemon = started
        try await eventually("bindfs is there") {
            if let ending = started.ending { throw Failed("bindfs: \(ending) \(try directory.read("bindfs.out"))") }
            return try String(decoding: HostFile.read("/proc/self/mountinfo"), as: UTF8.self).contains(" \(path) ")
        }
    }

    /// Lets all who wait for an answer go on, for good.
    func wake() {
        daemon?.signal(SIGKILL)
        daemon?.waitBlocking()
    }

    /// Unmounts it, whoever uses it.
    func release() {
        wake()
        let unmounting = try? ChildProcess("/bin/umount", ["-l", path], environment: [:], output: "/dev/null")
        unmounting?.waitBlocking()
    }

    /// Breaks it, or what has mended meanwhile.
    func fail() async throws {
        switch failure {
        case .readOnly:
            // Refused while somebody has a file open that it writes to.
            try await eventually("\(path) is read-only") { try await remount("ro").status == 0 }
        case .full: try fill()
        case .hung: daemon?.signal(SIGSTOP)
        }
    }

    /// Makes it work again.
    func mend() async throws {
        switch failure {
        case .readOnly: try await remount("rw").succeeded()
        case .full: unsafe unlink(filler)
        case .hung: daemon?.signal(SIGCONT)
        }
    }

    private var filler: String { "\(path)/filler" }

    private func remount(_ how: String) async throws -> CommandResult {
        try await Command("/bin/mount", ["-o", "remount,\(how)", path]).run()
    }

    private func fill() throws {
        let file = unsafe open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failed("\(filler): error \(errno)") }
        defer { close(file) }
        let piece = [UInt8](repeating: 0, count: 1 << 20)
        var count = piece.count
        // To the last page, so that not even a tiny file finds room.
        while count >= 512 {
            var space = statvfs()
            guard unsafe fstatvfs(file, &space) == 0 else { throw Failed("statvfs \(path): error \(errno)") }
            guard room == 0 || Int(space.f_bavail) * Int(space.f_frsize) > room else { return }
            if unsafe write(file, piece, count) < 0 {
                guard errno == ENOSPC else { throw Failed("write \(filler): error \(errno)") }
                count /= 2
            }
        }
    }
}
