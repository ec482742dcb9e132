#include "CKernels.h"
#include "clones.h"
#include <string.h>

typedef float v16 __attribute__((vector_size(64), aligned(4)));

// One tile: `P` neighbouring positions times `V` vectors of outputs, held in registers over all taps and inputs.
#define TILE(P, V)                                                                                            \
  {                                                                                                           \
    v16 sum[P][V] = {0};                                                                                      \
    for (long kh = 0; kh < w->kernel_height; kh++)                                                            \
      for (long kw = 0; kw < w->kernel_width; kw++) {                                                         \
        const float *in = x + kh * w->dilation_height * line + kw * w->dilation_width * c;                    \
        const float *k = weights + (kh * w->kernel_width + kw) * c * outputs;                                 \
        for (long i = 0; i < c; i++, k += outputs) {                                                          \
          v16 row[V];                                                                                         \
          for (int v = 0; v < V; v++) row[v] = *(const v16 *)(k + 16 * v);                                    \
          for (int p = 0; p < P; p++) {                                                                       \
            float value = in[p * step + i];                                                                   \
            v16 wide = {value, value, value, value, value, value, value, value,                               \
                        value, value, value, value, value, value, value, value};                              \
            for (int v = 0; v < V; v++) sum[p][v] += wide * row[v];                                           \
          }                                                                                                   \
        }                                                                                                     \
      }                                                                                                       \
    for (int p = 0; p < P; p++)                                                                               \
      for (int v = 0; v < V; v++) *(v16 *)(y + p * outputs + 16 * v) = sum[p][v];                             \
  }

// A row of positions: outputs in pairs of vectors where registers suffice, tails with smaller tiles.
#define ROW(PAIRS, WIDE, NARROW)                                                                                    \
  static void NAME(float *out, const float *padded, const float *weights, const jk_window *w, long line,      \
                   long outputs) {                                                                            \
    long c = w->channels, step = w->stride_width * c;                                                         \
    const float *all = weights;                                                                               \
    for (long o = 0; o < outputs;) {                                                                          \
      int pair = PAIRS && outputs - o >= 32;                                                                  \
      weights = all + o;                                                                                      \
      for (long p = 0; p < w->out_width;) {                                                                   \
        const float *x = padded + p * step;                                                                   \
        float *y = out + p * outputs + o;                                                                     \
        long left = w->out_width - p;                                                                         \
        if (pair) {                                                                                           \
          if (left >= WIDE) { TILE(WIDE, 2) p += WIDE; }                                                      \
          else if (left >= 4) { TILE(4, 2) p += 4; }                                                          \
          else { TILE(1, 2) p += 1; }                                                                         \
        } else {                                                                                              \
          if (left >= NARROW) { TILE(NARROW, 1) p += NARROW; }                                                \
          else if (left >= 4) { TILE(4, 1) p += 4; }                                                          \
          else { TILE(1, 1) p += 1; }                                                                         \
        }                                                                                                     \
      }                                                                                                       \
      o += pair ? 32 : 16;                                                                                    \
    }                                                                                                         \
  }

#pragma clang fp contract(fast)
#if defined(__x86_64__)
#define NAME row_512
__attribute__((target("avx512f,avx512vl,fma"))) ROW(1, 8, 16)
#undef NAME
#define NAME row_256
__attribute__((target("avx2,fma"))) ROW(0, 4, 6)
#undef NAME
#endif
#define NAME row_plain
ROW(0, 4, 4)
#undef NAME

typedef void (*row_function)(float *, const float *, const float *, const jk_window *, long, long);

static row_function best_row(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return row_512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return row_256;
#endif
  return row_plain;
}

// Products of inputs and gradients over all positions of an image: `P` inputs times `V` vectors of outputs in registers.
#define SUMS(P, V)                                                                                            \
  {                                                                                                           \
    v16 sum[P][V] = {0};                                                                                      \
    for (long oh = 0; oh < w->out_height; oh++) {                                                             \
      const float *in = x + oh * w->stride_height * line;                                                     \
      const float *k = g + oh * w->out_width * outputs;                                                       \
      for (long ow = 0; ow < w->out_width; ow++, in += step, k += outputs) {                                  \
        v16 row[V];                                                                                           \
        for (int v = 0; v < V; v++) row[v] = *(const v16 *)(k + 16 * v);                                      \
        for (int p = 0; p < P; p++) {                                                                         \
          float value = in[p];                                                                                \
          v16 wide = {value, value, value, value, value, value, value, value,                                 \
                      value, value, value, value, value, value, value, value};                                \
          for (int v = 0; v < V; v++) sum[p][v] += wide * row[v];                                             \
        }                                                                                                     \
      }                                                                                                       \
    }                                                                                                         \
    for (int p = 0; p < P; p++)                                                                               \
      for (int v = 0; v < V; v++) *(v16 *)(y + p * outputs + 16 * v) += sum[p][v];                            \
  }

