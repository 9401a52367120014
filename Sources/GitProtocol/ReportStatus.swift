/// What a server says at the end of a push (gitprotocol-pack, "Report Status").
package struct ReportStatus: Equatable, Sendable {
    /// The longest reason, in bytes: git prints it in parentheses on one line.
    package static let maximumReasonLength = 200

    /// What stands where a reason is missing, since an empty one is not allowed.
    private static let unknownReason = "refused"

    /// `ok`, or why the pack was not taken.
    package let unpack: String

    /// One for each command of the push.
    package let results: [RefReport]

    /// Takes a report.
    ///
    /// - Parameters:
    ///   - unpack: `ok`, or why the pack was not taken.
    ///   - results: One for each command, rejected ones included.
    package init(unpack: String, results: [RefReport]) {
        self.unpack = unpack
        self.results = results
    }

    /// Takes a report on refs whose names are texts.
    package init(unpack: String, results: [(ref: String, result: RefResult)]) {
        self.init(unpack: unpack, results: results.map { RefReport(ref: $0.ref, result: $0.result) })
    }

    /// The packets, ending with a flush; not yet in a side band.
    ///
    /// - Parameter version2: Whether the client asked for `report-status-v2`. That adds `option` lines only for refs
    ///   that the server renamed or moved elsewhere than asked, which Slipway never does, so both are alike.
    /// - Returns: The packets, one behind the other.
    package func encoded(version2: Bool) -> [UInt8] {
        var output = PacketLineEncoder.line("unpack \(Self.clean(unpack))\n")
        for report in results {
            output += PacketLineEncoder.line(Self.line(for: report))
        }
        return output + PacketLineEncoder.flush
    }

    private static func line(for report: RefReport) -> [UInt8] {
        switch report.result {
        case .ok:
            Array("ok ".utf8) + report.name + [UInt8(ascii: "\n")]
        case .rejected(let reason):
            Array("ng ".utf8) + report.name + Array(" \(clean(reason))\n".utf8)
        }
    }

    private static func clean(_ reason: String) -> String {
        let line = ClientText.line(reason, maximumBytes: maximumReasonLength)
        return line.isEmpty ? unknownReason : line
    }
}
