import Testing

@testable import Settings

@Suite("Defaults and derived settings")
struct SettingsDefaultsTests {
    @Test("with nothing said, every setting has its documented default")
    func defaults() throws {
        let settings = try load()
        #expect(settings.config == nil)
        #expect(settings.dataDirectory == "./slipway-data")
        #expect(settings.accessFile == "./slipway-data/access.yaml")
        #expect(settings.repositoriesDirectory == "./slipway-data/repositories")
        #expect(settings.executor == .local)
        #expect(settings.ssh.hostKeysSecret == nil)
        let kubernetes = settings.kubernetes
        #expect(kubernetes.kubeconfig == nil && kubernetes.context.isEmpty)
        #expect(kubernetes.namespace == "slipway-builds" && kubernetes.serviceAccount == "slipway-build")
        #expect(kubernetes.image.isEmpty && kubernetes.registry.isEmpty && kubernetes.registrySecret == nil)
        #expect(kubernetes.imageName == "{registry}/{app}:{commit}")
        #expect(kubernetes.cacheImage == "{registry}/{app}-cache")
        #expect(kubernetes.cache && !kubernetes.registryIsInsecure && kubernetes.podTemplates == nil)
        #expect(kubernetes.startTimeout == .seconds(300) && kubernetes.keepFinished == .seconds(600))
        #expect(kubernetes.podName == nil && kubernetes.podNamespace == nil && kubernetes.podUID.isEmpty)
        #expect(settings.deployBranches == ["main", "master"])
        #expect(settings.storage.kind == .file)
        #expect(settings.storage.publicURL == nil && settings.storage.port == 8093)
        #expect(settings.storage.s3.bucket.isEmpty && settings.storage.s3.prefix.isEmpty)
        #expect(settings.storage.s3.endpoint == nil && settings.storage.s3.region == nil)
        #expect(settings.storage.s3.pathStyle == .auto)
        #expect(settings.storage.s3.caFile == nil && settings.storage.s3.credentialsDirectory == nil)
        #expect(settings.retention.keepBuilds == 50)
        #expect(settings.retention.keepFor == .seconds(30 * 24 * 3600))
        #expect(settings.retention.interval == .seconds(3600))
        #expect(settings.ssh.port == 2223)
        #expect(settings.ssh.addresses.isEmpty)
        #expect(settings.ssh.publicURL == nil)
        #expect(settings.ssh.hostKeys == "./slipway-data/host-keys")
        #expect(settings.ssh.loginGraceTime == .seconds(20))
        #expect(settings.ssh.maxAuthTries == 6)
        #expect(settings.ssh.maxConnections == 1024)
        #expect(settings.ssh.maxUnauthenticated == 100)
        #expect(settings.ssh.maxConnectionsPerAddress == 256)
        #expect(settings.ssh.maxSessions == 10)
        #expect(settings.ssh.keepAliveInterval == .seconds(15))
        #expect(settings.ssh.keepAliveCount == 3)
        #expect(settings.ssh.keyExchange.count == 4)
        #expect(settings.ssh.ciphers.count == 6)
        #expect(settings.ssh.macs == ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"])
        #expect(settings.ssh.hostKeyAlgorithms == ["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"])
        #expect(settings.health.port == 8092)
        #expect(settings.health.addresses.isEmpty)
        #expect(settings.health.publicURL == nil)
        #expect(settings.health.crashAfter == .seconds(30))
        #expect(settings.git.maxPackSize == 2 << 30)
        #expect(settings.git.maxRefs == 10_000)
        #expect(settings.git.idleTimeout == .seconds(120))
        #expect(settings.push.gate == .on)
        #expect(settings.push.retry == .seconds(20))
        #expect(settings.push.queueTimeout == .seconds(600))
        #expect(settings.push.queueLength == 20)
        #expect(settings.build.timeout == .seconds(1800))
        #expect(settings.build.maxConcurrent == 0)
        #expect(settings.build.maxLogSize == 1 << 30)
        #expect(settings.build.maxArtifactSize == 4 << 30)
        #expect(settings.local.sandbox == .bubblewrap)
        #expect(settings.local.network == .on)
        #expect(settings.local.maxProcesses == 1024)
        #expect(settings.local.maxFileSize == 4 << 30)
        #expect(settings.local.maxMemory == 0)
        #expect(settings.local.maxDisk == 16 << 30)
        #expect(settings.local.readOnlyPaths.isEmpty)
        #expect(settings.local.user == 65534)
        #expect(settings.drain.delay == .seconds(5))
        #expect(settings.drain.gracePeriod == .seconds(60))
        #expect(settings.log.level == .info)
        #expect(settings.log.format == .auto)
        #expect(settings.simulate.isEmpty)
    }

