import Yams

/// Reads a YAML document into plain values with their places, and refuses what makes YAML dangerous or surprising.
///
/// Refused: aliases and anchors, keys that are not plain text, the same key twice, nesting deeper than
/// ``maximumDepth``, a second document. This is the only place that knows Yams.
package enum StrictYAML {
    /// Far deeper than any file of ours; it keeps recursion shallow.
    package static let maximumDepth = 16

    /// How many words that look like aliases may be in a text that Yams is given.
    ///
    /// Yams compares keys by walking them, aliases followed, so nested aliases in a key cost exponential time before
    /// this code sees a node. With this few the worst case is harmless; a stray `*word` in a comment still passes.
    static let maximumAliasLikeWords = 16

    /// Parses the only document in `text`.
    ///
    /// - Parameters:
    ///   - text: The document; an empty one is `.null`.
    ///   - maximumBytes: The longest text that is looked at, in bytes of UTF-8.
    /// - Returns: The root of the document.
    /// - Throws: ``YAMLProblem`` with the line where one is known.
    package static func parse(_ text: String, maximumBytes: Int) throws(YAMLProblem) -> YAMLNode {
        guard text.utf8.count <= maximumBytes else {
            throw YAMLProblem(
                line: nil, column: nil,
                reason: "the file has \(text.utf8.count) bytes; at most \(maximumBytes) are accepted")
        }
        try refuseManyAliases(Array(text.utf8))
        do {
            // The encoding is said because Yams would otherwise ask an environment variable. The basic resolver leaves
            // scalars as text; the default one runs regular expressions over every key.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Nodes hold their anchors weakly, the parser holds them: it must live until the conversion is done.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    return YAMLNode(value: .null, line: 1, column: 1)
                }
                return try YAMLConversion.convert(root, depth: 1)
            }
        } catch let problem as YAMLProblem {
            throw problem
        } catch let error as YamlError {
            throw YAMLProblem(error)
        } catch {
            throw YAMLProblem(line: nil, column: nil, reason: "the file cannot be read as YAML")
        }
    }

    /// Counts `*word` where a node could start, without parsing: quotes and comments are not told apart.
    private static func refuseManyAliases(_ bytes: [UInt8]) throws(YAMLProblem) {
        var found = 0
        var line = 1
        var previous = UInt8(ascii: "\n")
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "*"), !isAliasCharacter(previous), index + 1 < bytes.count,
                isAliasCharacter(bytes[index + 1])
            {
                found += 1
                guard found <= maximumAliasLikeWords else {
                    throw YAMLProblem(line: line, column: nil, reason: YAMLConversion.aliasReason)
                }
            }
            previous = byte
        }
    }

    /// Whether libyaml takes the byte as part of an alias name.
    private static func isAliasCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
