/* Attention of one token. */
#ifndef VLM_ATTENTION_H
#define VLM_ATTENTION_H

#include "numbers.h"

/* What a query says of each of the keys: their products, by powers of two. */
static void score(const uint16_t *q, const uint16_t *keys, int64_t tokens, int64_t size, float by, float *scores) {
    float sums[BLOCK * BLOCK];
    int64_t t = 0;
    for (; t + BLOCK <= tokens; t += BLOCK) {
        for (int64_t i = 0; i < BLOCK; i++) {
            Floats a = zero_floats();
            for (int64_t k = 0; k < size; k += 32) {
                a = multiply_pairs(a, load_pairs(q + k), load_pairs(keys + (t + i) * size + k));
            }
            store_floats(sums + i * BLOCK, a);
        }
        store_floats(scores + t, multiply(sums_of(sums), all_lanes(by)));
    }
    if (t < tokens) {
        memset(sums, 0, sizeof sums);
        for (int64_t i = 0; i < tokens - t; i++) {
            Floats a = zero_floats();
            for (int64_t k = 0; k < size; k += 32) {
                a = multiply_pairs(a, load_pairs(q + k), load_pairs(keys + (t + i) * size + k));
            }
            store_floats(sums + i * BLOCK, a);
        }
        store_floats(scores + t, multiply(sums_of(sums), all_lanes(by)));
        for (int64_t i = tokens; i < t + BLOCK; i++) {
            scores[i] = -3.4e38f;
        }
    }
}

/* Makes weights of scores, whose sum is returned. */
static float weigh(float *scores, int64_t filled_up) {
    Floats most = load_floats(scores);
    for (int64_t t = BLOCK; t < filled_up; t += BLOCK) {
        most = larger(most, load_floats(scores + t));
    }
    Floats less = all_lanes(-most_of(most)), sum = zero_floats(), nothing = zero_floats();
    for (int64_t t = 0; t < filled_up; t += BLOCK) {
        Floats weight = power_of_two(add(load_floats(scores + t), less));
        /* What is no number, or infinite, is lost above. */
        nothing = multiply_add(load_floats(scores + t), zero_floats(), nothing);
        store_floats(scores + t, weight);
        sum = add(sum, weight);
    }
    return sum_of(sum) + sum_of(nothing);
}

INLINE void gather(int g, int c, const float *weights, int64_t apart, const uint16_t *values, int64_t tokens, int64_t size,
                   const float *sums, int64_t column, uint16_t *y) {
    Floats a[QUERIES][VALUES];
#pragma GCC unroll 16
    for (int i = 0; i < g; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < c; j++) {
            a[i][j] = zero_floats();
        }
    }
    for (int64_t t = 0; t < tokens; t++) {
        Floats w[QUERIES];
#pragma GCC unroll 16
        for (int i = 0; i < g; i++) {
            w[i] = all_lanes(weights[i * apart + t]);
        }
#pragma GCC unroll 16
        for (int j = 0; j < c; j++) {
            Floats v = widen(values + t * size + column + j * BLOCK);
#pragma GCC unroll 16
            for (int i = 0; i < g; i++) {
                a[i][j] = multiply_add(w[i], v, a[i][j]);
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < g; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < c; j++) {
            narrow(y + i * size + column + j * BLOCK, multiply(a[i][j], all_lanes(1 / sums[i])));
        }
    }
}

static void attend(const uint16_t *q, const uint16_t *keys, const uint16_t *values, int64_t group, int64_t tokens, int64_t size, float by,
                   float *scratch, uint16_t *y) {
    int64_t filled_up = (tokens + BLOCK - 1) / BLOCK * BLOCK;
    for (int64_t first = 0; first < group; first += QUERIES) {
        int64_t queries = least(QUERIES, group - first);
        float sums[QUERIES];
        for (int64_t i = 0; i < queries; i++) {
            score(q + (first + i) * size, keys, tokens, size, by, scratch + i * filled_up);
            sums[i] = weigh(scratch + i * filled_up, filled_up);
        }
        for (int64_t column = 0; column < size;) {
            if (queries == QUERIES && size - column >= VALUES * BLOCK) {
                gather(QUERIES, VALUES, scratch, filled_up, values, tokens, size, sums, column, y + first * size);
                column += VALUES * BLOCK;
            } else {
                for (int64_t i = 0; i < queries; i++) {
                    gather(1, 2, scratch + i * filled_up, filled_up, values, tokens, size, sums + i, column, y + (first + i) * size);
                }
                column += 2 * BLOCK;
            }
        }
    }
}

#endif
