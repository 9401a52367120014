import FoundationEssentials
import Glibc
import Logging
import Testing

@testable import SSHServer

@Suite("Host keys", .timeLimit(.minutes(10))) struct HostKeysTests {
    private static let logger = Logger(label: "keys") { _ in SwiftLogNoOpLogHandler() }
    private static let files = ["ssh_host_ed25519_key", "ssh_host_rsa_key"]

    private func load(_ scratch: Scratch) throws -> HostKeys {
        try HostKeys.load(orCreateIn: scratch("keys"), logger: Self.logger)
    }

    private func mode(_ path: String) -> mode_t {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return 0 }
        return information.st_mode & 0o7777
    }

    @Test("are made on the first start, for their owner only, and never again")
    func creation() throws {
        let scratch = try Scratch()
        let first = try load(scratch)
        #expect(first.paths == Self.files.map { scratch("keys") + "/" + $0 })
        #expect(mode(scratch("keys")) == 0o700)
        for path in first.paths { #expect(mode(path) == 0o600) }
        let contents = try Self.files.map { try scratch.read("keys/" + $0) }
        let second = try load(scratch)
        #expect(second.fingerprints == first.fingerprints)
        #expect(try Self.files.map { try scratch.read("keys/" + $0) } == contents)
        #expect(try HostKeys.load(existingIn: scratch("keys")).fingerprints == first.fingerprints)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch("keys")).sorted() == Self.files)
    }

    @Test("are what ssh-keygen says they are")
    func fingerprints() async throws {
        let scratch = try Scratch()
        let keys = try load(scratch)
        for (path, (fingerprint, kind)) in zip(keys.paths, zip(keys.fingerprints, ["256 ED25519", "3072 RSA"])) {
            let words = try await Tool.run("ssh-keygen", ["-l", "-f", path]).text.split(separator: " ")
            #expect(words.count >= 3)
            #expect(words.dropFirst().first.map { String($0) } == fingerprint)
            #expect("\(words.first ?? "") \(words.last?.filter { $0.isLetter || $0.isNumber } ?? "")" == kind)
        }
    }

    @Test("are one and the same for all who start at once")
    func race() async throws {
        let scratch = try Scratch()
        let all = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<3 { group.addTask { try load(scratch).fingerprints } }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(all.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch("keys")).sorted() == Self.files)
    }

    @Test("that cannot be read are an error that names the file, and are not replaced")
    func garbage() throws {
        let scratch = try Scratch()
        _ = try load(scratch)
        try scratch.write("not a key\n", to: "keys/ssh_host_rsa_key")
        for load in [load, { try HostKeys.load(existingIn: $0("keys")) }] {
            let error = #expect(throws: SSHServerError.self) { try load(scratch) }
            #expect(
                error?.description == "ssh.host-keys: \(scratch("keys"))/ssh_host_rsa_key: "
                    + "expected a private key without a passphrase, as ssh-keygen makes it")
        }
        #expect(try scratch.read("keys/ssh_host_rsa_key") == "not a key\n")
    }

    @Test("that the operator brings are used")
    func brought() async throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch("keys"), withIntermediateDirectories: false)
        _ = try await TestKey(in: scratch, name: "keys/ssh_host_ed25519_key")
        let keys = try load(scratch)
        let shown = try await Tool.run("ssh-keygen", ["-l", "-f", scratch("keys/ssh_host_ed25519_key.pub")]).text
        #expect(shown.contains(keys.fingerprints.first ?? "none"))
    }

    @Test("need a folder that can be made")
    func folder() throws {
        let scratch = try Scratch()
        try scratch.write("", to: "keys")
        #expect(throws: SSHServerError.self) { try load(scratch) }
        let error = #expect(throws: SSHServerError.self) {
            try HostKeys.load(orCreateIn: scratch("a/b"), logger: Self.logger)
        }
        #expect(
            error?.description == "ssh.host-keys: \(scratch("a/b")): cannot make the folder: No such file or directory")
    }
}
