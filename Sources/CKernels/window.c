#include "CKernels.h"
#include "clones.h"
#include <string.h>

JK_CLONES void jk_patches(float *y, const float *x, const jk_window *w, long first, long pixels) {
  long area = w->out_height * w->out_width, volume = w->out_depth * area;
  long g = w->group_channels;
  for (long p = first; p < first + pixels; p++) {
    long n = p / volume, od = p % volume / area, oh = p % area / w->out_width, ow = p % w->out_width;
    const float *image = x + n * w->depth * w->height * w->width * w->channels + w->group_start;
    for (long kd = 0; kd < w->kernel_depth; kd++) {
      long d = od * w->stride_depth + kd * w->dilation_depth - w->padding_depth;
      for (long kh = 0; kh < w->kernel_height; kh++) {
        long h = oh * w->stride_height + kh * w->dilation_height - w->padding_height;
        int inside = d >= 0 && d < w->depth && h >= 0 && h < w->height;
        const float *line = image + (d * w->height + h) * w->width * w->channels;
        long left = ow * w->stride_width - w->padding_width;
        // Neighbouring taps of all channels are one run of memory.
        if (inside && g == w->channels && w->dilation_width == 1 && left >= 0
            && left + w->kernel_width <= w->width) {
          const float *source = line + left * w->channels;
          long run = w->kernel_width * g;
          for (long i = 0; i < run; i++) y[i] = source[i];
          y += run;
          continue;
        }
        for (long kw = 0; kw < w->kernel_width; kw++) {
          long v = left + kw * w->dilation_width;
          if (inside && v >= 0 && v < w->width) {
            const float *source = line + v * w->channels;
            for (long i = 0; i < g; i++) y[i] = source[i];
          } else {
            for (long i = 0; i < g; i++) y[i] = 0;
          }
          y += g;
        }
      }
    }
  }
}

JK_CLONES void jk_add_patches(float *x, const float *y, const jk_window *w, long first_image, long images) {
  long area = w->out_height * w->out_width, volume = w->out_depth * area;
  long g = w->group_channels;
  for (long p = first_image * volume; p < (first_image + images) * volume; p++) {
    long n = p / volume, od = p % volume / area, oh = p % area / w->out_width, ow = p % w->out_width;
    float *image = x + n * w->depth * w->height * w->width * w->channels + w->group_start;
    for (long kd = 0; kd < w->kernel_depth; kd++) {
      long d = od * w->stride_depth + kd * w->dilation_depth - w->padding_depth;
      for (long kh = 0; kh < w->kernel_height; kh++) {
        long h = oh * w->stride_height + kh * w->dilation_height - w->padding_height;
        int inside = d >= 0 && d < w->depth && h >= 0 && h < w->height;
        float *line = image + (d * w->height + h) * w->width * w->channels;
        for (long kw = 0; kw < w->kernel_width; kw++) {
          long v = ow * w->stride_width + kw * w->dilation_width - w->padding_width;
          if (inside && v >= 0 && v < w->width) {
            float *target = line + v * w->channels;
            for (long i = 0; i < g; i++) target[i] += y[i];
          }
          y += g;
        }
      }
    }
  }
}

// Calls `body` for each tap inside the image, with pointers to the pixel of the input and the tap's weights.
#define EACH_TAP(...)                                                                                    \
  for (long kd = 0; kd < w->kernel_depth; kd++) {                                                        \
    long d = od * w->stride_depth + kd * w->dilation_depth - w->padding_depth;                           \
    if (d < 0 || d >= w->depth) continue;                                                                \
    for (long kh = 0; kh < w->kernel_height; kh++) {                                                     \
      long h = oh * w->stride_height + kh * w->dilation_height - w->padding_height;                      \
      if (h < 0 || h >= w->height) continue;                                                             \
      for (long kw = 0; kw < w->kernel_width; kw++) {                                                    \
        long v = ow * w->stride_width + kw * w->dilation_width - w->padding_width;                       \
        if (v < 0 || v >= w->width) continue;                                                            \
        long pixel = (((n * w->depth + d) * w->height + h) * w->width + v) * c;                          \
        long tap = ((kd * w->kernel_height + kh) * w->kernel_width + kw) * c;                            \
        __VA_ARGS__                                                                                      \
      }                                                                                                  \
    }                                                                                                    \
  }

