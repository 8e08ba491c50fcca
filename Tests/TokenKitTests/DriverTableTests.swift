import Failures
import SmartCard
import SoftToken
import Testing

@testable import TokenKit

/// The table of drivers: each knows its own cards and no other's.
@Suite struct DriverTableTests {
  private func snapshot(_ card: any SoftCard) throws -> TokenSnapshot {
    let token = CardToken(source: TokenSource(provider: "test", reader: "R"), link: InProcessLink(card))
    return try token.read(ReadOptions(), progress: { _ in })
  }

  @Test func eachFamilyHasOneDriverAndANameOfItsOwn() {
    let families = cardDrivers.map { $0.family }
    #expect(Set(families).count == families.count)
    #expect(Set(TokenFamily.allCases.map(\.name)).count == TokenFamily.allCases.count)
    // What is spoken to with APDUs is better than any library; what is behind a library has no driver here.
    for family in TokenFamily.allCases { #expect((family.traits.rank == 0) == families.contains(family)) }
  }

  @Test func eachDriverKnowsItsCards() throws {
    #expect(try snapshot(try GMCard.demo(.noContainer)).family == GMDriver.family)
    #expect(try snapshot(PIVCard(settings: PIVCardSettings())).family == PIVDriver.family)
  }

  @Test func noDriverTakesACardOfAnotherKind() throws {
    let gm = try CardTransaction(InProcessLink(try GMCard.demo(.noContainer)))
    let piv = try CardTransaction(InProcessLink(PIVCard(settings: PIVCardSettings())))
    for driver in cardDrivers {
      for (family, isTaken) in [(GMDriver.family, takes(driver, gm)), (PIVDriver.family, takes(driver, piv))] {
        #expect(isTaken == (driver.family == family), "\(driver)")
      }
    }
  }

  private func takes(_ driver: any CardDriver.Type, _ card: borrowing CardTransaction) -> Bool {
    do throws(Failure) {
      _ = try driver.recognise(card, profile: nil)
      return true
    } catch {
      #expect(error.concernsItemOnly)
      return false
    }
  }

  @Test func profilesAreForcedByNameOnly() throws {
    let service = DemoReaders(cards: [("R", try GMCard.demo(.unknownMaker))])
    #expect(throws: Failure.self) { try CardTokenProvider(name: "demo", service: service, profile: "no such") }
    let key = try CardTokenProvider(name: "demo", service: service, profile: "b-LE").open("R")
    guard case .supported(profile: "B-le", provenance: _, .gmt) = try key.pinSupport() else {
      Issue.record("not forced")
      return
    }
    #expect(try CardTokenProvider(name: "demo", service: service).open("R").pinSupport() == .noProfile)
  }
}
