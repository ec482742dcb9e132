#include "CKernels.h"
#include "clones.h"

typedef float v16 __attribute__((vector_size(64), aligned(4)));

// Indices count from the end where negative, and stay inside so that no memory outside is touched.
static inline long bounded(int32_t index, long extent) {
  long counted = index < 0 ? index + extent : index;
  return counted < 0 ? 0 : counted >= extent ? extent - 1 : counted;
}

void jk_sort_entries(int32_t *starts, int32_t *order, const int32_t *rows, long entries, long extent) {
  for (long r = 0; r <= extent; r++) starts[r] = 0;
  for (long e = 0; e < entries; e++) starts[bounded(rows[e], extent) + 1]++;
  for (long r = 0; r < extent; r++) starts[r + 1] += starts[r];
  // Each start moves to the end of its row while the row fills, which is the start of the next one.
  for (long e = 0; e < entries; e++) order[starts[bounded(rows[e], extent)]++] = (int32_t)e;
  for (long r = extent; r > 0; r--) starts[r] = starts[r - 1];
  starts[0] = 0;
}

JK_CLONES void jk_sparse_row(float *y, const float *x, const int32_t *starts, const int32_t *order,
                             const int32_t *columns, const float *weights, long row, long extent, long run) {
  long first = starts[row], last = starts[row + 1], i = 0;
  for (; i + 64 <= run; i += 64) {
    v16 a = {0}, b = {0}, c = {0}, d = {0};
    for (long k = first; k < last; k++) {
      const float *in = x + bounded(columns[order[k]], extent) * run + i;
      float w = weights[order[k]];
      a += w * *(const v16 *)in;
      b += w * *(const v16 *)(in + 16);
      c += w * *(const v16 *)(in + 32);
      d += w * *(const v16 *)(in + 48);
    }
    *(v16 *)(y + i) = a;
    *(v16 *)(y + i + 16) = b;
    *(v16 *)(y + i + 32) = c;
    *(v16 *)(y + i + 48) = d;
  }
  if (i == run) return;
  for (long j = i; j < run; j++) y[j] = 0;
  for (long k = first; k < last; k++) {
    const float *in = x + bounded(columns[order[k]], extent) * run;
    float w = weights[order[k]];
    for (long j = i; j < run; j++) y[j] += w * in[j];
  }
}
