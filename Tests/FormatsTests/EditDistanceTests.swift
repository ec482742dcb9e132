import Formats
import Testing

/// Suggestions for misspelt names.
@Suite struct EditDistanceTests {
  @Test func `distances count insertions, deletions, replacements and swaps`() {
    #expect(editDistance("", "") == 0)
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("rows", "rosw") == 1)
    // Optimal string alignment, not the full Damerau distance (which is 2).
    #expect(editDistance("ca", "abc") == 3)
    #expect(editDistance("naïve", "naive") == 1)
  }

  @Test func `the nearest name is suggested only when it is near`() {
    #expect(nearest(to: "rosw", among: ["columns", "rows"]) == "rows")
    #expect(nearest(to: "Rows", among: ["columns", "rows"]) == "rows")
    #expect(nearest(to: "gemini", among: ["edge", "gemmini"]) == "gemmini")
    #expect(nearest(to: "lpddr4", among: ["ddr4-3200", "lpddr4-3200"]) == "lpddr4-3200")
    #expect(nearest(to: "banana", among: ["columns", "rows"]) == nil)
    #expect(nearest(to: "", among: ["rows"]) == nil)
    #expect(nearest(to: "x", among: []) == nil)
  }

  @Test func `lists read as sentences`() {
    #expect(listed([]) == "")
    #expect(listed(["a"]) == "a")
    #expect(listed(["a", "b"]) == "a or b")
    #expect(listed(["a", "b", "c"], joining: "and") == "a, b and c")
  }
}
