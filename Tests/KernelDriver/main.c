// Runs the C kernels on random shapes, on two threads, against a plain convolution; made for builds with sanitizers.
#include "CKernels.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long state = 1;
static long below(long bound) {
  state = state * 6364136223846793005ul + 1442695040888963407ul;
  return (long)(state >> 33) % bound;
}
static long between(long low, long high) { return low + below(high - low + 1); }

// Exactly as many elements as the kernel may touch, so that a sanitizer sees one more.
static float *numbers(long count) {
  float *x = malloc((unsigned long)(count > 0 ? count : 1) * 4);
  for (long i = 0; i < count; i++) x[i] = (float)below(2001) / 1000 - 1;
  return x;
}

static double worst = 0;
static void compare(const char *name, const float *found, const float *expected, long count) {
  double scale = 1e-3, difference = 0;
  for (long i = 0; i < count; i++) scale = fmax(scale, fabs((double)expected[i]));
  for (long i = 0; i < count; i++) difference = fmax(difference, fabs((double)found[i] - (double)expected[i]));
  worst = fmax(worst, difference / scale);
  if (!(difference / scale <= 1e-5)) {
    printf("%s: found an error of %g, expected at most 1e-5\n", name, difference / scale);
    exit(1);
  }
}

// y[o] = sum of x · w, for weights [outputs, taps, inputs]; the gradient of the weights goes to `g` for y as gradient.
static void reference(float *y, float *g, const float *x, const float *w, const jk_window *n, long outputs, int depthwise,
                      const float *up) {
  long c = n->channels, taps = n->kernel_height * n->kernel_width, depth = depthwise ? 1 : c;
  for (long i = 0; g && i < outputs * taps * depth; i++) g[i] = 0;
  for (long p = 0; p < n->batch * n->out_height * n->out_width; p++)
    for (long o = 0; o < outputs; o++) {
      double sum = 0;
      long image = p / (n->out_height * n->out_width), oh = p / n->out_width % n->out_height, ow = p % n->out_width;
      for (long t = 0; t < taps; t++) {
        long h = oh * n->stride_height + t / n->kernel_width * n->dilation_height - n->padding_height;
        long v = ow * n->stride_width + t % n->kernel_width * n->dilation_width - n->padding_width;
        if (h < 0 || h >= n->height || v < 0 || v >= n->width) continue;
        for (long i = 0; i < depth; i++) {
          float in = x[((image * n->height + h) * n->width + v) * c + (depthwise ? o : i)];
          sum += (double)in * (double)w[(o * taps + t) * depth + i];
          if (g) g[(o * taps + t) * depth + i] += in * up[p * outputs + o];
        }
      }
      y[p * outputs + o] = (float)sum;
    }
}

// One call of a kernel for each image, half of them on another thread.
typedef struct {
  int kernel;
  float *y, *workspace;
  const float *x, *w;
  const jk_window *n;
  long outputs, first, last;
} job;

static void *run(void *argument) {
  job *j = argument;
  for (long i = j->first; i < j->last; i++) {
    if (j->kernel == 0) jk_direct(j->y, j->x, j->w, j->workspace, j->n, j->outputs, i);
    if (j->kernel == 1) jk_winograd(j->y, j->x, j->w, j->workspace, j->n, j->outputs, i);
    if (j->kernel == 2) jk_depthwise_direct(j->y, j->x, j->w, j->workspace, j->n, i, 0);
  }
  return NULL;
}

static void both(int kernel, float *y, const float *x, const float *w, const jk_window *n, long outputs, long space) {
  float *a = numbers(space), *b = numbers(space);
  job first = {kernel, y, a, x, w, n, outputs, 0, n->batch / 2};
  job second = {kernel, y, b, x, w, n, outputs, n->batch / 2, n->batch};
  pthread_t thread;
  pthread_create(&thread, NULL, run, &first);
  run(&second);
  pthread_join(thread, NULL);
  free(a);
  free(b);
}

