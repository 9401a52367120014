import StrictYAML

extension YAMLNode {
    /// A member of a map; nil when there is none, or nothing is written there.
    subscript(_ key: String) -> YAMLNode? {
        guard case .map(let entries) = value, let found = entries.first(where: { $0.key == key }) else { return nil }
        return found.value.value == .null ? nil : found.value
    }

    /// A scalar's text; nil when it is empty.
    var text: String? {
        if case .scalar(let text) = value, !text.isEmpty { text } else { nil }
    }

    /// The items of a list; an empty one for nothing.
    var items: [YAMLNode]? {
        switch value {
        case .list(let items): items
        case .null: []
        default: nil
        }
    }

    /// A truth value as YAML 1.1 and Go's JSON readers know it; nil when it is none.
    var truth: Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }
}
