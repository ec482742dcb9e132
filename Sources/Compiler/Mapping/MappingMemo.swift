/// Mappings found in this compilation, backed by those of earlier ones.
struct MappingMemo: Sendable {
  private let machine: Target
  private var cache: MappingCache?
  private var arrays: [ArrayProblem: ArraySearch.Choice?] = [:]
  private var vectors: [VectorProblem: VectorSearch.Choice?] = [:]
  /// Array problems found in the cache, and those that had to be searched.
  private(set) var cacheHits = 0
  private(set) var cacheMisses = 0

  init(_ machine: Target, cache: MappingCache?) {
    self.machine = machine
    self.cache = cache
  }

  mutating func array(_ problem: ArrayProblem) -> ArraySearch.Choice? {
    if let known = arrays[problem] { return known }
    let search = ArraySearch(machine, problem)
    let choice: ArraySearch.Choice?
    if let stored = cache?.mapping(for: problem, on: machine), search.accepts(stored) {
      let buffers = search.cost.buffers(stored)
      choice = .init(mapping: stored, estimate: search.cost.estimate(stored, buffers))
      cacheHits += 1
    } else {
      choice = search.best()
      cacheMisses += 1
      if let choice { cache?.store(choice.mapping, for: problem, on: machine) }
    }
    arrays[problem] = choice
    return choice
  }

  mutating func vector(_ problem: VectorProblem) -> VectorSearch.Choice? {
    if let known = vectors[problem] { return known }
    let choice = VectorSearch(machine: machine, problem: problem).best()
    vectors[problem] = choice
    return choice
  }

  /// Writes what is new to the cache's file.
  func save() { cache?.save() }
}
