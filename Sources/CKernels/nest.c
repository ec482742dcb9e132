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

// Copies part of a nest into a dense run: `rows` rows from `first` on, `count` elements from `start` on in each.
JK_CLONES static void load(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first, long rows,
                           long start, long count, int integer) {
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

// The reverse: writes a dense run to its places.
JK_CLONES static void store(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first,
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

// The same where loops of step 0 add up: their first element sets the sum, the others come later in the same task.
JK_CLONES static void store_sums(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first,
                                 long rows, long start, long count) {
  cursor c = cursor_at(loops, strides, first);
  long step = strides->step[loops->rank - 1];
  for (long r = 0; r < rows; r++) {
    int is_first = 1;
    for (int d = 0; d < loops->rank - 1; d++) is_first &= strides->step[d] != 0 || c.place[d] == 0;
    float *target = y + c.offset + start * step;
    if (step == 0) {
      float sum = is_first && start == 0 ? 0 : *target;
      for (long i = 0; i < count; i++) sum += x[i];
      *target = sum;
    } else if (is_first) {
      for (long i = 0; i < count; i++) target[i * step] = x[i];
    } else if (step == 1) {
      for (long i = 0; i < count; i++) target[i] += x[i];
    } else {
      for (long i = 0; i < count; i++) target[i * step] += x[i];
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

typedef float v16 __attribute__((vector_size(64), aligned(4)));

// Adds the columns of `rows` rows of `count` elements to accumulators; several rows at once, so that additions overlap.
JK_INLINE void add_columns(double *sums, const float *x, long rows, long count) {
  long i = 0;
  for (; i + 64 <= count; i += 64) {
    v16 a = {0}, b = {0}, c = {0}, d = {0};
    for (long r = 0; r < rows; r++) {
      const float *row = x + r * count + i;
      a += *(const v16 *)row;
      b += *(const v16 *)(row + 16);
      c += *(const v16 *)(row + 32);
      d += *(const v16 *)(row + 48);
    }
    for (int k = 0; k < 16; k++) sums[i + k] += (double)a[k];
    for (int k = 0; k < 16; k++) sums[i + 16 + k] += (double)b[k];
    for (int k = 0; k < 16; k++) sums[i + 32 + k] += (double)c[k];
    for (int k = 0; k < 16; k++) sums[i + 48 + k] += (double)d[k];
  }
  for (; i + 16 <= count; i += 16) {
    v16 a = {0}, b = {0}, c = {0}, d = {0};
    long r = 0;
    for (; r + 4 <= rows; r += 4) {
      const float *row = x + r * count + i;
      a += *(const v16 *)row;
      b += *(const v16 *)(row + count);
      c += *(const v16 *)(row + 2 * count);
      d += *(const v16 *)(row + 3 * count);
    }
    for (; r < rows; r++) a += *(const v16 *)(x + r * count + i);
    a = (a + b) + (c + d);
    for (int k = 0; k < 16; k++) sums[i + k] += (double)a[k];
  }
  for (; i < count; i++) {
    float sum = 0;
    for (long r = 0; r < rows; r++) sum += x[r * count + i];
    sums[i] += (double)sum;
  }
}

// Combines a dense run into accumulators.
JK_CLONES static void reduce(jk_combination f, double *sums, const float *x, const jk_loops *loops,
                             const jk_strides *strides, long first, long rows, long start, long count) {
  long step = strides->step[loops->rank - 1];
  if (step == 0) {
    cursor c = cursor_at(loops, strides, first);
    for (long r = 0; r < rows; r++) {
      double *sum = sums + c.offset;
      *sum = combine(f, *sum, (double)combine_row(f, x, count));
      x += count;
      advance(&c, loops, strides);
    }
    return;
  }
  long alike = 1;
  for (int d = loops->rank - 2; d >= 0 && strides->step[d] == 0; d--) alike *= loops->extents[d];
  long r = 0;
  while (r < rows) {
    // Rows that meet the same accumulators: those of the innermost loops that do not move there.
    long together = alike - (first + r) % alike;
    if (together > rows - r) together = rows - r;
    cursor c = cursor_at(loops, strides, first + r);
    double *target = sums + c.offset + start * step;
    if (f == jk_sum && step == 1) {
      add_columns(target, x, together, count);
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

// What the chunk of a load holds.
typedef struct {
  long block, start, rows, length;
} content;

// `rows` rows from `row` on, `length` elements from `start` on in each.
static void run_chunk(const jk_nest *n, float *arena, const long *offsets, float **chunks, float **addresses,
                      content *contents, long row, long rows, long start, long length, long copy) {
  const jk_loops *loops = n->loops;
  long inner = loops->extents[loops->rank - 1];
  for (int l = 0; l < n->load_count; l++) {
    const jk_nest_load *in = n->loads + l;
    const float *base = arena + offsets[in->buffer] + in->offset;
    if (in->dense) {
      addresses[in->slot] = (float *)base + row * inner + start;
      continue;
    }
    if (rows == 1 && !in->integer && in->strides.step[loops->rank - 1] == 1) {
      // One row without gaps is read where it lies.
      addresses[in->slot] = (float *)base + cursor_at(loops, &in->strides, row).offset + start;
      continue;
    }
    content *held = contents + l;
    long block = row / in->period;
    int alike = in->period > 1 && (row + rows - 1) / in->period == block;
    if (alike && held->block == block && held->start == start && held->length == length && held->rows >= rows) continue;
    addresses[in->slot] = chunks[in->slot];
    load(chunks[in->slot], base, loops, &in->strides, row, rows, start, length, in->integer);
    held->block = alike ? block : -1;
    held->start = start;
    held->length = length;
    held->rows = rows;
  }
  for (int s = 0; s < n->store_count; s++) {
    const jk_nest_store *out = n->stores + s;
    float *base = arena + offsets[out->buffer] + out->offset;
    if (out->sums) addresses[out->slot] = chunks[out->slot];
    else if (out->dense) addresses[out->slot] = base + row * inner + start;
    else if (rows == 1 && out->strides.step[loops->rank - 1] == 1)
      addresses[out->slot] = base + cursor_at(loops, &out->strides, row).offset + start;
    else addresses[out->slot] = chunks[out->slot];
  }
  long elements = rows * length;
  for (int i = 0; i < n->instruction_count; i++) {
    const jk_nest_instruction *f = n->instructions + i;
    jk_map(f->function, addresses[f->target], addresses[f->a], addresses[f->b], addresses[f->c], f->p, f->q, elements);
  }
  for (int s = 0; s < n->store_count; s++) {
    const jk_nest_store *out = n->stores + s;
    if (addresses[out->slot] != chunks[out->slot]) continue;
    (out->sums ? store_sums : store)(arena + offsets[out->buffer] + out->offset, chunks[out->slot], loops, &out->strides, row, rows, start, length);
  }
  for (int r = 0; r < n->reduction_count; r++) {
    const jk_nest_reduction *sum = n->reductions + r;
    double *sums = (double *)(arena + offsets[sum->buffer]) + copy * sum->count;
    reduce(sum->combination, sums, addresses[sum->slot], loops, &sum->strides, row, rows, start, length);
  }
}

void jk_nest_run(const jk_nest *n, float *arena, const long *offsets, float *memory, float **addresses, long first,
                 long last, long start, long end, long copy) {
  content contents[JK_LOADS];
  float *chunks[JK_LOADS];
  for (int l = 0; l < n->load_count; l++) contents[l].block = -1;
  for (int s = 0; s < n->slot_count; s++) addresses[s] = chunks[s] = memory + s * JK_CHUNK;
  long inner = n->loops->extents[n->loops->rank - 1];
  if (end - start < inner || inner >= JK_CHUNK / 4) {
    for (long row = first; row < last; row++)
      for (long i = start; i < end; i += JK_CHUNK)
        run_chunk(n, arena, offsets, chunks, addresses, contents, row, 1, i, end - i < JK_CHUNK ? end - i : JK_CHUNK,
                  copy);
    return;
  }
  long together = JK_CHUNK / inner;
  for (long row = first; row < last; row += together)
    run_chunk(n, arena, offsets, chunks, addresses, contents, row, last - row < together ? last - row : together, 0,
              inner, copy);
}
