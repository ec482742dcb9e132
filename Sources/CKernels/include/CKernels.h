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

// A tensor that a nest reads: where it starts in its buffer, and the chunk that it fills.
typedef struct {
  int slot, buffer;
  long offset;
  jk_strides strides;
  int dense;    // whether the elements lie in the order of the loops without gaps
  int integer;  // whether they are 32-bit integers
  long period;  // rows that are alike: the loop over rows may fill the chunk once for all of them
} jk_nest_load;

// A function applied to chunks.
typedef struct {
  jk_function function;
  int target, a, b, c;
  float p, q;
} jk_nest_instruction;

// A tensor that a nest writes.
typedef struct {
  int slot, buffer;
  long offset;
  jk_strides strides;
  int dense;
  int sums;  // whether elements that meet at one place are added up; the first of them sets it
} jk_nest_store;

// Elements that are combined into accumulators of double precision, which stand at `strides` (0 where a loop is combined).
typedef struct {
  int slot, buffer;
  long count;
  jk_strides strides;
  jk_combination combination;
} jk_nest_reduction;

typedef struct {
  const jk_loops *loops;
  const jk_nest_load *loads;
  const jk_nest_instruction *instructions;
  const jk_nest_store *stores;
  const jk_nest_reduction *reductions;
  int load_count, instruction_count, store_count, reduction_count, slot_count;
} jk_nest;

// Elements of a chunk; loads, and slots, that a nest may have at most.
#define JK_CHUNK 1024
#define JK_LOADS 256

// Runs rows `first` ..< `last` of a nest, or of its only row the elements `start` ..< `end`. Each slot has a chunk of
// JK_CHUNK elements behind `chunks`; `addresses` has room for as many pointers. `copy` says which set of accumulators.
void jk_nest_run(const jk_nest *nest, float *arena, const long *offsets, float *chunks, float **addresses, long first,
                 long last, long start, long end, long copy);

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

// What is done with results while they are in registers: min(max(y + bias + addend, low), high). The bias has a number for
// each output, the addend is laid out as y; both may be null.
typedef struct {
  const float *bias, *addend;
  float low, high;
} jk_finish;

// Depthwise convolution, one weight for each channel and tap ([taps, channels]): positions of some images.
void jk_depthwise(float *y, const float *x, const float *weights, const jk_window *w, long first_row, long rows);
void jk_depthwise_input(float *x, const float *y, const float *weights, const jk_window *w, long first_image, long images);
void jk_depthwise_weights(float *weights, const float *x, const float *y, const jk_window *w, long first_image,
                          long images);

// The same for one image with depth 1 and a multiple of 16 channels, on a padded copy of the image in the work space of
// jk_direct_workspace elements; the gradient of the weights is added to them. The finish may be null.
void jk_depthwise_direct(float *y, const float *x, const float *weights, float *workspace, const jk_window *w,
                         long image, const jk_finish *finish);
void jk_depthwise_direct_weights(float *weights, const float *x, const float *g, float *workspace, const jk_window *w,
                                 long image);

// An image with its padding, cut to what the kernel reaches: no test of borders is left inside. Returns the width.
long jk_pad_image(float *workspace, const float *x, const jk_window *w, long image);

// Convolution of one channels-last image without patches: depth 1, one group, outputs a multiple of 16. The weights are
// arranged as [taps, channels, outputs]; the work space holds the padded image.
void jk_direct(float *y, const float *x, const float *weights, float *workspace, const jk_window *w, long outputs,
               long image);
long jk_direct_workspace(const jk_window *w);
// Weights arranged for jk_direct: as [taps, inputs, outputs], or, for the gradient of the input, with the taps reversed as
// [taps, outputs, inputs]. They stand at `steps` for outputs, inputs, rows and columns of the kernel.
void jk_arrange_weights(float *target, const float *weights, const long *steps, long outputs, long height, long width,
                        long inputs, int transposed);

// Adds one image's part of the gradient of the weights, arranged as for jk_direct; and the arrangement undone.
void jk_direct_weights(float *weights, const float *x, const float *g, float *workspace, const jk_window *w,
                       long outputs, long image);
void jk_restore_weights(float *target, const float *arranged, long outputs, long taps, long inputs);

// The same convolution of 3 × 3 taps with strides and dilations of 1, inputs and outputs multiples of 16, by Winograd's
// transforms: 2.25 times fewer products, errors about three times as large. `u` are the transformed weights
// [16, inputs, outputs], or for the gradient of the input those of the weights transposed; `steps` as above.
void jk_winograd(float *y, const float *x, const float *u, float *workspace, const jk_window *w, long outputs,
                 long image);
long jk_winograd_workspace(const jk_window *w, long outputs);
void jk_winograd_weights(float *u, const float *weights, const long *steps, long outputs, long inputs,
                         int transposed);
// Adds one image's part of the gradient of the transformed weights; and the gradient of [outputs, taps, inputs] from it.
void jk_winograd_sums(float *u, const float *x, const float *g, float *workspace, const jk_window *w, long outputs,
                      long image);
void jk_winograd_restore(float *weights, const float *u, long outputs, long inputs);

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

// Entries of a sparse matrix in the order of their rows: those of row r stand at starts[r] ..< starts[r + 1] of `order`.
void jk_sort_entries(int32_t *starts, int32_t *order, const int32_t *rows, long entries, long extent);

// One row of a sparse matrix times a dense one of `extent` rows of `run` elements.
void jk_sparse_row(float *y, const float *x, const int32_t *starts, const int32_t *order, const int32_t *columns,
                   const float *weights, long row, long extent, long run);

// Weights [outputs, inputs] arranged in panels of 32 outputs, zeros behind the last, so that a product reads them in order.
long jk_panels_size(long outputs, long inputs);
void jk_pack_panels(float *panels, const float *weights, long outputs, long inputs);

// Rows of y = rows of x times the weights, for outputs `first` ..< `last`, where `first` is a multiple of 32; finished if a
// finish is given, whose bias and addend belong to output 0 of the first row.
void jk_packed_product(float *y, long y_step, const float *x, long x_step, const float *panels, long rows, long inputs,
                       long first, long last, const jk_finish *finish);

// Finishes dense rows of `step` outputs.
void jk_finish_rows(float *y, const jk_finish *finish, long rows, long step);

// y += a · x.
void jk_axpy(float *y, const float *x, float a, long n);

#ifdef __cplusplus
}
#endif
