package import Identifiers

/// One build to be done: which tree, of which app, for whom and how.
package struct BuildRequest: Sendable {
    /// The id of the push, which is also the id of its build.
    package let id: String
    package let app: AppName
    /// The pushed commit, in hex.
    package let commit: String
    /// The full name of the pushed ref, such as `refs/heads/main`.
    package let ref: String
    /// Who pushed, as the access file names them.
    package let user: String
    package let recipe: BuildRecipe
    /// The tar.gz of the commit's tree in the object store.
    package let source: StoredSource

    package init(
        id: String, app: AppName, commit: String, ref: String, user: String, recipe: BuildRecipe, source: StoredSource
    ) {
        self.id = id
        self.app = app
        self.commit = commit
        self.ref = ref
        self.user = user
        self.recipe = recipe
        self.source = source
    }
}
