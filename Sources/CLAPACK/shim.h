#include <stddef.h>

/* LAPACK's singular value decomposition, which OpenBLAS brings with Fortran's calling convention only: every argument by
   address, matrices by columns, and the lengths of the two texts at the end. */
void dgesvd_(const char *jobu, const char *jobvt, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *info,
             size_t jobu_length, size_t jobvt_length);
