import GitProtocol
import GitRepository
import Glibc
import NIOPosix
import Synchronization
import Testing

@Suite("Serving clones and fetches", .timeLimit(.minutes(5)))
struct UploadPackTests {
    let workspace: Workspace
    let repository: Repository

    init() async throws {
        workspace = try Workspace()
        repository = try await workspace.repository()
        // The real client talks to this bridge, as it would to ssh; two named pipes lead here.
        try await workspace.sh(
            """
            mkfifo in out
            cat >bridge <<'SCRIPT'
            #!/bin/bash
            cd \(workspace.path)
            printf %s "$GIT_PROTOCOL" >protocol
            exec 3<&0
            cat <&3 >in &
            cat out
            SCRIPT
            chmod +x bridge
            git init -q w && cd w && for i in {1..20}; do mkdir d$i && echo $i >d$i/f; done
            commit one && seq 30000 >g && commit two && git tag -am t v1 && git push -q $R main v1
            """)
    }

    /// Serves one run of the bridge.
    private func serve(_ gitProtocol: String?) async throws -> Int32 {
        let path = workspace.path
        // Waits until the bridge has opened its ends.
        let (input, output) = try await NIOThreadPool.singleton.runIfActive {
            unsafe (open(path + "/in", O_RDONLY | O_CLOEXEC), open(path + "/out", O_WRONLY | O_CLOEXEC))
        }
        defer { close(input) }
        defer { close(output) }
        return try await repository.uploadPack(
            gitProtocol: gitProtocol,
            readInput: {
                while true {
                    try Task.checkCancellation()
                    let bytes = try await NIOThreadPool.singleton.runIfActive { readSome(input) }
                    if let bytes { return bytes.isEmpty ? nil : bytes }
                }
            },
            writeOutput: { bytes in
                try await NIOThreadPool.singleton.runIfActive { writeAll(output, bytes) }
            },
            writeError: { bytes in Issue.record("git said: \(String(decoding: bytes, as: UTF8.self))") })
    }

    /// Runs a client's script while serving it, and checks that the protocol version came through.
    private func run(_ script: String, version: Int) async throws {
        let gitProtocol = version == 0 ? nil : "version=\(version)"
        async let client = workspace.sh(script)
        let status = try await serve(gitProtocol)
        _ = try await client
        #expect(status == 0)
        #expect(try await workspace.sh("cat protocol") == gitProtocol ?? "")
    }

    @Test("the real git clones and fetches", arguments: [0, 1, 2])
    func clone(version: Int) async throws {
        let client = "git -c protocol.version=\(version)"
        try await run("\(client) clone -q -u ./bridge file://$PWD/any c", version: version)
        let cloned = try await workspace.sh(
            "git -C c fsck --strict --no-dangling && git -C c log --format=%s origin/main")
        #expect(cloned == "two\none")
        try await workspace.sh("cd w && commit three && git push -q $R main")
        try await run("\(client) -C c fetch -q --upload-pack $PWD/bridge origin", version: version)
        let fetched = try await workspace.sh("git -C c log --format=%s origin/main")
        #expect(fetched == "three\ntwo\none")
    }

    @Test("a partial clone is served")
    func filter() async throws {
        try await run("git clone -q --bare --filter=blob:none -u ./bridge file://$PWD/any c", version: 2)
        #expect(try await workspace.sh("git -C c rev-list --objects --all --missing=print | grep -c '^?'") == "21")
    }

    @Test(
        "a value of GIT_PROTOCOL that git would not send is ignored",
        arguments: ["version=2\nX=1", "ü", "a b", String(repeating: "v", count: 300)])
    func strangeProtocol(value: String) async throws {
        let output = Mutex<[UInt8]>([])
        let status = try await repository.uploadPack(
            gitProtocol: value, readInput: { nil }, writeOutput: { bytes in output.withLock { $0 += bytes } },
            writeError: { _ in })
        #expect(status != 0 || output.withLock { !$0.isEmpty })
        #expect(String(decoding: output.withLock { $0 }, as: UTF8.self).contains("refs/heads/main"))
    }

    @Test("an absent repository ends with git's status and its words")
    func absent() async throws {
        try await workspace.sh("rm -rf $R")
        let errors = Mutex<[UInt8]>([])
        let status = try await repository.uploadPack(
            gitProtocol: nil, readInput: { nil }, writeOutput: { _ in },
            writeError: { bytes in errors.withLock { $0 += bytes } })
        #expect(status == 128)
        #expect(
            String(decoding: errors.withLock { $0 }, as: UTF8.self).contains("does not appear to be a git repository"))
    }

    @Test("a fetch that takes too long is ended, child and all")
    func tooLong() async throws {
        let error = await #expect(throws: RepositoryError.self) {
            try await repository.uploadPack(
                gitProtocol: "version=2", timeLimit: .milliseconds(200), readInput: endless([]), writeOutput: { _ in },
                writeError: { _ in })
        }
        #expect(error?.description.contains("0.2 seconds") == true)
        #expect(try await workspace.children() == "")
    }

    @Test("a client that says nothing is ended by cancellation, child and all")
    func cancelled() async throws {
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await repository.uploadPack(
                gitProtocol: "version=2", readInput: endless([]), writeOutput: { _ in continuation.yield() },
                writeError: { _ in })
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await workspace.children() == "")
    }
}

/// Waits a moment for bytes; nil when none came, none at the end.
private func readSome(_ descriptor: Int32) -> [UInt8]? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&waiting, 1, 50) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    return Array(bytes.prefix(max(count, 0)))
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
    var offset = 0
    while offset < bytes.count {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress! + offset, $0.count - offset)
        }
        if count < 0 { return }
        offset += count
    }
}
