import FoundationEssentials

/// A user's key, made by `ssh-keygen`.
struct TestKey: Sendable {
    /// The private key's file; the public one is beside it.
    let path: String
    /// The public key in SSH's wire format.
    let blob: [UInt8]

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - type: What `ssh-keygen -t` knows.
    ///   - bits: For the types that have a choice.
    ///   - scratch: Where its files go.
    ///   - name: The file's name.
    /// - Throws: When there is no `ssh-keygen`, or it fails.
    init(_ type: String = "ed25519", bits: Int? = nil, in scratch: Scratch, name: String = "key") async throws {
        path = scratch(name)
        let size = bits.map { ["-b", "\($0)"] } ?? []
        let made = try await Tool.run("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", name, "-f", path] + size)
        guard made.status == 0 else { throw ToolError(message: made.errors) }
        let words = try scratch.read(name + ".pub").split(separator: " ")
        guard words.count >= 2, let blob = Data(base64Encoded: String(words[1])) else {
            throw ToolError(message: "no public key: \(words)")
        }
        self.blob = Array(blob)
    }
}
