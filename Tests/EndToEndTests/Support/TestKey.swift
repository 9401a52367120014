import Testing

/// A key pair made by `ssh-keygen`.
struct TestKey: Sendable {
    /// What kind of key.
    enum Kind: Sendable, CaseIterable, CustomTestStringConvertible {
        case ed25519, ecdsa256, ecdsa384, ecdsa521, rsa2048, rsa3072

        var options: [String] {
            switch self {
            case .ed25519: ["-t", "ed25519"]
            case .ecdsa256: ["-t", "ecdsa", "-b", "256"]
            case .ecdsa384: ["-t", "ecdsa", "-b", "384"]
            case .ecdsa521: ["-t", "ecdsa", "-b", "521"]
            case .rsa2048: ["-t", "rsa", "-b", "2048"]
            case .rsa3072: ["-t", "rsa", "-b", "3072"]
            }
        }

        var testDescription: String { options.filter { !$0.hasPrefix("-") }.joined(separator: " ") }
    }

    /// The file of the private key.
    let path: String
    /// The line for the access file.
    let line: String

    /// Makes a key in `directory`.
    static func make(_ name: String, in directory: TemporaryDirectory, kind: Kind = .ed25519) async throws -> TestKey {
        try await make(name, in: directory, options: kind.options)
    }

    /// Makes a key with the options of `ssh-keygen`.
    static func make(_ name: String, in directory: TemporaryDirectory, options: [String]) async throws -> TestKey {
        let path = directory("key-\(name)")
        try await Command("/usr/bin/ssh-keygen", ["-q", "-N", "", "-C", "\(name)@test", "-f", path] + options).run()
            .succeeded()
        let line = String(decoding: try HostFile.read(path + ".pub"), as: UTF8.self)
        return TestKey(path: path, line: String(line.prefix { $0 != "\n" }))
    }
}
