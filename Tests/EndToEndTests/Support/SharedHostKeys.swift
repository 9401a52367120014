/// One pair of host keys for all servers of these tests, as making an RSA key takes long.
actor SharedHostKeys {
    static let shared = SharedHostKeys()

    private var files: [(name: String, bytes: [UInt8])]?

    /// Puts the keys where a server with the data folder `data` looks for them.
    func install(in directory: TemporaryDirectory, data: String) async throws {
        try directory.makeDirectory("\(data)/host-keys")
        for (name, bytes) in try await made() {
            try directory.write("\(data)/host-keys/\(name)", bytes: bytes, mode: 0o600)
        }
    }

    private func made() async throws -> [(name: String, bytes: [UInt8])] {
        if let files { return files }
        let directory = try TemporaryDirectory()
        var made: [(name: String, bytes: [UInt8])] = []
        for (name, kind) in [("ed25519", TestKey.Kind.ed25519), ("rsa", .rsa3072)] {
            let key = try await TestKey.make(name, in: directory, kind: kind)
            made.append(("ssh_host_\(name)_key", try HostFile.read(key.path)))
        }
        files = made
        return made
    }
}
