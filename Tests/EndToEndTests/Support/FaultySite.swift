import Glibc
import Testing

/// A server with a file system that the test can break.
///
/// When this object goes, the server is killed, and the file system is gone.
final class FaultySite: Sendable {
    let site: Site
    let disk: BreakableDisk
    let fault: DiskFault

    /// Starts a server over the file system that is to break, and waits until all is known to be well.
    static func start(_ fault: DiskFault, flags: [String] = []) async throws -> FaultySite {
        var mounted: BreakableDisk?
        do {
            let site = try await Site.start(flags: flags) { mounted = try await fault.makeDisk(in: $0) }
            guard let mounted else { throw Failed("nothing is mounted") }
            let faulty = FaultySite(site: site, disk: mounted, fault: fault)
            try await site.server.isWell()
            return faulty
        } catch {
            mounted?.release()
            throw error
        }
    }

    /// Stops the server, breaks the file system, and starts a server that finds it broken.
    ///
    /// - Parameters:
    ///   - flags: More flags for the server that is started.
    ///   - meanwhile: What else happens while none runs and the file system still works.
    /// - Returns: The site with the server that runs now, which has the file system with this object.
    /// - Throws: What went wrong with the file system or the start.
    func restartInOutage(flags: [String], _ meanwhile: () throws -> Void) async throws -> FaultySite {
        #expect(try await site.server.stop() == .exited(0), "\(fault)")
        try meanwhile()
        try await disk.fail()
        return FaultySite(site: try await site.restarted(flags: flags), disk: disk, fault: fault)
    }

    private init(site: Site, disk: BreakableDisk, fault: DiskFault) {
        self.site = site
        self.disk = disk
        self.fault = fault
    }

    deinit { end() }

    /// Kills the server and takes the file system away.
    func end() {
        // In this order: whoever waits for a disk that hangs cannot be killed.
        disk.wake()
        site.server.process.signalGroup(SIGKILL)
        site.server.process.waitBlocking()
        disk.release()
    }

    /// Does something at several sites at the same time, as most of it is waiting, and records what goes wrong.
    static func withEach(
        _ faults: [DiskFault], flags: [String] = [], _ body: @escaping @Sendable (FaultySite) async throws -> Void
    ) async {
        await withTaskGroup { group in
            for fault in faults {
                group.addTask {
                    do {
                        let faulty = try await start(fault, flags: flags)
                        // Not left to the last owner, who may be late.
                        defer { faulty.end() }
                        try await body(faulty)
                    } catch {
                        Issue.record("\(fault): \(error)")
                    }
                }
            }
        }
    }

    /// Breaks the file system and waits until the server knows.
    ///
    /// - Returns: How long that took.
    @discardableResult
    func fail() async throws -> Duration {
        let start = ContinuousClock.now
        try await disk.fail()
        try await eventually("\(fault): it is known to be down", within: .seconds(40)) {
            // What the server frees would be room again.
            if fault.failure == .full { try await disk.fail() }
            return try await site.server.state(of: fault.dependency) == "down"
        }
        return ContinuousClock.now - start
    }

    /// Mends the file system and waits until the server has noticed by itself.
    ///
    /// - Returns: How long that took.
    @discardableResult
    func mend() async throws -> Duration {
        let start = ContinuousClock.now
        try await disk.mend()
        try await eventually("\(fault): recovery is noticed", within: .seconds(15)) {
            try await site.server.state(of: fault.dependency) == "up"
        }
        return ContinuousClock.now - start
    }

    /// What lies about in the object store though nobody writes to it: parts of objects, and what checks left.
    var leftoversOfStore: [String] {
        get throws {
            let store = fault.place == .store ? disk.backing : site.directory("data/store")
            // One folder for each store that the server opened stays.
            let parts = try HostFile.paths(below: "\(store)/tmp").filter { $0.contains("/") }
            return try parts + HostFile.paths(below: "\(store)/objects/health")
        }
    }
}
