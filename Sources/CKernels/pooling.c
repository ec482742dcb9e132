#include "CKernels.h"
#include "clones.h"
#include "taps.h"
#include <string.h>

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t v16i __attribute__((vector_size(64), aligned(4)));

// The taps of a position that lie inside a plane image: rows and columns of them, the first pixel, and the steps between
// pixels. All that the fast paths below need to know, found once for all channels.
typedef struct {
  long rows, columns, first, down, across;
} reach;

static inline long taps_before(long start, long step) {
  long count = 0;
  for (; start < 0; start += step) count++;
  return count;
}

static inline long taps_inside(long start, long step, long extent, long kernel) {
  long count = 0;
  for (; count < kernel && start < extent; start += step) count++;
  return count;
}

static inline reach reach_at(const jk_window *w, long oh, long ow) {
  long h = oh * w->stride_height - w->padding_height, v = ow * w->stride_width - w->padding_width;
  long above = taps_before(h, w->dilation_height), left = taps_before(v, w->dilation_width);
  h += above * w->dilation_height;
  v += left * w->dilation_width;
  reach r;
  r.rows = taps_inside(h, w->dilation_height, w->height, w->kernel_height - above);
  r.columns = taps_inside(v, w->dilation_width, w->width, w->kernel_width - left);
  r.first = h * w->width + v;
  r.down = w->dilation_height * w->width;
  r.across = w->dilation_width;
  return r;
}

// Whether the fast paths take a window: a plane, and channels in whole vectors.
static int is_plane_of_vectors(const jk_window *w) {
  return w->depth == 1 && w->out_depth == 1 && w->kernel_depth == 1 && w->padding_depth == 0 && w->channels % 16 == 0;
}

// Calls the body for each tap of a reach, with the offset of its pixel from the image and the tap's number.
#define EACH_REACHED(r, c, ...)                                                             \
  for (long row = 0, tap = 0; row < (r).rows; row++) {                                      \
    long offset = ((r).first + row * (r).down) * (c);                                       \
    for (long column = 0; column < (r).columns; column++, tap++, offset += (r).across * (c)) { \
      __VA_ARGS__                                                                           \
    }                                                                                       \
  }

#define CHOSEN(mask, a, b) ((v16)(((v16i)(a) & (mask)) | ((v16i)(b) & ~(mask))))

JK_CLONES void jk_maximum_pooling(float *y, const float *x, const jk_window *w, long first_row, long rows) {
  long c = w->channels;
  int fast = is_plane_of_vectors(w);
  EACH_POSITION(first_row, rows) {
    float *out = y + (r * w->out_width + ow) * c;
    if (fast) {
      const float *image = x + n * w->height * w->width * c;
      reach at = reach_at(w, oh, ow);
      for (long i = 0; i < c; i += 16) {
        v16 best = (v16){0} - __builtin_inff();
        EACH_REACHED(at, c, {
          (void)tap;
          v16 in = *(const v16 *)(image + offset + i);
          v16i better = (in > best) | (in != in);
          best = CHOSEN(better, in, best);
        })
        *(v16 *)(out + i) = best;
      }
      continue;
    }
    for (long i = 0; i < c; i++) out[i] = -__builtin_inff();
    EACH_TAP({
      (void)tap;
      const float *in = x + pixel;
      for (long i = 0; i < c; i++) out[i] = in[i] > out[i] || in[i] != in[i] ? in[i] : out[i];
    })
  }
}

