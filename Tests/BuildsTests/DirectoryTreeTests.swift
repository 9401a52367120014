import Glibc
import TestSupport
import Testing

@testable import Builds

@Suite struct DirectoryTreeTests {
    @Test("a tree deeper than descriptors go and with locked directories is removed; what links point to stays")
    func removal() throws {
        let root = try TemporaryDirectory()
        let victim = root.path + "/victim"
        try HostDirectory.make(victim)
        try HostDirectory.make(victim + "/kept")
        let tree = root.path + "/tree"
        try HostDirectory.make(tree)
        var descriptor = unsafe open(tree, O_RDONLY | O_DIRECTORY)
        for depth in 0..<1100 {
            let isMade = unsafe mkdirat(descriptor, "d", 0o755) == 0 && symlinkat(victim, descriptor, "link") == 0
            try #require(isMade)
            let next = unsafe openat(descriptor, "d", O_RDONLY | O_DIRECTORY)
            if depth % 100 == 0 { fchmod(descriptor, 0) }
            close(descriptor)
            descriptor = next
        }
        close(descriptor)
        try DirectoryTree.remove(tree)
        #expect(!HostPath.exists(tree))
        #expect(HostPath.exists(victim + "/kept"))
        // Missing is fine.
        try DirectoryTree.remove(tree)
    }

    @Test("a tree is given to a user without what its links point to", .enabled(if: geteuid() == 0))
    func owner() throws {
        let root = try TemporaryDirectory()
        try HostDirectory.make(root.path + "/tree")
        try HostDirectory.make(root.path + "/tree/a")
        try HostDirectory.make(root.path + "/other")
        try HostDirectory.link(root.path + "/tree/a/link", to: "../../other")
        try DirectoryTree.changeOwner(of: root.path + "/tree", to: .nobody)
        for path in ["/tree", "/tree/a", "/tree/a/link"] { #expect(HostDirectory.owner(root.path + path) == 65534) }
        #expect(HostDirectory.owner(root.path + "/other") == 0)
    }
}
