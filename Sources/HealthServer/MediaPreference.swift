/// Which of two forms a client would rather have, from its `Accept` field (RFC 9110, section 12.5.1).
enum MediaPreference: Sendable, Equatable {
    case html
    case json

    /// Longest `Accept` that is read, in bytes; browsers send about 150.
    private static let maximumLength = 1024

    /// How much one form is wanted.
    private struct Rank {
        /// From 0 (never) to 1.
        var weight = 0.0
        /// 0 for `*/*`, 1 for `type/*`, 2 for the type itself: the nearest range decides the weight.
        var specificity = -1
        /// Which range it was; at the same weight the earlier wins.
        var position = Int.max
    }

    /// Reads the field; HTML where it says nothing, or nothing that is known here.
    ///
    /// - Parameter accept: The field's value, or `nil` when there is none.
    init(accept: String?) {
        guard let accept, accept.utf8.count <= Self.maximumLength else {
            self = .html
            return
        }
        var html = Rank()
        var json = Rank()
        for (position, range) in accept.split(separator: ",").enumerated() {
            let parts = range.split(separator: ";").map { Self.trimmed($0).lowercased() }
            guard let type = parts.first else { continue }
            let weight = Self.weight(parts.dropFirst())
            Self.consider(type, of: "text", "html", weight, position, &html)
            Self.consider(type, of: "application", "json", weight, position, &json)
        }
        // A range that names the type tells more than one that lets anything through.
        let jsonWins =
            json.weight != html.weight
            ? json.weight > html.weight
            : json.specificity != html.specificity
                ? json.specificity > html.specificity
                : json.position < html.position
        self = json.weight > 0 && jsonWins ? .json : .html
    }

    private static func consider(
        _ range: String, of type: String, _ subtype: String, _ weight: Double, _ position: Int, _ rank: inout Rank
    ) {
        let specificity: Int
        switch range {
        case "\(type)/\(subtype)": specificity = 2
        case "\(type)/*": specificity = 1
        case "*/*": specificity = 0
        default: return
        }
        guard specificity > rank.specificity else { return }
        rank = Rank(weight: weight, specificity: specificity, position: position)
    }

    private static func weight(_ parameters: some Sequence<String>) -> Double {
        for parameter in parameters where parameter.hasPrefix("q=") {
            guard let weight = Double(parameter.dropFirst(2)), (0...1).contains(weight) else { return 0 }
            return weight
        }
        return 1
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
