// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A module of ours: same language rules everywhere, dependencies listed in one place.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let asyncHTTP: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "slipway",
    products: [.executable(name: "slipway", targets: ["slipway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CLibSSH", pkgConfig: "libssh", providers: [.apt(["libssh-dev"])]),
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CXattr"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        module("Access", ["Identifiers", "StrictYAML", "SystemCalls", crypto, logging]),
        module("Archive", ["CZlib", "SystemCalls"]),
        module("BlockingPool", [nioPosix]),
        module("Identifiers"),
        module(
            "Builds",
            [
                "Archive", "BlockingPool", "Identifiers", "ObjectStorage", "Retries", "SystemCalls", crypto, logging,
                subprocess, system, nioPosix,
            ]),
        module("Drills", ["Health", "ObjectStorage", lifecycle, logging]),
        module("GitProtocol"),
        module(
            "GitRepository",
            [
                "Archive", "BlockingPool", "CLibGit2", "GitProtocol", "Identifiers", "SystemCalls", logging, subprocess,
                system, nioPosix,
            ]),
        module("Health", [logging, metrics]),
        module(
            "HealthServer",
            [
                "Health", "HTTPGuard", crypto, hummingbird, logging, lifecycle, metrics, nioHTTP1, nioPosix,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                nioCore,
            ]),
        module(
            "HTTPGuard",
            [
                "SystemCalls", nioCore,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ]),
        module(
            "ObjectServer",
            [
                "HTTPGuard", "ObjectStorage", crypto, hummingbird, logging, lifecycle,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                nioCore,
            ]),
        module(
            "Kubernetes",
            [
                "StrictYAML", "SystemCalls", asyncHTTP, logging, nioCore, nioHTTP1, nioPosix, nioSSL, subprocess,
                system,
            ]),
        module(
            "KubernetesBuilds",
            [
                "Archive", "Builds", "Identifiers", "Kubernetes", "ObjectStorage", "Retries", "StrictYAML",
                "SystemCalls", asyncHTTP, crypto, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]),
        module("ObjectStorage", ["BlockingPool", "CXattr", "Retries", "SystemCalls", crypto, nioPosix]),
        module(
            "PushPipeline",
            [
                "Access", "Builds", "Drills", "GitProtocol", "GitRepository", "Health", "Identifiers", "ObjectStorage",
                "Retries", "SystemCalls", logging, metrics,
            ]),
        module("PrometheusExposition", [metrics]),
        module("Retries"),
        module(
            "Retention",
            [
                "Builds", "GitRepository", "Identifiers", "ObjectStorage", "Retries", logging, metrics,
            ]),
        module(
            "S3",
            [
                "BlockingPool", "ObjectStorage", asyncHTTP, crypto, logging, metrics, nioCore, nioHTTP1, nioPosix,
                nioSSL,
            ]),
        module("Settings", ["Identifiers", "StrictYAML", configuration]),
        module("StrictYAML", [yams]),
        module("SSHServer", ["CLibSSH", "Health", "SystemCalls", logging, lifecycle, metrics]),
        module("SystemCalls"),
        .executableTarget(
            name: "slipway",
            dependencies: [
                "Access", "BlockingPool", "Builds", "Drills", "GitProtocol", "GitRepository", "Health", "HealthServer",
                "Identifiers", "Kubernetes", "KubernetesBuilds", "ObjectServer", "ObjectStorage",
                "PrometheusExposition", "PushPipeline", "Retention", "Retries", "S3", "Settings", "SSHServer",
                asyncHTTP,
                "SystemCalls",
                logging, lifecycle,
                metrics, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // The bucket's client alone, for scripts/bench; part of no product.
        .executableTarget(
            name: "slipway-bench-s3", dependencies: ["ObjectStorage", "S3", "SystemCalls", asyncHTTP, logging],
            path: "Benchmarks/slipway-bench-s3", swiftSettings: settings),

        // What several suites need: temporary directories, real programs, random numbers that come again.
        .target(name: "TestSupport", dependencies: [logging], path: "Tests/TestSupport", swiftSettings: settings),
        // What every object store has to do.
        .target(
            name: "StoreConformance", dependencies: ["ObjectStorage"], path: "Tests/StoreConformance",
            swiftSettings: settings),
        tests("Access", ["Access", "Identifiers", "SystemCalls", "TestSupport", logging]),
        tests("Archive", ["Archive", "TestSupport"]),
        tests("BlockingPool", ["BlockingPool", nioPosix]),
        tests(
            "Builds",
            [
                "Archive", "Builds", "Identifiers", "ObjectStorage", "Retries", "SystemCalls", "TestSupport", logging,
                subprocess,
                system, nioPosix,
            ]),
        tests("Drills", ["Drills", "Health", "ObjectStorage", "TestSupport", nioPosix]),
        tests("GitProtocol", ["GitProtocol", "TestSupport"]),
        tests(
            "GitRepository",
            [
                "Archive", "GitProtocol", "GitRepository", "Identifiers", "TestSupport", logging, subprocess, system,
                nioPosix,
            ]),
        tests("Health", ["Health", "TestSupport", logging, metrics]),
        tests("HTTPGuard", ["HTTPGuard", nioCore, .product(name: "NIOEmbedded", package: "swift-nio")]),
        tests(
            "HealthServer",
            [
                "Health", "HealthServer", "TestSupport", logging, lifecycle, metrics, nioCore,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        tests("Identifiers", ["Identifiers"]),
        tests(
            "Kubernetes", ["Kubernetes", "TestSupport", logging, nioCore, nioHTTP1, nioPosix, nioSSL]),
        tests(
            "KubernetesBuilds",
            [
                "Archive", "Builds", "Identifiers", "Kubernetes", "KubernetesBuilds", "ObjectServer", "ObjectStorage",
                "Retries", "StrictYAML", "TestSupport", asyncHTTP, crypto, logging, lifecycle, nioCore, nioHTTP1,
                nioPosix,
            ]),
        tests(
            "ObjectServer",
            ["ObjectServer", "ObjectStorage", "TestSupport", logging, lifecycle, nioCore, nioPosix]),
        tests("ObjectStorage", ["ObjectStorage", "StoreConformance", "TestSupport", nioPosix]),
        tests("PrometheusExposition", ["PrometheusExposition", "TestSupport", metrics]),
        tests(
            "PushPipeline",
            ["Access", "Builds", "GitProtocol", "GitRepository", "Health", "Identifiers", "PushPipeline", logging]),
        tests(
            "Retention",
            [
                "Builds", "GitRepository", "Identifiers", "ObjectStorage", "Retention", "TestSupport", logging, metrics,
                metricsTestKit, nioPosix,
            ]),
        tests(
            "S3",
            [
                "ObjectStorage", "S3", "StoreConformance", "TestSupport", asyncHTTP, crypto, logging, nioCore, nioHTTP1,
                nioPosix,
            ]),
        tests("Retries", ["Retries"]),
        tests("Settings", ["Settings", "TestSupport"]),
        tests(
            "SSHServer",
            ["CLibSSH", "Health", "SSHServer", logging, lifecycle, metrics, metricsTestKit, subprocess, system]),
        tests("StrictYAML", ["StrictYAML", "TestSupport"]),
        tests("SystemCalls", ["SystemCalls", "TestSupport"]),
        // The whole program from outside: real git and ssh clients against the built executable.
        tests("EndToEnd", ["slipway", subprocess, system]),
    ]
)
