import Base
import CertificateKit
import Failures
import Synchronization
import TokenKit

/// What the links share: the options, how the system is looked at, and what earlier links found.
final class Context: Sendable {
  let options: DiagnosisOptions
  let providers: [any TokenProvider]
  let libraries: LibrarySlots
  let files: SystemFiles
  private let shared = Mutex(Shared())
  private let usbScan = Mutex<[USBDevice]?>(nil)
  private let deviceList = Mutex<KnownDevices?>(nil)

  /// What links leave for later ones.
  struct Shared: Sendable {
    /// The readers of every provider that answered.
    var slots: [(provider: any TokenProvider, slot: TokenSlot)] = []
    /// Keys read, or why not, in the order of the readers.
    var keys: [(source: TokenSource, result: Result<TokenSnapshot, Failure>)] = []
    var services: [ListeningService] = []
    var serviceCertificates: [ServiceCertificate] = []
    var addresses: [ResolvedAddress] = []
    /// The one connection to the platform, open; closed by the link that takes it.
    var platform: Int32?
    var findings: [CheckID: Finding] = [:]
    /// When a part of a key last arrived.
    var lastPart: Instant?
    /// The reader service's processes when it answered.
    var servicePIDs: Set<Int32> = []
    /// The proxy through which the platform is reached.
    var proxy: ProxySetting?
    /// Browsers have a proxy that this program does not speak to.
    var isProxyUntried = false
    /// What the platform said the time is.
    var serverTime: Int64?
  }

  init(options: DiagnosisOptions, providers: [any TokenProvider]) {
    self.options = options
    self.providers = providers
    libraries = LibrarySlots(providers, options: options)
    files = SystemFiles(root: options.sysroot)
  }

  func with<Result: Sendable>(_ body: (inout Shared) -> Result) -> Result { shared.withLock { body(&$0) } }

  func variable(_ name: String) -> String? {
    guard let value = options.environment[name], !value.isEmpty else { return nil }
    return value
  }

  /// The machine's own files, where a recorded tree makes no sense (processes, sockets, the user's home).
  var live: SystemFiles { SystemFiles(root: "") }

  /// The known keys and libraries. The user's own list is part of it where his home answers: one on a disk or a server that
  /// is gone must not keep everything else from being looked at.
  var devices: KnownDevices {
    deviceList.withLock { known in
      if let known { return known }
      let files = files
      let home = options.environment["HOME"] ?? ""
      let whole = inTime(.seconds(1)) {
        KnownDevices.builtIn.extended(files, home: TrustedPath.ownFolder(home) ?? "")
      }
      let list = whole ?? KnownDevices.builtIn.extended(files, home: "")
      known = list
      return list
    }
  }

  /// The USB devices, read once.
  var usb: [USBDevice] {
    usbScan.withLock { known in
      let scan = known ?? USBDevice.scan(files, known: devices)
      known = scan
      return scan
    }
  }

  /// Known keys on USB that pcscd does not reach.
  var vendorKeys: [USBDevice] { usb.filter { $0.isVendorRoute } }

  /// Whether a key on USB may be one that pcscd reaches. A reader built into the computer is none.
  var hasCardKey: Bool { usb.contains { $0.hasCCID && !$0.isBuiltIn } }

  /// Whether the only keys here are ones that need their maker's library: a link of the way over PC/SC is then of no matter.
  /// Once the reader service has answered, an empty reader that is no known key is none either.
  func isVendorRoute(_ id: CheckID) -> Bool {
    guard !vendorKeys.isEmpty, !with({ $0.slots.contains { $0.slot.content != .empty } }) else { return false }
    return id == .reader || id == .card ? !usb.contains { $0.hasCCID && $0.known != nil } : !hasCardKey
  }

  /// The slots looked at: all, or the one named.
  var slots: [(provider: any TokenProvider, slot: TokenSlot)] {
    with { shared in shared.slots.filter { options.reader == nil || $0.slot.source.reader == options.reader } }
  }

  var snapshots: [TokenSnapshot] {
    with { shared in
      shared.keys.compactMap {
        if case .success(let snapshot) = $0.result { snapshot } else { nil }
      }
    }
  }

  /// Every certificate place of every key read.
  var entries: [CertificatePlace] { snapshots.flatMap(\.places) }

  var pcsc: (any TokenProvider)? { providers.first { !$0.isEmbedded && $0.name == ProviderKind.pcsc.rawValue } }

  deinit {
    if let platform = with({ $0.platform }) { closeDescriptor(platform) }
  }
}