JK_CLONES void jk_depthwise(float *y, const float *x, const float *weights, const jk_window *w, long first_row,
                            long rows) {
  long c = w->channels;
  for (long r = first_row; r < first_row + rows; r++) {
    long n = r / (w->out_depth * w->out_height), od = r / w->out_height % w->out_depth, oh = r % w->out_height;
    for (long ow = 0; ow < w->out_width; ow++) {
      float *out = y + (r * w->out_width + ow) * c;
      for (long i = 0; i < c; i++) out[i] = 0;
      EACH_TAP({
        const float *in = x + pixel, *k = weights + tap;
        for (long i = 0; i < c; i++) out[i] += in[i] * k[i];
      })
    }
  }
}

JK_CLONES void jk_depthwise_input(float *x, const float *y, const float *weights, const jk_window *w,
                                  long first_image, long images) {
  long c = w->channels, lines = w->out_depth * w->out_height;
  memset(x + first_image * w->depth * w->height * w->width * c, 0,
         (unsigned long)(images * w->depth * w->height * w->width * c) * 4);
  for (long r = first_image * lines; r < (first_image + images) * lines; r++) {
    long n = r / lines, od = r / w->out_height % w->out_depth, oh = r % w->out_height;
    for (long ow = 0; ow < w->out_width; ow++) {
      const float *g = y + (r * w->out_width + ow) * c;
      EACH_TAP({
        float *in = x + pixel;
        const float *k = weights + tap;
        for (long i = 0; i < c; i++) in[i] += g[i] * k[i];
      })
    }
  }
}

JK_CLONES void jk_depthwise_weights(float *weights, const float *x, const float *y, const jk_window *w,
                                    long first_image, long images) {
  long c = w->channels, lines = w->out_depth * w->out_height;
  for (long r = first_image * lines; r < (first_image + images) * lines; r++) {
    long n = r / lines, od = r / w->out_height % w->out_depth, oh = r % w->out_height;
    for (long ow = 0; ow < w->out_width; ow++) {
      const float *g = y + (r * w->out_width + ow) * c;
      EACH_TAP({
        const float *in = x + pixel;
        float *k = weights + tap;
        for (long i = 0; i < c; i++) k[i] += g[i] * in[i];
      })
    }
  }
}

#define EACH_POSITION(first_row, rows)                                                                            \
  for (long r = first_row, n, od, oh; r < (first_row) + (rows); r++)                                              \
    if (n = r / (w->out_depth * w->out_height), od = r / w->out_height % w->out_depth, oh = r % w->out_height, 1) \
      for (long ow = 0; ow < w->out_width; ow++)

JK_CLONES void jk_maximum_pooling(float *y, const float *x, const jk_window *w, long first_row, long rows) {
  long c = w->channels;
  EACH_POSITION(first_row, rows) {
    float *out = y + (r * w->out_width + ow) * c;
    for (long i = 0; i < c; i++) out[i] = -__builtin_inff();
    EACH_TAP({
      (void)tap;
      const float *in = x + pixel;
      for (long i = 0; i < c; i++) out[i] = in[i] > out[i] || in[i] != in[i] ? in[i] : out[i];
    })
  }
}

// The number of elements that a mean is divided by.
static float divisor(const jk_window *w, const long *after, int counts_padding, long od, long oh, long ow) {
  long kernel[3] = {w->kernel_depth, w->kernel_height, w->kernel_width};
  long dilation[3] = {w->dilation_depth, w->dilation_height, w->dilation_width};
  long start[3] = {od * w->stride_depth - w->padding_depth, oh * w->stride_height - w->padding_height,
                   ow * w->stride_width - w->padding_width};
  long extent[3] = {w->depth, w->height, w->width};
  long count = 1;
  for (int d = 0; d < 3; d++) {
    long inside = 0;
    for (long k = 0; k < kernel[d]; k++) {
      long place = start[d] + k * dilation[d];
      if (counts_padding ? place < extent[d] + after[d] : place >= 0 && place < extent[d]) inside++;
    }
    count *= inside;
  }
  return (float)count;
}

JK_CLONES void jk_average_pooling(float *y, const float *x, const jk_window *w, const long *after,
                                  int counts_padding, long first_row, long rows) {
  long c = w->channels;
  EACH_POSITION(first_row, rows) {
    float *out = y + (r * w->out_width + ow) * c;
    for (long i = 0; i < c; i++) out[i] = 0;
    EACH_TAP({
      (void)tap;
      const float *in = x + pixel;
      for (long i = 0; i < c; i++) out[i] += in[i];
    })
    float scale = 1.0f / divisor(w, after, counts_padding, od, oh, ow);
    for (long i = 0; i < c; i++) out[i] *= scale;
  }
}

