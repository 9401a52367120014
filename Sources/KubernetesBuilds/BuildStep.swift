/// The containers of a build's pod, in the order in which they run.
enum BuildStep: String, Sendable, CaseIterable {
    case fetch = "fetch-source"
    case build = "build"
    case store = "store-artifact"
}
