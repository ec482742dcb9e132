#include "CKernels.h"
#include "clones.h"

// Winograd's minimal filtering F(2×2, 3×3): tiles of 2 × 2 outputs cost 16 products instead of 36. Source: Lavin and Gray
// 2016, doi:10.1109/CVPR.2016.435, section 4.1.

typedef float v16 __attribute__((vector_size(64), aligned(4)));

// Tiles whose transforms stay in the second-level cache together.
#define TILES 32

// `P` tiles times `V` vectors of outputs, held in registers over all inputs.
#define TILE(P, V)                                                                                    \
  {                                                                                                   \
    v16 sum[P][V] = {0};                                                                              \
    const float *k = u + o;                                                                           \
    for (long i = 0; i < inputs; i++, k += outputs) {                                                 \
      v16 row[V];                                                                                     \
      for (int v = 0; v < V; v++) row[v] = *(const v16 *)(k + 16 * v);                                \
      for (int p = 0; p < P; p++)                                                                     \
        for (int v = 0; v < V; v++) sum[p][v] += x[(t + p) * inputs + i] * row[v];                    \
    }                                                                                                 \
    for (int p = 0; p < P; p++)                                                                       \
      for (int v = 0; v < V; v++) *(v16 *)(y + (t + p) * outputs + o + 16 * v) = sum[p][v];           \
    t += P;                                                                                           \
  }

#define PRODUCT(PAIRS, WIDE, NARROW)                                                                  \
  static void NAME(float *y, const float *x, const float *u, long tiles, long inputs, long outputs) { \
    for (long o = 0; o < outputs;) {                                                                  \
      int pair = PAIRS && outputs - o >= 32;                                                          \
      for (long t = 0; t < tiles;) {                                                                  \
        if (pair) {                                                                                   \
          if (tiles - t >= WIDE) TILE(WIDE, 2)                                                        \
          else if (tiles - t >= 4) TILE(4, 2)                                                         \
          else TILE(1, 2)                                                                             \
        } else {                                                                                      \
          if (tiles - t >= NARROW) TILE(NARROW, 1)                                                    \
          else if (tiles - t >= 4) TILE(4, 1)                                                         \
          else TILE(1, 1)                                                                             \
        }                                                                                             \
      }                                                                                               \
      o += pair ? 32 : 16;                                                                            \
    }                                                                                                 \
  }

#pragma clang fp contract(fast)
#if defined(__x86_64__)
#define NAME product_512
__attribute__((target("avx512f,avx512vl,fma"))) PRODUCT(1, 8, 16)
#undef NAME
#define NAME product_256
__attribute__((target("avx2,fma"))) PRODUCT(0, 4, 4)
#undef NAME
#endif
#define NAME product_plain
PRODUCT(0, 4, 4)
#undef NAME

// Adds to `P` rows of inputs times `V` vectors of outputs the products of inputs and gradients over all tiles.
#define SUMS(P, V)                                                                                    \
  {                                                                                                   \
    v16 sum[P][V] = {0};                                                                              \
    const float *from = x + i, *k = g + o;                                                            \
    for (long t = 0; t < tiles; t++, from += inputs, k += outputs) {                                  \
      v16 row[V];                                                                                     \
      for (int v = 0; v < V; v++) row[v] = *(const v16 *)(k + 16 * v);                                \
      for (int p = 0; p < P; p++)                                                                     \
        for (int v = 0; v < V; v++) sum[p][v] += from[p] * row[v];                                    \
    }                                                                                                 \
    for (int p = 0; p < P; p++)                                                                       \
      for (int v = 0; v < V; v++) {                                                                   \
        float *to = u + (i + p) * outputs + o + 16 * v;                                               \
        *(v16 *)to = *(v16 *)to + sum[p][v];                                                          \
      }                                                                                               \
    i += P;                                                                                           \
  }

#define ADJOINT(PAIRS, WIDE, NARROW)                                                                  \
  static void NAME(float *u, const float *x, const float *g, long tiles, long inputs, long outputs) { \
    for (long o = 0; o < outputs;) {                                                                  \
      int pair = PAIRS && outputs - o >= 32;                                                          \
      for (long i = 0; i < inputs;) {                                                                 \
        if (pair) SUMS(WIDE, 2)                                                                       \
        else SUMS(NARROW, 1)                                                                          \
      }                                                                                               \
      o += pair ? 32 : 16;                                                                            \
    }                                                                                                 \
  }

#if defined(__x86_64__)
#define NAME adjoint_512
__attribute__((target("avx512f,avx512vl,fma"))) ADJOINT(1, 8, 16)
#undef NAME
#define NAME adjoint_256
__attribute__((target("avx2,fma"))) ADJOINT(0, 4, 4)
#undef NAME
#endif
#define NAME adjoint_plain
ADJOINT(0, 4, 4)
#undef NAME

