import TestSupport
import Testing

@testable import S3

@Suite("XMLReader")
struct XMLReaderTests {
    private func read(_ text: String) throws -> XMLElement { try XMLReader.read(Array(text.utf8)) }

    @Test("elements, text, attributes, comments, CDATA and references are read")
    func reading() throws {
        let root = try read(
            """
            \u{feff}  <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment with <tags> -->
            <s3:List xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/" a='>'>
              <Key>a&amp;b&lt;c&gt;d&quot;e&apos;f&#65;&#x42;&#x1;</Key ><Empty/><Empty a="b" />
              <Key><![CDATA[<raw> & ]] so]]>tail</Key><Deep><Deeper>é</Deeper></Deep>
            </s3:List>
            """)
        #expect(root.name == "List")
        #expect(root.all("Key").map(\.text) == ["a&b<c>d\"e'fAB\u{1}", "<raw> & ]] sotail"])
        #expect(root.all("Empty") == [XMLElement(name: "Empty"), XMLElement(name: "Empty")])
        #expect(root.first("Deep")?.text(of: "Deeper") == "é")
        #expect(root.text(of: "Missing") == nil)
    }

    @Test("white space before the document is allowed, as S3 sends it to keep a connection alive")
    func leadingSpace() throws { #expect(try read("\n \n<?xml version=\"1.0\"?>\n<A>b</A>").text == "b") }

    @Test(
        "what is no document is refused",
        arguments: [
            "", " ", "text", "<", "<a", "<a>", "<a></b>", "</a>", "<a><b></a></b>", "<a b></a>", "<a b=c></a>",
            "<a b='c></a>", "<a>&nope;</a>", "<a>&#xd800;</a>", "<a>&#x110000;</a>", "<a>&#;</a>", "<a>&amp</a>",
            "<a>&",
            "<!-- open", "<?open", "<a><![CDATA[open</a>", "x<a/>", "<1a", "< a/>", "&amp;<a/>",
        ])
    func malformed(text: String) { #expect(throws: XMLError.self) { try read(text) } }

    @Test("document types are refused, and so no entity can name a file or grow")
    func documentType() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"
        #expect(throws: XMLError.documentType) { try read(bomb) }
        #expect(throws: XMLError.documentType) { try read("<a><!ELEMENT b></a>") }
    }

    @Test("depth, number of elements and size are limited")
    func limits() {
        let deep = String(repeating: "<a>", count: XMLReader.maximumDepth + 1)
        #expect(throws: XMLError.tooDeep(limit: XMLReader.maximumDepth)) { try read(deep) }
        let many = "<a>" + String(repeating: "<b/>", count: XMLReader.maximumElements) + "</a>"
        #expect(throws: XMLError.tooManyElements(limit: XMLReader.maximumElements)) { try read(many) }
        let large = [UInt8](repeating: 0x20, count: XMLReader.maximumSize + 1)
        #expect(throws: XMLError.tooLarge(limit: XMLReader.maximumSize)) { try XMLReader.read(large) }
    }

    @Test("what is escaped comes back", arguments: ["", "<&>\"'", "a&amp;b", "\u{1}\n\t", "é😀", "]]>"])
    func escaping(text: String) throws { #expect(try read("<a>\(XMLReference.escape(text))</a>").text == text) }

    @Test("damaged and random documents are read or refused, never more")
    func fuzz() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let sample = Array(
            """
            <?xml version="1.0"?><ListBucketResult xmlns="x"><!-- c --><IsTruncated>true</IsTruncated><Contents>\
            <Key>a/b&amp;c&#x1F;</Key><ETag>&quot;abc&quot;</ETag><Size>12</Size></Contents>\
            <![CDATA[]]></ListBucketResult>
            """.utf8)
        let pieces = [
            "<", ">", "</", "/>", "&", ";", "&#x", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "\"", "a", "=", " ",
        ]
        let deadline = ContinuousClock.now + .milliseconds(1500)
        var rounds = 0
        while ContinuousClock.now < deadline, rounds < 20_000 {
            rounds += 1
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "<").utf8, at: place)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &random)))
                case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
                default: bytes = Array(bytes[..<place])
                }
            }
            do {
                let root = try XMLReader.read(bytes)
                // What was read means something to the code behind, or is refused there with words.
                _ = try? S3Page(root, server: "", below: "")
                _ = S3ErrorAnswer(status: 500, document: root)
            } catch {
                // The type says that it can be no other error; what must not happen is a crash.
                #expect(!error.description.isEmpty, "seed \(seed)")
            }
        }
        #expect(rounds > 100)
    }
}
