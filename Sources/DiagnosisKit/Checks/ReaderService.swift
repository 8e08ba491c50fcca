import Base
import Failures
import Glibc
import TokenKit

extension Context {
  /// Who may listen for the reader service: itself, or systemd, which starts it when it is first used.
  static let serviceNames: Set<String> = ["pcscd", "systemd"]
  static let defaultSocket = "/run/pcscd/pcscd.comm"

  /// Where libpcsclite looks for the service: the variable, or the path it was built with.
  var socketPath: String { variable("PCSCLITE_CSOCK_NAME") ?? Self.defaultSocket }

  private var program: String? {
    Fix.servicePaths.first { files.isExecutable($0) }
  }

  func checkServiceInstalled() -> Finding {
    guard pcsc != nil else { return Finding(.skipped, options.isDemo ? .notNeededDemo : .notNeeded) }
    if let program { return .ok([Evidence(.path, program)]) }
    // In a container the service may run outside, and only its socket be here.
    if live.exists(socketPath) { return .ok([Evidence(.path, socketPath, .text)]) }
    // WSL is a machine of its own: there the service is installed as on any other.
    if let container, container != "wsl" {
      return Finding(
        .fault, .containerWithoutSocket, [Evidence(.container, container), Evidence(.path, socketPath, .text)])
    }
    return Finding(
      .fault, .notInstalled, [Evidence(.path, "/usr/sbin/pcscd")],
      fix: PackageManager(files).map { .install($0.readerService, with: $0) })
  }

  /// `enabled, active` of the socket unit where systemd runs.
  func unitEvidence() -> [Evidence] {
    guard live.exists("/run/systemd/system") else { return [] }
    let words = ["is-enabled", "is-active"].map { verb in
      trim(FinishedProgram.run(["/usr/bin/systemctl", verb, "pcscd.socket"], limit: .seconds(1)).output)
    }
    return [Evidence(.unit, "pcscd.socket: " + words.filter { !$0.isEmpty }.joined(separator: ", "))]
  }

  /// Whether the administrator has forbidden it to start.
  private var isMasked: Bool { unitEvidence().contains { $0.value.contains("masked") } }

  private var startFix: Fix {
    if isMasked { return .unmask }
    return live.exists("/run/systemd/system") ? .enableSocket : .startService(program ?? Fix.servicePaths[0])
  }

  func checkServiceSocket() -> Finding {
    guard pcsc != nil else { return Finding(.skipped, options.isDemo ? .notNeededDemo : .notNeeded) }
    let path = socketPath
    var facts = [Evidence(.path, path, .text)]
    let isNamed = variable("PCSCLITE_CSOCK_NAME") != nil
    if isNamed { facts.append(Evidence(.variable, "PCSCLITE_CSOCK_NAME")) }
    let number = connectNumber(path)
    if number == 0 {
      facts += listenerEvidence()
      if !isNamed, let other = Self.stranger(among: listeners(path)) {
        return Finding(.fault, .socketForeign, [Evidence(.path, path, .text), Evidence(.listener, other.text)])
      }
      if otherService != nil { return Finding(.warning, .socketElsewhere, facts) }
      return .ok(facts)
    }
    facts.append(Evidence(.error, String(cString: strerror(number)) + " (errno \(number))"))
    if isNamed, connectNumber(Self.defaultSocket) == 0 || number == ENOENT {
      return Finding(.fault, .socketNameWrong, facts)
    }
    switch number {
    case EACCES, EPERM:
      if let status = live.status(path) {
        facts += [Evidence(.mode, modeText(status.st_mode)), Evidence(.owner, accountName(status.st_uid), .name)]
      }
      return Finding(
        .fault, .socketDenied, facts,
        fix: live.exists("/run/systemd/system") ? .restartSocket : nil)
    case ENOENT:
      if let container, container != "wsl", program == nil {
        return Finding(.fault, .containerWithoutSocket, facts + [Evidence(.container, container)])
      }
      // Somebody listens under this name, and the name is gone from its folder. A second service does not start while the
      // first lives.
      let parties = SocketParties(path: path)
      if parties.isListenedAt {
        let alive = parties.listeners.first { $0.name == "pcscd" }
        return Finding(
          .fault, .socketLost, facts + parties.listeners.map { Evidence(.listener, $0.text) } + unitEvidence(),
          fix: restartFix ?? alive.map { .startServiceAnew(program ?? Fix.servicePaths[0], ending: $0.pid) })
      }
      return Finding(.fault, isMasked ? .socketMasked : .socketMissing, facts + unitEvidence(), fix: startFix)
    default: return Finding(.fault, .socketStale, facts + unitEvidence(), fix: startFix)
    }
  }

  /// `errno` of connecting to a Unix socket; 0 when someone listens.
  func connectNumber(_ path: String) -> Int32 {
    let (descriptor, number) = connectUnix(path)
    if let descriptor { closeDescriptor(descriptor) }
    // EAGAIN: it listens, its queue is full.
    return number == EAGAIN ? 0 : number
  }