static void convolution(void) {
  int depthwise = below(3) == 0, tiles = !depthwise && below(2) == 0;
  long c = depthwise || tiles ? 16 * between(1, 3) : between(1, 20), outputs = depthwise ? c : 16 * between(1, 4);
  jk_window n = {0};
  n.batch = between(1, 3);
  n.depth = n.out_depth = n.kernel_depth = n.stride_depth = n.dilation_depth = 1;
  n.channels = n.group_channels = c;
  n.kernel_height = tiles ? 3 : between(1, 4);
  n.kernel_width = tiles ? 3 : between(1, 6);
  n.stride_height = tiles ? 1 : between(1, 2);
  n.stride_width = tiles ? 1 : between(1, 3);
  n.dilation_height = tiles ? 1 : between(1, 2);
  n.dilation_width = tiles ? 1 : between(1, 2);
  n.padding_height = between(0, 2);
  n.padding_width = between(0, 2);
  n.height = n.dilation_height * (n.kernel_height - 1) + between(1, 9);
  n.width = n.dilation_width * (n.kernel_width - 1) + between(1, 19);
  n.out_height = (n.height + 2 * n.padding_height - n.dilation_height * (n.kernel_height - 1) - 1) / n.stride_height + 1;
  n.out_width = (n.width + 2 * n.padding_width - n.dilation_width * (n.kernel_width - 1) - 1) / n.stride_width + 1;
  long taps = n.kernel_height * n.kernel_width, depth = depthwise ? 1 : c, count = outputs * taps * depth;
  long positions = n.batch * n.out_height * n.out_width * outputs;
  float *x = numbers(n.batch * n.height * n.width * c), *w = numbers(count), *up = numbers(positions);
  float *y = numbers(positions), *expected = numbers(positions), *g = numbers(count), *found = numbers(count);
  reference(expected, g, x, w, &n, outputs, depthwise, up);
  long steps[4] = {taps * depth, 1, n.kernel_width * depth, depth};
  float *arranged = numbers(count), *space = numbers(jk_direct_workspace(&n));
  if (depthwise) {
    for (long o = 0; o < c; o++)
      for (long t = 0; t < taps; t++) arranged[t * c + o] = w[o * taps + t];
    both(2, y, x, arranged, &n, c, jk_direct_workspace(&n));
    compare("depthwise", y, expected, positions);
    memset(arranged, 0, (unsigned long)count * 4);
    for (long i = 0; i < n.batch; i++) jk_depthwise_direct_weights(arranged, x, up, space, &n, i);
    for (long o = 0; o < c; o++)
      for (long t = 0; t < taps; t++) found[o * taps + t] = arranged[t * c + o];
    compare("depthwise weights", found, g, count);
  } else {
    jk_arrange_weights(arranged, w, steps, outputs, n.kernel_height, n.kernel_width, c, 0);
    both(0, y, x, arranged, &n, outputs, jk_direct_workspace(&n));
    compare("direct", y, expected, positions);
    memset(arranged, 0, (unsigned long)count * 4);
    for (long i = 0; i < n.batch; i++) jk_direct_weights(arranged, x, up, space, &n, outputs, i);
    jk_restore_weights(found, arranged, outputs, taps, c);
    compare("direct weights", found, g, count);
  }
  if (tiles) {
    float *u = numbers(16 * c * outputs), *room = numbers(jk_winograd_workspace(&n, outputs));
    jk_winograd_weights(u, w, steps, outputs, c, 0);
    both(1, y, x, u, &n, outputs, jk_winograd_workspace(&n, outputs));
    compare("winograd", y, expected, positions);
    memset(u, 0, (unsigned long)(16 * c * outputs) * 4);
    for (long i = 0; i < n.batch; i++) jk_winograd_sums(u, x, up, room, &n, outputs, i);
    jk_winograd_restore(found, u, outputs, c);
    compare("winograd weights", found, g, count);
    free(u);
    free(room);
  }
  float *all[] = {x, w, up, y, expected, g, found, arranged, space};
  for (int i = 0; i < 9; i++) free(all[i]);
}

// y = min(max(x · wᵀ + bias + addend, low), high), in two parts of the outputs where there are enough.
static void packed(void) {
  long rows = between(1, 40), inputs = between(1, 600), outputs = between(1, 100), split = outputs > 32 ? 32 : outputs;
  float *x = numbers(rows * inputs), *w = numbers(outputs * inputs), *panels = numbers(jk_panels_size(outputs, inputs));
  float *y = numbers(rows * outputs), *expected = numbers(rows * outputs);
  float *bias = numbers(outputs), *addend = numbers(rows * outputs);
  jk_finish finish = {below(2) ? bias : NULL, below(2) ? addend : NULL, -1, below(2) ? 2 : INFINITY};
  int finishes = below(4) > 0;
  jk_pack_panels(panels, w, outputs, inputs);
  for (long first = 0; first < outputs; first = first ? outputs : split)
    jk_packed_product(y, outputs, x, inputs, panels, rows, inputs, first, first ? outputs : split,
                      finishes ? &finish : NULL);
  for (long r = 0; r < rows; r++)
    for (long o = 0; o < outputs; o++) {
      double sum = 0;
      for (long i = 0; i < inputs; i++) sum += (double)x[r * inputs + i] * (double)w[o * inputs + i];
      expected[r * outputs + o] = (float)sum;
    }
  if (finishes) jk_finish_rows(expected, &finish, rows, outputs);
  compare("packed product", y, expected, rows * outputs);
  void *all[] = {x, w, panels, y, expected, bias, addend};
  for (int i = 0; i < 7; i++) free(all[i]);
}

