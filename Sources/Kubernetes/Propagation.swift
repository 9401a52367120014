/// What becomes of the objects that a deleted one owns, as the pods of a Job.
package enum Propagation: String, Sendable {
    /// They are deleted afterwards, by the cluster.
    case background = "Background"
    /// They are deleted first; the object stays until they are gone.
    case foreground = "Foreground"
    /// They stay.
    case orphan = "Orphan"
}