JK_CLONES void jk_average_pooling_gradient(float *x, const float *y, const jk_window *w, const long *after,
                                           int counts_padding, long first_image, long images) {
  long c = w->channels, lines = w->out_depth * w->out_height;
  memset(x + first_image * w->depth * w->height * w->width * c, 0,
         (unsigned long)(images * w->depth * w->height * w->width * c) * 4);
  EACH_POSITION(first_image * lines, images * lines) {
    const float *g = y + (r * w->out_width + ow) * c;
    float scale = 1.0f / divisor(w, after, counts_padding, od, oh, ow);
    EACH_TAP({
      (void)tap;
      float *in = x + pixel;
      for (long i = 0; i < c; i++) in[i] += g[i] * scale;
    })
  }
}

#define BLOCK 64
typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t v16i __attribute__((vector_size(64), aligned(4)));

// The places of maxima of 16 channels, and what happens there, without leaving vector registers: a place is met again by
// asking each tap whether it is the one.
JK_INLINE void places_of_16(float *image, const float *x, float *g, const jk_window *w, long n, long od, long oh, long ow,
                            int selects, long start) {
  long c = w->channels;
  v16 best = (v16){0} - __builtin_inff();
  v16i place = (v16i){0} - 1;
  EACH_TAP({
    (void)tap;
    v16 in = *(const v16 *)(x + pixel + start);
    int32_t here = (int32_t)((d * w->height + h) * w->width + v);
    v16i better = (in > best) | (place < 0) | ((in != in) & (best == best));
    best = (v16)(((v16i)in & better) | ((v16i)best & ~better));
    place = (better & here) | (place & ~better);
  })
  v16 chosen = {0};
  v16 value = selects ? chosen : *(const v16 *)(g + start);
  EACH_TAP({
    (void)tap;
    (void)pixel;
    long here = (d * w->height + h) * w->width + v;
    v16i hit = place == (int32_t)here;
    v16 *target = (v16 *)(image + here * c + start);
    if (selects) chosen = (v16)(((v16i)*target & hit) | ((v16i)chosen & ~hit));
    else *target += (v16)((v16i)value & hit);
  })
  if (selects) *(v16 *)(g + start) = chosen;
}

JK_CLONES void jk_maximum_places(float *target, const float *x, float *y, const jk_window *w, int selects,
                                 long first_image, long images) {
  long c = w->channels, lines = w->out_depth * w->out_height;
  if (!selects) {
    memset(target + first_image * w->depth * w->height * w->width * c, 0,
           (unsigned long)(images * w->depth * w->height * w->width * c) * 4);
  }
  EACH_POSITION(first_image * lines, images * lines) {
    float *g = y + (r * w->out_width + ow) * c;
    long first = 0;
    for (; first + 16 <= c; first += 16)
      places_of_16(target + n * w->depth * w->height * w->width * c, x, g, w, n, od, oh, ow, selects, first);
    for (long start = first; start < c; start += BLOCK) {
      long count = c - start < BLOCK ? c - start : BLOCK;
      float best[BLOCK];
      int32_t place[BLOCK];
      for (long i = 0; i < count; i++) {
        best[i] = -__builtin_inff();
        place[i] = -1;
      }
      EACH_TAP({
        (void)tap;
        const float *in = x + pixel + start;
        // Pixels are told apart inside their image, so that 32 bits suffice.
        int32_t here = (int32_t)((d * w->height + h) * w->width + v);
        for (long i = 0; i < count; i++) {
          int better = in[i] > best[i] || place[i] < 0 || (in[i] != in[i] && best[i] == best[i]);
          best[i] = better ? in[i] : best[i];
          place[i] = better ? here : place[i];
        }
      })
      float *image = target + n * w->depth * w->height * w->width * c + start;
      for (long i = 0; i < count; i++) {
        if (place[i] < 0) {
          if (selects) g[start + i] = 0;
        } else if (selects) {
          g[start + i] = image[place[i] * c + i];
        } else {
          image[place[i] * c + i] += g[start + i];
        }
      }
    }
  }
}