// Neighbouring taps of all inputs are one run of memory where columns are not dilated, so they are counted as one.
#define WEIGHTS(PAIRS, WIDE, NARROW)                                                                          \
  static void NAME(float *weights, const float *padded, const float *gradient, const jk_window *w, long line, \
                   long outputs) {                                                                            \
    long c = w->channels, step = w->stride_width * c;                                                         \
    long runs = w->dilation_width == 1 ? 1 : w->kernel_width, run = w->kernel_width * c / runs;               \
    for (long kh = 0; kh < w->kernel_height; kh++)                                                            \
      for (long kw = 0; kw < runs; kw++)                                                                      \
        for (long o = 0; o < outputs;) {                                                                      \
          int pair = PAIRS && outputs - o >= 32;                                                              \
          const float *g = gradient + o;                                                                      \
          for (long i = 0; i < run;) {                                                                        \
            const float *x = padded + kh * w->dilation_height * line + kw * w->dilation_width * c + i;        \
            float *y = weights + ((kh * w->kernel_width + kw) * c + i) * outputs + o;                         \
            long left = run - i;                                                                              \
            if (pair) {                                                                                       \
              if (left >= WIDE) { SUMS(WIDE, 2) i += WIDE; }                                                  \
              else if (left >= 4) { SUMS(4, 2) i += 4; }                                                      \
              else { SUMS(1, 2) i += 1; }                                                                     \
            } else {                                                                                          \
              if (left >= NARROW) { SUMS(NARROW, 1) i += NARROW; }                                            \
              else if (left >= 4) { SUMS(4, 1) i += 4; }                                                      \
              else { SUMS(1, 1) i += 1; }                                                                     \
            }                                                                                                 \
          }                                                                                                   \
          o += pair ? 32 : 16;                                                                                \
        }                                                                                                     \
  }

#if defined(__x86_64__)
#define NAME weights_512
__attribute__((target("avx512f,avx512vl,fma"))) WEIGHTS(1, 8, 16)
#undef NAME
#define NAME weights_256
__attribute__((target("avx2,fma"))) WEIGHTS(0, 4, 4)
#undef NAME
#endif
#define NAME weights_plain
WEIGHTS(0, 4, 4)
#undef NAME

static row_function best_weights(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return weights_512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return weights_256;
#endif
  return weights_plain;
}

long jk_direct_workspace(const jk_window *w) {
  long height = (w->out_height - 1) * w->stride_height + (w->kernel_height - 1) * w->dilation_height + 1;
  long width = (w->out_width - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width + 1;
  return height * width * w->channels;
}

long jk_pad_image(float *workspace, const float *x, const jk_window *w, long image) {
  long c = w->channels;
  long height = (w->out_height - 1) * w->stride_height + (w->kernel_height - 1) * w->dilation_height + 1;
  long width = (w->out_width - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width + 1;
  long left = w->padding_width < width ? w->padding_width : width;
  long inside = width - left < w->width ? width - left : w->width;
  for (long h = 0; h < height; h++) {
    float *target = workspace + h * width * c;
    long source = h - w->padding_height;
    if (source < 0 || source >= w->height) {
      memset(target, 0, (unsigned long)(width * c) * 4);
      continue;
    }
    memset(target, 0, (unsigned long)(left * c) * 4);
    memcpy(target + left * c, x + ((image * w->height + source) * w->width) * c, (unsigned long)(inside * c) * 4);
    memset(target + (left + inside) * c, 0, (unsigned long)((width - left - inside) * c) * 4);
  }
  return width;
}

// The image with its padding, or where it lies if the kernel reaches none; and the elements of a line.
static const float *inside(float *workspace, const float *x, const jk_window *w, long image, long *line) {
  long top = -w->padding_height, left = -w->padding_width;
  long bottom = top + (w->out_height - 1) * w->stride_height + (w->kernel_height - 1) * w->dilation_height;
  long right = left + (w->out_width - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width;
  if (top >= 0 && left >= 0 && bottom < w->height && right < w->width) {
    *line = w->width * w->channels;
    return x + (image * w->height + top) * *line + left * w->channels;
  }
  *line = jk_pad_image(workspace, x, w, image) * w->channels;
  return workspace;
}

void jk_direct(float *y, const float *x, const float *weights, float *workspace, const jk_window *w, long outputs,
               long image) {
  row_function row = best_row();
  long line;
  const float *padded = inside(workspace, x, w, image, &line);
  for (long oh = 0; oh < w->out_height; oh++) {
    row(y + (image * w->out_height + oh) * w->out_width * outputs, padded + oh * w->stride_height * line, weights, w,
        line, outputs);
  }
}

void jk_direct_weights(float *weights, const float *x, const float *g, float *workspace, const jk_window *w,
                       long outputs, long image) {
  long line;
  const float *padded = inside(workspace, x, w, image, &line);
  best_weights()(weights, padded, g + image * w->out_height * w->out_width * outputs, w, line, outputs);
}

void jk_restore_weights(float *target, const float *arranged, long outputs, long taps, long inputs) {
  for (long t = 0; t < taps; t++)
    for (long i = 0; i < inputs; i++)
      for (long o = 0; o < outputs; o++) target[(o * taps + t) * inputs + i] = arranged[(t * inputs + i) * outputs + o];
}

void jk_arrange_weights(float *target, const float *weights, const long *steps, long outputs, long height, long width,
                        long inputs, int transposed) {
  long taps = height * width;
  for (long o = 0; o < outputs; o++)
    for (long t = 0; t < taps; t++) {
      const float *from = weights + o * steps[0] + t / width * steps[2] + t % width * steps[3];
      for (long i = 0; i < inputs; i++) {
        float value = from[i * steps[1]];
        if (transposed) target[((taps - 1 - t) * outputs + o) * inputs + i] = value;
        else target[(t * inputs + i) * outputs + o] = value;
      }
    }
}
