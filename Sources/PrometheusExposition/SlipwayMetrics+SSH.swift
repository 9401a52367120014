/// Connections and logins.
extension SlipwayMetrics {
    static let ssh: [MetricDescription] = [
        .gauge(
            "slipway_ssh_connections", "Open connections.", .closed("state", ["unauthenticated", "authenticated"])),
        .gauge("slipway_ssh_connections_limit", "How many connections may be open at once."),
        .gauge("slipway_ssh_login_places_limit", "How many of them may be open before they have logged in."),
        .counter("slipway_ssh_connections_total", "Connections that were accepted."),
        .counter(
            "slipway_ssh_refused_connections_total",
            "Connections that were closed at once, by the limit that was reached: all, not logged in, of one address, or descriptors.",
            .closed("cause", ["connections", "unauthenticated", "address", "descriptors"])),
        .counter(
            "slipway_ssh_handshake_failures_total", "Connections that ended before a login.",
            .closed("cause", ["key_exchange", "login_timeout", "crowded", "too_many_tries", "client_gone"])),
        .counter(
            "slipway_ssh_auth_attempts_total",
            "Keys that were offered; a client may have several refused before one is accepted.",
            .closed("result", ["accepted", "refused"])),
        .histogram(
            "slipway_ssh_dial_duration_seconds",
            "How long the server's own dials of its SSH port took until they read a version line.",
            buckets: gateBuckets),
        .counter(
            "slipway_ssh_dials_total", "The server's own dials of its SSH port by what answered.",
            .closed("result", ["ok", "refused", "silent", "garbage"])),
    ]
}