static void sparse(void) {
  long extent = between(1, 20), entries = between(0, 60), run = between(1, 150);
  int32_t *rows = malloc((unsigned long)(entries + 1) * 4), *columns = malloc((unsigned long)(entries + 1) * 4);
  int32_t *starts = malloc((unsigned long)(extent + 1) * 4), *order = malloc((unsigned long)(entries + 1) * 4);
  float *weights = numbers(entries), *x = numbers(extent * run), *y = numbers(extent * run);
  float *expected = calloc((unsigned long)(extent * run), 4);
  for (long e = 0; e < entries; e++) {
    rows[e] = (int32_t)between(-extent, extent - 1);
    columns[e] = (int32_t)between(-extent, extent - 1);
    long r = rows[e] < 0 ? rows[e] + extent : rows[e], k = columns[e] < 0 ? columns[e] + extent : columns[e];
    for (long i = 0; i < run; i++) expected[r * run + i] += weights[e] * x[k * run + i];
  }
  jk_sort_entries(starts, order, rows, entries, extent);
  for (long r = 0; r < extent; r++) jk_sparse_row(y + r * run, x, starts, order, columns, weights, r, extent, run);
  compare("sparse product", y, expected, extent * run);
  void *all[] = {rows, columns, starts, order, weights, x, y, expected};
  for (int i = 0; i < 8; i++) free(all[i]);
}

// y = x · s + t with broadcast s, and the sums of its columns, over loops of odd extents.
static void nest(void) {
  long rows = between(1, 70), inner = below(3) == 0 ? between(200, 2500) : between(1, 90);
  jk_loops loops = {2, {rows, inner}};
  long offsets[5] = {0, rows * inner, rows * inner + inner, 2 * rows * inner + inner, 0};
  offsets[4] = (offsets[3] + rows + 1) / 2 * 2;
  float *arena = numbers(offsets[4] + 2 * inner);
  jk_nest_load loads[3] = {{0, 0, 0, {{inner, 1}}, 1, 0, 1}, {1, 1, 0, {{0, 1}}, 0, 0, rows}, {2, 3, 0, {{1, 0}}, 0, 0, 1}};
  jk_nest_instruction instruction = {jk_multiply_add, 3, 0, 1, 2, 0, 0};
  jk_nest_store store = {3, 2, 0, {{inner, 1}}, 1, 0};
  jk_nest_reduction sum = {3, 4, inner, {{0, 1}}, jk_sum};
  jk_nest n = {&loops, loads, &instruction, &store, &sum, 3, 1, 1, 1, 4};
  float *chunks = numbers(4 * JK_CHUNK), *addresses[4];
  double *sums = (double *)(arena + offsets[4]);
  for (long i = 0; i < inner; i++) sums[i] = 0;
  jk_nest_run(&n, arena, offsets, chunks, addresses, 0, rows, 0, inner, 0);
  float *expected = numbers(rows * inner), *total = calloc((unsigned long)inner, 4), *found = numbers(inner);
  for (long r = 0; r < rows; r++)
    for (long i = 0; i < inner; i++) {
      expected[r * inner + i] = arena[r * inner + i] * arena[offsets[1] + i] + arena[offsets[3] + r];
      total[i] += expected[r * inner + i];
    }
  for (long i = 0; i < inner; i++) found[i] = (float)sums[i];
  compare("loops", arena + offsets[2], expected, rows * inner);
  compare("sums of loops", found, total, inner);
  void *all[] = {arena, chunks, expected, total, found};
  for (int i = 0; i < 5; i++) free(all[i]);
}

int main(int count, char **arguments) {
  long cases = count > 1 ? atol(arguments[1]) : 200;
  for (long i = 0; i < cases; i++) {
    convolution();
    sparse();
    packed();
    nest();
  }
  printf("%ld cases of each kernel agree; largest error %.1e\n", cases, worst);
  return 0;
}
