import Kubernetes
import StrictYAML

/// What a value in a pod template looks like: YAML's scalars have no types here, the fields of Kubernetes do.
indirect enum TemplateShape: Sendable {
    case text
    case integer
    case bool
    /// A map with names of the operator's own, and texts.
    case texts
    case list(TemplateShape)
    /// A map with these names and no others.
    case fields([String: TemplateShape])
    /// Anything deeper, where the field's name tells the type: what the API server checks in its own words.
    case tree

    /// Names that are numbers wherever they are in a pod (Kubernetes API reference, "PodSpec v1 core").
    private static let integers: Set<String> = [
        "weight", "maxSkew", "minDomains", "defaultMode", "mode", "expirationSeconds", "gmsaCredentialSpec",
    ]
    private static let bools: Set<String> = ["optional", "readOnly"]
    private static let maps: Set<String> = [
        "matchLabels", "labels", "annotations", "volumeAttributes", "requests", "limits", "nodeSelector",
    ]

    /// Makes JSON of a value.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - name: The field, for messages and for ``tree``.
    ///   - file: For messages.
    /// - Returns: The value with the types that the API has.
    /// - Throws: ``PodTemplateProblem``.
    func json(_ node: YAMLNode, name: String, file: String) throws(PodTemplateProblem) -> JSON {
        func problem(_ reason: String, _ line: Int) -> PodTemplateProblem {
            PodTemplateProblem(file: file, line: line, reason: reason)
        }
        switch (self, node.value) {
        case (.text, .scalar(let text)): return .string(text)
        case (.integer, .scalar(let text)):
            guard let number = Self.integer(text) else {
                throw problem("expected a whole number for \(name), got \(text.quoted)", node.line)
            }
            return .integer(number)
        case (.bool, .scalar(let text)):
            guard ["true", "false"].contains(text) else {
                throw problem("expected true or false for \(name), got \(text.quoted)", node.line)
            }
            return .bool(text == "true")
        case (.texts, .map(let entries)):
            var members: [String: JSON] = [:]
            for entry in entries {
                members[entry.key] = try TemplateShape.text.json(entry.value, name: entry.key, file: file)
            }
            return .object(members)
        case (.list(let shape), .list(let items)):
            var values: [JSON] = []
            for item in items { values.append(try shape.json(item, name: name, file: file)) }
            return .array(values)
        case (.fields(let shapes), .map(let entries)):
            var members: [String: JSON] = [:]
            for entry in entries {
                guard let shape = shapes[entry.key] else {
                    let known = shapes.keys.sorted().joined(separator: ", ")
                    throw problem(
                        "\(entry.key.quoted) cannot be set here: Slipway sets it itself, or does not know it; known are \(known)",
                        entry.line)
                }
                guard entry.value.value != .null else { continue }
                members[entry.key] = try shape.json(entry.value, name: entry.key, file: file)
            }
            return .object(members)
        case (.tree, _): return try Self.tree(node, name, file)
        case (_, .null): throw problem("expected \(words) for \(name), got nothing", node.line)
        default: throw problem("expected \(words) for \(name), got \(node.kindName)", node.line)
        }
    }

    private static func tree(_ node: YAMLNode, _ name: String, _ file: String) throws(PodTemplateProblem) -> JSON {
        switch node.value {
        case .null: return .object([:])
        case .scalar(let text):
            if bools.contains(name) { return try TemplateShape.bool.json(node, name: name, file: file) }
            if integers.contains(name) { return try TemplateShape.integer.json(node, name: name, file: file) }
            return .string(text)
        case .list(let items):
            var values: [JSON] = []
            for item in items { values.append(try tree(item, name, file)) }
            return .array(values)
        case .map(let entries):
            if maps.contains(name) { return try TemplateShape.texts.json(node, name: name, file: file) }
            var members: [String: JSON] = [:]
            for entry in entries { members[entry.key] = try tree(entry.value, entry.key, file) }
            return .object(members)
        }
    }

    /// Modes of files are written in octal, with a zero first, as in the API's own examples.
    private static func integer(_ text: String) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return text.utf8.count > 1 && text.hasPrefix("0") ? Int64(text, radix: 8) : Int64(text)
    }

    private var words: String {
        switch self {
        case .text: "a text"
        case .integer: "a whole number"
        case .bool: "true or false"
        case .texts, .fields, .tree: "a map"
        case .list: "a list"
        }
    }
}
