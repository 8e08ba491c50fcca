import Base
import Glibc
import Synchronization
import Testing

@Suite struct WaitingTests {
  @Test func durationsAndInstants() {
    let now = Instant.now
    #expect(now + .seconds(1) > now && now + .seconds(1) - now == .seconds(1))
    #expect(now - (now + .seconds(1)) == .zero)
    #expect(now + .seconds(-1) == now)
    #expect((now + .seconds(Int64.max)) > now)
    #expect(now.pollTimeout == 0)
    #expect((1...1001).contains((Instant.now + .seconds(1)).pollTimeout))
    #expect(Duration.milliseconds(1500).microseconds == 1_500_000)
  }

  @Test func aConditionWaitsUntilItsDeadline() {
    let condition = Condition()
    let end = Instant.now + .milliseconds(20)
    condition.withLock { while condition.wait(until: end) {} }
    #expect(Instant.now >= end)
  }

  @Test func answersStandInTheirPlaces() {
    let fan = FanOut<Int>(count: 5)
    for place in 0..<4 { #expect(fan.ask(place) { place * place }) }
    fan.answer(4, -1)
    // A place that does not exist is no answer.
    fan.answer(5, 9)
    #expect(fan.wait(until: .now + .seconds(60)) == [0, 1, 4, 9, -1])
  }

  @Test func whoIsLateKeepsNobody() {
    let gate = Gate()
    gate.take()
    let fan = FanOut<Int>(count: 2)
    #expect(
      fan.ask(0) {
        gate.take()
        return 1
      })
    fan.answer(1, 2)
    #expect(fan.wait(until: .now + .milliseconds(20)) == [nil, 2])
    // Enough is enough, whoever is missing.
    #expect(fan.wait(until: .now + .seconds(600)) { $0.contains(2) } == [nil, 2])
    gate.release()
    #expect(fan.wait(until: .now + .seconds(60)) == [1, 2])
  }

  @Test func aGateLetsInOneAtATime() {
    let gate = Gate()
    let inside = Atomic(0)
    let fan = FanOut<Bool>(count: 8)
    for place in 0..<8 {
      #expect(
        fan.ask(place) {
          var isAlone = true
          for _ in 0..<200 {
            gate.take()
            isAlone = isAlone && inside.wrappingAdd(1, ordering: .relaxed).newValue == 1
            inside.wrappingSubtract(1, ordering: .relaxed)
            gate.release()
          }
          return isAlone
        })
    }
    #expect(fan.wait(until: .now + .seconds(60)) == Array(repeating: true, count: 8))
  }

  @Test func aPipeWakesAndIsNotInherited() throws {
    let pipe = try WakePipe()
    var item = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
    #expect(poll(&item, 1, 0) == 0)
    pipe.wake()
    pipe.wake()
    #expect(poll(&item, 1, 0) == 1)
    #expect(pipe.drain() == [1, 1] && poll(&item, 1, 0) == 0)
    for end in [pipe.readEnd, pipe.writeEnd] {
      #expect(fcntl(end, F_GETFD) & FD_CLOEXEC != 0 && fcntl(end, F_GETFL) & O_NONBLOCK != 0)
    }
    // A full pipe does not hold the one who wakes.
    for _ in 0..<100_000 { pipe.wake() }
  }
}
