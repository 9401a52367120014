import GitRepository
import Glibc
import Retries
import SystemCalls

/// The disk of the repositories does not take what is pushed.
struct RepositoriesUnavailable: DependencyFailure {
    static let name = "the repositories' disk"
    /// Bytes that must be free: a few pushes of usual size.
    private static let minimumFreeSpace: Int64 = 256 << 20

    let dependency = name
    let cause: String
    let logText: String
    /// Somebody frees space, or mounts it for writing again.
    let mayPass = true
    var advice: String { "whoever runs this builder has to act, so try again later" }

    init(_ error: SystemCallError) {
        cause =
            switch error.code {
            case EMFILE, ENFILE: "this builder is out of file descriptors"
            case _ where error.isNoSpace: "no space is left"
            case _ where error.isRefusal: "it cannot be written to"
            default: "it does not work"
            }
        logText = "\(error)"
    }

    /// What is wrong with a disk by what it says of itself; nil when nothing is.
    init?(_ space: FileSystemSpace) {
        if space.isReadOnly {
            (cause, logText) = ("it cannot be written to", "it is mounted read-only")
        } else if let shortage = space.shortage(minimum: Self.minimumFreeSpace) {
            (cause, logText) = ("it has too little room", shortage)
        } else {
            return nil
        }
    }
}

extension RepositoryStore {
    /// Checks by writing that the disk takes what is pushed.
    ///
    /// - Throws: ``RepositoriesUnavailable``, or an error of the thread pool.
    func requireUsable() async throws {
        let space: FileSystemSpace
        do {
            space = try await check()
        } catch let error as SystemCallError {
            throw RepositoriesUnavailable(error)
        }
        if let trouble = RepositoriesUnavailable(space) { throw trouble }
    }

    /// Asks the disk whether there is room, without writing: cheap enough for every push.
    ///
    /// - Throws: ``RepositoriesUnavailable``, or an error of the thread pool.
    func requireRoom() async throws {
        // Whoever cannot be asked is found out by what comes next.
        guard let space = try await space(), let trouble = RepositoriesUnavailable(space) else { return }
        throw trouble
    }
}
