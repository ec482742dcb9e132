#include "CKernels.h"
#include "clones.h"
#include <math.h>
#include <string.h>

// exp by range reduction to |r| ≤ ln 2 / 2 and a polynomial of degree 6; within 1e-7 relative.
JK_INLINE float exponential(float x) {
  float clamped = x < -87.33654f ? -87.33654f : x > 88.72283f ? 88.72283f : x;
  float n = clamped * 1.44269504f + 12582912.0f;
  int32_t bits;
  memcpy(&bits, &n, 4);
  n -= 12582912.0f;
  float r = clamped - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.3981999507e-3f + r * 1.9875691500e-4f;
  p = 8.3334519073e-3f + r * p;
  p = 4.1665795894e-2f + r * p;
  p = 1.6666665459e-1f + r * p;
  p = 5.0000001201e-1f + r * p;
  p = 1.0f + r + r * r * p;
  // 2^n in two factors, since n may be 128.
  int32_t k = bits - 0x4B400000;
  int32_t half = k >> 1;
  int32_t first = (half + 127) << 23, second = (k - half + 127) << 23;
  float a, b;
  memcpy(&a, &first, 4);
  memcpy(&b, &second, 4);
  float y = p * a * b;
  y = x > 88.72283f ? INFINITY : y;
  y = x < -103.97208f ? 0.0f : y;
  return x != x ? x : y;
}

// log by the exponent and a polynomial over [√½, √2); the coefficients are those of Cephes.
JK_INLINE float logarithm(float x) {
  // Subnormal numbers are scaled into range first.
  int small = x < 1.17549435e-38f;
  float scaled = small ? x * 8388608.0f : x;
  int32_t bits;
  memcpy(&bits, &scaled, 4);
  int32_t e = ((bits >> 23) & 255) - 126;
  bits = (bits & 0x007FFFFF) | 0x3F000000;
  float m;
  memcpy(&m, &bits, 4);
  int below = m < 0.707106781f;
  float exponent = (float)(e - (below ? 1 : 0) - (small ? 23 : 0));
  m = (below ? m + m : m) - 1.0f;
  float z = m * m;
  float p = 7.0376836292e-2f * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = m * z * p + exponent * -2.12194440e-4f - 0.5f * z;
  y = m + y + exponent * 0.693359375f;
  y = x == INFINITY ? INFINITY : y;
  y = x == 0.0f ? -INFINITY : y;
  return x < 0.0f || x != x ? NAN : y;
}

// Rational functions of x² (as in Eigen), exact to a few units in the last place.
JK_INLINE float tangent(float v) {
  float x = v < -7.90531111f ? -7.90531111f : v > 7.90531111f ? 7.90531111f : v;
  float z = x * x;
  float p = -2.76076847742355e-16f * z + 2.00018790482477e-13f;
  p = p * z - 8.60467152213735e-11f;
  p = p * z + 5.12229709037114e-08f;
  p = p * z + 1.48572235717979e-05f;
  p = p * z + 6.37261928875436e-04f;
  p = p * z + 4.89352455891786e-03f;
  float q = 1.19825839466702e-06f * z + 1.18534705686654e-04f;
  q = q * z + 2.26843463243900e-03f;
  q = q * z + 4.89352518554385e-03f;
  float y = x * p / q;
  y = v < 0.0004f && v > -0.0004f ? v : y;
  return v != v ? v : y;
}

JK_INLINE float error_function(float v) {
  float x = v < -4.0f ? -4.0f : v > 4.0f ? 4.0f : v;
  float z = x * x;
  float p = -2.72614225801306e-10f * z + 2.77068142495902e-08f;
  p = p * z - 2.10102402082508e-06f;
  p = p * z - 5.69250639462346e-05f;
  p = p * z - 7.34990630326855e-04f;
  p = p * z - 2.95459980854025e-03f;
  p = p * z - 1.60960333262415e-02f;
  float q = -1.45660718464996e-05f * z - 2.13374055278905e-04f;
  q = q * z - 1.68282697438203e-03f;
  q = q * z - 7.37332916720468e-03f;
  q = q * z - 1.42647390514189e-02f;
  float y = x * p / q;
  return v != v ? v : y;
}

// Results may lie where an operand lies, element on element: iterations never depend on each other.
#define ELEMENTS _Pragma("clang loop vectorize(assume_safety)") for (long i = 0; i < n; i++)
#define LOOP(expression) \
  ELEMENTS { y[i] = (expression); } \
  break
