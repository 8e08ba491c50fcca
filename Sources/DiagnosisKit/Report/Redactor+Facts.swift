/// How each fact is cleaned: what it is about decides, and only then what whoever recorded it thought of it.
extension Redactor {
  func clean(_ item: Evidence) -> String {
    let privacy = Self.privacy(item)
    if [.name, .code, .serial].contains(privacy) { return Self.mask(item.value, privacy) }
    switch item.fact {
    // The platform is public, and the same for everybody.
    case .host: return item.value == publicPlatform ? item.value : Self.maskHosts(item.value)
    case .address, .nameServer, .proxy, .noProxy: return clean(Self.maskHosts(item.value))
    case .answer: return Self.maskAnswer(item.value)
    case .store, .permission: return cleanText(Self.maskProfile(item.value))
    case .reader: return cleanText(Self.maskLongNumbers(Self.maskSerialOfReader(item.value)))
    // What others have plugged in is named by its id; its own name may be its owner's.
    case .otherDevices: return String(item.value.prefix { $0 != " " }) + " ＊＊"
    case .locale, .codeset, .terminal, .variable, .distribution, .kernel, .architecture, .container, .session,
      .programVersion, .libraryVersion, .usbID, .interfaceClass, .node, .kernelDriver, .confidence, .unit, .version,
      .mode, .polkit, .mountOption, .atr, .family, .profile, .remoteUnlock, .keys, .elf, .signal, .role, .notBefore,
      .notAfter,
      .daysLeft, .keyUsage, .clockNow, .triesLeft, .triesMax, .defaultPIN, .port, .seconds, .browser, .packaging,
      .limit, .revokedSince, .publicKey, .resource, .algorithm, .challenge:
      return clean(item.value)
    case .device, .source, .otherUser, .path, .listener, .process, .error, .owner, .label, .model, .keySerial, .file,
      .exports, .application, .keyContainer, .certificate, .organization, .uscc, .serial, .issuer, .clockReference,
      .service, .otherPort, .module, .call:
      return cleanText(item.value)
    }
  }

  /// The kind of a value: some facts are somebody's whoever recorded them.
  static func privacy(_ item: Evidence) -> Privacy {
    if [.name, .code, .serial].contains(item.privacy) { return item.privacy }
    return switch item.fact {
    case .label, .keyContainer, .organization, .otherUser, .owner: .name
    case .uscc: .code
    case .keySerial, .serial: .serial
    default: item.privacy
    }
  }

  /// Of a browser's profile only whether it is the usual one: `Firefox ＊＊.default-release`.
  static func maskProfile(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).enumerated().map { index, word in
      guard index > 0, let dot = word.firstIndex(of: "."), !word.contains("/") else { return String(word) }
      let end = word[dot...].prefix { $0 != ":" }
      let isUsual = [".default", ".default-release", ".default-esr"].contains(String(end))
      return "＊＊" + (isUsual ? end : ".＊＊") + word[end.endIndex...]
    }.joined(separator: " ")
  }

  /// `Maker Model (…) 00 00` of a reader's name: in the parentheses the driver puts the serial that the key tells, and a key
  /// may tell anything there and behind.
  static func maskSerialOfReader(_ text: String) -> String {
    guard let open = text.firstIndex(of: "(") else { return text }
    let close = text[open...].firstIndex(of: ")") ?? text.endIndex
    let behind: Substring = close == text.endIndex ? "" : text[text.index(after: close)...]
    let words = behind.split(separator: " ").map { (word: Substring) -> String in
      word.allSatisfy { $0.isASCII && $0.isHexDigit } && word.count <= 2 ? String(word) : "＊＊"
    }
    return ([text[..<open] + "(…)"] + words).joined(separator: " ")
  }

  /// `…890` of every number of six digits and more: the serial number that a reader's name may hold.
  static func maskLongNumbers(_ text: String) -> String {
    var result = ""
    var run = ""
    func flush() {
      let digits = run.filter(\.isNumber).count
      result += digits >= 6 ? mask(run, .serial) : run
      run = ""
    }
    for character in text {
      if character.isASCII, character.isLetter || character.isNumber {
        run.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}
