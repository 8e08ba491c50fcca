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
        return Diagnosis(options: options, providers: (try? keys.providers(for: .watching)) ?? [])
      },
      save: { document, language in
        let name = "ukey-report-\(document.time)"
        do throws(Failure) {
          for form in [".html", ".json"] {
            try ReportFile(path: name + form, full: false, overwrite: true)?.write(document, language)
          }
          return .success(name + ".html / .json")
        } catch {
          return .failure(error)
        }
      },
      repair: { Repair.run($0) }, isRoot: geteuid() == 0)
  }
}
