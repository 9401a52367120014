import Builds

/// Why a build that still runs is ended from here.
struct BuildStop: Error {
    let result: BuildResult
}
