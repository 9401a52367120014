/// What became of one command of a push.
package enum RefResult: Equatable, Sendable {
    case ok
    /// The ref is as it was; the reason is shown to the user behind the name of the ref.
    case rejected(reason: String)
}