typedef void (*product_function)(float *, const float *, const float *, long, long, long);

static product_function best_product(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return product_512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return product_256;
#endif
  return product_plain;
}

static product_function best_adjoint(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return adjoint_512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return adjoint_256;
#endif
  return adjoint_plain;
}

// Bᵀ d B of `count` tiles from `first` on, as [16, TILES, channels].
JK_CLONES static void transform_input(float *v, const float *padded, long line, long c, long first, long count,
                                      long across) {
  for (long t = 0; t < count; t++) {
    const float *corner = padded + (first + t) / across * 2 * line + (first + t) % across * 2 * c;
    for (long i = 0; i < c; i += 16) {
      const float *in = corner + i;
      float *out = v + t * c + i;
      v16 m[4][4];
      for (int k = 0; k < 4; k++) {
        v16 a = *(const v16 *)(in + k * c), b = *(const v16 *)(in + line + k * c);
        v16 d = *(const v16 *)(in + 2 * line + k * c), e = *(const v16 *)(in + 3 * line + k * c);
        m[0][k] = a - d;
        m[1][k] = b + d;
        m[2][k] = d - b;
        m[3][k] = b - e;
      }
      for (int k = 0; k < 4; k++) {
        float *row = out + 4 * k * TILES * c;
        *(v16 *)row = m[k][0] - m[k][2];
        *(v16 *)(row + TILES * c) = m[k][1] + m[k][2];
        *(v16 *)(row + 2 * TILES * c) = m[k][2] - m[k][1];
        *(v16 *)(row + 3 * TILES * c) = m[k][1] - m[k][3];
      }
    }
  }
}

// Aᵀ m A of `count` tiles, written where they are inside the image.
JK_CLONES static void transform_output(float *y, const float *m, const jk_window *w, long c, long first, long count,
                                       long across) {
  for (long t = 0; t < count; t++) {
    long h = (first + t) / across * 2, v = (first + t) % across * 2;
    int below = h + 1 < w->out_height, right = v + 1 < w->out_width;
    float *corner = y + (h * w->out_width + v) * c;
    for (long i = 0; i < c; i += 16) {
      const float *in = m + t * c + i;
      v16 s[2][4];
      for (int k = 0; k < 4; k++) {
        v16 a = *(const v16 *)(in + k * TILES * c), b = *(const v16 *)(in + (4 + k) * TILES * c);
        v16 d = *(const v16 *)(in + (8 + k) * TILES * c), e = *(const v16 *)(in + (12 + k) * TILES * c);
        s[0][k] = a + b + d;
        s[1][k] = b - d - e;
      }
      float *out = corner + i;
      *(v16 *)out = s[0][0] + s[0][1] + s[0][2];
      if (right) *(v16 *)(out + c) = s[0][1] - s[0][2] - s[0][3];
      if (below) {
        out += w->out_width * c;
        *(v16 *)out = s[1][0] + s[1][1] + s[1][2];
        if (right) *(v16 *)(out + c) = s[1][1] - s[1][2] - s[1][3];
      }
    }
  }
}

// A g Aᵀ of `count` tiles: the adjoint of the transform of outputs; those outside the image are zero.
JK_CLONES static void transform_gradient(float *m, const float *g, const jk_window *w, long c, long first,
                                         long count, long across) {
  for (long t = 0; t < count; t++) {
    long h = (first + t) / across * 2, v = (first + t) % across * 2;
    int below = h + 1 < w->out_height, right = v + 1 < w->out_width;
    const float *corner = g + (h * w->out_width + v) * c;
    for (long i = 0; i < c; i += 16) {
      const float *in = corner + i;
      float *out = m + t * c + i;
      v16 zero = {0};
      v16 a = *(const v16 *)in, b = right ? *(const v16 *)(in + c) : zero;
      v16 d = below ? *(const v16 *)(in + w->out_width * c) : zero;
      v16 e = below && right ? *(const v16 *)(in + (w->out_width + 1) * c) : zero;
      v16 left[4] = {a, a + d, a - d, -d}, other[4] = {b, b + e, b - e, -e};
      for (int k = 0; k < 4; k++) {
        float *row = out + 4 * k * TILES * c;
        *(v16 *)row = left[k];
        *(v16 *)(row + TILES * c) = left[k] + other[k];
        *(v16 *)(row + 2 * TILES * c) = left[k] - other[k];
        *(v16 *)(row + 3 * TILES * c) = -other[k];
      }
    }
  }
}

static jk_window even(const jk_window *w) {
  jk_window rounded = *w;
  rounded.out_height = (w->out_height + 1) / 2 * 2;
  rounded.out_width = (w->out_width + 1) / 2 * 2;
  return rounded;
}

long jk_winograd_workspace(const jk_window *w, long outputs) {
  jk_window rounded = even(w);
  return jk_direct_workspace(&rounded) + 16 * TILES * (w->channels + outputs);
}

