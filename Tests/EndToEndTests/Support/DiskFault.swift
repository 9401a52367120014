import Testing

/// A file system below the data directory that breaks while the server runs, and what is said of it then.
struct DiskFault: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    /// What is on it.
    enum Place: String, Sendable {
        case store, repositories, workspaces
    }

    let place: Place
    let failure: BreakableDisk.Failure

    var description: String { "\(place) \(failure.rawValue)" }
    var testDescription: String { description }

    /// The dependency's name.
    var dependency: String {
        switch place {
        case .store: "storage"
        case .repositories: "repositories"
        case .workspaces: "executor"
        }
    }

    /// The dependency as people call it.
    var title: String {
        switch place {
        case .store: "object storage"
        case .repositories: "the repositories' disk"
        case .workspaces: "the build executor"
        }
    }

    /// What may be told as the cause.
    var causes: [String] {
        switch (place, failure) {
        case (_, .hung): ["no answer within 2 s", "no answer; earlier checks still hang"]
        case (.store, .readOnly): ["it cannot be written to"]
        case (.store, .full): ["no space is left"]
        case (.repositories, .readOnly): ["it cannot be written to"]
        case (.repositories, .full): ["no space is left", "it has too little room"]
        case (.workspaces, .readOnly): ["its folder for builds cannot be used"]
        case (.workspaces, .full): ["its disk has too little room"]
        }
    }

    /// What the gate says of the others.
    var fine: String {
        switch place {
        case .store: "The build executor, the repositories' disk and the access list are fine."
        case .repositories: "Object storage, the build executor and the access list are fine."
        case .workspaces: "Object storage, the repositories' disk and the access list are fine."
        }
    }

    /// Whether repositories can be read while it is there.
    var leavesReading: Bool { place != .repositories || failure != .hung }

    /// Mounts the file system.
    func makeDisk(in directory: TemporaryDirectory) async throws -> BreakableDisk {
        switch place {
        case .store:
            try await BreakableDisk("data/store", in: directory, failure: failure, megabytes: 8, mode: "0700")
        case .repositories:
            // Below 256 MiB it counts as nearly full.
            try await BreakableDisk(
                "data/repositories", in: directory, failure: failure, megabytes: 300, mode: "0755")
        case .workspaces:
            // Below 1 GiB it counts as nearly full; no need to take more memory than that takes.
            try await BreakableDisk(
                "data/workspaces", in: directory, failure: failure, megabytes: 1100, room: 1000, mode: "0711")
        }
    }
}
