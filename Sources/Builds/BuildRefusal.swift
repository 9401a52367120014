/// An executor's statement that it cannot run this build, before anything of it ran.
package struct BuildRefusal: Error, Equatable, CustomStringConvertible {
    /// What is missing and what to install or to set.
    package let reason: String

    package init(reason: String) { self.reason = reason }

    package var description: String { reason }
}
