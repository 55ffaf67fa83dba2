/* Numbers of tensors, one by one and sixteen at a time. */
#ifndef VLM_NUMBERS_H
#define VLM_NUMBERS_H

#include "kernels.h"
#include "lanes.h"

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

/* 2^x for x up to 0: of 2^r for r from -1/2 to 1/2 a polynomial that is off by 2e-7. */
INLINE Floats power_of_two(Floats x) {
    Floats n = nearest(larger(x, all_lanes(-150)));
    Floats r = add(larger(x, all_lanes(-150)), multiply(n, all_lanes(-1)));
    Floats y = all_lanes(1.5403530e-4f);
    y = multiply_add(y, r, all_lanes(1.3333558e-3f));
    y = multiply_add(y, r, all_lanes(9.6181291e-3f));
    y = multiply_add(y, r, all_lanes(5.5504109e-2f));
    y = multiply_add(y, r, all_lanes(2.4022651e-1f));
    y = multiply_add(y, r, all_lanes(6.9314718e-1f));
    y = multiply_add(y, r, all_lanes(1));
    return times_power(y, n);
}

#endif
