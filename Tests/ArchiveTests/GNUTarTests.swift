import Archive
import TestSupport
import Testing

@Suite("GNU tar")
struct GNUTarTests {
    @Test("GNU tar unpacks what is written here, odd names and all")
    func readsOurs() throws {
        let scratch = try TemporaryDirectory()
        let source = try ArchiveCreatorTests.fill(scratch)
        let (bytes, _) = try ArchiveCreatorTests.archive(source)
        try scratch.makeFile(Array("a.tar.gz".utf8), bytes)
        let target = try scratch.makeDirectory("out")
        let result = try Tool.run(["tar", "-xzf", scratch.path + "/a.tar.gz", "-C", target])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(
            try scratch.manifest("out", format: "%P|%y|%m|%s|%l|%Ts\\0").filter { !$0.isEmpty }
                == scratch.manifest("in", format: "%P|%y|%m|%s|%l|%Ts\\0"))
        #expect(try Tool.run(["diff", "-r", "--no-dereference", source, target]).status == 0)
    }

    @Test("GNU tar lists paths that no single file system component holds")
    func listsOurs() throws {
        let scratch = try TemporaryDirectory()
        let paths = OddNames.paths + [OddNames.repeated("n", 300)]
        let entries = paths.map { (TarEntry(path: $0, kind: .file(executable: false)), [UInt8]()) }
        try scratch.makeFile(Array("a.tar".utf8), TestArchive.tar(entries))
        let result = try Tool.run(
            ["tar", "-tf", scratch.path + "/a.tar", "--quoting-style=literal", "--show-transformed-names"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(result.output == paths.flatMap { $0 + [UInt8(ascii: "\n")] })
    }

    @Test("what GNU tar writes in its formats is unpacked here", arguments: ["pax", "posix", "gnu", "ustar"])
    func readsTheirs(format: String) throws {
        let scratch = try TemporaryDirectory()
        let source: String
        if format == "ustar" {
            // ustar cannot hold long names; GNU tar would leave them out.
            source = try scratch.makeDirectory("in")
            let outer = String(repeating: "p", count: 90)
            let prefix = outer + "/" + String(repeating: "q", count: 60)
            _ = try scratch.makeDirectory("in/\(outer)")
            _ = try scratch.makeDirectory("in/\(prefix)")
            try scratch.makeFile(Array("in/\(prefix)/".utf8) + OddNames.repeated("n", 100), [1, 2, 3])
            try scratch.makeFile(Array("in/new\nline".utf8), [])
            try scratch.makeFile(Array("in/".utf8) + [0xff, 0xe9], [1], mode: 0o755)
            try scratch.makeLink(Array("in/l".utf8), to: OddNames.repeated("t", 100))
        } else {
            source = try ArchiveCreatorTests.fill(scratch)
        }
        let file = scratch.path + "/a.tar.gz"
        // Names without "./", which is refused here.
        let command = "cd '\(source)' && printf '%s\\0' * | tar --format=\(format) --null -T - -czf '\(file)'"
        let made = try Tool.run(["bash", "-c", "shopt -s dotglob; " + command])
        #expect(made.status == 0, "\(made.errors)")
        let target = try scratch.makeDirectory("out")
        _ = try TestArchive.extract(scratch.content("a.tar.gz"), into: target)
        #expect(try scratch.manifest("out") == scratch.manifest("in"))
        #expect(try Tool.run(["diff", "-r", "--no-dereference", source, target]).status == 0)
    }

    @Test("git archive's tarball of a commit is unpacked here")
    func readsGit() throws {
        let scratch = try TemporaryDirectory()
        let source = try scratch.makeDirectory("in")
        try scratch.makeFile(Array("in/grüße".utf8), [1])
        try scratch.makeFile(Array("in/run".utf8), [1], mode: 0o755)
        try scratch.makeLink(Array("in/l".utf8), to: OddNames.repeated("t", 200))
        let file = scratch.path + "/a.tar.gz"
        let made = try Tool.run([
            "bash", "-c",
            """
            cd '\(source)' && git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm x \
            && git archive --format=tar.gz -o '\(file)' HEAD && rm -rf .git
            """,
        ])
        #expect(made.status == 0, "\(made.errors)")
        _ = try TestArchive.extract(scratch.content("a.tar.gz"), into: scratch.makeDirectory("out"))
        #expect(try scratch.manifest("out") == scratch.manifest("in"))
    }

    @Test("a hard link and a sparse file made by GNU tar are refused in words")
    func refused() throws {
        for (script, word) in [
            ("echo x > a; ln a b; tar -czf t.tgz a b", "hard link"),
            ("truncate -s 1M a; tar --sparse --format=gnu -czf t.tgz a", "sparse"),
            ("truncate -s 1M a; tar --sparse --format=pax -czf t.tgz a", "sparse"),
            ("mkfifo a; tar -czf t.tgz a", "FIFO"),
        ] {
            let scratch = try TemporaryDirectory()
            #expect(try Tool.run(["sh", "-c", "cd '\(scratch.path)' && " + script]).status == 0)
            #expect {
                try TestArchive.extract(scratch.content("t.tgz"), into: scratch.makeDirectory("out"))
            } throws: {
                "\($0)".contains(word)
            }
        }
    }
}
