import GitProtocol

/// Writes a client's side of a push.
enum PushWriter {
    static let idA = "1111111111111111111111111111111111111111"
    static let idB = "2222222222222222222222222222222222222222"

    /// One command's packet.
    static func command(
        _ ref: String, old: String = Conversation.zero, new: String = idA, capabilities: String? = nil
    ) -> [UInt8] {
        PacketLineEncoder.line("\(old) \(new) \(ref)" + (capabilities.map { "\0" + $0 } ?? ""))
    }

    /// The packets that a parsed request came from, or could have.
    static func bytes(of request: ReceivePackRequest, capabilities: String) -> [UInt8] {
        var output: [UInt8] = []
        for id in request.shallow { output += PacketLineEncoder.line("shallow \(id)") }
        for (index, command) in request.commands.enumerated() {
            output += Self.command(
                command.ref.rawValue, old: command.old.hex, new: command.new.hex,
                capabilities: index == 0 ? capabilities : nil)
        }
        output += PacketLineEncoder.flush
        if request.capabilities.contains("push-options") {
            for option in request.pushOptions { output += PacketLineEncoder.line(option) }
            output += PacketLineEncoder.flush
        }
        return output
    }
}
