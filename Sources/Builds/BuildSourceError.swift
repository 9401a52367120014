import Archive

/// Why a pushed tree cannot be unpacked for its build; the build has then failed.
package struct BuildSourceError: Error, Equatable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) { self.reason = reason }

    /// Makes the error of what unpacking threw; nil when the tree is not to blame, but the machine or the store.
    init?(_ error: any Error) {
        switch error {
        case let error as ArchiveError where error.blamesContent: reason = error.description
        case let error as TarError where error.blamesContent: reason = error.description
        default: return nil
        }
    }

    package var description: String { "the pushed tree cannot be unpacked here: \(reason)" }
}