#define A a[i]
#define B b[i]

JK_CLONES void jk_map(jk_function f, float *y, const float *a, const float *b, const float *c, float p, float q,
                      long n) {
  switch (f) {
  case jk_copy: memmove(y, a, (unsigned long)n * 4); break;
  case jk_negate: LOOP(-A);
  case jk_absolute: LOOP(__builtin_fabsf(A));
  case jk_sign: LOOP(A > 0 ? 1.0f : A < 0 ? -1.0f : A != A ? A : 0.0f);
  case jk_reciprocal: LOOP(1.0f / A);
  case jk_square_root: LOOP(__builtin_sqrtf(A));
  case jk_exponential: LOOP(exponential(A));
  case jk_logarithm: LOOP(logarithm(A));
  case jk_erf: LOOP(error_function(A));
  case jk_sine: LOOP(sinf(A));
  case jk_cosine: LOOP(cosf(A));
  case jk_floor: LOOP(__builtin_floorf(A));
  case jk_ceiling: LOOP(__builtin_ceilf(A));
  case jk_round: LOOP(__builtin_rintf(A));
  case jk_not: LOOP(A != 0 ? 0.0f : 1.0f);
  case jk_is_nan: LOOP(A != A ? 1.0f : 0.0f);
  case jk_is_infinite: LOOP(__builtin_fabsf(A) == INFINITY ? 1.0f : 0.0f);
  case jk_relu: LOOP(A > 0 ? A : A != A ? A : 0.0f);
  case jk_sigmoid: LOOP(1.0f / (1.0f + exponential(-A)));
  case jk_tanh: LOOP(tangent(A));
  case jk_softplus: LOOP((A > 0 ? A : 0.0f) + logarithm(1.0f + exponential(-__builtin_fabsf(A))));
  case jk_clamp: LOOP(A < p ? p : A > q ? q : A);
  case jk_square: LOOP(A * A);
  case jk_truth: LOOP(A != 0 ? 1.0f : 0.0f);
  case jk_scale: LOOP(A * p);
  case jk_offset: LOOP(A + p);
  case jk_add: LOOP(A + B);
  case jk_subtract: LOOP(A - B);
  case jk_multiply: LOOP(A * B);
  case jk_divide: LOOP(A / B);
  case jk_power: LOOP(powf(A, B));
  case jk_minimum: LOOP(A < B || A != A ? A : B);
  case jk_maximum: LOOP(A > B || A != A ? A : B);
  case jk_remainder: LOOP(A - B * __builtin_floorf(A / B));
  case jk_truncated_remainder: LOOP(fmodf(A, B));
  case jk_equal: LOOP(A == B ? 1.0f : 0.0f);
  case jk_less: LOOP(A < B ? 1.0f : 0.0f);
  case jk_less_or_equal: LOOP(A <= B ? 1.0f : 0.0f);
  case jk_greater: LOOP(A > B ? 1.0f : 0.0f);
  case jk_greater_or_equal: LOOP(A >= B ? 1.0f : 0.0f);
  case jk_and: LOOP(A != 0 && B != 0 ? 1.0f : 0.0f);
  case jk_or: LOOP(A != 0 || B != 0 ? 1.0f : 0.0f);
  case jk_xor: LOOP((A != 0) != (B != 0) ? 1.0f : 0.0f);
  // Both operands are read, so that no gather of addresses comes of it.
  case jk_select:
    ELEMENTS {
      float u = B, v = c[i];
      y[i] = A != 0 ? u : v;
    }
    break;
  case jk_multiply_add: LOOP(A * B + c[i]);
  }
}

JK_CLONES void jk_axpy(float *y, const float *x, float a, long n) {
  for (long i = 0; i < n; i++) y[i] += a * x[i];
}

JK_CLONES void jk_softmax(float *y, const float *x, long rows, long n, int is_logarithm) {
  for (long r = 0; r < rows; r++, x += n, y += n) {
    float m = x[0];
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) m = x[i] > m ? x[i] : m;
    }
    float sum = 0;
    {
#pragma clang fp reassociate(on)
      for (long i = 0; i < n; i++) {
        float e = exponential(x[i] - m);
        y[i] = e;
        sum += e;
      }
    }
    if (is_logarithm) {
      float shift = m + logarithm(sum);
      for (long i = 0; i < n; i++) y[i] = x[i] - shift;
    } else {
      float scale = 1.0f / sum;
      for (long i = 0; i < n; i++) y[i] *= scale;
    }
  }
}
