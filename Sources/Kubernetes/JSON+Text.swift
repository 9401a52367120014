import FoundationEssentials

extension JSON {
    /// Deeper than any object of Kubernetes: a pod in a template has about 20 levels, a schema of a CRD 60.
    package static let maximumDepth = 128

    /// Reads a JSON text.
    ///
    /// - Parameters:
    ///   - bytes: The text, in UTF-8.
    ///   - maximumSize: The longest text that is looked at, in bytes.
    /// - Returns: The value.
    /// - Throws: ``JSONProblem``.
    package static func parse(_ bytes: [UInt8], maximumSize: Int) throws(JSONProblem) -> JSON {
        try decode(JSON.self, from: bytes, maximumSize: maximumSize)
    }

    /// Reads a JSON text into a type of the caller.
    ///
    /// - Parameters:
    ///   - type: What it shall be.
    ///   - bytes: The text, in UTF-8.
    ///   - maximumSize: The longest text that is looked at, in bytes.
    /// - Returns: The value.
    /// - Throws: ``JSONProblem``.
    package static func decode<T: Decodable>(
        _ type: T.Type, from bytes: [UInt8], maximumSize: Int
    ) throws(JSONProblem) -> T {
        guard bytes.count <= maximumSize else { throw .tooLong(limit: maximumSize) }
        try checkDepth(bytes)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw JSONProblem(error)
        } catch {
            throw .notJSON
        }
    }

    /// The shortest text of the value; the same value always has the same text.
    ///
    /// - Returns: UTF-8, keys sorted.
    /// - Throws: ``JSONProblem`` for a number that JSON has not, such as infinity.
    package func encoded() throws(JSONProblem) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw .noText
        }
    }

    /// Refuses what nests too deep, before anything recurses into it.
    private static func checkDepth(_ bytes: [UInt8]) throws(JSONProblem) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= maximumDepth else { throw .tooDeep }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }
}
