/// Makes names that Prometheus accepts.
///
/// The rules are those of "Data model" in Prometheus' documentation.
enum MetricName {
    /// A metric's name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    ///
    /// - Parameter text: Anything.
    /// - Returns: `text` itself when it is a name; otherwise with `_` for what may not be in one.
    static func metric(_ text: String) -> String { sanitised(text, colon: true) }

    /// A label's name: `[a-zA-Z_][a-zA-Z0-9_]*`, not starting with `__`, which Prometheus keeps for itself.
    ///
    /// - Parameter text: Anything.
    /// - Returns: A name; `le` and `quantile`, which mean something in the format, get a `_`.
    static func label(_ text: String) -> String {
        var name = sanitised(text, colon: false)
        while name.hasPrefix("__") { name.removeFirst() }
        return name == "le" || name == "quantile" ? name + "_" : name
    }

    private static func sanitised(_ text: String, colon: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(scalar)
            case ":" where colon: name.unicodeScalars.append(scalar)
            default: name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }
}
