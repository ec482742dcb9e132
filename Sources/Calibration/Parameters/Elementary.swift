#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The elementary functions of the C library, under names that do not hide a parameter's.
func logarithm(_ x: Double) -> Double { log(x) }
func exponential(_ x: Double) -> Double { exp(x) }
