/// What an object of a build is.
enum BuildPart: Equatable {
    case record, log, artifact
    /// A part of a log that is not whole yet; numbered from 1 on.
    case logPart(Int)
}
