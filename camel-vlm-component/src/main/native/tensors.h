/* Tensors of libtorch, by its C interface, and whether they are what an operator can read. */
#ifndef VLM_TENSORS_H
#define VLM_TENSORS_H

#include "kernels.h"

typedef void *Handle;
typedef uint64_t Value;

extern int32_t aoti_torch_get_data_ptr(Handle tensor, void **data);
extern int32_t aoti_torch_get_dim(Handle tensor, int64_t *dimensions);
extern int32_t aoti_torch_get_sizes(Handle tensor, int64_t **sizes);
extern int32_t aoti_torch_get_strides(Handle tensor, int64_t **strides);
extern int32_t aoti_torch_get_dtype(Handle tensor, int32_t *dtype);
extern int32_t aoti_torch_get_device_type(Handle tensor, int32_t *type);
extern int32_t aoti_torch_delete_tensor_object(Handle tensor);

/* What an operator may object to. */
enum { FINE, UNREADABLE, OF_WRONG_TYPE, OF_WRONG_SHAPE, NOT_ROW_BY_ROW, NO_MEMORY };

enum { UINT8 = 0, INT32 = 3, INT64 = 4, FLOAT32 = 6, BFLOAT16 = 15 };

/* Longer sums of products of eight bits may not fit into 32. */
enum { MOST_INPUTS = 65536 };

struct tensor {
    void *data;
    int64_t dimensions, sizes[6], strides[6];
    int32_t dtype;
};

static inline int64_t bytes_of(int32_t dtype) {
    return dtype == UINT8 ? 1 : dtype == BFLOAT16 ? 2 : dtype == FLOAT32 || dtype == INT32 ? 4 : dtype == INT64 ? 8 : 0;
}

static inline int read_tensor(Value value, struct tensor *t) {
    Handle handle = (Handle)(uintptr_t)value;
    int64_t *sizes, *strides;
    int32_t device;
    if (!handle || aoti_torch_get_dim(handle, &t->dimensions) || aoti_torch_get_device_type(handle, &device) || device != 0
        || t->dimensions < 0 || t->dimensions > 6 || aoti_torch_get_sizes(handle, &sizes) || aoti_torch_get_strides(handle, &strides)
        || aoti_torch_get_dtype(handle, &t->dtype) || aoti_torch_get_data_ptr(handle, &t->data)) {
        return UNREADABLE;
    }
    for (int i = 0; i < t->dimensions; i++) {
        t->sizes[i] = sizes[i];
        t->strides[i] = strides[i];
    }
    int64_t bytes = bytes_of(t->dtype);
    if (bytes == 0) {
        return OF_WRONG_TYPE;
    }
    return (uintptr_t)t->data % (uintptr_t)bytes == 0 ? FINE : UNREADABLE;
}

static inline int is_empty(const struct tensor *t) {
    for (int i = 0; i < t->dimensions; i++) {
        if (t->sizes[i] == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether numbers lie without gaps, dimension by dimension. */
static inline int is_dense(const struct tensor *t) {
    int64_t apart = 1;
    for (int64_t i = t->dimensions - 1; i >= 0; i--) {
        if (t->sizes[i] != 1 && t->strides[i] != apart) {
            return 0;
        }
        apart *= t->sizes[i];
    }
    return 1;
}

/* Whether t is a dense one of this type with so many numbers. */
static inline int require_dense(const struct tensor *t, int32_t dtype, int64_t numbers) {
    if (t->dtype != dtype) {
        return OF_WRONG_TYPE;
    }
    int64_t all = 1;
    for (int i = 0; i < t->dimensions; i++) {
        all *= t->sizes[i];
    }
    if (all != numbers) {
        return OF_WRONG_SHAPE;
    }
    return is_dense(t) ? FINE : NOT_ROW_BY_ROW;
}

/* t as rows of numbers to compute with: [rows, columns]. */
static inline int rows_of(const struct tensor *t, struct numbers *n) {
    if (t->dtype != FLOAT32 && t->dtype != BFLOAT16) {
        return OF_WRONG_TYPE;
    }
    if (t->dimensions != 2) {
        return OF_WRONG_SHAPE;
    }
    if ((t->sizes[1] > 1 && t->strides[1] != 1) || (t->sizes[0] > 1 && t->strides[0] < t->sizes[1])) {
        return NOT_ROW_BY_ROW;
    }
    *n = (struct numbers){t->data, t->sizes[0] > 1 ? t->strides[0] : t->sizes[1], t->dtype == FLOAT32};
    return FINE;
}

/* What all products have: x [rows, in], y [rows, out], and perhaps bias [out] and added [rows, out], which are empty if there is none. */
struct product {
    int64_t rows, in, out;
    struct numbers x, y, bias, added;
};

static inline int read_product(const struct tensor *y, const struct tensor *x, const struct tensor *bias, const struct tensor *added,
                        struct product *p) {
    int objection = rows_of(y, &p->y);
    objection = objection ? objection : rows_of(x, &p->x);
    if (objection) {
        return objection;
    }
    p->rows = x->sizes[0];
    p->in = x->sizes[1];
    p->out = y->sizes[1];
    p->bias = (struct numbers){NULL, 0, 0};
    p->added = p->bias;
    if (y->sizes[0] != p->rows || p->in > MOST_INPUTS || p->in < 1) {
        return OF_WRONG_SHAPE;
    }
    if (x->dtype != y->dtype) {
        return OF_WRONG_TYPE;
    }
    if (!is_empty(bias)) {
        if (bias->dimensions != 1 || bias->sizes[0] != p->out) {
            return OF_WRONG_SHAPE;
        }
        objection = require_dense(bias, x->dtype, p->out);
        p->bias = (struct numbers){bias->data, p->out, x->dtype == FLOAT32};
    }
    if (!objection && !is_empty(added)) {
        objection = rows_of(added, &p->added);
        if (!objection && (added->dtype != y->dtype)) {
            return OF_WRONG_TYPE;
        }
        if (!objection && (added->sizes[0] != p->rows || added->sizes[1] != p->out)) {
            return OF_WRONG_SHAPE;
        }
    }
    return objection;
}

static inline int64_t filled_up(int64_t x, int64_t to) { return (x + to - 1) / to * to; }

/* Bytes of weights that a thread takes at once: short stretches are shared out more evenly, long ones are read faster, which counts where
 * few rows leave the processor waiting for memory. */
enum { SHORT_STRETCH = 1 << 18, LONG_STRETCH = 1 << 20 };
static inline int64_t stretch_for(int64_t rows) { return rows <= 8 ? LONG_STRETCH : SHORT_STRETCH; }

/* So many blocks that a thread has work for some microseconds, and many times as much is left for all. */
static inline int64_t stretch(int64_t blocks, int64_t bytes, int64_t most) {
    int64_t by_bytes = bytes > 0 ? most / bytes : 1;
    int64_t by_blocks = blocks / 16;
    int64_t s = by_bytes < by_blocks ? by_bytes : by_blocks;
    return s < 1 ? 1 : s;
}

/* To wake a thread takes longer than a small product. */
static inline int is_worth_threads(const struct product *p) { return p->rows * p->in * p->out > 131072; }

static inline int64_t end_of(int64_t begin, int64_t count, int64_t end) { return begin + count < end ? begin + count : end; }

#endif
