import Failures
import Wording

/// The invocations that people and scripts run all day, `ukey` and `ukey status` with plain options, recognised without
/// the argument parser: that takes two milliseconds to start, longer than reading a key does.
///
/// Only forms that the argument parser would take in the same way; anything else, also anything wrong, is left to it. A
/// test holds the two together.
enum PlainInvocation {
  case status(StatusJob)
  case manager(ManagerJob)

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    let isStatus = rest.first == "status"
    if isStatus { rest.removeFirst() }
    var output = OutputChoice(language: OutputChoice.localeLanguage, json: false)
    var keys = KeySelection()
    while let option = rest.popFirst() {
      switch option {
      case "--json": output.json = true
      case "--demo": keys.demo = true
      case "--lang":
        guard let language = rest.popFirst().flatMap(Language.init(rawValue:)) else { return nil }
        output.language = language
      case "--reader":
        guard let reader = rest.popFirst(), !reader.hasPrefix("-") else { return nil }
        keys.reader = reader
      case "--key":
        guard let key = rest.popFirst(), !key.hasPrefix("-") else { return nil }
        keys.key = key
      default: return nil
      }
    }
    self =
      isStatus
      ? .status(StatusJob(output: output, keys: keys)) : .manager(ManagerJob(output: output, keys: keys))
  }

  /// - Returns: the exit code.
  func run() -> Int32 {
    switch self {
    case .status(let job): job.run().rawValue
    case .manager(let job): job.run()
    }
  }
}
