/// What was unpacked.
package struct ExtractionSummary: Sendable, Equatable {
    package var files = 0
    /// Directories that were made, also those only implied by a path.
    package var directories = 0
    package var symlinks = 0
    /// Bytes of file content.
    package var bytes: Int64 = 0
}
