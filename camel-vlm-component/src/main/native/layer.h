/* What a decoder's layer does between its products. Numbers in bfloat16 are rounded where libtorch's operators round them. */
#ifndef VLM_LAYER_H
#define VLM_LAYER_H

#include "numbers.h"

static void norm(struct numbers x, int64_t row, int64_t columns, struct numbers weight, float epsilon, struct numbers y) {
    const struct numbers none = {NULL, 0, 0};
    Floats squares = zero_floats();
    int64_t k = 0;
    for (; k + BLOCK <= columns; k += BLOCK) {
        Floats part = load_any(x, row, k);
        squares = multiply_add(part, part, squares);
    }
    float sum = sum_of(squares);
    for (; k < columns; k++) {
        sum += number(x, row, k) * number(x, row, k);
    }
    float by = 1 / __builtin_sqrtf(sum / (float)columns + epsilon);
    for (k = 0; k + BLOCK <= columns; k += BLOCK) {
        Floats part = multiply(load_any(x, row, k), all_lanes(by));
        put_lanes(y, row, k, BLOCK, multiply(part, load_any(weight, 0, k)), none, none);
    }
    for (; k < columns; k++) {
        put(y, row, k, number(x, row, k) * by * number(weight, 0, k));
    }
}

INLINE Floats as_bfloat16(Floats x) {
    uint16_t part[BLOCK];
    narrow(part, x);
    return widen(part);
}

/* Turns pairs of numbers, the i-th of the first half with the i-th of the second. */
INLINE void turn_head(uint16_t *head, int64_t half, const uint16_t *cos, const uint16_t *sin) {
    for (int64_t k = 0; k < half; k += BLOCK) {
        Floats a = widen(head + k), b = widen(head + half + k);
        Floats c = widen(cos + k), s = widen(sin + k);
        narrow(head + k, add(as_bfloat16(multiply(a, c)), multiply(multiply(b, s), all_lanes(-1))));
        narrow(head + half + k, add(as_bfloat16(multiply(b, c)), multiply(a, s)));
    }
}

static void turn(uint16_t *qkv, const uint16_t *cos, const uint16_t *sin, int64_t place, struct heads heads) {
    struct numbers all = {qkv, heads.size, 0};
    for (int64_t h = 0; h < heads.queries + heads.keys; h++) {
        const uint16_t *weight = h < heads.queries ? heads.q_norm : heads.k_norm;
        if (weight) {
            norm(all, h, heads.size, (struct numbers){(void *)(uintptr_t)weight, heads.size, 0}, heads.epsilon, all);
        }
        turn_head(qkv + h * heads.size, heads.size / 2, cos, sin);
    }
    const uint16_t *keys = qkv + heads.queries * heads.size, *values = keys + heads.keys * heads.size;
    size_t bytes = (size_t)heads.size * sizeof *qkv;
    for (int64_t h = 0; h < heads.keys; h++) {
        int64_t to = (h * heads.places + place) * heads.size;
        memcpy(heads.cached_keys + to, keys + h * heads.size, bytes);
        memcpy(heads.cached_values + to, values + h * heads.size, bytes);
    }
}

/* x / (1 + e^-x). What is not finite becomes no number. */
INLINE Floats silu(Floats x) {
    Floats power = power_of_two(multiply(absolute(x), all_lanes(-1.44269504f)));
    Floats above = multiply_add(smaller(x, zero_floats()), power, larger(x, zero_floats()));
    return divide(multiply_add(x, zero_floats(), above), add(power, all_lanes(1)));
}

static void gate(struct numbers gate, struct numbers up, int64_t row, int64_t columns, struct numbers y) {
    const struct numbers none = {NULL, 0, 0};
    int64_t k = 0;
    for (; k + BLOCK <= columns; k += BLOCK) {
        Floats s = silu(load_any(gate, row, k));
        put_lanes(y, row, k, BLOCK, multiply(y.wide ? s : as_bfloat16(s), load_any(up, row, k)), none, none);
    }
    if (k < columns) {
        float g[BLOCK] = {0}, u[BLOCK] = {0};
        for (int64_t l = k; l < columns; l++) {
            g[l - k] = number(gate, row, l);
            u[l - k] = number(up, row, l);
        }
        Floats s = silu(load_floats(g));
        put_lanes(y, row, k, columns - k, multiply(y.wide ? s : as_bfloat16(s), load_floats(u)), none, none);
    }
}

#endif
