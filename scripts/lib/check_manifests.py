"""What scripts/check-manifests does, run by it in a Python that has kubernetes-validate and PyYAML."""

import glob
import ipaddress
import os
import re
import subprocess
import sys
import tempfile
import traceback

import yaml

SCHEMAS = ["1.28", "1.37"]
OURS = {
    "manifests": {
        "Namespace": 2, "ServiceAccount": 2, "Role": 2, "RoleBinding": 2, "Deployment": 1, "Service": 2,
        "PersistentVolumeClaim": 1, "PodDisruptionBudget": 1, "ResourceQuota": 1, "LimitRange": 1, "NetworkPolicy": 4,
        "ConfigMap": 3,
    },
    "manifests/overlays/trial": {
        "Namespace": 2, "ServiceAccount": 3, "Role": 3, "RoleBinding": 3, "Deployment": 2, "Service": 3,
        "PersistentVolumeClaim": 2, "PodDisruptionBudget": 1, "ResourceQuota": 1, "LimitRange": 1, "NetworkPolicy": 6,
        "ConfigMap": 3, "Job": 1,
    },
    "manifests/overlays/production": {
        "Namespace": 2, "ServiceAccount": 2, "Role": 2, "RoleBinding": 2, "Deployment": 1, "Service": 2,
        "PersistentVolumeClaim": 1, "PodDisruptionBudget": 1, "ResourceQuota": 1, "LimitRange": 1, "NetworkPolicy": 4,
        "ConfigMap": 3,
    },
    "manifests/overlays/monitoring": {"PodMonitor": 1, "PrometheusRule": 1, "ConfigMap": 1},
}
# The kinds of the Prometheus operator, for which there are no schemas here.
WITHOUT_SCHEMA = {"PodMonitor", "PrometheusRule"}
# In brackets, which nothing takes; without them it is looked for, so that those of older copies are found as well.
PLACEHOLDER, PLACEHOLDER_WORD = "<REPLACE-ME>", "REPLACE-ME"
RULES, RULE_COPY = "manifests/monitoring/slipway-alerts.yaml", "manifests/overlays/monitoring/prometheus-rule.yaml"
GUIDE, STORAGE_GUIDE = "docs/kubernetes.md", "docs/storage.md"

SERVER_LABELS = {"app.kubernetes.io/name": "slipway", "app.kubernetes.io/component": "server"}
PROBES = {  # path, seconds between, seconds for one, failures
    "startupProbe": ("/startupz", 1, 1, 60),
    "readinessProbe": ("/readyz", 5, 1, 3),
    "livenessProbe": ("/livez", 10, 3, 10),
}
CONTAINER_SECURITY = {
    "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"},
}
# Objects that pods name and that kustomize does not make: by the cluster, the trial's Job, the operator, the server.
MADE_ELSEWHERE = {("ConfigMap", "kube-root-ca.crt"), ("Secret", "slipway-s3")}
# What builds must not reach: metadata of clouds, and what is only for the pod itself; the API, services, pods, nodes, of which an installation
# may open some. And what they must reach.
METADATA = [
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "127.0.0.1",
    "::1", "fe80::1",
    # The same by way of a gateway to IPv4.
    "64:ff9b::a9fe:a9fe", "64:ff9b::6464:64c8", "64:ff9b::7f00:1", "64:ff9b::c000:c0", "64:ff9b::a83f:8110",
]
PRIVATE = [
    "10.96.0.1", "10.244.0.7", "172.20.0.1", "192.168.1.10", "100.64.3.2", "fd12::1",
    "64:ff9b::a60:1", "64:ff9b::ac14:1", "64:ff9b::c0a8:10a", "64:ff9b:1::a60:1", "2002:a60:1::1",
]
ALLOWED = ["1.1.1.1", "140.82.121.4", "52.216.8.10", "2606:4700::1111", "64:ff9b::101:101"]

problems, not_checked, checks = [], [], 0
# {(kind, namespace, name)} of all that manifests/ makes, and the names of its containers: filled in by main.
own_objects, own_containers = set(), set()


def check(holds, where, what):
    global checks
    checks += 1
    if not holds:
        problems.append(f"{where}: {what}")
    return bool(holds)


