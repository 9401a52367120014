import FoundationEssentials

/// What a server keeps of an app's builds, read from its object store.
struct StoredBuilds: Sendable {
    let directory: TemporaryDirectory
    let app: String

    /// The ids of all builds, oldest first: they sort by time.
    var ids: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path("apps/\(app)/builds"))
        return (names ?? []).sorted()
    }

    /// The records that are there, oldest first.
    var records: [StoredRecord] { ids.compactMap { try? record($0) } }

    /// The only build's record.
    ///
    /// - Throws: ``Failed`` if there are none, or several.
    var only: StoredRecord {
        get throws {
            guard ids.count == 1 else { throw Failed("expected one build of \(app), there are \(ids.count)") }
            return try record(ids[0])
        }
    }

    /// The record of a build.
    func record(_ id: String) throws -> StoredRecord {
        let bytes = try read("apps/\(app)/builds/\(id)/build.json")
        return try JSONDecoder().decode(StoredRecord.self, from: Data(bytes))
    }

    /// An object's bytes.
    func read(_ key: String) throws -> [UInt8] { try HostFile.read(path(key)) }

    /// Where an object is.
    func path(_ key: String) -> String { directory("data/store/objects/\(key)") }

    /// What `tar -tzf` lists of an object: names with a slash after folders, without a leading `./`, sorted.
    func names(inArchive key: String) async throws -> [String] {
        try await Command("/bin/tar", ["-tzf", path(key)]).run().succeeded().text.split(separator: "\n").map(
            String.init
        )
        .sorted()
    }

    /// Unpacks an object with `tar` and gives the folder.
    func unpack(_ key: String) async throws -> String {
        let folder = try directory.makeDirectory("unpacked-\(key.replacing("/", with: "-"))")
        try await Command("/bin/tar", ["-xzf", path(key), "-C", folder]).run().succeeded()
        return folder
    }
}
