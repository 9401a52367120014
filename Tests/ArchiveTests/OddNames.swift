/// Names that have broken archive tools before.
enum OddNames {
    static func repeated(_ text: String, _ count: Int) -> [UInt8] { Array(String(repeating: text, count: count).utf8) }

    /// Paths that ext4 and tmpfs accept: no component is longer than 255 bytes.
    static let paths: [[UInt8]] = [
        Array("plain".utf8),
        Array(" leading and trailing ".utf8),
        Array("new\nline".utf8),
        Array("tab\tquote\"back\\slash'".utf8),
        Array("-rf".utf8),
        Array("--checkpoint-action=exec=sh".utf8),
        Array("=equals".utf8),
        Array("\u{7f}control\u{1}".utf8),
        Array("grüße/日本語.txt".utf8),
        [0xff, 0xfe, UInt8(ascii: "a"), 0x80],
        Array("latin-".utf8) + [0xe9],
        Array("...".utf8),
        Array("..hidden".utf8),
        repeated("n", 99), repeated("n", 100), repeated("n", 101), repeated("n", 255),
        repeated("d", 100) + Array("/".utf8) + repeated("n", 199),
        repeated("d", 155) + Array("/".utf8) + repeated("n", 100),
        repeated("e", 154) + Array("/".utf8) + repeated("n", 101),
        repeated("f", 156) + Array("/".utf8) + repeated("n", 100),
        repeated("long/", 60) + Array("name".utf8),
        repeated("deep/", 700) + Array("x".utf8),
    ]

    static let targets: [[UInt8]] = [
        Array("plain".utf8), Array("../../../etc/passwd".utf8), Array("/".utf8), Array("new\nline".utf8),
        [0xff, 0x80], repeated("t", 100), repeated("t", 101), repeated("t/", 2047) + [UInt8(ascii: "t")],
    ]
}