// The number of elements that a mean is divided by; the reach is known on fast paths only.
static float divisor(const jk_window *w, const long *after, int counts_padding, long od, long oh, long ow,
                     const reach *at) {
  if (at != NULL && !counts_padding) return (float)(at->rows * at->columns);
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
  int fast = is_plane_of_vectors(w);
  EACH_POSITION(first_row, rows) {
    float *out = y + (r * w->out_width + ow) * c;
    if (fast) {
      const float *image = x + n * w->height * w->width * c;
      reach at = reach_at(w, oh, ow);
      float scale = 1.0f / divisor(w, after, counts_padding, od, oh, ow, &at);
      for (long i = 0; i < c; i += 16) {
        v16 sum = {0};
        EACH_REACHED(at, c, {
          (void)tap;
          sum += *(const v16 *)(image + offset + i);
        })
        *(v16 *)(out + i) = sum * scale;
      }
      continue;
    }
    for (long i = 0; i < c; i++) out[i] = 0;
    EACH_TAP({
      (void)tap;
      const float *in = x + pixel;
      for (long i = 0; i < c; i++) out[i] += in[i];
    })
    float scale = 1.0f / divisor(w, after, counts_padding, od, oh, ow, NULL);
    for (long i = 0; i < c; i++) out[i] *= scale;
  }
}

JK_CLONES void jk_average_pooling_gradient(float *x, const float *y, const jk_window *w, const long *after,
                                           int counts_padding, long first_image, long images) {
  int fast = is_plane_of_vectors(w);
  long c = w->channels, lines = w->out_depth * w->out_height;
  memset(x + first_image * w->depth * w->height * w->width * c, 0,
         (unsigned long)(images * w->depth * w->height * w->width * c) * 4);
  EACH_POSITION(first_image * lines, images * lines) {
    const float *g = y + (r * w->out_width + ow) * c;
    if (fast) {
      float *image = x + n * w->height * w->width * c;
      reach at = reach_at(w, oh, ow);
      float scale = 1.0f / divisor(w, after, counts_padding, od, oh, ow, &at);
      for (long i = 0; i < c; i += 16) {
        v16 share = *(const v16 *)(g + i) * scale;
        EACH_REACHED(at, c, {
          (void)tap;
          *(v16 *)(image + offset + i) += share;
        })
      }
      continue;
    }
    float scale = 1.0f / divisor(w, after, counts_padding, od, oh, ow, NULL);
    EACH_TAP({
      (void)tap;
      float *in = x + pixel;
      for (long i = 0; i < c; i++) in[i] += g[i] * scale;
    })
  }
}

#define BLOCK 64

// The places of maxima of all channels, and what happens there, without leaving vector registers: a place is met again by
// asking each tap whether it is the one.
JK_INLINE void places_of_vectors(float *image, const float *x, float *g, long c, reach at, int selects) {
  for (long i = 0; i < c; i += 16) {
    v16 best = {0};
    v16i place = (v16i){0} - 1;
    EACH_REACHED(at, c, {
      v16 in = *(const v16 *)(x + offset + i);
      v16i better = (in > best) | ((in != in) & (best == best)) | (tap == 0 ? (v16i){0} - 1 : (v16i){0});
      best = CHOSEN(better, in, best);
      place = (better & (int32_t)tap) | (place & ~better);
    })
    v16 value = selects ? (v16){0} : *(const v16 *)(g + i);
    EACH_REACHED(at, c, {
      v16i hit = place == (int32_t)tap;
      v16 *target = (v16 *)(image + offset + i);
      if (selects) value = CHOSEN(hit, *target, value);
      else *target += (v16)((v16i)value & hit);
    })
    if (selects) *(v16 *)(g + i) = value;
  }
}

JK_CLONES void jk_maximum_places(float *target, const float *x, float *y, const jk_window *w, int selects,
                                 long first_image, long images) {
  int fast = is_plane_of_vectors(w);
  long c = w->channels, lines = w->out_depth * w->out_height;
  if (!selects) {
    memset(target + first_image * w->depth * w->height * w->width * c, 0,
           (unsigned long)(images * w->depth * w->height * w->width * c) * 4);
  }
  EACH_POSITION(first_image * lines, images * lines) {
    float *g = y + (r * w->out_width + ow) * c;
    if (fast) {
      long image = n * w->height * w->width * c;
      places_of_vectors(target + image, x + image, g, c, reach_at(w, oh, ow), selects);
      continue;
    }
    for (long start = 0; start < c; start += BLOCK) {
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
