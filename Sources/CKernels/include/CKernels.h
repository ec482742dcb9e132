// The inner loops of the training engine: functions of dense runs of floats, compiled for several instruction sets and
// chosen when the program starts.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Tells the processor that this thread waits for another one.
static inline void jk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Functions of one, two or three runs. Truth values are 0 and 1.
typedef enum {
  jk_copy, jk_negate, jk_absolute, jk_sign, jk_reciprocal, jk_square_root, jk_exponential, jk_logarithm, jk_erf,
  jk_sine, jk_cosine, jk_floor, jk_ceiling, jk_round, jk_not, jk_is_nan, jk_is_infinite, jk_relu, jk_sigmoid, jk_tanh,
  jk_softplus, jk_clamp, jk_square, jk_truth, jk_scale, jk_offset,
  jk_add, jk_subtract, jk_multiply, jk_divide, jk_power, jk_minimum, jk_maximum, jk_remainder,
  jk_truncated_remainder, jk_equal, jk_less, jk_less_or_equal, jk_greater, jk_greater_or_equal, jk_and, jk_or, jk_xor,
  jk_select, jk_multiply_add
} jk_function;

// y[i] = f(a[i], b[i], c[i]); p and q are parameters (bounds of a clamp, a factor, a summand). y may be a, b or c.
void jk_map(jk_function f, float *y, const float *a, const float *b, const float *c, float p, float q, long n);

// How elements are combined.
typedef enum { jk_sum, jk_max, jk_min, jk_product } jk_combination;

#define JK_RANK 8

// The loops of a nest, outermost first; the last one is a row.
typedef struct {
  int rank;
  long extents[JK_RANK];
} jk_loops;

// Steps in elements for each loop.
typedef struct {
  long step[JK_RANK];
} jk_strides;

// Copies part of a nest into a dense run: `rows` rows from `first` on, `count` elements from `start` on in each.
// With `integer` the source holds 32-bit integers.
void jk_load(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first, long rows,
             long start, long count, int integer);

// The reverse: writes a dense run to its places.
void jk_store(float *y, const float *x, const jk_loops *loops, const jk_strides *strides, long first, long rows,
              long start, long count);

// Combines a dense run into accumulators, which stand at `strides` (0 where a loop is combined).
void jk_reduce(jk_combination f, double *sums, const float *x, const jk_loops *loops, const jk_strides *strides,
               long first, long rows, long start, long count);

// Softmax, or its logarithm, of `rows` dense rows.
void jk_softmax(float *y, const float *x, long rows, long count, int logarithm);

// Patches of a channels-last image as rows of a matrix: for `pixels` positions from `first` on, the kernel's taps with
// `channels` elements each; zeros outside the image.
typedef struct {
  long batch, depth, height, width, channels;          // input, channels of one pixel
  long out_depth, out_height, out_width;               // positions
  long kernel_depth, kernel_height, kernel_width;
  long stride_depth, stride_height, stride_width;
  long padding_depth, padding_height, padding_width;
  long dilation_depth, dilation_height, dilation_width;
  long group_start, group_channels;                    // the channels that are read
} jk_window;
void jk_patches(float *y, const float *x, const jk_window *w, long first, long pixels);

// The adjoint: adds rows of patches to images `first_image` ..< `first_image` + `images`, which were zeroed.
void jk_add_patches(float *x, const float *y, const jk_window *w, long first_image, long images);

// Depthwise convolution, one weight for each channel and tap ([taps, channels]): positions of some images.
void jk_depthwise(float *y, const float *x, const float *weights, const jk_window *w, long first_row, long rows);
void jk_depthwise_input(float *x, const float *y, const float *weights, const jk_window *w, long first_image, long images);
void jk_depthwise_weights(float *weights, const float *x, const float *y, const jk_window *w, long first_image,
                          long images);

// Convolution of one channels-last image without patches: depth 1, one group, outputs a multiple of 16. The weights are
// arranged as [taps, channels, outputs]; the work space holds the padded image.
void jk_direct(float *y, const float *x, const float *weights, float *workspace, const jk_window *w, long outputs,
               long image);
long jk_direct_workspace(const jk_window *w);
// Weights [outputs, taps, inputs] arranged for jk_direct: as [taps, inputs, outputs], or, for the gradient of the input,
// with the taps reversed as [taps, outputs, inputs].
void jk_arrange_weights(float *target, const float *weights, long outputs, long taps, long inputs, int transposed);

// Adds one image's part of the gradient of the weights, arranged as for jk_direct; and the arrangement undone.
void jk_direct_weights(float *weights, const float *x, const float *g, float *workspace, const jk_window *w,
                       long outputs, long image);
void jk_restore_weights(float *target, const float *arranged, long outputs, long taps, long inputs);

// Pooling of channels-last images; `after` is the padding behind depth, height and width. Divisors of means count the
// elements under the window, or with `counts_padding` also those of the padding.
void jk_maximum_pooling(float *y, const float *x, const jk_window *w, long first_row, long rows);
void jk_average_pooling(float *y, const float *x, const jk_window *w, const long *after, int counts_padding,
                        long first_row, long rows);
void jk_average_pooling_gradient(float *x, const float *y, const jk_window *w, const long *after, int counts_padding,
                                 long first_image, long images);
// Adds y at the first maxima of x to `target`, or with `selects` sets y to what stands there in `target`.
void jk_maximum_places(float *target, const float *x, float *y, const jk_window *w, int selects, long first_image,
                       long images);

// y += a · x.
void jk_axpy(float *y, const float *x, float a, long n);

#ifdef __cplusplus
}
#endif
