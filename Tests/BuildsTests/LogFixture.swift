import Identifiers
import Logging
import ObjectStorage
import Retries

@testable import Builds

/// One build's log, in a store of its own.
struct LogFixture {
    let app: AppName
    let id = PushID.generate()
    let keys: BuildKeys
    let store: MemoryObjectStore
    let output = CollectedOutput()
    var limits = BuildLogLimits()

    init(chunk: Int = 1 << 10, before hook: @escaping MemoryObjectStore.Hook = { _, _, _ in }) throws {
        app = try AppName("blog")
        keys = try BuildKeys(app: app, id: id.rawValue)
        store = MemoryObjectStore(chunk: chunk, before: hook)
        limits.partDelay = .seconds(60)
    }

    func log(retry: Retry = .never, logger: Logger = Logger(label: "test")) -> BuildLog {
        BuildLog(store: store, keys: keys, client: output, retry: retry, limits: limits, logger: logger)
    }

    func reader(retry: Retry = .never) throws -> BuildLogReader {
        try BuildLogReader(store: store, app: app, id: id, retry: retry, pollInterval: .milliseconds(1))
    }

    /// All bytes that a reader gets.
    func read(from offset: Int64 = 0, follow: Bool = false, retry: Retry = .never) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in try reader(retry: retry).read(from: offset, follow: follow) { bytes += chunk }
        return bytes
    }

    func setRecord(_ outcome: String) { store[keys.record] = Array(#"{"outcome":"\#(outcome)"}"#.utf8) }

    func setParts(_ parts: [[UInt8]]) throws {
        for (index, part) in parts.enumerated() { store[try keys.logPart(index + 1)] = part }
    }

    /// The last segments of the keys that there are.
    var names: [String] { store.keys.map { String($0.split(separator: "/").last ?? "") } }
}
