internal import Glibc

/// What a path that is being typed can become, as a shell completes it.
package struct PathCompletion: Sendable, Equatable {
  /// What was typed, as far as there is only one way on; a folder with `/` behind it.
  package var text: String
  /// Names that it can become, in order; one or none where it is complete.
  package var choices: [String]

  package init(text: String, choices: [String]) {
    self.text = text
    self.choices = choices
  }
}

/// Completes a path as people type it (``typedPath(_:)``). Reads the folder; not for the UI loop.
///
/// - Parameter ending: of the names that are wanted where there are such; folders always are. `nil`: all.
package func completePath(_ given: String, ending: String? = nil) -> PathCompletion {
  let typed = typedPath(given)
  if typed == "~" { return PathCompletion(text: "~/", choices: []) }
  let slash = typed.lastIndex(of: "/")
  let folder = slash.map { String(typed[...$0]) } ?? ""
  let beginning = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
  let place = absolutePath(folder.isEmpty ? "." : folder)
  let names = ((try? listFolder(place)) ?? []).filter {
    $0.hasPrefix(beginning) && (beginning.hasPrefix(".") || !$0.hasPrefix(".")) && isTypable($0)
  }
  var found = names.map { name in isFolder(place + "/" + name) ? name + "/" : name }
  if let ending, found.contains(where: { $0.hasSuffix(ending) }) {
    found.removeAll { !$0.hasSuffix(ending) && !$0.hasSuffix("/") }
  }
  found.sort()
  guard let first = found.first, let last = found.last else { return PathCompletion(text: given, choices: []) }
  // In order, what the first and the last have in common all have.
  let common = String(zip(first, last).prefix { $0 == $1 }.map(\.0))
  return PathCompletion(text: folder + common, choices: found.count > 1 ? found : [])
}

/// Names that a path typed again would not mean, or that hide what they are, are left out.
private func isTypable(_ name: String) -> Bool {
  name.unicodeScalars.allSatisfy { scalar in
    scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\\" && scalar != "'" && scalar != "\""
      && scalar != "\u{FFFD}" && scalar.properties.generalCategory != .format
  } && name.last != " " && name.first != " "
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
