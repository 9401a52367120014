import Identifiers

extension PushID {
    /// An id as it is made at a moment.
    ///
    /// - Parameters:
    ///   - seconds: Since 1970.
    ///   - number: Tells ids of one moment apart.
    /// - Returns: The id.
    static func at(_ seconds: Int64, _ number: Int64 = 0) -> PushID {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        func text(_ value: Int64, _ length: Int) -> String {
            String((0..<length).reversed().map { alphabet[$0 > 12 ? 0 : Int(value >> (5 * $0) & 31)] })
        }
        return PushID(text(seconds * 1000, 10) + text(number, 16))!
    }
}

/// A commit by its number.
func commit(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 40 - digits.count) + digits
}

/// Seconds of a day.
let day: Int64 = 86_400
