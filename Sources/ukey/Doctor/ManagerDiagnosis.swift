import DiagnosisKit
import Failures
import Glibc
import ManagerApp
import Wording

extension DiagnosisService {
  /// The manager's diagnosis: of this machine, with the keys that the manager shows.
  static func standard(_ keys: KeySelection, platform: Endpoint?, reminderDays: Int) -> DiagnosisService {
    DiagnosisService(
      make: {
        var options = DiagnosisOptions.ofThisMachine(keys)
        options.platform = platform
        options.reminderDays = reminderDays
        // Connections of its own: the manager's go on being used beside it.
        let providers = try? ProviderLookup.find(keys, for: &options)
        return Diagnosis(options: options, providers: providers ?? [])
      },
      save: { document, language, path in
        // Both forms, whichever is named: the page for people, the other for `ukey doctor --read`.
        let name = [".html", ".json"].first(where: path.hasSuffix).map { String(path.dropLast($0.count)) } ?? path
        do throws(Failure) {
          for form in [".html", ".json"] {
            try ReportFile(path: name + form, full: false, overwrite: false)?.write(document, language)
          }
          return .success(name + ".html / .json")
        } catch {
          return .failure(error)
        }
      },
      repair: { Repair.run($0) }, isRoot: geteuid() == 0)
  }
}
