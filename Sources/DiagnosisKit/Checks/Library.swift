import Base
import TokenKit

extension Context {
  func checkLibrary() -> Finding {
    var facts: [Evidence] = []
    for path in options.libraries {
      let finding = judge(path, nil)
      if finding.verdict == .fault { return finding }
      facts += finding.evidence
    }
    // What the libraries in use do is seen already: the keys that they show, or how they failed.
    if let trouble = libraryTrouble {
      if with({ $0.keys.isEmpty }) { return trouble }
      return Finding(.warning, trouble.cause, facts + trouble.evidence, failure: trouble.failure)
    }
    let used = with { shared in
      shared.slots.filter { item in shared.keys.contains { $0.source == item.slot.source } }.map(\.provider)
    }
    for case let provider as LibraryProvider in used {
      let file = Evidence(.file, provider.library.path, .text)
      if !facts.contains(file) { facts.append(file) }
    }
    // A key that pcscd reaches is read without its maker's library; another beside it is not.
    let isRead = !with { $0.keys.isEmpty }
    func trouble(_ cause: Cause, _ evidence: [Evidence]) -> Finding {
      Finding(isRead ? .warning : .fault, cause, facts + evidence)
    }
    let keys = used.contains { $0 is LibraryProvider } ? [] : vendorKeys
    for key in keys {
      guard let known = key.known else { continue }
      let device = [Evidence(.device, known.name), Evidence(.usbID, key.id)]
      let libraries = devices.libraries(for: known)
      if libraries.isEmpty { return trouble(.libraryNotKnown, device + [Evidence(.source, known.source)]) }
      let present = libraries.flatMap { library in
        library.candidatePaths.filter { files.exists($0) }.map { ($0, library.interface) }
      }
      guard !present.isEmpty else {
        return trouble(
          .libraryMissing, device + libraries.flatMap(\.candidatePaths).prefix(6).map { Evidence(.file, $0) })
      }
      let judged = present.map { judge(files.path($0.0), $0.1) }
      guard let good = judged.first(where: { $0.verdict == .ok }) else {
        if var first = judged.first {
          first.evidence = device + first.evidence
          if isRead, first.verdict == .fault { first.verdict = .warning }
          return first
        }
        continue
      }
      facts += device + good.evidence
    }
    if options.isLibraryListLate {
      return Finding(.unknown, .timedOut, facts + [Evidence(.path, "~/.config/ukey", .path)])
    }
    return facts.isEmpty ? Finding(.skipped, .notNeeded) : .ok(facts)
  }

  /// The first library in use that failed.
  var libraryTrouble: Finding? {
    guard let (provider, failure) = libraries.troubles.first else { return nil }
    let path = (provider as? LibraryProvider)?.library.path ?? provider.title
    var facts = [Evidence(.file, path, .text), Evidence(.error, failure.reference)]
    // The words of the loader, or of the library: without them nobody knows what to install.
    if let words = failure.context, words != path, words != provider.title {
      facts.append(Evidence(.error, words, .text))
    }
    if failure.code == .internalError { return Finding(.unknown, .noThread, facts, failure: failure) }
    let cause: Cause? =
      switch failure.code {
      case .libraryNotELF: .libraryNotELF
      case .libraryNotLoaded: path.hasPrefix("/") ? nil : .libraryLoad
      case .libraryArchitecture: .libraryArchitecture
      case .libraryEnded: .libraryCrash
      case .libraryTimeout: .libraryHang
      default: .libraryFailed
      }
    if let cause, cause != .libraryCrash { return Finding(.fault, cause, facts, failure: failure) }
    if let (cause, more) = fileTrouble(path) { return Finding(.fault, cause, facts + more, failure: failure) }
    return Finding(.fault, cause ?? LoaderWords.cause(failure.context ?? ""), facts, failure: failure)
  }

  /// Looks at one library: its ELF header first, then loaded by a process of its own.
  private func judge(_ path: String, _ interface: LibraryKind?) -> Finding {
    var facts = [Evidence(.file, path, .text)]
    // One that is not whole has a header all the same, and one that may not be read has none.
    let trouble = fileTrouble(path)
    if let (cause, more) = trouble, cause == .libraryMissing || cause == .libraryDenied {
      return Finding(.fault, cause, facts + more)
    }
    guard let image = live.bytes(path, limit: 64).flatMap({ ELFHeader($0) }) else {
      return Finding(.fault, .libraryNotELF, facts)
    }
    facts.append(Evidence(.elf, image.text))
    if let own = ELFHeader.own, image != own {
      return Finding(.fault, .libraryArchitecture, facts + [Evidence(.architecture, own.text)])
    }
    if let (cause, more) = trouble { return Finding(.fault, cause, facts + more) }
    guard !options.probe.isEmpty else { return .ok(facts) }
    let child = FinishedProgram.run(
      options.probe + [path], limit: options.scaled(.seconds(2)), environment: ["SWIFT_BACKTRACE": "enable=no"])
    switch child.end {
    case .ended(.signalled(let number)):
      return Finding(.fault, .libraryCrash, facts + [Evidence(.signal, String(number))])
    case .tooLong: return Finding(.fault, .libraryHang, facts)
    case .notStarted(let number): return Finding(.unknown, .libraryLoad, facts + [Evidence(.error, "errno \(number)")])
    case .ended(.exited(0)): break
    case .ended(.exited(let code)):
      // The loader's words name paths and the missing library; its first line says enough.
      guard let line = child.output.split(separator: "\n").first(where: { $0.hasPrefix("error ") })?.dropFirst(6) else {
        // Not the loader refused it: the library itself ended the program.
        return Finding(.fault, .libraryCrash, facts + [Evidence(.signal, "exit \(code)")])
      }
      return Finding(
        .fault, LoaderWords.cause(String(line)), facts + [Evidence(.error, String(line.prefix(300)), .text)])
    }
    let exports = LibraryProbe.exports(in: child.output)
    facts.append(Evidence(.exports, exports.isEmpty ? "-" : exports.sorted().joined(separator: " ")))
    return LibraryProbe.suffices(exports, interface) ? .ok(facts) : Finding(.fault, .libraryExports, facts)
  }
}
