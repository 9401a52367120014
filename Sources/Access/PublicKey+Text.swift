import FoundationEssentials
import StrictYAML

extension PublicKey {
    /// The options of `authorized_keys` that have no value (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
    private static let bareOptions: Set<Substring> = [
        "agent-forwarding", "cert-authority", "no-agent-forwarding", "no-port-forwarding", "no-pty",
        "no-touch-required", "no-user-rc", "no-x11-forwarding", "port-forwarding", "pty", "restrict", "user-rc",
        "verify-required", "x11-forwarding",
    ]

    /// Reads one line of an `authorized_keys` or `.pub` file: type, base64, and an optional comment.
    ///
    /// - Parameter authorizedKeysText: The line; space around it is ignored.
    /// - Throws: ``PublicKeyError`` that says what is wrong with it.
    package init(authorizedKeysText: String) throws(PublicKeyError) {
        guard authorizedKeysText.utf8.count <= Self.maximumTextLength else {
            throw .tooLong(authorizedKeysText.utf8.count)
        }
        let line = authorizedKeysText.trimming()
        if line.hasPrefix("----") { throw line.contains("PRIVATE KEY") ? .privateKey : .otherFormat }
        // Escape sequences and the like: the comment is printed.
        guard line.unicodeScalars.allSatisfy({ $0 == "\t" || $0.properties.generalCategory != .control }) else {
            throw .severalLines
        }
        let words = line.split(maxSplits: 2) { $0 == " " || $0 == "\t" }
        guard let name = words.first else { throw .empty }
        guard Algorithm.isTypeName(name) else {
            throw Self.looksLikeOptions(line, first: name) ? .options : .unknownAlgorithm(name.quoted)
        }
        let algorithm = try Algorithm.named(String(name))
        guard words.count > 1 else { throw .missingBlob }
        guard let data = Data(base64Encoded: String(words[1])) else { throw .badBase64 }
        let comment = words.count > 2 ? String(words[2]) : ""
        try self.init(blob: [UInt8](data), comment: comment)
        guard self.algorithm == algorithm else {
            throw .otherAlgorithmInside(text: algorithm.rawValue, blob: self.algorithm.rawValue)
        }
    }

    private static func looksLikeOptions(_ line: Substring, first: Substring) -> Bool {
        if first.contains("=") { return true }
        let firstOption = first.prefix { $0 != "," }.lowercased()
        return bareOptions.contains(Substring(firstOption))
            || line.split(whereSeparator: { $0 == " " || $0 == "\t" }).contains(where: Algorithm.isTypeName)
    }
}

extension String {
    /// The text without space and line ends around it.
    fileprivate func trimming() -> Substring {
        var rest = self[...].drop(while: \.isWhitespace)
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
