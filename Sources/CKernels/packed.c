#include "CKernels.h"
#include "clones.h"
#include "finish.h"

// Outputs of a panel; inputs whose part of a panel stays in the first-level cache.
#define PANEL 32
#define CHUNK 256

// `P` rows times `V` vectors of outputs, held in registers over a chunk of inputs.
#define TILE(P, V)                                                                                   \
  {                                                                                                  \
    v16 sum[P][V] = {0};                                                                             \
    const float *k = panel;                                                                          \
    for (long i = 0; i < n; i++, k += PANEL) {                                                       \
      v16 row[V];                                                                                    \
      for (int v = 0; v < V; v++) row[v] = *(const v16 *)(k + 16 * v);                               \
      for (int p = 0; p < P; p++)                                                                    \
        for (int v = 0; v < V; v++) sum[p][v] += x[p * x_step + i] * row[v];                         \
    }                                                                                                \
    for (int p = 0; p < P; p++)                                                                      \
      for (int v = 0; v < V; v++) {                                                                  \
        long at = p * y_step + 16 * v;                                                               \
        if (width >= 16 * (v + 1)) {                                                                 \
          if (adds) sum[p][v] += *(v16 *)(y + at);                                                   \
          if (f) jk_finish_vector(&sum[p][v], f, 16 * v, at);                                        \
          *(v16 *)(y + at) = sum[p][v];                                                              \
        } else                                                                                       \
          for (int e = 0; e < 16 && 16 * v + e < width; e++) {                                       \
            float value = adds ? y[at + e] + sum[p][v][e] : sum[p][v][e];                            \
            y[at + e] = f ? jk_finished_one(value, f, 16 * v + e, at + e) : value;                   \
          }                                                                                          \
      }                                                                                              \
    break;                                                                                           \
  }

// Rows times a chunk of a panel: `adds` to what is there, or sets it; `width` outputs are written.
#define ROWS(WIDE, V, CASES)                                                                         \
  static void NAME(float *y, long y_step, const float *x, long x_step, const float *panel, long rows, long n, \
                   long width, int adds, const jk_finish *finish) {                                  \
    jk_finish own = finish ? *finish : (jk_finish){0, 0, 0, 0};                                      \
    const jk_finish *f = finish ? &own : 0;                                                          \
    while (rows > 0) {                                                                               \
      /* Two tiles of like heights are faster than a full one and a rest. */                         \
      long height = rows <= WIDE ? rows : rows < 2 * WIDE ? (rows + 1) / 2 : WIDE;                   \
      switch (height) { CASES }                                                                      \
      y += height * y_step;                                                                          \
      x += height * x_step;                                                                          \
      if (own.addend) own.addend += height * y_step;                                                 \
      rows -= height;                                                                                \
    }                                                                                                \
  }

#define FOUR(V) case 1: TILE(1, V) case 2: TILE(2, V) case 3: TILE(3, V) case 4: TILE(4, V)
#define TWELVE(V)                                                                                    \
  FOUR(V) case 5: TILE(5, V) case 6: TILE(6, V) case 7: TILE(7, V) case 8: TILE(8, V) case 9: TILE(9, V) \
  case 10: TILE(10, V) case 11: TILE(11, V) case 12: TILE(12, V)

#pragma clang fp contract(fast)
#if defined(__x86_64__)
#define NAME rows_512
__attribute__((target("avx512f,avx512vl,fma"))) ROWS(12, 2, TWELVE(2))
#undef NAME
#define NAME rows_256
__attribute__((target("avx2,fma"))) ROWS(4, 1, FOUR(1))
#undef NAME
#endif
#define NAME rows_plain
ROWS(4, 1, FOUR(1))
#undef NAME

typedef void (*rows_function)(float *, long, const float *, long, const float *, long, long, long, int,
                              const jk_finish *);

// The best function and how many vectors it takes at once.
static rows_function best_rows(long *vectors) {
  *vectors = 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) {
    *vectors = 2;
    return rows_512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return rows_256;
#endif
  return rows_plain;
}

long jk_panels_size(long outputs, long inputs) { return (outputs + PANEL - 1) / PANEL * PANEL * inputs; }

void jk_pack_panels(float *panels, const float *weights, long outputs, long inputs) {
  for (long first = 0; first < outputs; first += PANEL)
    for (long i = 0; i < inputs; i++)
      for (long o = first; o < first + PANEL; o++)
        *panels++ = o < outputs ? weights[o * inputs + i] : 0;
}

void jk_packed_product(float *y, long y_step, const float *x, long x_step, const float *panels, long rows, long inputs,
                       long first, long last, const jk_finish *finish) {
  long vectors;
  rows_function product = best_rows(&vectors);
  for (long i = 0; i < inputs || i == 0; i += CHUNK) {
    long n = inputs - i < CHUNK ? inputs - i : CHUNK;
    for (long o = first; o < last; o += 16 * vectors) {
      const float *panel = panels + o / PANEL * PANEL * inputs + i * PANEL + o % PANEL;
      long width = last - o < 16 * vectors ? last - o : 16 * vectors;
      jk_finish part;
      if (finish) {
        part = *finish;
        if (part.bias) part.bias += o;
        if (part.addend) part.addend += o;
      }
      product(y + o, y_step, x + i, x_step, panel, rows, n, width, i > 0, finish && i + n == inputs ? &part : 0);
    }
  }
}

JK_CLONES void jk_finish_rows(float *y, const jk_finish *finish, long rows, long step) {
  jk_finish f = *finish;
  for (long r = 0; r < rows; r++, y += step) {
    for (long o = 0; o < step; o++) y[o] = jk_finished_one(y[o], &f, o, o);
    if (f.addend) f.addend += step;
  }
}
