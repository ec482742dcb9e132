#include <stddef.h>

/* LAPACK's singular value decomposition and its solution of linear equations, which OpenBLAS brings with Fortran's
   calling convention only: every argument by address, matrices by columns, and the lengths of texts at the end. */
void dgesvd_(const char *jobu, const char *jobvt, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *info,
             size_t jobu_length, size_t jobvt_length);
void dgesv_(const int *n, const int *nrhs, double *a, const int *lda, int *ipiv, double *b, const int *ldb, int *info);
