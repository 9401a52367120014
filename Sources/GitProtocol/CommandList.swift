/// The first list of a push as it grows: commands, capabilities and shallow commits.
struct CommandList: Sendable {
    private static let shallowPrefix = Array("shallow ".utf8)
    private static let certificate = Array("push-cert".utf8)

    /// `old`, a space, `new` and a space.
    private static let idsLength = 2 * (ObjectID.hexLength + 1)

    private(set) var commands: [RefCommand] = []
    private(set) var rejected: [RejectedCommand] = []
    private(set) var capabilities = Capabilities()
    private(set) var shallow: [ObjectID] = []
    private var names: Set<RefName> = []
    private var byteCount = 0

    /// Whether nothing was added yet.
    var isEmpty: Bool { byteCount == 0 }

    private var isFirst: Bool { commands.isEmpty && rejected.isEmpty }

    /// Adds one line.
    ///
    /// - Parameter payload: The packet's payload, with or without a newline at its end.
    /// - Throws: ``ReceivePackError`` when it is neither a command nor a shallow commit, or is one too many.
    mutating func add(_ payload: [UInt8]) throws(ReceivePackError) {
        byteCount += PacketLine.headerLength + payload.count
        guard byteCount <= ReceivePackParser.maximumCommandBytes else { throw .tooManyCommandBytes }
        let line = ReceivePackParser.withoutNewline(payload)
        if line.starts(with: Self.shallowPrefix) {
            try addShallow(line)
            return
        }
        let parts = line.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        // First the capabilities: what a command looks like depends on the object format.
        if parts.count == 2 { try setCapabilities(Array(parts[1])) }
        guard !parts[0].elementsEqual(Self.certificate) else { throw .pushCertificate }
        try addCommand(Array(parts[0]))
    }

    private mutating func addShallow(_ line: [UInt8]) throws(ReceivePackError) {
        guard let id = ObjectID(hex: line.dropFirst(Self.shallowPrefix.count)) else {
            throw .malformedShallow(ClientText.line(line, maximumBytes: ReceivePackError.maximumExcerptLength))
        }
        shallow.append(id)
    }

    private mutating func setCapabilities(_ bytes: [UInt8]) throws(ReceivePackError) {
        guard isFirst else { throw .lateCapabilities }
        do throws(CapabilitiesError) {
            capabilities = try Capabilities(bytes)
        } catch {
            throw .capabilities(error)
        }
        if let format = capabilities.value(of: "object-format"), format != "sha1" {
            throw .objectFormat(ClientText.line(format, maximumBytes: ReceivePackError.maximumExcerptLength))
        }
    }

    private mutating func addCommand(_ line: [UInt8]) throws(ReceivePackError) {
        let space = UInt8(ascii: " ")
        guard line.count > Self.idsLength,
            line[ObjectID.hexLength] == space, line[Self.idsLength - 1] == space,
            let old = ObjectID(hex: line[..<ObjectID.hexLength]),
            let new = ObjectID(hex: line[(ObjectID.hexLength + 1)..<(Self.idsLength - 1)])
        else {
            throw .malformedCommand(ClientText.line(line, maximumBytes: ReceivePackError.maximumExcerptLength))
        }
        guard commands.count + rejected.count < ReceivePackParser.maximumCommands else { throw .tooManyCommands }
        let name = Array(line[Self.idsLength...])
        guard name.count <= ReceivePackParser.maximumReportedNameLength else { throw .refNameTooLong(name.count) }
        let ref: RefName
        do throws(RefNameError) {
            ref = try RefName(bytes: name)
        } catch {
            rejected.append(RejectedCommand(name: name, reason: error, isDelete: new.isZero))
            return
        }
        guard names.insert(ref).inserted else { throw .duplicate(ref) }
        commands.append(RefCommand(old: old, new: new, ref: ref))
    }
}
