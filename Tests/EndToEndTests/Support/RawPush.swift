/// A push written by hand, for what the real `git push` would never send.
struct RawPush {
    static let zero = String(repeating: "0", count: 40)
    private static let capabilities = "report-status side-band-64k agent=test"

    /// Lines such as "old new refs/heads/main".
    var commands: [String]
    var capabilities = Self.capabilities
    /// What follows the commands.
    var pack: [UInt8] = []

    /// One packet of git's (gitprotocol-common).
    static func packet(_ text: String) -> [UInt8] {
        let digits = String(text.utf8.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - digits.count) + digits + text).utf8)
    }

    /// All that is sent.
    var bytes: [UInt8] {
        let lines = commands.enumerated().map { $0.offset == 0 ? "\($0.element)\0 \(capabilities)" : $0.element }
        return lines.flatMap(Self.packet) + Array("0000".utf8) + pack
    }

    /// Sends it.
    func run(_ app: String, by ssh: SSHClient) async throws -> CommandResult {
        try await ssh.run("git-receive-pack '\(app)'", input: bytes)
    }
}
