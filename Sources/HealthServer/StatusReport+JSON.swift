import Health

extension StatusReport {
    /// The report for programs: times as ISO 8601 in UTC, durations in seconds, `null` for what is not known.
    var json: JSONValue {
        .object([
            "headline": .string(headline),
            "tone": .string(tone.rawValue),
            "version": .string(version),
            "now": .string(now.iso8601),
            "startedAt": .string(startedAt.iso8601),
            "uptimeSeconds": .number(uptime / .seconds(1)),
            "pushURL": .string(pushURL),
            "gateIsOn": .bool(gateIsOn),
            "simulated": .array(simulated.map { .string($0) }),
            "drain": .string(optional: drain),
            "readiness": .array(
                readiness.map { .object(["name": .string($0.name), "problem": .string(optional: $0.problem)]) }),
            "dependencies": .array(dependencies.map(json)),
            "pushes": .array(pushes.map(json)),
            "queueLength": .integer(queueLength),
            "recentBuilds": .array(recentBuilds.map(json)),
            "connections": .object(["count": .integer(connections), "limit": .integer(connectionLimit)]),
        ])
    }

    private func json(_ status: DependencyStatus) -> JSONValue {
        .object([
            "name": .string(status.name),
            "title": .string(status.title),
            "isNeededByPush": .bool(status.isNeededByPush),
            "state": .string(status.state.rawValue),
            "since": .string(optional: status.since?.iso8601),
            "lastingSeconds": seconds(lasting(status)),
            "cause": .string(optional: status.cause),
            "lastCheck": .string(optional: status.lastCheck?.iso8601),
            "lastSuccess": .string(optional: status.lastSuccess?.iso8601),
            "latencySeconds": seconds(status.latency),
            "consecutiveFailures": .integer(status.consecutiveFailures),
            "abandonedChecks": .integer(status.abandonedChecks),
            "nextCheckSeconds": seconds(status.nextCheck),
            "simulated": .string(optional: status.simulated),
            "historyPerMinute": .array(status.history.map { .string($0.rawValue) }),
            "transitions": .array(status.transitions.map(json)),
        ])
    }

    private func json(_ transition: DependencyTransition) -> JSONValue {
        .object([
            "at": .string(transition.at.iso8601),
            "was": .string(transition.was.rawValue),
            "is": .string(transition.is.rawValue),
            "lastedSeconds": seconds(transition.lasted),
            "cause": .string(optional: transition.cause),
        ])
    }

    private func json(_ push: PushInProgress) -> JSONValue {
        .object([
            "id": .string(push.id),
            "app": .string(push.app),
            "phase": .string(push.phase),
            "since": .string(push.since.iso8601),
            "isQueued": .bool(push.isQueued),
            "place": push.place.map { .integer($0) } ?? .null,
        ])
    }

    private func json(_ build: RecentBuild) -> JSONValue {
        .object([
            "id": .string(build.id),
            "app": .string(build.app),
            "outcome": .string(build.outcome),
            "hasSucceeded": .bool(build.hasSucceeded),
            "finishedAt": .string(build.finishedAt.iso8601),
            "durationSeconds": seconds(build.duration),
            "commit": .string(build.commit),
        ])
    }

    private func seconds(_ duration: Duration?) -> JSONValue { duration.map { .number($0 / .seconds(1)) } ?? .null }
}
