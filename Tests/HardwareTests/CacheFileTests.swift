import Hardware
import Testing

/// The section `caches` of a hardware file.
@Suite struct CacheFileTests {
  /// What decoding says of caches, each given as what differs from a good one; without places.
  private func messages(_ caches: [String]) -> [String] {
    let elements = caches.map {
      """
        - {name: l2, capacity: 512 KiB, ways: 8, line: 64 B, latency: 10 cycles, misses: 4, \
      access-energy: {value: 80 pJ, source: test}, line-energy: {value: 80 pJ, source: test}}

      """.editing($0)
    }
    return BrokenFile().messages(replacing: "memory:\n", with: "caches:\n\(elements.joined())\nmemory:\n").map
    {
      $0.contains(": ") ? String($0.drop { $0 != " " }.dropFirst()) : $0
    }
  }

  @Test func `caches of whole sets and lines are read`() {
    #expect(messages([""]) == ["decoded"])
    #expect(messages(["", "name: l2→name: llc"]) == ["decoded"])
    #expect(messages(["misses: 4→misses: 4, replacement: random, way-below: 3 cycles"]) == ["decoded"])
    #expect(
      messages(["misses: 4→misses: 4, banks: 4, turn: 8 cycles, write-back: 9 cycles, contents: others"])
        == ["decoded"])
  }

  @Test func `a cache is whole sets of lines`() {
    #expect(
      messages(["capacity: 512 KiB→capacity: 1000 B"]) == [
        "caches.l2.capacity: 1000 B are not a whole number of sets; expected a multiple of 512 B"
      ])
  }

  @Test func `a line is whole accesses, and as long in all levels`() {
    #expect(
      messages(["line: 64 B→line: 16 B"]) == [
        """
        caches.l2.line: 16 B are not a whole number of accesses of main memory; expected a multiple of 32 B
        """
      ])
    #expect(
      messages(["", "name: l2→name: llc;line: 64 B→line: 128 B"]) == [
        "caches.llc.line: 128 B differ from the lines of 'l2'; expected 64 B"
      ])
  }

  @Test func `caches have names of their own`() {
    #expect(
      messages(["", "misses: 4→misses: 5"]) == [
        "caches: two caches are called 'l2'; expected different names"
      ])
  }

  @Test func `caches and several cores exclude each other`() {
    let cache = """
        - {name: l2, capacity: 512 KiB, ways: 8, line: 64 B, latency: 10 cycles, misses: 4, \
      access-energy: {value: 80 pJ, source: test}, line-energy: {value: 80 pJ, source: test}}
      """
    let messages = BrokenFile().messages(
      replacing: "memory:\n", with: "cores: 2\n\ncaches:\n\(cache)\n\nmemory:\n")
    #expect(messages.count == 1)
    #expect(
      messages[0].hasSuffix(
        """
        : caches: caches stand before the main memory that 2 cores share; expected one core; set cores to 1, or leave the \
        caches out
        """))
  }

  @Test func `a controller's queue takes a line`() {
    let cache = """
        - {name: l2, capacity: 512 KiB, ways: 8, line: 64 B, latency: 10 cycles, misses: 4, \
      access-energy: {value: 80 pJ, source: test}, line-energy: {value: 80 pJ, source: test}}
      """
    let messages = BrokenFile().messages(
      replacing: "queue-depth: 32\n  hit-cap: 64", with: "queue-depth: 1\n  hit-cap: 64\n\ncaches:\n\(cache)")
    #expect(messages.count == 1)
    #expect(
      messages[0].hasSuffix("memory.queue-depth: 1 places do not take a line of 'l2'; expected at least 2"))
  }

  @Test func `bursts of stores are parts of bursts`() {
    #expect(
      BrokenFile().messages(overrides: "dma.store-burst=96 B") == [
        """
        --set dma.store-burst=96 B: dma.store-burst: 96 B do not divide bursts of 256 B; expected a part of 'burst'; \
        set dma.store-burst to 0 for bursts as long as those of loads
        """
      ])
    #expect(BrokenFile().messages(overrides: "dma.store-burst=64 B") == ["decoded"])
  }
}

extension String {
  /// With replacements "old→new" made, separated by semicolons.
  fileprivate func editing(_ edits: String) -> String {
    edits.split(separator: ";").reduce(self) { text, edit in
      let parts = edit.split(separator: "→")
      return text.replacing(String(parts[0]), with: String(parts[1]), maxReplacements: 1)
    }
  }
}
