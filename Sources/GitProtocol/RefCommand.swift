/// One change to a ref that a client asks for: `old new name` (gitprotocol-pack, "Reference Update Request").
package struct RefCommand: Equatable, Hashable, Sendable {
    /// What the two ids amount to.
    package enum Kind: Equatable, Sendable {
        case create
        case update
        case delete
    }

    /// Where the client believes the ref to be; zero when it believes there is none.
    package let old: ObjectID

    /// Where it shall be; zero when it shall be gone.
    package let new: ObjectID

    /// The ref.
    package let ref: RefName

    /// Takes a command.
    package init(old: ObjectID, new: ObjectID, ref: RefName) {
        self.old = old
        self.new = new
        self.ref = ref
    }

    /// What is asked for; two zero ids are a deletion, as in git.
    package var kind: Kind {
        if new.isZero { return .delete }
        return old.isZero ? .create : .update
    }
}