    @Test("paths follow the data directory unless they are given", arguments: ["/srv/slip", "/srv/slip/"])
    func derivedPaths(directory: String) throws {
        let settings = try load(["--data-dir", directory])
        #expect(settings.ssh.hostKeys == "/srv/slip/host-keys")
        #expect(settings.accessFile == "/srv/slip/access.yaml")
        #expect(settings.repositoriesDirectory == "/srv/slip/repositories")
        let given = try load(["--data-dir=/srv/slip", "--access-file=/etc/access.yaml"])
        #expect(given.accessFile == "/etc/access.yaml")
    }

    @Test("an executor elsewhere needs Slipway's own image, and a store that builds can reach")
    func kubernetes() throws {
        let flags = ["--executor", "kubernetes"]
        let image = flags + ["--kubernetes-image", "slipway:1"]
        #expect(throws: SettingsError.self) { try load(flags + ["--storage", "s3", "--s3-bucket", "b"]) }
        #expect(throws: SettingsError.self) { try load(image) }
        let url = "http://builder.example.com:8093"
        #expect(try load(image + ["--storage-public-url", url]).executor == .kubernetes)
        #expect(try load(image + ["--storage", "s3", "--s3-bucket", "b"]).kubernetes.image == "slipway:1")
        for flags in [
            ["--kubernetes-namespace", "Builds"], ["--kubernetes-namespace", "a..b"], ["--kubernetes-namespace", "-a"],
            ["--kubernetes-image-name", "{registry}/all:latest"], ["--kubernetes-cache-image", "{registry}/cache"],
            ["--kubernetes-cache-image", "{registry}/{app}:{commit}"],
        ] {
            #expect(throws: SettingsError.self) { try load(flags) }
        }
    }

    @Test("artifacts that no bucket takes in one request are refused at the start, where pods store them")
    func largestUpload() throws {
        let builds = ["--executor", "kubernetes", "--kubernetes-image", "slipway:1"]
        let bucket = ["--storage", "s3", "--s3-bucket", "b"]
        #expect(try load(builds + bucket + ["--build-max-artifact-size", "5GiB"]).build.maxArtifactSize == 5 << 30)
        let error = #expect(throws: SettingsError.self) {
            try load(builds + bucket + ["--build-max-artifact-size", "6GiB"])
        }
        #expect(error?.description.hasPrefix("--build-max-artifact-size: expected at most 5GiB") == true)
        // Elsewhere there is no such limit: another store, a file, or a server that puts in parts.
        let other = bucket + ["--s3-endpoint", "https://minio.example.com"]
        #expect(try load(builds + other + ["--build-max-artifact-size", "6GiB"]).build.exceedsOneUpload)
        #expect(try !load(builds + other + ["--build-max-artifact-size", "5GiB"]).build.exceedsOneUpload)
        let files = ["--storage-public-url", "http://builder.example.com:8093"]
        #expect(throws: Never.self) { try load(builds + files + ["--build-max-artifact-size", "6GiB"]) }
        #expect(throws: Never.self) { try load(bucket + ["--build-max-artifact-size", "6GiB"]) }
    }

    @Test(
        "the registry's Secret is one for all apps, or one of each, with a name that every app's can be",
        arguments: [
            ("registry", true), ("registry-{app}", true), ("team.{app}", true), ("", true),
            ("registry-{App}", false), ("registry_{app}", false), ("{app}-", false), ("-{app}", false),
            ("registry-{commit}", false), (String(repeating: "r", count: 190) + "{app}", true),
            (String(repeating: "r", count: 191) + "{app}", false),
        ])
    func registrySecret(pattern: String, isValid: Bool) throws {
        let flags = ["--kubernetes-registry-secret", pattern]
        guard isValid else {
            #expect(throws: SettingsError.self) { try load(flags) }
            return
        }
        #expect(try load(flags).kubernetes.registrySecret == (pattern.isEmpty ? nil : pattern))
    }

    @Test("a limit that is lowered alone takes the default of its neighbour along")
    func loweredAlone() throws {
        #expect(try load(["--ssh-max-connections=50"]).ssh.maxUnauthenticated == 50)
        #expect(try load(["--drain-grace-period=3s"]).drain.delay == .seconds(3))
    }

    @Test("the address for pushers is the given one, or host and port")
    func pushURL() throws {
        let derived = try load().ssh
        #expect(derived.pushURL(host: "h.example", boundPort: 2223) == "ssh://git@h.example:2223")
        #expect(derived.pushURL(host: "h.example", boundPort: 22) == "ssh://git@h.example")
        #expect(derived.pushURL(host: "::1", boundPort: 2223) == "ssh://git@[::1]:2223")
        let given = try load(["--ssh-public-url=ssh://git@builder.example.com/"]).ssh
        #expect(given.pushURL(host: "h", boundPort: 1) == "ssh://git@builder.example.com")
    }
}
