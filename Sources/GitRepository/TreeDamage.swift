/// The bytes of a tree object are no tree.
struct TreeDamage: Error {}
