extension LocalSandbox {
    /// Who a build is in its sandbox.
    enum Identity: Sendable {
        /// One user without rights, the same as outside, who cannot make user namespaces: in one of its own, a build would
        /// get at much more of the kernel.
        case buildUser
        /// The same, but user namespaces can be made: for buildah without ``containerRoot``, and where bubblewrap
        /// cannot prevent it.
        case nestingUser
        /// Root of a user namespace with 65,536 users, as containers expect it; outside, its root is the build's user
        /// and the others are nobody at all.
        ///
        /// Only a server that is root can give a build so many users. This root has all capabilities in its sandbox,
        /// so it could take down the masks of hidden paths; what it then found, it could read only as the build's user
        /// outside. buildah passes none of these capabilities on to what a Dockerfile runs.
        case containerRoot
    }

    /// The first of the host's user ids that stand for a container's users 1 to 65,535.
    ///
    /// In the range that systemd's list of ids calls unused (systemd.io/UIDS-GIDS, 0x70000000 and above): no host user,
    /// no file of the host's.
    private static let firstContainerID: UInt32 = 0x7000_0000

    /// Starts the command in a new user namespace once its maps are written, and passes its exit code on.
    ///
    /// The maps are written from outside, by root: only then may the namespace have more than one user, and may its
    /// root set groups (user_namespaces(7)). The child stops itself until that is done.
    private static let containerRootScript = """
        uid=$1 gid=$2 first=$3 setpriv=$4
        shift 4
        "$setpriv" --reuid "$uid" --regid "$gid" --clear-groups -- \
          unshare --user -- /bin/sh -c 'kill -STOP $$; exec "$@"' sh "$@" &
        child=$!
        while :; do
          state=
          while read -r key value rest; do
            if [ "$key" = State: ]; then state=$value; fi
          done <"/proc/$child/status"
          case $state in
            T) break ;;
            Z | X | '') wait "$child"; exit ;;
          esac
          sleep 0.01
        done
        set -e
        printf '0 %s 1\\n1 %s 65535\\n' "$uid" "$first" >"/proc/$child/uid_map"
        printf '0 %s 1\\n1 %s 65535\\n' "$gid" "$first" >"/proc/$child/gid_map"
        kill -CONT "$child"
        wait "$child"
        """

    /// Who a recipe is when it runs here.
    func identity(for recipe: BuildRecipe) -> Identity {
        if recipe == .dockerfile {
            return configuration.sandbox == .bubblewrap && configuration.changesUser != nil
                ? .containerRoot : .nestingUser
        }
        return abilities.limitsNamespaces ? .buildUser : .nestingUser
    }

    /// The words that run `sandboxed` as root of a namespace of its own.
    ///
    /// - Throws: ``LocalSandboxError`` when setpriv is not installed.
    func containerRootWords(_ sandboxed: [String], user: BuildUser) throws(LocalSandboxError) -> [String] {
        let setpriv = try Self.tool("setpriv")
        let ids = [user.uid, user.gid, Self.firstContainerID].map { String($0) }
        return [setpriv, "--pdeathsig", "KILL", "--", "/bin/sh", "-c", Self.containerRootScript, "sh"]
            + ids + [setpriv] + sandboxed
    }
}