  func listenerEvidence() -> [Evidence] {
    listeners(socketPath).map { Evidence(.listener, $0.text) }
  }

  func checkServiceAnswers() -> Finding {
    let services = providers.filter { $0.isService || $0.isEmbedded }
    if services.isEmpty { return Finding(.skipped, .notNeeded) }
    do throws(Failure) {
      for provider in services {
        let slots = try provider.slots().map { (provider: provider, slot: $0) }
        with { $0.slots += slots }
      }
      let alive = servicePIDs
      with { $0.servicePIDs = alive }
      return .ok([Evidence(.reader, String(with { $0.slots.count }))])
    } catch {
      return refused(error)
    }
  }

  private func refused(_ failure: Failure) -> Finding {
    var facts = [Evidence(.error, failure.reference)] + listenerEvidence()
    func fault(_ cause: Cause, fix: Fix? = nil) -> Finding {
      Finding(.fault, cause, facts, fix: fix, failure: failure)
    }
    switch failure.code {
    case .serviceMismatch:
      facts += packageVersions.filter { $0.contains("pcsc") }.map { Evidence(.version, $0) }
      return fault(.serviceMismatch)
    case .serviceDenied, .serviceLost, .serviceUnavailable:
      // A refusal reaches us as any of these, as the service closes the line sooner or later; so does its death, and a
      // program that is not the service at all.
      return judgeClosed(failure, facts)
    default: return fault(.serviceBroken, fix: restartFix)
    }
  }

  var restartFix: Fix? {
    live.exists("/run/systemd/system") ? .restartAll : nil
  }

  /// The mount option that keeps polkit from seeing who asks.
  var hidepid: String? {
    let mounts = live.text("/proc/self/mounts", limit: 1 << 20) ?? ""
    // The last one lies over those before it.
    for line in mounts.split(separator: "\n").reversed() {
      let words = line.split(separator: " ")
      guard words.count > 3, words[1] == "/proc" else { continue }
      return words[3].split(separator: ",").first {
        $0.hasPrefix("hidepid=") && $0 != "hidepid=0" && $0 != "hidepid=off"
      }
      .map(String.init)
    }
    return nil
  }

  func checkDriverBundle() -> Finding {
    guard pcsc != nil else { return Finding(.skipped, options.isDemo ? .notNeededDemo : .notNeeded) }
    let cards = usb.filter(\.hasCCID)
    if cards.isEmpty { return Finding(.skipped, .notNeeded) }
    let folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"].map {
      $0 + "/pcsc/drivers/ifd-ccid.bundle"
    }
    guard let folder = folders.first(where: { files.exists($0 + "/Contents/Info.plist") }) else {
      let facts = cards.map { Evidence(.usbID, $0.id) }
      // A reader that the service shows has its driver, wherever that stands: outside a container, in NixOS's store.
      let shown = with { $0.slots }.filter(\.provider.isService).count
      if shown >= cards.count { return .ok(facts) }
      if shown == 0, files.exists("/etc/NIXOS") { return Finding(.skipped, .notNeeded) }
      return Finding(
        shown == 0 ? .fault : .warning, .bundleMissing, facts + [Evidence(.path, folders[0])],
        fix: PackageManager(files).map { .install($0.readerDriver, with: $0) })
    }
    let listed = Self.listedDevices(files.text(folder + "/Contents/Info.plist", limit: 4 << 20) ?? "")
    let facts = cards.map { Evidence(.usbID, $0.id) } + [Evidence(.path, folder)]
    let unlisted = cards.filter { !listed.contains($0.id) }
    // The driver also takes every device of class CCID, so that this alone breaks nothing.
    if let device = unlisted.first, with({ $0.slots.isEmpty }) {
      return Finding(.warning, .deviceUnlisted, facts + [nameEvidence(device)])
    }
    return .ok(facts)
  }

  /// `096e:0807` of each pair of ifdVendorID and ifdProductID.
  static func listedDevices(_ plist: String) -> Set<String> {
    func numbers(_ key: String) -> [UInt16] {
      guard let at = plist.range(of: "<key>" + key + "</key>") else { return [] }
      let rest = plist[at...]
      guard let end = rest.range(of: "</array>") else { return [] }
      return rest[..<end].split(separator: ">").compactMap { part in
        guard part.hasPrefix("0x") else { return nil }
        return UInt16(part.dropFirst(2).prefix { $0 != "<" }, radix: 16)
      }
    }
    return Set(zip(numbers("ifdVendorID"), numbers("ifdProductID")).map { usbID($0, $1) })
  }
}

extension StringProtocol {
  /// Where a text begins in this one.
  fileprivate func range(of text: String) -> Index? {
    var start = startIndex
    let first = text.first
    while let at = self[start...].firstIndex(where: { $0 == first }) {
      if self[at...].hasPrefix(text) { return at }
      start = index(after: at)
    }
    return nil
  }
}