def same(found, expected, where, what):
    check(found == expected, where, f"{what}: expected {expected}, found {found}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def render(folder):
    done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{folder} cannot be rendered (kubectl 1.27 or newer?): {done.stderr.strip()}")
    check("eprecated" not in done.stderr, folder, f"kustomize warns: {done.stderr.strip()}")
    return done.stdout


def leave_unchecked(what):
    """Says what is left to whoever installs it, once."""
    if what not in not_checked:
        not_checked.append(what)


def seconds(text):
    match = re.fullmatch(r"(\d+)(ms|s|m|h)", str(text))
    if not match:
        return None
    return int(match[1]) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[match[2]]


def quantity(text):
    match = re.fullmatch(r"([\d.]+)(m|Ki|Mi|Gi|Ti|k|M|G|T)?", str(text))
    units = {None: 1, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    return float(match[1]) * units[match[2]]


def flatten(values, prefix=""):
    flat = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        flat.update(flatten(value, name + ".") if isinstance(value, dict) else {name: value})
    return flat


def identity(document):
    """Kind, namespace and name, without the hash that kustomize adds."""
    name = document["metadata"]["name"]
    if document["kind"] in ("ConfigMap", "Secret"):
        name = re.sub(r"-[a-z0-9]{10}$", "", name)
    return document["kind"], document["metadata"].get("namespace"), name


def matches(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


# What is said elsewhere.


def default_of(expression, source):
    """What a setting's default is by its expression in Swift; None where that cannot be told."""
    named = re.fullmatch(r'"\\\((\w+)\)"|DurationText\.format\((\w+)\)', expression)
    if not named:
        return "".join(re.findall(r'"([^"]*)"', expression)) if re.fullmatch(r'(\s|\+|"[^"\\]*")+', expression) else None
    value = re.search(rf"static let {named[1] or named[2]} = (?:(\d+)|Duration\.seconds\((\d+)\))\n", source)
    return value and (value[1] or f"{value[2]}s")


SETTINGS, DEFAULTS = set(), {}
for path in sorted(glob.glob("Sources/Settings/SettingsTable*.swift")):
    text = read(path)
    SETTINGS.update(re.findall(r'Setting\(\s*"([a-z0-9.-]+)"', text))
    for name, expression in re.findall(r'Setting\(\s*"([a-z0-9.-]+)",.*?\bdefault:\s*(.+?),\s*help:', text, flags=re.S):
        DEFAULTS[name] = default_of(expression, text)
if len(SETTINGS) < 40:
    sys.exit(f"only {len(SETTINGS)} settings were found in Sources/Settings; has their form changed?")
VARIABLES = {"SLIPWAY_" + name.upper().replace(".", "_").replace("-", "_") for name in SETTINGS} | {"SLIPWAY_CONFIG"}
RECIPES = re.findall(r"^    case (\w+)$", read("Sources/Builds/BuildRecipe.swift"), flags=re.M)
if sorted(RECIPES) != ["buildpacks", "dockerfile", "makefile", "script"]:
    sys.exit(f"the recipes in Sources/Builds/BuildRecipe.swift are {RECIPES}; has their form changed?")
# As PodTemplates.swift and AppName.swift have it.
TEMPLATE = re.compile(rf"(default|{'|'.join(RECIPES)}|app\.[a-z0-9]([a-z0-9-]{{0,61}}[a-z0-9])?)\.yaml")
VERSION = re.search(r'current = "([^"]+)"', read("Sources/slipway/Version.swift"))[1]


def section(heading):
    """The lines of the guide from a heading to the next one."""
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#)", read(GUIDE), flags=re.M | re.S)
    if not match:
        sys.exit(f"{GUIDE} has no heading “{heading}”")
    return match[1]


def documented_rights():
    """{(namespace, API group, resource, name or None, verb)} of the guide's table."""
    found = set()
    for line in section("What the server may do").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        match = re.fullmatch(r"`([\w-]+)`", cells[0])
        if not line.startswith("|") or not match:
            continue
        resource = re.fullmatch(r"`(?:(\w+)/)?([\w/]+)`(?: `([\w-]+)`)?", cells[1])
        # pods/log is a part of pods, batch/jobs a kind in a group.
        group, kind, name = resource.groups()
        if group == "pods":
            group, kind = None, f"pods/{kind}"
        for verb in cells[2].split(", "):
            found.add((match[1], group or "", kind, name, verb))
    return found


def rights(role):
    found = set()
    for rule in role["rules"]:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                for name in rule.get("resourceNames", [None]):
                    for verb in rule["verbs"]:
                        found.add((role["metadata"]["namespace"], group, resource, name, verb))
    return found


# One rendering.


class Rendering:
    def __init__(self, folder, text):
        self.folder, self.text = folder, text
        self.documents = list(yaml.safe_load_all(text))
        self.has_server = any(self.is_server(one) for one in self.documents)

    @staticmethod
    def is_server(document):
        return document["kind"] == "Deployment" and document["metadata"]["name"] == "slipway"

    def of(self, kind):
        return [one for one in self.documents if one["kind"] == kind]

    def one(self, kind, name):
        found = [one for one in self.of(kind) if one["metadata"]["name"] == name]
        return found[0] if check(len(found) == 1, self.folder, f"expected one {kind} {name}, found {len(found)}") else None

    def where(self, document):
        return f"{self.folder}: {document['kind']} {document['metadata']['name']}"

    def names(self, kind):
        return {(one["metadata"].get("namespace"), one["metadata"]["name"]) for one in self.of(kind)}

    def is_own(self, document):
        """Whether it is Slipway's: rules of this house are not for what somebody else adds."""
        return self.folder in OURS or identity(document) in own_objects

    def workloads(self):
        kinds = ("Deployment", "Job", "StatefulSet", "DaemonSet")
        return [one for kind in kinds for one in self.of(kind) if self.is_own(one)]

    @staticmethod
    def container(server):
        return next(one for one in server["spec"]["template"]["spec"]["containers"] if one["name"] == "slipway")

    def config(self, name):
        """What is in the ConfigMap of that name, with a hash or without."""
        found = [one for one in self.of("ConfigMap") if identity(one) == ("ConfigMap", "slipway", name)]
        return {**found[0].get("data", {}), **found[0].get("binaryData", {})} if found else {}

    def check_all(self):
        names = [(one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in self.documents]
        same(sorted({name for name in names if names.count(name) > 1}), [], self.folder, "objects that are there twice")
        for document in self.documents:
            where = self.where(document)
            if not self.is_own(document):
                continue
            check("app.kubernetes.io/name" in document["metadata"].get("labels", {}), where, "has no label app.kubernetes.io/name")
            namespaced = document["kind"] not in ("Namespace", "PersistentVolume", "StorageClass", "PriorityClass")
            check(bool(document["metadata"].get("namespace")) == namespaced, where, "has no namespace, or one too many")
            check(not document["kind"].startswith("ClusterRole"), where, "rights over the whole cluster are never needed")
        for workload in self.workloads():
            self.check_pod(workload)
        if self.has_server:
            self.check_server()
            self.check_settings()
            self.check_rights()
            self.check_namespaces()
            self.check_network()
        self.check_selectors()

    def check_pod(self, workload):
        where = self.where(workload)
        template = workload["spec"]["template"]
        spec = template["spec"]
        pod = spec.get("securityContext", {})
        check(pod.get("runAsNonRoot") is True and pod.get("runAsUser", 0) >= 10000, where, "the pod must run as a user above 10000")
        check(pod.get("fsGroup") == pod.get("runAsGroup") == pod.get("runAsUser"), where, "fsGroup, runAsGroup and runAsUser differ")
        same(pod.get("seccompProfile"), {"type": "RuntimeDefault"}, where, "the pod's seccompProfile")
        same(spec.get("automountServiceAccountToken"), False, where, "automountServiceAccountToken")
        same(spec.get("enableServiceLinks"), False, where, "enableServiceLinks")
        for field in ("hostNetwork", "hostPID", "hostIPC"):
            check(not spec.get(field), where, f"{field} is set")
        containers = spec.get("initContainers", []) + spec["containers"]
        check(containers, where, "has no containers")
        mounted = set()
        for container in containers:
            name = f"{where}, container {container['name']}"
            mounted |= {mount["name"] for mount in container.get("volumeMounts", [])}
            for one in container.get("env", []):
                self.check_secret(workload, one.get("valueFrom", {}).get("secretKeyRef"))
            for one in container.get("envFrom", []):
                self.check_secret(workload, one.get("secretRef"))
            if self.folder not in OURS and container["name"] not in own_containers:
                continue
            image = container.get("image", "")
            tag = re.search(r"(?::([\w.-]+)|@sha256:[0-9a-f]{64})$", image)
            check(tag and tag[1] != "latest", name, f"its image is to have a tag that says a version: {image}")
            for field in ("requests", "limits"):
                wanted = {"cpu", "memory", "ephemeral-storage"} - ({"cpu"} if field == "limits" else set())
                missing = wanted - set(container.get("resources", {}).get(field, {}))
                check(not missing, name, f"{field} lack {', '.join(sorted(missing))}")
            same(container.get("securityContext"), CONTAINER_SECURITY, name, "securityContext")
        volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
        same(mounted, set(volumes), where, "volumes that are mounted")
        for volume in volumes.values():
            check("hostPath" not in volume, where, f"volume {volume['name']} is a folder of the node")
            if "emptyDir" in volume:
                check("sizeLimit" in volume["emptyDir"], where, f"emptyDir {volume['name']} has no sizeLimit")
            self.check_reference(where, workload, "ConfigMap", volume.get("configMap", {}).get("name"))
            secret = volume.get("secret", {})
            self.check_secret(workload, {"name": secret.get("secretName"), "optional": secret.get("optional")})
            self.check_reference(where, workload, "PersistentVolumeClaim", volume.get("persistentVolumeClaim", {}).get("claimName"))
            for source in volume.get("projected", {}).get("sources", []):
                self.check_reference(where, workload, "ConfigMap", source.get("configMap", {}).get("name"))
                self.check_secret(workload, source.get("secret"))
        for secret in spec.get("imagePullSecrets", []):
            self.check_secret(workload, secret)
        account = spec.get("serviceAccountName")
        self.check_reference(where, workload, "ServiceAccount", account)
        for account in filter(self.is_own, self.of("ServiceAccount")):
            same(account.get("automountServiceAccountToken"), False, self.where(account), "automountServiceAccountToken")
            for secret in account.get("imagePullSecrets", []):
                self.check_secret(account, secret)

    def check_reference(self, where, workload, kind, name):
        if name is not None and (kind, name) not in MADE_ELSEWHERE:
            there = (workload["metadata"]["namespace"], name) in self.names(kind)
            check(there, where, f"names {kind} {name}, which is not there")

    def check_secret(self, document, reference, by=None):
        """Secrets are rarely in files: of those that are not, an installation is told that they have to be there."""
        name, namespace = (reference or {}).get("name"), document["metadata"]["namespace"]
        if name is None or (namespace, name) in self.names("Secret"):
            return
        where = f"{document['kind']} {document['metadata']['name']}"
        if self.folder in OURS:
            check(("Secret", name) in MADE_ELSEWHERE, f"{self.folder}: {where}", f"names Secret {name}, which is not there")
        elif not reference.get("optional") and (name != "slipway-s3" or ("slipway", "slipway-s3-keys") not in self.names("Job")):
            leave_unchecked(f"Secret {name} has to be there, in namespace {namespace} ({by or where})")

    def check_server(self):
        server = self.one("Deployment", "slipway")
        where, spec = self.where(server), server["spec"]
        pod = spec["template"]["spec"]
        same(spec["strategy"], {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}, where, "strategy")
        container = self.container(server)
        check(pod["containers"][0] is container or self.folder not in OURS, where, "its first container is another")
        for kind, (path, period, timeout, failures) in PROBES.items():
            expected = {
                "httpGet": {"path": path, "port": "health"}, "periodSeconds": period, "timeoutSeconds": timeout,
                "failureThreshold": failures,
            }
            same(container.get(kind), expected, where, kind)
        same(
            {port["name"]: port["containerPort"] for port in container["ports"]}, {"ssh": 2223, "health": 8092}, where, "ports")
        environment = {one["name"]: one for one in container["env"]}
        same(environment["SLIPWAY_KUBERNETES_IMAGE"].get("value"), container["image"], where, "SLIPWAY_KUBERNETES_IMAGE")
        for name, field in (("NAME", "name"), ("NAMESPACE", "namespace"), ("UID", "uid")):
            found = environment.get(f"SLIPWAY_KUBERNETES_POD_{name}", {}).get("valueFrom")
            same(found, {"fieldRef": {"fieldPath": f"metadata.{field}"}}, where, f"SLIPWAY_KUBERNETES_POD_{name}")
        environment = {name: one for name, one in environment.items() if name.startswith("SLIPWAY_") or self.folder in OURS}
        for name in environment:
            check(name in VARIABLES, where, f"there is no setting for {name}")
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        for name, one in environment.items():
            path = one.get("value", "")
            if path.startswith("/"):
                there = any(path == mount or path.startswith(mount + "/") for mount in mounts)
                check(there, where, f"{name}: nothing is mounted at {path}")
        # Repositories on a volume, the rest private; one node or many.
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        by_path = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
        check("emptyDir" in by_path["/var/lib/slipway/data"], where, "the volume at /var/lib/slipway/data is not the pod's own")
        claim = by_path["/var/lib/slipway/repositories"].get("persistentVolumeClaim", {}).get("claimName")
        same(claim, "slipway-data", where, "the claim at /var/lib/slipway/repositories")
        modes = self.one("PersistentVolumeClaim", "slipway-data")["spec"]["accessModes"]
        shared = modes == ["ReadWriteMany"]
        check(shared or modes == ["ReadWriteOnce"], where, f"accessModes of the claim: {modes}")
        check(shared or spec["replicas"] == 1, where, f"{spec['replicas']} replicas on a ReadWriteOnce volume")
        together = "podAffinity" in pod.get("affinity", {})
        check(together != shared, where, "podAffinity is for ReadWriteOnce volumes, and needed there")
        keys = {one["topologyKey"] for one in pod["topologySpreadConstraints"]}
        same(keys, {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, where, "topologySpreadConstraints")
        # What of the configuration rolls the pods.
        for name, hashed in (("slipway-settings", True), ("slipway-pod-templates", True), ("slipway-access", False)):
            found = [one for _, one in self.names("ConfigMap") if re.fullmatch(rf"{name}(-[a-z0-9]{{10}})?", one)]
            check(
                len(found) == 1 and (found[0] != name) == hashed, where,
                f"ConfigMap {name} is to be there once, {'with' if hashed else 'without'} a hash in its name: {found}")
        budget = self.one("PodDisruptionBudget", "slipway")
        same(budget["spec"].get("maxUnavailable"), 1, self.where(budget), "maxUnavailable")
        same("minAvailable" in budget["spec"], False, self.where(budget), "whether it has minAvailable")
        ports = {one["metadata"]["name"]: one["spec"]["ports"] for one in filter(self.is_own, self.of("Service"))}
        for name, port, target in (("slipway", 22, "ssh"), ("slipway-health", 8092, "health")):
            found = [(one["name"], one["port"], one["targetPort"]) for one in ports.get(name, [])]
            same(found, [(target, port, target)], f"{self.folder}: Service {name}", "ports")

    def check_settings(self):
        where = f"{self.folder}: settings.yaml"
        settings = flatten(yaml.safe_load(self.config("slipway-settings")["settings.yaml"]))
        same(list(yaml.safe_load(self.config("slipway-access")["access.yaml"])), ["users"], f"{self.folder}: access.yaml", "its keys")
        templates = self.config("slipway-pod-templates")
        for name in templates:
            known = name.startswith(".") or TEMPLATE.fullmatch(name)
            check(known, f"{self.folder}: ConfigMap slipway-pod-templates", f"{name} is for no build, and the server does not start with it")
        for key in settings:
            check(key in SETTINGS, where, f"there is no setting {key}")
        same(settings.get("executor"), "kubernetes", where, "executor")
        server = self.one("Deployment", "slipway")["spec"]
        grace = server["template"]["spec"]["terminationGracePeriodSeconds"]
        delay, drain = seconds(settings.get("drain.delay")), seconds(settings.get("drain.grace-period"))
        if check(delay is not None and drain is not None, where, "drain.delay and drain.grace-period are to be there"):
            same(grace, drain + 10, where, "terminationGracePeriodSeconds, 10 s above drain.grace-period")
            check(delay < drain - 10, where, "drain.delay leaves no time for pushes before the last 10 s")
        volumes = {volume["name"]: volume for volume in server["template"]["spec"]["volumes"]}
        mounts = self.container({"spec": server})["volumeMounts"]
        mounted = {mount["mountPath"]: volumes.get(mount["name"], {}) for mount in mounts}
        directory = settings.get("s3.credentials-dir")
        if directory is not None and check(directory in mounted, where, f"nothing is mounted at {directory} (s3.credentials-dir)"):
            secret = {"name": mounted[directory].get("secret", {}).get("secretName")}
            self.check_secret(self.one("Deployment", "slipway"), secret, "s3.credentials-dir")
        authorities = settings.get("s3.ca-file")
        if authorities is not None:
            folder, _, file = authorities.rpartition("/")
            if check(folder in mounted, where, f"nothing is mounted at {folder} (s3.ca-file)"):
                source = mounted[folder].get("configMap", {})
                for one in self.of("ConfigMap"):
                    if one["metadata"]["name"] == source.get("name") and "items" not in source:
                        check(file in one.get("data", {}), self.where(one), f"has no {file} (s3.ca-file)")
        registry = settings.get("kubernetes.registry-secret")
        if registry and "{app}" in registry:
            leave_unchecked(f"a Secret {registry} has to be there for each app, in namespace slipway-builds (kubernetes.registry-secret)")
        elif registry:
            self.check_secret(self.one("ServiceAccount", "slipway-build"), {"name": registry}, "kubernetes.registry-secret")
        # The quota has room for what the replicas may start.
        hard = self.one("ResourceQuota", "slipway-builds")["spec"]["hard"]
        builds = server["replicas"] * int(settings.get("build.max-concurrent", 0))
        check(builds > 0, where, "build.max-concurrent is to be a number above 0")
        check(builds <= int(hard["pods"]), where, f"{builds} builds at a time, and a quota of {hard['pods']} pods")
        check("default.yaml" in templates or self.folder not in OURS, where, "there is no pod-templates/default.yaml")
        template = yaml.safe_load(templates.get("default.yaml", "spec: {containers: []}"))
        containers = [one for one in template["spec"].get("containers", []) if one["name"] == "build"]
        check(containers or self.folder not in OURS, f"{self.folder}: pod-templates/default.yaml", "has no container build")
        for field, container in ((field, container) for field in ("requests", "limits") for container in containers):
            for resource, amount in container.get("resources", {}).get(field, {}).items():
                quota = hard.get(f"{field}.{resource}")
                if quota is not None:
                    fits = builds * quantity(amount) <= quantity(quota)
                    check(fits, where, f"{builds} builds with {field} of {amount} {resource} do not fit into the quota of {quota}")

    def check_rights(self):
        def is_ours(subject):
            account = (subject.get("namespace"), subject["name"])
            names = [("slipway", "slipway"), ("slipway-builds", "slipway-build"), ("slipway", "slipway-s3-keys")]
            return subject["kind"] == "Group" and subject["name"].startswith("system:serviceaccounts") or account in names

        documented = documented_rights()
        check(len(documented) >= 15, GUIDE, f"only {len(documented)} rights were found in its table")
        bound, subjects = set(), {}
        roles = {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in self.of("Role")}
        for binding in self.of("RoleBinding") + self.of("ClusterRoleBinding"):
            if not self.is_own(binding) and not any(map(is_ours, binding.get("subjects", []))):
                continue
            key = (binding["metadata"].get("namespace"), binding["roleRef"]["name"])
            same(binding["roleRef"]["kind"], "Role", self.where(binding), "the kind that it refers to")
            if check(key in roles, self.where(binding), f"refers to the Role {key[1]}, which is not there"):
                for subject in binding["subjects"]:
                    name = f"{subject['kind']} {subject.get('namespace')}/{subject['name']}"
                    subjects.setdefault(name, set()).update(rights(roles[key]))
        for name in subjects:
            known = name in ("ServiceAccount slipway/slipway", "ServiceAccount slipway/slipway-s3-keys")
            check(known, self.folder, f"{name} has rights")
        found = subjects.get("ServiceAccount slipway/slipway", set())
        for one in sorted(found - documented, key=str):
            check(False, self.folder, f"the server has a right that {GUIDE} does not list: {one}")
        for one in sorted(documented - found, key=str):
            check(False, self.folder, f"the server lacks a right that {GUIDE} lists: {one}")
        check(not any("*" in str(one) for one in found), self.folder, "a right says *")
        keys = subjects.get("ServiceAccount slipway/slipway-s3-keys")
        if keys is not None:
            same(keys, {("slipway", "", "secrets", None, "create")}, self.folder, "what the trial's Job may do")

    def check_namespaces(self):
        for name, level in (("slipway", "restricted"), ("slipway-builds", "baseline")):
            labels = self.one("Namespace", name)["metadata"]["labels"]
            found = labels.get("pod-security.kubernetes.io/enforce")
            if self.folder in OURS:
                same(found, level, f"{self.folder}: Namespace {name}", "pod security that is enforced")

    def check_network(self):
        policies = [one for one in self.of("NetworkPolicy") if one["metadata"].get("namespace") == "slipway-builds"]
        for direction in ("Ingress", "Egress"):
            covering = [
                one for one in policies
                if direction in one["spec"].get("policyTypes", []) and one["spec"]["podSelector"] == {} and self.is_own(one)
            ]
            check(covering, self.folder, f"{direction} of builds is not limited")
        for policy in policies:
            check(not policy["spec"].get("ingress"), self.where(policy), "lets something call builds")
        blocks = [
            (policy, peer["ipBlock"]) for policy in policies for rule in policy["spec"].get("egress", []) for peer in rule.get("to", [])
            if "ipBlock" in peer
        ]
        for rule in (rule for policy in policies for rule in policy["spec"].get("egress", [])):
            check(rule.get("to"), self.folder, "a rule lets builds reach everything")

        def reached(text, by=lambda policy: True):
            address = ipaddress.ip_address(text)

            def inside(network):
                network = ipaddress.ip_network(network)
                return network.version == address.version and address in network

            return any(
                by(policy) and inside(one["cidr"]) and not any(map(inside, one.get("except", []))) for policy, one in blocks)

        for address in METADATA:
            check(not reached(address), self.folder, f"builds reach {address}")
        for address in PRIVATE:
            # What a policy of an installation's own opens is its own affair, and said.
            if check(not reached(address, self.is_own), self.folder, f"builds reach {address}") and reached(address):
                leave_unchecked(f"{self.folder}: builds reach {address}; is that the bucket or the registry?")
        for address in ALLOWED:
            check(reached(address), self.folder, f"builds do not reach {address}")
        covered = [
            one for one in self.of("NetworkPolicy")
            if self.is_own(one) and one["metadata"]["namespace"] == "slipway" and one["spec"]["podSelector"] == {}
            and not one["spec"].get("ingress")
        ]
        check(covered, self.folder, "no policy closes the server's namespace by default")

    def check_selectors(self):
        """That every selector has pods, and every port by name is one of theirs."""
        pods = []
        for workload in self.workloads():
            template = workload["spec"]["template"]
            ports = {
                port["name"] for container in template["spec"]["containers"] for port in container.get("ports", [])
            }
            labels = template["metadata"]["labels"]
            pods.append((workload["metadata"]["namespace"], labels, ports))
            if "selector" in workload["spec"]:
                check(matches(workload["spec"]["selector"]["matchLabels"], labels), self.where(workload), "does not select its pods")
        if not self.has_server:
            pods.append(("slipway", SERVER_LABELS, {"ssh", "health"}))

        def expect(document, selector, ports):
            where = self.where(document)
            selected = [one for one in pods if one[0] == document["metadata"]["namespace"] and matches(selector, one[1])]
            if check(selected, where, f"selects no pods: {selector}"):
                for port in ports:
                    known = isinstance(port, int) or all(port in one[2] for one in selected)
                    check(known, where, f"the pods have no port called {port}")

        for service in filter(self.is_own, self.of("Service")):
            expect(service, service["spec"]["selector"], [port["targetPort"] for port in service["spec"]["ports"]])
        for budget in filter(self.is_own, self.of("PodDisruptionBudget")):
            expect(budget, budget["spec"]["selector"]["matchLabels"], [])
        for monitor in filter(self.is_own, self.of("PodMonitor")):
            expect(
                monitor, monitor["spec"]["selector"]["matchLabels"], [one["port"] for one in monitor["spec"]["podMetricsEndpoints"]])
            label = monitor["spec"]["jobLabel"]
            check(SERVER_LABELS.get(label) == "slipway", self.where(monitor), "the job is not called slipway then")
        for policy in filter(self.is_own, self.of("NetworkPolicy")):
            if policy["metadata"]["namespace"] == "slipway" and policy["spec"]["podSelector"]:
                ports = [port["port"] for rule in policy["spec"]["ingress"] for port in rule.get("ports", [])]
                expect(policy, policy["spec"]["podSelector"]["matchLabels"], ports)


# Schemas.

TOOL = os.path.join(os.path.dirname(sys.executable), "kubernetes-validate")


def validate(text, version):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        return subprocess.run([TOOL, "-k", version, "--strict", file.name], capture_output=True, text=True)


def check_schemas(rendering):
    known = [one for one in rendering.documents if one["kind"] not in WITHOUT_SCHEMA]
    text = "---\n".join(yaml.safe_dump(one, sort_keys=False) for one in known)
    for version in SCHEMAS:
        done = validate(text, version)
        output = done.stdout + done.stderr
        unknown = []
        for kind, api in set(re.findall(r"Couldn't find schema for kind (\S+) with api version (\S+)", output)):
            those = [one for one in known if (one["kind"], one["apiVersion"]) == (kind, api)]
            if not any(map(rendering.is_own, those)):
                unknown += those
                leave_unchecked(f"{rendering.folder}: {kind} ({api}), of which there is no schema here")
                output = re.sub(rf"^WARN .* schema for kind {re.escape(kind)} with api version {re.escape(api)} .*$", "", output, flags=re.M)
        for line in output.splitlines():
            if line.startswith(("ERROR", "WARN")):
                check(False, rendering.folder, re.sub(r"/\S+\.yaml ", "", line))
        same(done.returncode, 0, rendering.folder, f"kubernetes-validate for {version}")
        passed = len(re.findall(r"^INFO .* passed for resource", output, flags=re.M))
        same(passed, len(known) - len(unknown), rendering.folder, f"documents valid in {version}")


def check_schemas_bite():
    """That the tool finds what it is there to find."""
    wrong = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "wrong"},
        "spec": {"replica": 1, "selector": {}, "template": {"spec": {"containers": []}}},
    }
    for version in SCHEMAS:
        done = validate(yaml.safe_dump(wrong), version)
        found = done.returncode != 0 and "replica" in done.stdout + done.stderr
        check(found, "kubernetes-validate", f"does not mind a field that {version} does not have")


# The copy of the alert rules, and what the guide says.


def rule_copy():
    head = (
        f"# Made of {RULES} by scripts/check-manifests --write: change that, not this.\n"
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: slipway\n  namespace: slipway\n"
        "  labels:\n    app.kubernetes.io/name: slipway\nspec:\n"
    )
    rules = read(RULES)
    body = rules[rules.index("groups:\n") :]
    return head + "".join("  " + line if line.strip() else line for line in body.splitlines(keepends=True))


def rows(heading):
    """{name: default or None} of a table of settings; a default that is told in words is None."""
    found = {}
    for name, default in re.findall(r"^\| `([a-z0-9.-]+)` \| (.*?) ?\|", section(heading), flags=re.M):
        check(name not in found, GUIDE, f"{name} is there twice")
        text = re.fullmatch(r"`([^`]*)`|", default)
        found[name] = (text[1] or "") if text else None
    return found


def check_guide(renderings):
    kubernetes, others = rows("Settings"), rows("Others that matter here")
    for name, default in {**kubernetes, **others}.items():
        check(DEFAULTS.get(name) is not None, GUIDE, f"what the default of {name} is was not found in Sources/Settings")
        # Where words say what happens without the setting, it has to be empty by default.
        same(default or "", DEFAULTS.get(name), GUIDE, f"the default of {name}")
    # What the manifests set, by whatever way, is worth a row.
    used = set()
    for rendering in (one for one in renderings if one.has_server):
        used |= set(flatten(yaml.safe_load(rendering.config("slipway-settings")["settings.yaml"])))
        variables = {one["name"] for one in rendering.container(rendering.one("Deployment", "slipway"))["env"]}
        used |= {name for name in SETTINGS if "SLIPWAY_" + name.upper().replace(".", "_").replace("-", "_") in variables}
    same(sorted(used - set(kubernetes) - set(others)), [], GUIDE, "settings that the manifests set and that have no row")
    same(sorted(name for name in others if name not in SETTINGS or name in kubernetes), [], GUIDE, "settings that do not exist")
    groups = {name.partition(".")[0] for name in SETTINGS if "." in name}
    for path in (GUIDE, STORAGE_GUIDE):
        named = set(re.findall(r"`((?:" + "|".join(sorted(groups)) + r")\.[a-z0-9.-]*[a-z0-9])(?:: [^`]*)?`", read(path)))
        check(len(named) > 3, path, f"only {len(named)} settings were found in it")
        same(sorted(named - SETTINGS), [], path, "settings that do not exist")
    described = {name for name in kubernetes if name.startswith("kubernetes.")}
    there = {name for name in SETTINGS if name.startswith("kubernetes.")}
    check(there, "Sources/Settings", "there is no setting kubernetes.…")
    same(sorted(there - described), [], GUIDE, "settings that are not described")
    same(sorted(described - there), [], GUIDE, "settings that do not exist")
    guide = read(GUIDE)
    for version in SCHEMAS:
        check(version in guide, GUIDE, f"does not say that the schemas of {version} are checked")


# A real API server.


def kubectl(*arguments, text=None):
    return subprocess.run(["kubectl", *arguments], input=text, capture_output=True, text=True)


def dry_run(rendering):
    """Asks the API server of $KUBECONFIG what it thinks, without changing anything there."""
    listed = kubectl("api-resources", "--no-headers")
    known = {(row[-3], row[-1]) for row in (line.split() for line in listed.stdout.splitlines()) if len(row) >= 4}
    if not check(len(known) > 30, "dry run", f"the API server lists {len(known)} kinds: {listed.stderr.strip()}"):
        return
    there = set(kubectl("get", "namespaces", "--output=name").stdout.split())
    sent, left_out = [], []
    for document in rendering.documents:
        name = f"{document['kind']} {document['metadata']['name']} ({document['apiVersion']})"
        if (document["apiVersion"], document["kind"]) not in known:
            left_out.append(name)
            continue
        namespace = document["metadata"].get("namespace")
        # A namespace that is only in this rendering is not there in a dry run; and of ours another overlay may be installed.
        if namespace and (rendering.folder in OURS or f"namespace/{namespace}" not in there):
            document = {**document, "metadata": {**document["metadata"], "namespace": "default"}}
        sent.append(document)
    for name in left_out:
        print(f"  NOT CHECKED by the API server, which does not know the kind: {name}")
    if rendering.folder.endswith("monitoring"):
        check(sent, rendering.folder, "nothing was sent to the API server")
    else:
        check(len(sent) > 15, rendering.folder, f"only {len(sent)} documents were sent to the API server")
    text = "---\n".join(yaml.safe_dump(one, sort_keys=False) for one in sent).replace(PLACEHOLDER, PLACEHOLDER_WORD.lower())
    done = kubectl("apply", "--dry-run=server", "--filename=-", text=text)
    accepted = len(re.findall(r"\(server dry run\)$", done.stdout, flags=re.M))
    same(accepted, len(sent), rendering.folder, "documents that the API server accepts")
    for line in done.stderr.splitlines():
        if re.match(r"(?i)error|the .* is invalid|Warning: .*(?:unknown field|PodSecurity|would violate)", line):
            check(False, rendering.folder, f"the API server: {line}")
    print(f"  {rendering.folder}: the API server accepts {accepted} of {len(sent)}, {len(left_out)} were not asked for")


def check_dry_run_bites():
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: wrong, namespace: default}\nspec: {ports: [{port: 70000}]}\n"
    done = kubectl("apply", "--dry-run=server", "--filename=-", text=text)
    check(done.returncode != 0 and "70000" in done.stderr, "dry run", f"a port 70000 is not refused: {done.stdout}{done.stderr}")


def main():
    write, folders = sys.argv[1] == "yes", sys.argv[2:]
    if write:
        with open(RULE_COPY, "w", encoding="utf-8") as file:
            file.write(rule_copy())
    renderings = []
    for folder in OURS if folders else []:
        for document in Rendering(folder, render(folder)).documents:
            own_objects.add(identity(document))
            spec = document["spec"]["template"]["spec"] if document["kind"] in ("Deployment", "Job") else {}
            own_containers.update(container["name"] for container in spec.get("containers", []))
    for folder in folders or OURS:
        rendering = Rendering(folder, render(folder))
        renderings.append(rendering)
        if folders:
            check(rendering.has_server, folder, "has no Deployment slipway")
            left = [line.strip() for line in rendering.text.splitlines() if PLACEHOLDER_WORD in line]
            same(left, [], folder, f"what still says {PLACEHOLDER}")
        else:
            kinds = {}
            for document in rendering.documents:
                kinds[document["kind"]] = kinds.get(document["kind"], 0) + 1
            same(dict(sorted(kinds.items())), dict(sorted(OURS[folder].items())), folder, "documents")
            same(PLACEHOLDER in rendering.text, folder.endswith("production"), folder, f"whether something says {PLACEHOLDER}")
            if rendering.has_server:
                image = rendering.one("Deployment", "slipway")["spec"]["template"]["spec"]["containers"][0]["image"]
                same(image.rpartition(":")[2], VERSION, folder, "the version of Slipway's image")
        check_schemas(rendering)
        try:
            rendering.check_all()
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            line = traceback.extract_tb(error.__traceback__)[-1]
            check(False, folder, f"has not the form that is expected: {error!r} at {line.name}, line {line.lineno}; nothing further was looked at")
        print(f"  {folder}: {len(rendering.documents)} documents, schemas of {' and '.join(SCHEMAS)}")
    check_schemas_bite()
    if not folders:
        same(read(RULE_COPY) == rule_copy(), True, RULE_COPY, f"whether it is {RULES} (scripts/check-manifests --write)")
        same(yaml.safe_load(read(RULE_COPY))["spec"], yaml.safe_load(read(RULES)), RULE_COPY, "its rules")
        check_guide(renderings)
    if os.environ.get("KUBECONFIG"):
        check_dry_run_bites()
        for rendering in renderings:
            dry_run(rendering)
    else:
        print("  NOT ASKED: an API server; set KUBECONFIG for a dry run")
    for text in not_checked:
        print(f"  NOT CHECKED: {text}")
    for text in problems:
        print(f"  PROBLEM {text}")
    if checks < 100:
        problems.append(f"only {checks} checks were made")
    print(f"manifests: {checks} checks, {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
