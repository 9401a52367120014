/// How the text of a value becomes the value, and how to say what was expected.
struct SettingKind<Value: Sendable>: Sendable {
    /// What stands for the value in the help.
    let placeholder: String
    /// Completes "expected …".
    let expected: String
    /// Whether ``parse`` may be given more than one text, or none.
    var isList = false
    /// Reads the value from its texts: exactly one, unless ``isList``.
    let parse: @Sendable ([String]) throws(RejectedValue) -> Value

    /// A kind with one text, of which `parse` makes a value or `nil`.
    static func single(
        _ placeholder: String, expected: String, _ parse: @escaping @Sendable (String) -> Value?
    ) -> SettingKind {
        SettingKind(placeholder: placeholder, expected: expected) { (texts: [String]) throws(RejectedValue) in
            guard texts.count == 1, let value = parse(texts[0]) else {
                throw RejectedValue(found: texts.joined(separator: ","))
            }
            return value
        }
    }
}
