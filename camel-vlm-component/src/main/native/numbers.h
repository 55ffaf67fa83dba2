/* Numbers of tensors, one by one and sixteen at a time. */
#ifndef VLM_NUMBERS_H
#define VLM_NUMBERS_H

#include "kernels.h"
#include "lanes.h"

/* How far ahead of their use weights are fetched: numbers, and bytes. */
enum { AHEAD = 512, BYTES_AHEAD = 4096 };

INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

INLINE float number(struct numbers x, int64_t row, int64_t column) {
    int64_t i = row * x.apart + column;
    return x.wide ? ((const float *)x.first)[i] : widened(((const uint16_t *)x.first)[i]);
}

INLINE void put(struct numbers y, int64_t row, int64_t column, float x) {
    int64_t i = row * y.apart + column;
    if (y.wide) {
        ((float *)y.first)[i] = x;
    } else {
        ((uint16_t *)y.first)[i] = narrowed(x);
    }
}

INLINE Floats load_any(struct numbers x, int64_t row, int64_t column) {
    int64_t i = row * x.apart + column;
    return x.wide ? load_floats((const float *)x.first + i) : widen((const uint16_t *)x.first + i);
}

/* Writes x + bias + added. The product is rounded before the last sum, as it is where libtorch computes both. */
INLINE void put_lanes(struct numbers y, int64_t row, int64_t column, int64_t count, Floats x, struct numbers bias, struct numbers added) {
    if (count < BLOCK) {
        float lanes[BLOCK];
        store_floats(lanes, x);
        for (int64_t i = 0; i < count; i++) {
            float sum = lanes[i] + (bias.first ? number(bias, 0, column + i) : 0);
            put(y, row, column + i, added.first ? (y.wide ? sum : widened(narrowed(sum))) + number(added, row, column + i) : sum);
        }
        return;
    }
    if (bias.first) {
        x = add(x, load_any(bias, 0, column));
    }
    if (added.first) {
        if (!y.wide) {
            uint16_t product[BLOCK];
            narrow(product, x);
            x = widen(product);
        }
        x = add(x, load_any(added, row, column));
    }
    int64_t i = row * y.apart + column;
    if (y.wide) {
        store_floats((float *)y.first + i, x);
    } else {
        narrow((uint16_t *)y.first + i, x);
    }
}

#endif
