import Hardware

/// One stream of scratchpad accesses while it runs: which banks its next access needs.
struct AccessLane {
  /// Scratchpad index; negative when the lane is unused.
  var memory: Int
  var isWrite: Bool
  /// Words of each access.
  private(set) var words: Int
  private var banks: Int
  private var baseMask: UInt64
  private var fullMask: UInt64
  private var pattern: AccessPattern
  /// First word of the present fold.
  private var origin: Int
  /// Accesses done in the present fold.
  private var index: Int
  /// Accesses left before the inner loop turns.
  private(set) var innerLeft: Int
  private var word: Int
  private var bank: Int
  /// Distance in banks from one access to the next inside the inner loop.
  private(set) var bankStride: Int

  static let unused = AccessLane()

  private init() {
    memory = -1
    isWrite = false
    words = 0
    banks = 1
    baseMask = 0
    fullMask = 0
    pattern = .none
    origin = 0
    index = 0
    innerLeft = 1
    word = 0
    bank = 0
    bankStride = 0
  }

  /// A lane at the first access of fold `fold` of `pattern`.
  init(_ pattern: AccessPattern, fold: Int, in scratchpads: [Scratchpad]) {
    guard pattern.memory >= 0 else {
      self = .unused
      return
    }
    let scratchpad = scratchpads[pattern.memory]
    memory = pattern.memory
    isWrite = pattern.isWrite
    words = pattern.words
    banks = scratchpad.banks
    fullMask = banks >= 64 ? .max : (1 << UInt64(banks)) - 1
    baseMask = words >= banks ? fullMask : (1 << UInt64(words)) - 1
    self.pattern = pattern
    self.pattern.innerCount = max(1, pattern.innerCount)
    origin = pattern.address / scratchpad.wordBytes + fold * pattern.foldStride
    index = 0
    innerLeft = self.pattern.innerCount
    word = origin
    bank = Self.modulo(word, banks)
    bankStride = Self.modulo(pattern.innerStride, banks)
  }

  /// The banks of the next access, one bit each.
  var mask: UInt64 {
    @inline(__always) get {
      guard bank != 0, baseMask != fullMask else { return baseMask }
      let shift = UInt64(truncatingIfNeeded: bank)
      let wrap = UInt64(truncatingIfNeeded: banks) &- shift
      return ((baseMask &<< shift) | (baseMask &>> wrap)) & fullMask
    }
  }

  /// Moves on by one access.
  @inline(__always)
  mutating func advance() {
    index &+= 1
    innerLeft &-= 1
    if innerLeft > 0 {
      bank &+= bankStride
      if bank >= banks { bank &-= banks }
    } else {
      innerLeft = pattern.innerCount
      seek()
    }
  }

  /// Moves on by `count` accesses.
  mutating func advance(by count: Int) {
    index += count
    innerLeft = pattern.innerCount - index % pattern.innerCount
    seek()
  }

  private mutating func seek() {
    let (outer, inner) = index.quotientAndRemainder(dividingBy: pattern.innerCount)
    bank = Self.modulo(origin + outer * pattern.outerStride + inner * pattern.innerStride, banks)
  }

  private static func modulo(_ value: Int, _ modulus: Int) -> Int {
    let remainder = value % modulus
    return remainder < 0 ? remainder + modulus : remainder
  }
}
