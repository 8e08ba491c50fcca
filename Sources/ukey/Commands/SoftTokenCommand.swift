import ArgumentParser
import Failures
import Glibc
import SoftToken

/// `ukey soft-token`: a software card in a virtual reader.
struct SoftTokenCommand: ParsableCommand {
  enum Card: String, ExpressibleByArgument, CaseIterable {
    case gm
    case piv
  }

  static let configuration = CommandConfiguration(
    commandName: "soft-token", abstract: "Run a software card in a virtual reader (vpcd).",
    discussion: "Settings of the PIV card: " + PIVCardSettings.keys.joined(separator: ", "))

  @Option(help: "Which card.")
  var card: Card = .gm

  @Option(help: ArgumentHelp("Where the virtual reader listens.", valueName: "host:port"))
  var vpcd = "127.0.0.1:35963"

  @Option(help: "Profile of the GM/T 0017 card: A-lm or B-le.")
  var profile: String?

  @Option(help: "Directory that keeps the card's state; without it the state is forgotten at the end.")
  var dir: String?

  @Option(help: ArgumentHelp("Settings of the PIV card; delay= also counts for the other.", valueName: "key=value,…"))
  var settings = ""

  @Flag(help: "Write header and status word of each command to standard error.")
  var trace = false

  @Option(help: ArgumentHelp("Contents of a new GM/T 0017 card: " + SoftTokenCommand.samples, valueName: "name"))
  var sample = "demo"

  @Option(
    help: ArgumentHelp(
      "Misbehave, for tests; may be given more than once: \(FaultRule.form). A card on hold waits for a line on standard input.",
      valueName: "rule", visibility: .hidden))
  var fault: [String] = []

  private static var samples: String { GMSample.names.map(\.name).joined(separator: ", ") }

  private var address: (host: String, port: UInt16)? {
    guard let colon = vpcd.lastIndex(of: ":"), let port = UInt16(vpcd[vpcd.index(after: colon)...]), port > 0 else {
      return nil
    }
    let host = vpcd[..<colon].drop { $0 == "[" }
    return (String(host.last == "]" ? host.dropLast() : host), port)
  }

  func validate() throws {
    guard address != nil else { throw ValidationError("--vpcd takes HOST:PORT") }
    guard behaviour != nil else { throw ValidationError("--profile takes A-lm or B-le") }
    guard PIVCardSettings(text: settings) != nil else { throw ValidationError("--settings: unknown key or value") }
    guard GMSample.named(sample) != nil else { throw ValidationError("--sample takes one of: " + Self.samples) }
    for rule in fault where FaultRule(text: rule) == nil { throw ValidationError("--fault takes " + FaultRule.form) }
  }

  func run() throws {
    guard let address, let settings = PIVCardSettings(text: settings) else { throw ExitCode(2) }
    do throws(Failure) {
      let store = CuttingStore(try makeStore())
      let card = try makeCard(settings, store)
      let faulty = fault.isEmpty ? nil : FaultCard(card)
      let soft: any SoftCard = if let faulty { faulty } else { card }
      var options = VPCDClient.Options(delayMilliseconds: settings.delayMilliseconds)
      if trace { options.trace = { write(line: $0.description) } }
      let client = VPCDClient(host: address.host, port: address.port, options: options)
      if let faulty {
        faulty.rules = fault.compactMap { FaultRule(text: $0) }
        store.arm(faulty.rules)
        faulty.power = store
        faulty.onRemove = { client.stop() }
        faulty.onHold = { number in
          write(line: "holding \(number)")
          waitForLine()
        }
      }
      let end = try SoftTokenRunner.run(soft, in: client)
      if trace { write(line: "\(client.answered) commands answered") }
      if end == .readerClosed { write(line: "the reader closed the connection") }
    } catch {
      throw ExitCode(OutputChoice(language: OutputChoice.localeLanguage, json: false).report(error).rawValue)
    }
  }

  private func makeStore() throws(Failure) -> any StateStore {
    if card == .gm, let dir { try DirectoryStore(directory: dir, name: "gm") } else { MemoryStore() }
  }

  private func makeCard(_ settings: PIVCardSettings, _ store: CuttingStore) throws(Failure) -> any SoftCard {
    switch card {
    case .piv:
      return try PIVCard.demo(settings: settings, directory: dir, now: Int64(time(nil)))
    case .gm:
      return try GMCard.demo(GMSample.named(sample) ?? .demo, behaviour: behaviour ?? .aLM, store: store)
    }
  }

  private var behaviour: GMCardBehaviour? { GMCardBehaviour.named(profile ?? "A-lm") }
}

private func write(line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
}

/// Waits for a line or the end of standard input.
private func waitForLine() {
  var byte: UInt8 = 0
  while true {
    let count = read(STDIN_FILENO, &byte, 1)
    if count < 0 && errno == EINTR { continue }
    if count <= 0 || byte == 0x0A { return }
  }
}
