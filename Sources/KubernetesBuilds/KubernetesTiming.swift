/// How long the executor waits for what; every number has its reason.
package struct KubernetesTiming: Sendable {
    /// How long it is tried to find out whether a Job was created whose creation had no clear answer.
    ///
    /// For an API that is away for longer, the push itself waits and says so.
    package var creation = Duration.seconds(5)
    /// How long a creation that is under way may still take when its push is cancelled.
    package var cancelledCreation = Duration.seconds(2)
    /// How long a Job may take to be deleted with its pods; what is left then is found by ``OrphanedJobs``.
    package var removal = Duration.seconds(20)
    /// How long a registry may say that an image is not there or not to be had before that is believed: it is told at
    /// once and a pull is tried again after 10 s, 20 s and so on.
    package var imagePatience = Duration.seconds(25)
    /// How long a Secret or the like may be missing, or an admission rule refuse: they may be on their way.
    package var configurationPatience = Duration.seconds(45)
    /// How long to wait for the reason why a pod vanished: the Job's condition is written after its pods are deleted.
    package var explanation = Duration.seconds(5)
    /// How long an ended container's log may stay silent while it is read to its end.
    ///
    /// All six attempts of the reader have to fit (``KubernetesLimits/logFinalAttempts``): each may take 5 s
    /// (``KubernetesLog/finalPatience``), the pauses between them take up to 8 s together, and the pod is looked at.
    package var logSilence = Duration.seconds(60)
    /// How often a log that the cluster refuses is asked for again while its build runs: somebody has to change
    /// something first.
    package var logRefused = Duration.seconds(30)
    /// How long a log may be away before that is told: where the API is away, its watches say so in better words.
    package var logTrouble = Duration.seconds(5)
    /// How long the API may be away during a build.
    package var outage = Duration.seconds(15 * 60)
    /// How often limits of time are looked at.
    package var tick = Duration.seconds(1)
    /// How long `availability()` may take: the gate gives all checks 2 s together.
    package var check = Duration.milliseconds(1500)
    /// How long an answer of the API about rights is believed.
    package var accessMemory = Duration.seconds(60)
    /// What fetching a source or storing an artifact may take besides the transfer itself: starting, pauses between
    /// tries, unpacking to the end, and being told of it.
    package var besidesTransfer = Duration.seconds(5 * 60)
    /// Bytes of a second at which an artifact's archive is made, at least: a core alone is ten times as fast, but the
    /// container that does it is promised a small part of one.
    package var archivingRate: Int64 = 8 << 20

    package init() {}
}
