import Foundation
import Testing
import Wording

@testable import ukey

struct SettingsFileTests {
  @Test func noFileIsTooBadToBeRead() throws {
    let folder = NSTemporaryDirectory() + "ukey-settings-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(SettingsFile.read([folder + "/none"]) == Settings.builtIn)
    // One that is too large, a folder.
    try Data(count: 1 << 20).write(to: URL(filePath: folder + "/large"))
    let settings = SettingsFile.read([folder + "/large", folder])
    #expect(settings.refused.count == 2 && settings.authority == Settings.builtIn.authority)
  }
}