void jk_winograd(float *y, const float *x, const float *u, float *workspace, const jk_window *w, long outputs,
                 long image) {
  jk_window rounded = even(w);
  long c = w->channels;
  long line = jk_pad_image(workspace, x, &rounded, image) * c;
  float *v = workspace + jk_direct_workspace(&rounded), *m = v + 16 * TILES * c;
  float *target = y + image * w->out_height * w->out_width * outputs;
  long across = rounded.out_width / 2, tiles = rounded.out_height / 2 * across;
  product_function product = best_product();
  for (long first = 0; first < tiles; first += TILES) {
    long count = tiles - first < TILES ? tiles - first : TILES;
    transform_input(v, workspace, line, c, first, count, across);
    for (int k = 0; k < 16; k++)
      product(m + k * TILES * outputs, v + k * TILES * c, u + k * c * outputs, count, c, outputs);
    transform_output(target, m, w, outputs, first, count, across);
  }
}

JK_CLONES void jk_winograd_weights(float *u, const float *weights, const long *steps, long outputs, long inputs,
                                   int transposed) {
  long c = transposed ? outputs : inputs, n = transposed ? inputs : outputs;
  // Along the results' last axis, 16 at a time.
  long across = transposed ? steps[1] : steps[0], down = transposed ? steps[0] : steps[1];
  for (long i = 0; i < c; i++)
    for (long o = 0; o < n; o += 16) {
      v16 g[4][3];
      for (int k = 0; k < 3; k++) {
        v16 s[3];
        for (int r = 0; r < 3; r++) {
          int h = transposed ? 2 - r : r, v = transposed ? 2 - k : k;
          const float *from = weights + i * down + o * across + h * steps[2] + v * steps[3];
          if (across == 1) s[r] = *(const v16 *)from;
          else for (int lane = 0; lane < 16; lane++) s[r][lane] = from[lane * across];
        }
        g[0][k] = s[0];
        g[1][k] = 0.5f * (s[0] + s[1] + s[2]);
        g[2][k] = 0.5f * (s[0] - s[1] + s[2]);
        g[3][k] = s[2];
      }
      float *place = u + i * n + o;
      for (int r = 0; r < 4; r++) {
        *(v16 *)(place + (4 * r) * c * n) = g[r][0];
        *(v16 *)(place + (4 * r + 1) * c * n) = 0.5f * (g[r][0] + g[r][1] + g[r][2]);
        *(v16 *)(place + (4 * r + 2) * c * n) = 0.5f * (g[r][0] - g[r][1] + g[r][2]);
        *(v16 *)(place + (4 * r + 3) * c * n) = g[r][2];
      }
    }
}

void jk_winograd_sums(float *u, const float *x, const float *g, float *workspace, const jk_window *w, long outputs,
                      long image) {
  jk_window rounded = even(w);
  long c = w->channels;
  long line = jk_pad_image(workspace, x, &rounded, image) * c;
  float *v = workspace + jk_direct_workspace(&rounded), *m = v + 16 * TILES * c;
  const float *source = g + image * w->out_height * w->out_width * outputs;
  long across = rounded.out_width / 2, tiles = rounded.out_height / 2 * across;
  product_function adjoint = best_adjoint();
  for (long first = 0; first < tiles; first += TILES) {
    long count = tiles - first < TILES ? tiles - first : TILES;
    transform_input(v, workspace, line, c, first, count, across);
    transform_gradient(m, source, w, outputs, first, count, across);
    for (int k = 0; k < 16; k++)
      adjoint(u + k * c * outputs, v + k * TILES * c, m + k * TILES * outputs, count, c, outputs);
  }
}

JK_CLONES void jk_winograd_restore(float *weights, const float *u, long outputs, long inputs) {
  long n = inputs * outputs;
  for (long i = 0; i < inputs; i++)
    for (long o = 0; o < outputs; o += 16) {
      const float *from = u + i * outputs + o;
      v16 t[3][4];
      for (int k = 0; k < 4; k++) {
        v16 a = *(const v16 *)(from + k * n), b = *(const v16 *)(from + (4 + k) * n);
        v16 c = *(const v16 *)(from + (8 + k) * n), d = *(const v16 *)(from + (12 + k) * n);
        t[0][k] = a + 0.5f * (b + c);
        t[1][k] = 0.5f * (b - c);
        t[2][k] = 0.5f * (b + c) + d;
      }
      for (int r = 0; r < 3; r++) {
        v16 taps[3] = {t[r][0] + 0.5f * (t[r][1] + t[r][2]), 0.5f * (t[r][1] - t[r][2]),
                       0.5f * (t[r][1] + t[r][2]) + t[r][3]};
        for (int k = 0; k < 3; k++)
          for (int lane = 0; lane < 16; lane++)
            weights[((o + lane) * 9 + 3 * r + k) * inputs + i] = taps[k][lane];
      }
    }
}
