import GitProtocol
import Testing

@Suite("Paths in URLs")
struct RepositoryPathTests {
    @Test(
        "the usual spellings name the same app",
        arguments: ["blog", "blog.git", "/blog", "/blog.git"])
    func spellings(path: String) throws {
        #expect(try RepositoryPath(path).appName == "blog")
    }

    @Test("one leading slash and one ending are taken away, no more")
    func once() throws {
        #expect(try RepositoryPath("blog.git.git").appName == "blog.git")
        #expect(try RepositoryPath("blog.GIT").appName == "blog.GIT")
    }

    @Test(
        "anything but one name is refused",
        arguments: [
            ("", RepositoryPathError.empty), ("/", .empty), (".git", .empty), ("/.git", .empty),
            ("//blog", .severalParts),
            ("blog/", .severalParts), ("a/b", .severalParts), ("../x", .severalParts), ("/../x", .severalParts),
            ("/etc/passwd", .severalParts), ("blog.git/", .severalParts), ("..", .notAName), (".", .notAName),
            ("..git", .notAName), ("...git", .notAName), ("~", .homeDirectory), ("~/blog", .homeDirectory),
            ("/~bob/blog", .homeDirectory), ("a\0b", .notAName), ("a\nb", .notAName),
        ])
    func refused(path: String, error: RepositoryPathError) {
        #expect(throws: error) { try RepositoryPath(path) }
    }
}
