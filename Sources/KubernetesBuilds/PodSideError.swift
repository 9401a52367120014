/// Why one of Slipway's own containers in a build's pod has failed.
struct PodSideError: Error, Equatable, CustomStringConvertible {
    /// One line, without URLs.
    let reason: String
    /// Whether what it was given is to blame, and not the machine or the store: trying again is of no use.
    let blamesContent: Bool

    init(_ reason: String, blamesContent: Bool = false) {
        self.reason = reason
        self.blamesContent = blamesContent
    }

    var description: String { reason }

    /// What the process ends with.
    var exitCode: Int32 { blamesContent ? BuildConclusion.contentIsToBlame : 1 }
}
