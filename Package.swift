// swift-tools-version: 6.2
import PackageDescription

// The house, ground floor first: a target depends only on targets above it (Docs/architecture.md).

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// All that the loader has to fill in is filled in at the start and closed then: the table of functions, and the constants too, which
/// Swift's compiler puts into a section that may be written to (`.ci/read-only.ld`).
let closed: [LinkerSetting] = [
  .unsafeFlags([
    "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "-T", "-Xlinker",
    Context.packageDirectory + "/.ci/read-only.ld",
  ])
]

let package = Package(
  name: "ukey",
  products: [
    .executable(name: "ukey", targets: ["ukey"]),
    .executable(name: "ukey-service", targets: ["ukey-service"]),
    .executable(name: "ukey-platform", targets: ["ukey-platform"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // Of the key service alone: `ukey` links none of it.
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    // Of the platform alone, without the parts that take Foundation in.
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CSKF"),
    .systemLibrary(name: "CPKCS11"),
    .systemLibrary(name: "CPostgreSQL"),
    .systemLibrary(name: "CPCSC", pkgConfig: "libpcsclite", providers: [.apt(["libpcsclite-dev"])]),
    .systemLibrary(name: "CNcurses", pkgConfig: "ncursesw", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Replaces OpenSSL's allocator, and has to stand before its first use: no header could.
    .target(name: "CSecretHeap", dependencies: ["COpenSSL"]),

    // The commit of a release, compiled anew with each; all else is not.
    .target(name: "CRevision"),

    .target(name: "Base", dependencies: ["CLinux"], swiftSettings: strict),
    .target(name: "Failures", dependencies: ["Base"], swiftSettings: strict),
    .target(name: "StrictJSON", dependencies: ["Base"], swiftSettings: strict),
    .target(name: "SmartCard", dependencies: ["CPCSC", "Base", "Failures"], swiftSettings: strict),
    .target(name: "CertificateKit", dependencies: ["COpenSSL", "Base", "Failures"], swiftSettings: strict),
    .target(
      name: "TokenKit",
      dependencies: [
        "SmartCard", "CertificateKit", "CLinux", "COpenSSL", "CPKCS11", "CSecretHeap", "CSKF", "CZlib", "Base",
        "Failures",
      ],
      resources: [.embedInCode("Devices/devices.conf"), .embedInCode("Devices/libraries.conf")],
      swiftSettings: strict),
    .target(
      name: "SoftToken", dependencies: ["SmartCard", "COpenSSL", "CZlib", "Base", "Failures"],
      swiftSettings: strict),
    .target(
      name: "LoginToken", dependencies: ["CertificateKit", "StrictJSON", "Base", "Failures"], swiftSettings: strict),
    .target(
      name: "KeyService",
      dependencies: ["TokenKit", "LoginToken", "CertificateKit", "StrictJSON", "CLinux", "Base", "Failures"],
      swiftSettings: strict),
    .target(
      name: "UnlockKit",
      dependencies: [
        "TokenKit", "CertificateKit", "COpenSSL", "CQRencode", "StrictJSON", "Base", "Failures",
      ],
      swiftSettings: strict),
    .target(
      name: "RenewalKit",
      dependencies: ["UnlockKit", "TokenKit", "CertificateKit", "StrictJSON", "Base", "Failures"],
      swiftSettings: strict),
    .target(
      name: "DiagnosisKit",
      dependencies: ["TokenKit", "CertificateKit", "COpenSSL", "CSQLite", "StrictJSON", "Base", "Failures"],
      swiftSettings: strict),
    .target(
      name: "Wording",
      dependencies: [
        "KeyService", "LoginToken", "DiagnosisKit", "RenewalKit", "UnlockKit", "TokenKit", "CertificateKit",
        "StrictJSON", "Base", "Failures",
      ],
      resources: ["holder", "support", "deployment"].flatMap { page in
        [".zh", ""].map { .embedInCode("Guide/Pages/\(page)\($0).md") }
      } + [.embedInCode("Settings/ukey.conf")],
      swiftSettings: strict),
    .target(name: "TerminalKit", dependencies: ["CNcurses", "Base", "Failures"], swiftSettings: strict),
    .target(
      name: "ManagerApp",
      dependencies: [
        "Wording", "TokenKit", "RenewalKit", "UnlockKit", "DiagnosisKit", "KeyService", "LoginToken", "CertificateKit",
        "TerminalKit", "Base", "Failures",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ukey",
      dependencies: [
        "ManagerApp", "Wording", "RenewalKit", "UnlockKit", "DiagnosisKit", "KeyService", "LoginToken", "TokenKit",
        "CertificateKit", "SmartCard", "SoftToken", "StrictJSON", "TerminalKit", "Base", "CLinux", "CRevision",
        "Failures",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict, linkerSettings: closed),
    .target(
      name: "KeyServer",
      dependencies: [
        "KeyService", "LoginToken", "TokenKit", "CertificateKit", "StrictJSON", "CLinux", "Base", "Failures",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      resources: ["index.html", "page.css", "page.js", "words.js", "ukey.js", "ukey.d.ts", "icon.svg"].map {
        .embedInCode("Page/Files/\($0)")
      },
      swiftSettings: strict),
    .executableTarget(
      name: "ukey-service",
      dependencies: [
        "KeyServer", "KeyService", "Wording", "TokenKit", "CertificateKit", "SmartCard", "SoftToken", "CLinux", "Base",
        "Failures",
      ],
      exclude: ["ukey-service.service.in"],
      swiftSettings: strict, linkerSettings: closed),

    .target(
      name: "Platform",
      dependencies: [
        "LoginToken", "CertificateKit", "COpenSSL", "CPostgreSQL", "CSQLite", "StrictJSON", "Base", "Failures",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      resources: ["platform.css", "key.js", "szca.js", "ukey.js"].map { .embedInCode("Web/Files/\($0)") },
      swiftSettings: strict),
    .executableTarget(
      name: "ukey-platform",
      dependencies: [
        "Platform", "LoginToken", "CertificateKit", "SoftToken", "Base", "Failures",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict, linkerSettings: closed),

    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
    .testTarget(
      name: "LoginTokenTests",
      dependencies: ["LoginToken", "CertificateKit", "SoftToken", "StrictJSON", "COpenSSL", "Failures"],
      swiftSettings: strict),
    .testTarget(
      name: "KeyServiceTests",
      dependencies: [
        "KeyServer", "KeyService", "LoginToken", "TokenKit", "SmartCard", "SoftToken", "CertificateKit", "StrictJSON",
        "Base", "Failures", "SeededRandom",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PlatformTests",
      dependencies: [
        "Platform", "LoginToken", "CertificateKit", "SoftToken", "COpenSSL", "StrictJSON", "Base", "Failures",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(name: "BaseTests", dependencies: ["Base", "CLinux", "SeededRandom"], swiftSettings: strict),
    .testTarget(name: "FailuresTests", dependencies: ["Failures"], swiftSettings: strict),
    .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "SeededRandom"], swiftSettings: strict),
    .testTarget(
      name: "RenewalKitTests",
      dependencies: [
        "RenewalKit", "UnlockKit", "TokenKit", "CertificateKit", "SoftToken", "SmartCard", "StrictJSON", "Base",
        "Failures", "SeededRandom",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "UnlockKitTests",
      dependencies: [
        "UnlockKit", "TokenKit", "CertificateKit", "SoftToken", "SmartCard", "StrictJSON", "Base", "Failures",
      ],
      swiftSettings: strict),
    .testTarget(name: "SmartCardTests", dependencies: ["SmartCard", "Base", "Failures"], swiftSettings: strict),
    .testTarget(
      name: "CertificateKitTests", dependencies: ["CertificateKit", "COpenSSL", "Base", "Failures"],
      swiftSettings: strict),
    .testTarget(
      name: "TokenKitTests",
      dependencies: [
        "TokenKit", "CLinux", "COpenSSL", "CSecretHeap", "SmartCard", "SoftToken", "CertificateKit", "Base", "Failures",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SoftTokenTests", dependencies: ["SoftToken", "SmartCard", "COpenSSL", "Failures", "SeededRandom"],
      swiftSettings: strict),
    .testTarget(
      name: "DiagnosisKitTests",
      dependencies: ["DiagnosisKit", "TokenKit", "SmartCard", "SoftToken", "CertificateKit", "StrictJSON", "Failures"],
      swiftSettings: strict),
    .testTarget(
      name: "WordingTests",
      dependencies: [
        "Wording", "UnlockKit", "DiagnosisKit", "TokenKit", "CertificateKit", "SoftToken", "SmartCard", "StrictJSON",
        "Failures",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TerminalKitTests", dependencies: ["TerminalKit", "Base", "Failures", "SeededRandom"], swiftSettings: strict
    ),
    .testTarget(
      name: "ManagerAppTests",
      dependencies: [
        "ManagerApp", "Wording", "RenewalKit", "UnlockKit", "DiagnosisKit", "KeyService", "LoginToken", "TokenKit",
        "CertificateKit", "TerminalKit", "Base", "Failures", "SeededRandom",
      ],
      exclude: [
        "Business", "Copy", "Detail", "Diagnosis", "Export", "Help", "Log", "Main", "PIN", "Prompt", "Renewal",
        "Service", "Unlock",
      ].map {
        "Screens/\($0)/Golden"
      },
      swiftSettings: strict),
    .testTarget(
      name: "ukeyTests",
      dependencies: [
        "ukey", "Wording", "DiagnosisKit", "TokenKit", "SmartCard", "SoftToken", "CertificateKit", "StrictJSON", "Base",
        "Failures", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
  ]
)

// All that is fuzzed has to be compiled for it: `make fuzz` alone asks for this target.
if Context.environment["UKEY_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "KeyServer", "KeyService", "LoginToken", "UnlockKit", "DiagnosisKit", "Wording", "TokenKit", "CertificateKit",
        "SmartCard", "SoftToken", "StrictJSON", "Base", "Failures",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      path: "Tests/Fuzz", exclude: ["Corpus", "run"],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"]), .enableExperimentalFeature("Extern")]))
}
