import Archive
import Builds
import Identifiers
import NIOPosix
import ObjectStorage
import TestSupport
import Testing

/// A store with a source in it, and an executor: all that a build needs, for real.
struct BuildFixture {
    let directory: TemporaryDirectory
    let store: FileObjectStore
    let pool: NIOThreadPool
    let output = CollectedOutput()
    var configuration: LocalExecutorConfiguration

    /// Everything that ends up in `$SLIPWAY_SOURCE`.
    var files: [(path: String, content: String, isExecutable: Bool)] = []
    /// The same, for files that are no text; all executable.
    var programs: [(path: String, content: [UInt8])] = []

    var dataDirectory: String { directory.path + "/data" }

    /// - Parameters:
    ///   - script: The build script, without its first line; nil for none.
    ///   - pool: Where both the store and the executor block.
    /// - Throws: When there is no temporary directory for it.
    init(script: String? = nil, pool: NIOThreadPool = .singleton) throws {
        self.pool = pool
        directory = try TemporaryDirectory()
        store = try FileObjectStore(root: directory.path + "/data", pool: pool)
        configuration = LocalExecutorConfiguration(workspace: directory.path + "/builds")
        configuration.timeout = .seconds(60)
        configuration.hiddenPaths = [directory.path + "/data"]
        if let script { files = [(".slipway/build", "#!/bin/bash\n" + script, true)] }
    }

    func request(_ recipe: BuildRecipe = .script) async throws -> BuildRequest {
        var tar: [UInt8] = []
        let all = files.map { ($0.path, Array($0.content.utf8), $0.isExecutable) } + programs.map { ($0, $1, true) }
        for (path, content, isExecutable) in all {
            let entry = TarEntry(
                path: Array(path.utf8), kind: .file(executable: isExecutable), size: Int64(content.count), modified: 0)
            tar += try TarWriter.header(for: entry) + content + TarWriter.padding(after: entry.size)
        }
        var gzip = try GzipCompressor()
        let source = try gzip.compress(tar + TarWriter.trailer) + gzip.finish()
        let key = try ObjectKey("apps/blog/sources/source.tar.gz")
        try await store.put(key, bytes: source)
        return BuildRequest(
            id: PushID.generate().rawValue, app: try AppName("blog"), commit: String(repeating: "a", count: 40),
            ref: "refs/heads/main", user: "alice", recipe: recipe,
            source: StoredSource(key: key, size: Int64(source.count)))
    }

    var executor: LocalExecutor { LocalExecutor(configuration: configuration, pool: pool) }

    func run(_ recipe: BuildRecipe = .script) async throws -> BuildReport {
        try await BuildService(store: store, executor: executor).run(request(recipe), output: output)
    }

    /// Runs a build that the executor cannot run, and checks that the error and the record say why.
    ///
    /// - Parameter cause: Why.
    /// - Returns: The build's record.
    /// - Throws: What the store does.
    func refusal(_ cause: String) async throws -> BuildRecord {
        let request = try await request()
        let service = BuildService(store: store, executor: executor)
        do {
            _ = try await service.run(request, output: output)
            Issue.record("it was built")
        } catch BuildServiceError.unavailable(let error) {
            #expect(error.cause == cause)
        }
        let record = try await record(request.id)
        #expect(record.outcome == .refused && record.reason.contains(cause))
        return record
    }

    func read(_ key: ObjectKey) async throws -> [UInt8] {
        try await store.getAll(key, limit: 16 << 20)
    }

    func record(_ id: String) async throws -> BuildRecord {
        try await BuildRecord(decoding: read(ObjectKey("apps/blog/builds/\(id)/build.json")))
    }

    /// The directories of builds that are still there.
    var leftovers: [String] { HostDirectory.names(configuration.workspace) }
}
