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
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
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
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
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
                "Archive", "BlockingPool", "Identifiers", "ObjectStorage", "SystemCalls", logging, subprocess, system,
                nioPosix,
            ]),
        module("GitProtocol"),
        module(
            "GitRepository",
            [
                "Archive", "BlockingPool", "CLibGit2", "GitProtocol", "Identifiers", "SystemCalls", logging, subprocess,
                system, nioPosix,
            ]),
        module("Health"),
        module(
            "HealthServer",
            [
                "Health", hummingbird, logging, lifecycle,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        module("ObjectStorage", ["BlockingPool", "CXattr", "SystemCalls", crypto, nioPosix]),
        module(
            "PushPipeline",
            ["Access", "Builds", "GitProtocol", "GitRepository", "Identifiers", "ObjectStorage", logging]),
        module("Settings", ["StrictYAML", configuration]),
        module("StrictYAML", [yams]),
        module("SSHServer", ["CLibSSH", "Health", logging, lifecycle]),
        module("SystemCalls"),
        .executableTarget(
            name: "slipway",
            dependencies: [
                "Access", "Builds", "GitProtocol", "GitRepository", "Health", "HealthServer", "ObjectStorage",
                "PushPipeline", "Settings", "SSHServer", "SystemCalls", logging, lifecycle, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // What several suites need: temporary directories, real programs, random numbers that come again.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        tests("Access", ["Access", "Identifiers", "SystemCalls", "TestSupport", logging]),
        tests("Archive", ["Archive", "TestSupport"]),
        tests("BlockingPool", ["BlockingPool", nioPosix]),
        tests(
            "Builds",
            [
                "Archive", "Builds", "Identifiers", "ObjectStorage", "SystemCalls", "TestSupport", logging, subprocess,
                system, nioPosix,
            ]),
        tests("GitProtocol", ["GitProtocol", "TestSupport"]),
        tests(
            "GitRepository",
            [
                "Archive", "GitProtocol", "GitRepository", "Identifiers", "TestSupport", logging, subprocess, system,
                nioPosix,
            ]),
        tests("Health", ["Health"]),
        tests("HealthServer", ["Health", "HealthServer"]),
        tests("Identifiers", ["Identifiers"]),
        tests("ObjectStorage", ["ObjectStorage", "TestSupport", nioPosix]),
        tests("PushPipeline", ["Access", "Builds", "GitProtocol", "GitRepository", "Identifiers", "PushPipeline"]),
        tests("Settings", ["Settings", "TestSupport"]),
        tests("SSHServer", ["CLibSSH", "Health", "SSHServer", logging, lifecycle, subprocess, system]),
        tests("StrictYAML", ["StrictYAML", "TestSupport"]),
        tests("SystemCalls", ["SystemCalls", "TestSupport"]),
        // The whole program from outside: real git and ssh clients against the built executable.
        tests("EndToEnd", ["slipway", subprocess, system]),
    ]
)
