/// The refs and capabilities a server names first (gitprotocol-pack, "Reference Discovery").
package struct ReferenceAdvertisement: Sendable {
    /// What stands for a ref when there is none, to hang the capabilities on.
    private static let placeholder = "capabilities^{}"

    private let references: [(name: String, id: ObjectID)]
    private let capabilities: [String]

    /// Takes what to advertise.
    ///
    /// - Parameters:
    ///   - references: In the order of their names' bytes, as git sorts them. Receive-pack leaves out `HEAD`.
    ///   - capabilities: Such as `atomic` or `agent=slipway/1`, without spaces.
    package init(references: [(name: String, id: ObjectID)], capabilities: [String]) {
        self.references = references
        self.capabilities = capabilities
    }

    /// The packets, ending with a flush.
    package func encoded() -> [UInt8] {
        let lines = references.isEmpty ? [(name: Self.placeholder, id: ObjectID.zero)] : references
        var output: [UInt8] = []
        var suffix = "\0" + capabilities.joined(separator: " ")
        for line in lines {
            PacketLineEncoder.append(Array("\(line.id.hex) \(line.name)\(suffix)\n".utf8)[...], to: &output)
            suffix = ""
        }
        output += PacketLineEncoder.flush
        return output
    }
}
