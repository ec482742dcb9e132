#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The least number of elements that a product moves between a memory of limited size and the one behind it.
///
/// Cut a run into segments of `M` transfers. What a segment touches was there before, came in, or is there afterwards:
/// at most `2S + M` elements of the three operands. By the inequality of Loomis and Whitney `a`, `b` and `c` of them take
/// part in at most √(`reuse`·a·b·c) multiply-accumulates, where `reuse` is the number of kernel positions that can meet
/// one input element (1 for a matrix product). Every full segment thus does at most √`reuse`·((2S + M)/3)^1.5 of them.
/// Source: Irony, Toledo, Tiskin, JPDC 64(9), 2004, doi:10.1016/j.jpdc.2004.03.021; for convolutions Demmel and Dinh,
/// arXiv:1802.06905.
struct CommunicationBound {
  /// Elements that fit on the chip at once.
  var elements: Int

  /// Elements that must be moved for `macs` multiply-accumulates; never negative.
  func transfers(macs: Int, reuse: Int) -> Int {
    guard elements > 0 else { return 0 }
    var most = 0
    // Any length of segment gives a bound; the best one lies near four times the memory.
    for eighths in [2, 4, 8, 16, 32, 64, 128, 256, 512] {
      let segment = elements / 8 * eighths
      let third = (2 * Double(elements) + Double(segment)) / 3
      let macsOfSegment = Double(max(1, reuse)).squareRoot() * pow(third, 1.5)
      most = max(most, Int((Double(macs) / macsOfSegment).rounded(.down)) * segment)
    }
    return most
  }
}
