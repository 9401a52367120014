/// How much, how long and how often; every number has its reason.
package struct KubernetesLimits: Sendable {
    /// Bytes of one object: etcd takes 1.5 MiB of it by default, and managed fields in JSON come on top.
    package var objectSize = 8 << 20
    /// Bytes of one page of a list: ``pageSize`` pods of 40 KB, twice.
    package var pageBytes = 32 << 20
    /// Objects of one page when the caller says nothing: client-go pages by 500.
    package var pageSize = 250
    /// Objects of a whole list: more builds than a namespace ever holds.
    package var listedObjects = 20_000
    /// Bytes of all pages of a list together.
    package var listBytes = 128 << 20
    /// Bytes of one line of a watch: one object, and the words around it.
    package var watchLine = 9 << 20
    /// Bytes of an answer that reports a failure.
    package var failureSize = 64 << 10
    /// Bytes of a log that are handed over at once.
    package var logChunk = 64 << 10

    /// How long making a connection may take, TLS included.
    package var connectTime = Duration.seconds(5)
    /// How long one request may take to the end of its answer; the server's own limit is 60 s.
    package var requestTime = Duration.seconds(30)
    /// How long a request may take with all its attempts.
    package var totalTime = Duration.seconds(60)
    /// How often a request is sent that may be repeated.
    package var attempts = 4
    /// How long `/readyz`, `/version` and access reviews may take: health checks wait for them.
    package var checkTime = Duration.seconds(5)

    /// How long the server shall let a watch run.
    ///
    /// Each takes a random time between this and half as much again, so that not all end at once. Short, because a
    /// connection that died without a word is found out by this.
    package var watchTime = Duration.seconds(60)
    /// How long after its time a watch may stay open before it is given up.
    package var watchGrace = Duration.seconds(10)

    /// How long a log may be silent before its connection is made anew.
    ///
    /// A build may well be silent; a dead connection looks the same. Doubles while the silence lasts.
    package var logSilence = Duration.seconds(30)
    /// To what ``logSilence`` grows.
    package var logSilenceMaximum = Duration.seconds(240)
    /// How often the end of a log is asked for when the container has ended but the node does not give its log.
    package var logFinalAttempts = 6

    /// The longest first wait after a failure; it doubles each time.
    ///
    /// What is waited is random, from half of it.
    package var firstDelay = Duration.milliseconds(250)
    /// The longest wait between two attempts: a recovery shall show soon.
    package var maximumDelay = Duration.seconds(10)
    /// How long a server may refuse (401, 403, untrusted) while a log is followed before that is believed: a server
    /// that starts refuses everything until it has read its rules.
    package var patience = Duration.seconds(60)

    /// How often files with tokens are read at most.
    package var tokenAge = Duration.seconds(10)
    /// How often files with an authority or a client's certificate are read while nobody complains: an authority that is
    /// taken out shall not be trusted for long.
    package var tlsAge = Duration.seconds(60)
    /// How long a credential plugin may run: it may ask a cloud, or wait for a lock.
    package var pluginTime = Duration.seconds(30)

    /// Makes the usual limits.
    package init() {}
}
