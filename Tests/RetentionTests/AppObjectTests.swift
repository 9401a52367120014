import Identifiers
import ObjectStorage
import Testing

@testable import Retention

@Suite("Objects of an app") struct AppObjectTests {
    private static let id = PushID.at(1)

    private func object(_ path: String) -> AppObject? { AppObject(path.split(separator: "/")[...]) }

    @Test("each of ours is known by its key")
    func ours() {
        let build = "builds/\(Self.id)"
        #expect(object("\(build)/build.json") == .build(Self.id, .record))
        #expect(object("\(build)/log") == .build(Self.id, .log))
        #expect(object("\(build)/artifact.tar.gz") == .build(Self.id, .artifact))
        #expect(object("\(build)/log.parts/000001") == .build(Self.id, .logPart(1)))
        #expect(object("\(build)/log.parts/999999") == .build(Self.id, .logPart(999_999)))
        #expect(object("sources/\(commit(10)).tar.gz") == .source(commit: commit(10)))
    }

    @Test(
        "any other name is none of ours",
        arguments: [
            "", "notes.txt", "builds", "builds/01", "builds/01/log", "builds/ID", "builds/ID/notes", "builds/ID/log/x",
            "builds/ID/build.json/x", "builds/ID/log.parts", "builds/ID/log.parts/1", "builds/ID/log.parts/000000",
            "builds/ID/log.parts/0000001", "builds/ID/log.parts/+00001", "builds/ID/log.parts/000001/x", "sources",
            "sources/x.tar.gz", "sources/0123.tar.gz", "sources/COMMIT", "sources/COMMIT.zip",
            "sources/x/COMMIT.tar.gz",
        ])
    func foreign(path: String) {
        let path = path.replacing("ID", with: Self.id.rawValue).replacing("COMMIT", with: commit(10))
        #expect(object(path) == nil)
    }

    @Test("the keys of a build are those of its objects, and the record's is apart")
    func keys() throws {
        var build = StoredBuild(id: Self.id)
        let parts: [BuildPart] = [.artifact, .record, .log, .logPart(1), .logPart(2)]
        for part in parts {
            build.add(part, ObjectMetadata(key: try ObjectKey("x"), size: 2, etag: "", modified: 7))
        }
        #expect(build.objects == 5 && build.bytes == 10 && build.time == 7)
        let keys = try build.keys(in: AppName("blog"))
        let prefix = "apps/blog/builds/\(Self.id)"
        #expect(keys.record.rawValue == "\(prefix)/build.json")
        let names = ["artifact.tar.gz", "log", "log.parts/000001", "log.parts/000002"]
        #expect(keys.contents.map(\.rawValue) == names.map { "\(prefix)/\($0)" })
    }

    @Test("a moment comes back out of an id", arguments: [0, 1, 1_700_000_000, 2_000_000_000, 281_474_976_710])
    func time(seconds: Int64) { #expect(PushID.at(seconds, 5).seconds == seconds) }

    @Test("an id that is made now says so")
    func timeOfNow() { #expect(abs(PushID.generate().seconds - WallClock.seconds()) <= 1) }

    @Test("of more builds than fit, the newest are looked at, and the memory is bounded")
    func limit() throws {
        var inventory = AppInventory(app: try AppName("blog"), limit: 10)
        for number in 0..<Int64(37) {
            let key = try ObjectKey("apps/blog/builds/\(PushID.at(number))/build.json")
            let object = ObjectMetadata(key: key, size: 1, etag: "", modified: number)
            inventory.add(object, key.rawValue.split(separator: "/")[2...])
            #expect(inventory.builds.count <= 10)
            #expect(inventory.builds.last?.id == .at(number))
        }
        #expect(inventory.builds.count + inventory.left == 37)
        let newest = (Int64(inventory.left)..<37).map { PushID.at($0) }
        #expect(inventory.builds.map(\.id) == newest)
        for number in 0..<12 {
            let key = try ObjectKey("apps/blog/sources/\(commit(number)).tar.gz")
            inventory.add(
                ObjectMetadata(key: key, size: 1, etag: "", modified: 1), key.rawValue.split(separator: "/")[2...])
        }
        #expect(inventory.sources.count == 10)
    }

    @Test("numbers are written for people")
    func words() {
        #expect(1.counted("object") == "1 object" && 0.counted("object") == "0 objects")
        let sizes: [(Int64, String)] = [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (102_400, "100 KiB"), (5 << 30, "5.0 GiB"),
            (.max, "8388607 TiB"),
        ]
        for (size, text) in sizes { #expect(size.bytesInWords == text) }
    }
}
