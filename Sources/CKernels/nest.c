#include "CKernels.h"
#include "clones.h"
#include <string.h>

// Where a row starts, and the step to the next one.
typedef struct {
  long place[JK_RANK];
  long offset;
} cursor;

static cursor cursor_at(const jk_loops *loops, const jk_strides *strides, long row) {
  cursor c;
  c.offset = 0;
  for (int d = loops->rank - 2; d >= 0; d--) {
    c.place[d] = row % loops->extents[d];
    row /= loops->extents[d];
    c.offset += c.place[d] * strides->step[d];
  }
  return c;
}

static inline void advance(cursor *c, const jk_loops *loops, const jk_strides *strides) {
  for (int d = loops->rank - 2; d >= 0; d--) {
    c->offset += strides->step[d];
    if (++c->place[d] < loops->extents[d]) return;
    c->offset -= c->place[d] * strides->step[d];
    c->place[d] = 0;
  }
}

JK_CLONES void jk_load(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first,
                       long rows, long start, long count, int integer) {
  cursor c = cursor_at(loops, strides, first);
  long step = strides->step[loops->rank - 1];
  for (long r = 0; r < rows; r++) {
    const float *source = x + c.offset + start * step;
    if (integer) {
      const int32_t *integers = (const int32_t *)source;
      for (long i = 0; i < count; i++) y[i] = (float)integers[i * step];
    } else if (step == 1) {
      for (long i = 0; i < count; i++) y[i] = source[i];
    } else if (step == 0) {
      float value = *source;
      for (long i = 0; i < count; i++) y[i] = value;
    } else {
      for (long i = 0; i < count; i++) y[i] = source[i * step];
    }
    y += count;
    advance(&c, loops, strides);
  }
}

JK_CLONES void jk_store(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first,
                        long rows, long start, long count) {
  cursor c = cursor_at(loops, strides, first);
  long step = strides->step[loops->rank - 1];
  for (long r = 0; r < rows; r++) {
    float *target = y + c.offset + start * step;
    if (step == 1) {
      for (long i = 0; i < count; i++) target[i] = x[i];
    } else {
      for (long i = 0; i < count; i++) target[i * step] = x[i];
    }
    x += count;
    advance(&c, loops, strides);
  }
}

#pragma clang fp reassociate(on)
JK_INLINE float combine_row(jk_combination f, const float *x, long n) {
  float y = x[0];
  switch (f) {
  case jk_sum:
    y = 0;
    for (long i = 0; i < n; i++) y += x[i];
    break;
  case jk_max:
    for (long i = 0; i < n; i++) y = x[i] > y || x[i] != x[i] ? x[i] : y;
    break;
  case jk_min:
    for (long i = 0; i < n; i++) y = x[i] < y || x[i] != x[i] ? x[i] : y;
    break;
  case jk_product:
    y = 1;
    for (long i = 0; i < n; i++) y *= x[i];
    break;
  }
  return y;
}
#pragma clang fp reassociate(off)

JK_INLINE double combine(jk_combination f, double a, double b) {
  switch (f) {
  case jk_sum: return a + b;
  case jk_max: return b > a || b != b ? b : a;
  case jk_min: return b < a || b != b ? b : a;
  case jk_product: return a * b;
  }
  return a;
}

JK_CLONES void jk_reduce(jk_combination f, double *sums, const float *x, const jk_loops *loops,
                         const jk_strides *strides, long first, long rows, long start, long count) {
  cursor c = cursor_at(loops, strides, first);
  long step = strides->step[loops->rank - 1];
  if (step == 0) {
    for (long r = 0; r < rows; r++) {
      double *sum = sums + c.offset;
      *sum = combine(f, *sum, (double)combine_row(f, x, count));
      x += count;
      advance(&c, loops, strides);
    }
    return;
  }
  // Rows that meet the same accumulators are added up in single precision first; chunks are short.
  float partial[1024];
  long r = 0;
  while (r < rows) {
    long offset = c.offset;
    long together = 0;
    do {
      together++;
      advance(&c, loops, strides);
    } while (r + together < rows && c.offset == offset);
    double *target = sums + offset + start * step;
    if (f == jk_sum && together > 1 && count <= 1024) {
      for (long i = 0; i < count; i++) partial[i] = x[i];
      for (long k = 1; k < together; k++) {
        const float *row = x + k * count;
        for (long i = 0; i < count; i++) partial[i] += row[i];
      }
      for (long i = 0; i < count; i++) target[i * step] += (double)partial[i];
    } else if (f == jk_sum && step == 1) {
      for (long k = 0; k < together; k++) {
        const float *row = x + k * count;
        for (long i = 0; i < count; i++) target[i] += (double)row[i];
      }
    } else {
      for (long k = 0; k < together; k++) {
        const float *row = x + k * count;
        for (long i = 0; i < count; i++) target[i * step] = combine(f, target[i * step], (double)row[i]);
      }
    }
    x += together * count;
    r += together;
  }
}
