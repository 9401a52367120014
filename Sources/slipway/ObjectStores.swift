import Drills
import Logging
import ObjectServer
import ObjectStorage
import Retention
import S3
import ServiceLifecycle
import Settings

/// The object store that the settings name, and what goes with it.
struct ObjectStores: Sendable {
    /// For pushes, builds and whoever cleans up.
    let store: any ObjectStore
    /// For its health check: threads that a file system keeps for ever are not those of pushes.
    let checked: any ObjectStore
    private let bucket: S3ObjectStore?
    /// Gives single objects out and takes them, where builds elsewhere are to have them and no bucket does that.
    let server: (any Service)?
    private let files: [FileObjectStore]

    /// Makes the store, which is opened by ``open()`` or when it is first used; nothing is sent to a bucket's server yet.
    ///
    /// - Parameters:
    ///   - settings: Which store, and faults on purpose.
    ///   - directory: Where files go.
    ///   - pools: Where file operations block.
    /// - Throws: An error of one line that names the setting.
    init(_ settings: Settings, directory: String, pools: WorkPools) throws {
        switch settings.storage.kind {
        case .file:
            bucket = nil
            let signer = try settings.storage.publicURL.map { address in
                try ObjectURLSigner(base: address + ObjectServer.path, secret: URLSecret.load(besides: directory))
            }
            let pushed = FileObjectStore(openedOnUse: directory, pool: pools.store, urls: signer)
            let probed = FileObjectStore(openedOnUse: directory, pool: pools.storeCheck)
            files = [pushed, probed]
            let store = settings.withFaults(pushed)
            self.store = store
            checked = settings.withFaults(probed)
            server = signer.map { signer in
                ObjectServer(
                    addresses: settings.health.addresses, port: settings.storage.port, store: store, signer: signer,
                    maximumSize: settings.build.maxArtifactSize, logger: Logger(label: "objects"))
            }
        case .s3:
            let opened = try Self.bucket(settings)
            bucket = opened
            files = []
            server = nil
            store = settings.withFaults(opened)
            checked = store
        }
    }

    /// Makes and opens the directories of a store of files, and clears them of what a crash left; a bucket needs nothing.
    ///
    /// - Throws: ``StartError`` for a place that can never be one; ``ObjectStoreError`` for what may pass: whatever is asked of the store
    ///   tries again.
    func open() async throws {
        do {
            for store in files { try await store.open() }
        } catch let error as ObjectStoreError where error.kind == .noDirectory {
            throw StartError("data-dir: the object store cannot be opened: \(error.detail ?? "\(error)")")
        }
    }

    /// Removes parts of uploads that a crash interrupted: nobody sees them, and they cost money.
    ///
    /// - Parameters:
    ///   - age: How old they must be, so that none is under way.
    ///   - dryRun: Only count them.
    /// - Returns: How many uploads were removed, or would be.
    /// - Throws: `ObjectStoreError`.
    func removeStaleUploads(olderThan age: Duration, dryRun: Bool = false) async throws -> Int {
        // Only where builds put things: the bucket may be shared, and others' uploads are none of ours.
        try await bucket?.removeStaleUploads(below: "apps/", olderThan: age, dryRun: dryRun) ?? 0
    }

    /// Closes connections, once nobody uses the store any more.
    func shutdown() async { await bucket?.shutdown() }

    /// What the settings say of the bucket, checked.
    ///
    /// - Throws: ``StartError``, one line that names the setting.
    static func configuration(_ settings: Settings) throws(StartError) -> S3Configuration {
        let s3 = settings.storage.s3
        let pathStyle: Bool? =
            switch s3.pathStyle {
            case .auto: nil
            case .on: true
            case .off: false
            }
        do {
            var configuration = try S3Configuration(
                bucket: s3.bucket, endpoint: s3.endpoint, region: s3.region ?? regionOfEnvironment, prefix: s3.prefix,
                pathStyle: pathStyle, caFile: s3.caFile)
            try configuration.checkCAFile()
            configuration.etagIsMD5 = s3.etagIsMD5 == .on
            configuration.limits = .forPushes
            return configuration
        } catch {
            throw StartError("\(error.setting): \(error)")
        }
    }

    private static func bucket(_ settings: Settings) throws(StartError) -> S3ObjectStore {
        let configuration = try configuration(settings)
        let logger = Logger(label: "s3")
        do {
            let connections = try S3Connections(configuration)
            let credentials = CredentialsChain(
                environment: ProcessEnvironment.variables, region: configuration.region, http: connections.usual,
                files: settings.storage.s3.credentialsDirectory.map(credentialsFiles), logger: logger)
            return S3ObjectStore(
                configuration: configuration, credentials: credentials, connections: connections, logger: logger)
        } catch {
            throw StartError("\(error.setting): \(error)")
        }
    }

    /// As a Kubernetes Secret is mounted: a file for each value; the token need not be there.
    private static func credentialsFiles(_ directory: String) -> CredentialsFiles {
        CredentialsFiles(
            accessKey: directory + "/access-key-id", secretKey: directory + "/secret-access-key",
            sessionToken: directory + "/session-token")
    }

    private static var regionOfEnvironment: String {
        let variables = ProcessEnvironment.variables
        let named = ["AWS_REGION", "AWS_DEFAULT_REGION"].compactMap { variables[$0] }.first { !$0.isEmpty }
        return named ?? "us-east-1"
    }
}

extension StaleUploads {
    /// Looks after the bucket; a directory has no such uploads.
    init(stores: ObjectStores, age: Duration, interval: Duration, logger: Logger) {
        self.init(age: age, interval: interval, logger: logger) { age in
            try await stores.removeStaleUploads(olderThan: age)
        }
    }
}

extension S3ConfigurationError {
    /// The setting that it is about.
    fileprivate var setting: String {
        switch self {
        case .bucket: "s3.bucket"
        case .endpoint: "s3.endpoint"
        case .region: "s3.region"
        case .prefix: "s3.prefix"
        case .caFile: "s3.ca-file"
        }
    }
}
