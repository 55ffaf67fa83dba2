/* What each operator does with its tensors. -> FINE, or what it objects to */
#ifndef VLM_OPERATORS_H
#define VLM_OPERATORS_H

#include "kernels.h"
#include "tensors.h"

/* The set of kernels that all of them use. */
extern const struct kernels *chosen;

int multiply_rows(struct tensor *t);
int multiply_eights(struct tensor *t);
int multiply_fours(struct tensor *t);
int round_eights(struct tensor *t);
int round_fours(struct tensor *t);
int unpack_fours(struct tensor *t);
int attend(struct tensor *t);
int norm(struct tensor *t, double epsilon);
int turn(struct tensor *t, double epsilon);
int gate(struct tensor *t);

#endif
