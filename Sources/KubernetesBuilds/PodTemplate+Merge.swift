import Kubernetes

/// How a template and what Slipway makes itself become one.
///
/// Maps are joined, lists follow each other, single values are the template's where it is allowed to have them. In
/// labels, annotations and environment, Slipway's own win; resources and security contexts are the template's, member by
/// member: an operator may make them stricter or looser, and nobody else can.
extension PodTemplate {
    /// Lays the template over a pod template of a Job.
    func merge(into pod: inout JSON) {
        for group in ["labels", "annotations"] {
            guard let theirs = content["metadata"]?[group]?.object else { continue }
            var metadata = pod["metadata"] ?? [:]
            metadata[group] = .object(theirs.merging(metadata[group]?.object ?? [:]) { $1 })
            pod["metadata"] = metadata
        }
        guard let theirs = content["spec"]?.object, var spec = pod["spec"] else { return }
        for (field, value) in theirs {
            switch field {
            case "containers": continue
            case "volumes": spec["volumes"] = .array(Self.volumes(spec["volumes"]?.array ?? [], value.array ?? []))
            case "securityContext": spec[field] = Self.joined(spec[field], value)
            default: spec[field] = value
            }
        }
        for group in ["initContainers", "containers"] {
            spec[group] = .array(
                (spec[group]?.array ?? []).map { ours in
                    guard
                        let theirs = theirs["containers"]?.array?.first(where: {
                            $0["name"]?.string == ours["name"]?.string
                        })
                    else { return ours }
                    return Self.container(ours, theirs)
                })
        }
        pod["spec"] = spec
    }

    private static func container(_ ours: JSON, _ theirs: JSON) -> JSON {
        var result = ours
        for (field, value) in theirs.object ?? [:] {
            switch field {
            case "env":
                let names = Set((ours["env"]?.array ?? []).compactMap { $0["name"]?.string })
                // A variable of ours cannot be said otherwise, but for those that only make a shell comfortable.
                let own = (value.array ?? []).filter { !names.contains($0["name"]?.string ?? "") }
                result["env"] = .array((ours["env"]?.array ?? []) + own)
            case "volumeMounts": result[field] = .array((ours[field]?.array ?? []) + (value.array ?? []))
            case "resources":
                var resources = ours[field] ?? [:]
                for group in ["requests", "limits"] {
                    guard let amounts = value[group] else { continue }
                    resources[group] = joined(resources[group], amounts)
                }
                result[field] = resources
            case "securityContext": result[field] = joined(ours[field], value)
            default: result[field] = value
            }
        }
        // Arguments of ours mean nothing to a command of theirs.
        if theirs["args"] != nil, theirs["command"] == nil { result["command"] = nil }
        return result
    }

    private static func volumes(_ ours: [JSON], _ theirs: [JSON]) -> [JSON] {
        let replaced = Set(theirs.compactMap { $0["name"]?.string })
        return ours.filter { !replaced.contains($0["name"]?.string ?? "") } + theirs
    }

    private static func joined(_ ours: JSON?, _ theirs: JSON) -> JSON {
        .object((ours?.object ?? [:]).merging(theirs.object ?? [:]) { $1 })
    }
}
