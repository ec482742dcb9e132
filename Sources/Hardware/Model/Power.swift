#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `base` to the power of `exponent`, by the C library, under a name that no quantity has.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
