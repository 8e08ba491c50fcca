import Base
import CertificateKit
import Glibc
import TokenKit

/// When this version was made: no right clock shows less. Seconds since 1970-01-01 UTC, 2026-11-01.
let releaseTime: Int64 = 1_793_491_200

extension Context {
  func checkClock() -> Finding {
    let now = options.now
    var facts = [Evidence(.clockNow, LocalTime.text(now))]
    if now < releaseTime {
      facts.append(Evidence(.clockReference, LocalTime.text(releaseTime)))
      return Finding(.fault, .clockBeforeRelease, facts, fix: clockFix)
    }
    // Files that are written while a machine is in use.
    let paths = [
      "/var/lib/systemd/timesync/clock", "/var/lib/dpkg/status", "/var/log/dpkg.log", "/var/log/wtmp",
      "/var/log/syslog", "/etc/ld.so.cache", "/etc/resolv.conf", "/var/lib/NetworkManager/timestamps",
    ]
    let newest = paths.compactMap { path in files.status(path).map { (Int64($0.st_mtim.tv_sec), path) } }
      .max { $0.0 < $1.0 }
    if let newest {
      facts.append(Evidence(.clockReference, LocalTime.text(newest.0) + "  " + newest.1))
      if newest.0 > now &+ 86_400 {
        // A file can bear a wrong date as well: whoever else knows the time settles it.
        guard serverTime() != nil else { return Finding(.fault, .clockBehindFiles, facts, fix: clockFix) }
        if let difference = clockDifference() {
          return Finding(.fault, .clockDiffers, facts + difference.dropFirst(), fix: clockFix)
        }
      }
      if now &- newest.0 > 5 * 366 * 86_400 { return Finding(.warning, .clockAhead, facts, fix: clockFix) }
    }
    // Before a certificate is blamed, whoever else knows the time is asked.
    let isDoubtful =
      newest.map { now &- $0.0 > 60 * 86_400 } ?? false
      || entries.contains { place in
        guard let validity = place.certificate.value?.validity else { return false }
        return now < validity.notBefore || now > validity.notAfter
      }
    if isDoubtful, let difference = clockDifference() {
      return Finding(.fault, .clockDiffers, facts + difference.dropFirst(), fix: clockFix)
    }
    let begins = entries.compactMap { $0.certificate.value?.validity.notBefore }
    if let latest = begins.max(), latest > now {
      facts.append(Evidence(.notBefore, LocalTime.text(latest)))
      return Finding(.warning, .clockBehindCertificate, facts, fix: clockFix)
    }
    return .ok(facts)
  }

  private var clockFix: Fix? {
    live.exists("/run/systemd/system") ? .setClock : nil
  }
}
