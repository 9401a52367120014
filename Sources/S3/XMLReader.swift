/// Reads the small XML documents that S3 answers with, without I/O.
///
/// Elements, text, CDATA, character references and the five predefined entities; attributes, comments and processing
/// instructions are passed over, document types refused.
struct XMLReader {
    /// The largest document: a listing of 1,000 keys of 1,024 bytes, each written as references, fits.
    static let maximumSize = 8 << 20
    /// S3's deepest answer has five levels.
    static let maximumDepth = 16
    /// A listing of 1,000 objects has about 10,000.
    static let maximumElements = 50_000

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var elements = 0

    /// Reads a document.
    ///
    /// - Parameter bytes: UTF-8; white space before it is allowed, S3 sends some to keep a connection alive.
    /// - Returns: Its root.
    /// - Throws: ``XMLError``.
    static func read(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        guard bytes.count <= maximumSize else { throw .tooLarge(limit: maximumSize) }
        var reader = XMLReader(bytes[...])
        return try reader.document()
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        self.bytes = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
        position = self.bytes.startIndex
    }

    private mutating func document() throws(XMLError) -> XMLElement {
        // Those open at the moment, outermost first; no recursion, so that depth costs no stack.
        var open: [XMLElement] = []
        while true {
            let text = try text()
            if open.isEmpty {
                guard text.allSatisfy(\.isWhitespace) else { throw .malformed(at: position) }
            } else {
                open[open.count - 1].text += text
            }
            guard position < bytes.endIndex else { throw .malformed(at: position) }
            var ended: XMLElement?
            if skip("<?") {
                try skipPast("?>")
            } else if skip("<!--") {
                try skipPast("-->")
            } else if !open.isEmpty, skip("<![CDATA[") {
                let start = position
                try skipPast("]]>")
                open[open.count - 1].text += String(decoding: bytes[start..<(position - 3)], as: UTF8.self)
            } else if skip("<!") {
                throw .documentType
            } else if skip("</") {
                let name = try name()
                skipSpace()
                guard skip(">"), let last = open.popLast(), last.name == name else { throw .malformed(at: position) }
                ended = last
            } else {
                let (element, isEmpty) = try startTag()
                guard open.count < Self.maximumDepth else { throw .tooDeep(limit: Self.maximumDepth) }
                if isEmpty { ended = element } else { open.append(element) }
            }
            guard let ended else { continue }
            if open.isEmpty { return ended }
            open[open.count - 1].children.append(ended)
        }
    }

    private mutating func startTag() throws(XMLError) -> (XMLElement, isEmpty: Bool) {
        guard skip("<") else { throw .malformed(at: position) }
        elements += 1
        guard elements <= Self.maximumElements else { throw .tooManyElements(limit: Self.maximumElements) }
        let element = XMLElement(name: try name())
        while true {
            skipSpace()
            if skip("/>") { return (element, true) }
            if skip(">") { return (element, false) }
            _ = try name()
            skipSpace()
            guard skip("=") else { throw .malformed(at: position) }
            skipSpace()
            guard let quote = ["\"", "'"].first(where: { skip($0) }) else { throw .malformed(at: position) }
            try skipPast(quote)
        }
    }

    /// A name; what stands before a ":" is left out.
    private mutating func name() throws(XMLError) -> String {
        let start = position
        while position < bytes.endIndex, Self.isName(bytes[position]) { position += 1 }
        guard position > start else { throw .malformed(at: position) }
        let last = bytes[start..<position].split(separator: UInt8(ascii: ":")).last ?? []
        return String(decoding: last, as: UTF8.self)
    }

    /// Text up to the next "<" or the end.
    private mutating func text() throws(XMLError) -> String {
        var text: [UInt8] = []
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: "<") {
            if bytes[position] == UInt8(ascii: "&") {
                text += try XMLReference.read(bytes, &position).utf8
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skip(_ token: StaticString) -> Bool { skip(token.description) }

    private mutating func skip(_ token: String) -> Bool {
        guard bytes[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func skipPast(_ token: String) throws(XMLError) {
        let start = position
        while position < bytes.endIndex {
            if skip(token) { return }
            position += 1
        }
        throw .malformed(at: start)
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }
}
