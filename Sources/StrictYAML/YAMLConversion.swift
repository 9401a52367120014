import Yams

/// Turns the nodes of Yams into ours.
enum YAMLConversion {
    static let aliasReason = "YAML anchors and aliases (&name, *name) are not supported; write the value out"

    /// Converts one node and all below it.
    ///
    /// - Parameters:
    ///   - node: A node whose parser is still alive.
    ///   - depth: 1 for the root.
    /// - Returns: The same value with its places.
    /// - Throws: ``YAMLProblem`` for what ``StrictYAML`` refuses.
    static func convert(_ node: Node, depth: Int) throws(YAMLProblem) -> YAMLNode {
        let line = node.mark?.line ?? 1
        let column = node.mark?.column ?? 1
        guard depth <= StrictYAML.maximumDepth else {
            throw YAMLProblem(
                line: line, column: column,
                reason: "the values are nested more than \(StrictYAML.maximumDepth) deep")
        }
        guard node.anchor == nil else {
            throw YAMLProblem(line: line, column: column, reason: aliasReason)
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(value: value(of: scalar), line: line, column: column)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            items.reserveCapacity(sequence.count)
            for item in sequence {
                items.append(try convert(item, depth: depth + 1))
            }
            return YAMLNode(value: .list(items), line: line, column: column)
        case .mapping(let mapping):
            var entries: [YAMLEntry] = []
            entries.reserveCapacity(mapping.count)
            for (key, value) in mapping {
                entries.append(try entry(key, value, depth: depth))
            }
            return YAMLNode(value: .map(entries), line: line, column: column)
        case .alias:
            throw YAMLProblem(line: line, column: column, reason: aliasReason)
        }
    }

    private static func entry(_ key: Node, _ value: Node, depth: Int) throws(YAMLProblem) -> YAMLEntry {
        let converted = try convert(key, depth: depth + 1)
        guard case .scalar(let text) = converted.value else {
            throw YAMLProblem(
                line: converted.line, column: converted.column,
                reason: "expected a name before the colon, got \(converted.kindName)")
        }
        return YAMLEntry(
            key: text, line: converted.line, column: converted.column, value: try convert(value, depth: depth + 1))
    }

    private static func value(of scalar: Node.Scalar) -> YAMLNode.Value {
        // YAML 1.2 core schema, section 10.3.2: what counts as null, and only without quotes.
        if scalar.style == .plain || scalar.style == .any,
            ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        {
            return .null
        }
        return .scalar(scalar.string)
    }
}
