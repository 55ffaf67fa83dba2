/* Weights of four bits: their rounding, products, and other forms. */
#ifndef VLM_FOURS_H
#define VLM_FOURS_H

#include "eights.h"

/* Weights as they are stored, see struct kernels. */
struct fours {
    const uint8_t *codes;
    const uint16_t *scales;
    const uint8_t *zeros;
};

/* r rows, from one of places in their block on, by a block of outputs. */
INLINE void fours_tile(int r, int places, int is_fetched, struct rounded x, int64_t row, struct fours w, int64_t block,
                       struct numbers bias, struct numbers added, struct numbers y) {
    enum { GROUPS_AHEAD = 16 };
    int64_t groups = x.columns / x.group;
    int64_t first = row / ROWS_BLOCK * ROWS_BLOCK;
    const int8_t *integers = x.integers + first * x.columns / COLUMNS_BLOCK * PLACE + (row - first) * PLACE;
    int64_t of_rows = first * room_for_groups(x) + (row - first) * GROUPS_BLOCK;
    const uint8_t *codes = w.codes + block * x.columns * BLOCK / 2;
    Floats f[FOUR_ROWS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        f[i] = zero_floats();
    }
    for (int64_t g = 0; g < groups; g++) {
        int64_t place = block * groups + g;
        int64_t of_group = of_rows + g / GROUPS_BLOCK * GROUPS_BLOCK * places + g % GROUPS_BLOCK;
        if (is_fetched) {
            __builtin_prefetch(w.scales + (place + GROUPS_AHEAD) * BLOCK);
            __builtin_prefetch(w.zeros + (place + GROUPS_AHEAD) * BLOCK);
        }
        Ints zero = widen_bytes(w.zeros + place * BLOCK);
        Ints a[FOUR_ROWS];
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            a[i] = multiply_lanes(all_ints(0), zero, x.less[of_group + i * GROUPS_BLOCK]);
        }
        for (int64_t k = 0; k < x.group; k += FOURS_GROUP, integers += PLACE * places, codes += FOURS_GROUP * BLOCK / 2) {
#pragma GCC unroll 16
            for (int l = 0; l < 4; l++) {
                if (is_fetched) {
                    __builtin_prefetch(codes + GROUPS_AHEAD * FOURS_GROUP * BLOCK / 2 + l * 64);
                }
                Bytes both = load_bytes(codes + l * 64);
                Bytes low = low_halves(both), high = high_halves(both);
#pragma GCC unroll 16
                for (int i = 0; i < r; i++) {
                    a[i] = multiply_fours(a[i], low, four_bytes(integers + i * PLACE + l * 4));
                }
#pragma GCC unroll 16
                for (int i = 0; i < r; i++) {
                    a[i] = multiply_fours(a[i], high, four_bytes(integers + i * PLACE + 16 + l * 4));
                }
            }
        }
        Floats scale = widen(w.scales + place * BLOCK);
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            f[i] = multiply_add(to_floats(a[i]), multiply(scale, all_lanes(x.scales[of_group + i * GROUPS_BLOCK])), f[i]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        if (row + i < x.rows) {
            put_lanes(y, row + i, block * BLOCK, BLOCK, f[i], bias, added);
        }
    }
}

/* All rows of a block of rows. */
INLINE void fours_rows(int is_fetched, struct rounded x, int64_t row, struct fours w, int64_t block, struct numbers bias,
                       struct numbers added, struct numbers y) {
    int64_t places = places_for(x.rows - row);
    if (places == 1) {
        fours_tile(1, 1, is_fetched, x, row, w, block, bias, added, y);
    } else if (places == 2) {
        fours_tile(2, 2, is_fetched, x, row, w, block, bias, added, y);
    } else if (places == 4) {
        for (int i = 0; i < 4; i += FOUR_ROWS) {
            fours_tile(FOUR_ROWS < 4 ? FOUR_ROWS : 4, 4, is_fetched && i == 0, x, row + i, w, block, bias, added, y);
        }
    } else {
        for (int i = 0; i < ROWS_BLOCK; i += FOUR_ROWS) {
            fours_tile(FOUR_ROWS, ROWS_BLOCK, is_fetched && i == 0, x, row + i, w, block, bias, added, y);
        }
    }
}

static void fours_blocks(struct rounded x, const uint8_t *codes, const uint16_t *scales, const uint8_t *zeros, int64_t begin, int64_t end,
                         struct numbers bias, struct numbers added, struct numbers y) {
    struct fours w = {codes, scales, zeros};
    for (int64_t block = begin; block < end; block++) {
        for (int64_t i = 0; i < x.rows; i += ROWS_BLOCK) {
            if (i == 0) {
                fours_rows(1, x, i, w, block, bias, added, y);
            } else {
                fours_rows(0, x, i, w, block, bias, added, y);
            }
        }
    }
}

/* A block of outputs in eight bits, with one scale for each output: what many rows are multiplied by in less time, though a part in 254
 * of the largest weight of an output is lost. */
static void fours_as_eights(const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t block, int64_t in, int64_t groups,
                            uint8_t *codes, float *eights_scales) {
    int64_t group = in / groups;
    const uint8_t *from = w + block * in * BLOCK / 2;
    scales += block * groups * BLOCK;
    zeros += block * groups * BLOCK;
    Floats most = zero_floats(), nothing = zero_floats();
    for (int64_t g = 0; g < groups; g++) {
        nothing = multiply_add(widen(scales + g * BLOCK), zero_floats(), nothing);
        Floats zero = to_floats(widen_bytes(zeros + g * BLOCK));
        Floats reach = larger(zero, add(all_lanes(15), multiply(zero, all_lanes(-1))));
        most = larger(absolute(multiply(widen(scales + g * BLOCK), reach)), most);
    }
    float lanes[BLOCK], inverse[BLOCK];
    /* An output of which a scale is no number has none itself. */
    store_floats(lanes, add(most, nothing));
    for (int o = 0; o < BLOCK; o++) {
        eights_scales[o] = lanes[o] / 127.0f;
        inverse[o] = eights_scales[o] >= 1e-37f ? 1.0f / eights_scales[o] : 0.0f;
    }
    Floats per = load_floats(inverse);
    for (int64_t g = 0; g < groups; g++) {
        Floats factor = multiply(widen(scales + g * BLOCK), per);
        /* 128 more, as eights are stored. */
        Floats least_code = multiply_add(to_floats(widen_bytes(zeros + g * BLOCK)), multiply(factor, all_lanes(-1)), all_lanes(128));
        for (int64_t k = g * group; k < (g + 1) * group; k += FOURS_GROUP) {
            for (int j = 0; j < 4; j++) {
                Bytes both = load_bytes(from + k * BLOCK / 2 + j * 64);
                store_scaled(codes + (k + 4 * j) * BLOCK, low_halves(both), factor, least_code);
                store_scaled(codes + (k + 16 + 4 * j) * BLOCK, high_halves(both), factor, least_code);
            }
        }
    }
}

/* A block of outputs as numbers. */
static void unpack_fours(const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t block, int64_t in, int64_t groups,
                         struct numbers to) {
    int64_t group = in / groups;
    const uint8_t *from = w + block * in * BLOCK / 2;
    for (int64_t o = 0; o < BLOCK; o++) {
        for (int64_t g = 0; g < groups; g++) {
            int64_t place = (block * groups + g) * BLOCK + o;
            Floats scale = all_lanes(widened(scales[place])), less = all_lanes(-(float)zeros[place]);
            for (int64_t k = g * group; k < (g + 1) * group; k += FOURS_GROUP) {
                uint8_t both[BLOCK], half[BLOCK];
                for (int j = 0; j < 4; j++) {
                    memcpy(both + 4 * j, from + k * BLOCK / 2 + j * 64 + o * 4, 4);
                }
                for (int h = 0; h < 2; h++) {
                    for (int j = 0; j < BLOCK; j++) {
                        half[j] = h == 0 ? both[j] & 15 : both[j] >> 4;
                    }
                    put_lanes(to, block * BLOCK + o, k + h * BLOCK, BLOCK, multiply(add(to_floats(widen_bytes(half)), less), scale),
                              (struct numbers){NULL, 0, 0}, (struct numbers){NULL, 0, 0});
                }
            }
        }
    }
}

/* A group of 16 outputs, each in a lane: numbers, shares of the largest, and later codes. */
struct groups {
    Floats x[FOURS_GROUP];
};

/* The numbers of outputs of a block, group by group. */
INLINE void load_groups(struct numbers w, int64_t block, int64_t column, struct groups *to) {
    float rows[BLOCK][FOURS_GROUP], columns[FOURS_GROUP][BLOCK];
    for (int o = 0; o < BLOCK; o++) {
        store_floats(rows[o], load_any(w, block * BLOCK + o, column));
        store_floats(rows[o] + BLOCK, load_any(w, block * BLOCK + o, column + BLOCK));
    }
    for (int k = 0; k < FOURS_GROUP; k++) {
        for (int o = 0; o < BLOCK; o++) {
            columns[k][o] = rows[o][k];
        }
        to->x[k] = load_floats(columns[k]);
    }
}

INLINE Floats code_of(Floats x, Floats inverse, Floats least_code, Floats most_code) {
    return smaller(larger(nearest(multiply(x, inverse)), least_code), most_code);
}

/* How well codes from least to most, that these inverses of a scale make, stand for numbers: the sums of their products with these, and
 * of their squares. */
INLINE void match(const struct groups *g, Floats inverse, Floats least_code, Floats most_code, Floats *products, Floats *squares) {
    Floats of_products[4], of_squares[4];
    for (int i = 0; i < 4; i++) {
        Floats a[4], b[4];
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            Floats x = g->x[i + 4 * j], y = g->x[i + 4 * j + BLOCK];
            Floats s = code_of(x, inverse, least_code, most_code), t = code_of(y, inverse, least_code, most_code);
            a[j] = multiply_add(y, t, multiply(x, s));
            b[j] = multiply_add(t, t, multiply(s, s));
        }
        of_products[i] = add(add(a[0], a[2]), add(a[1], a[3]));
        of_squares[i] = add(add(b[0], b[2]), add(b[1], b[3]));
    }
    *products = add(add(of_products[0], of_products[2]), add(of_products[1], of_products[3]));
    *squares = add(add(of_squares[0], of_squares[2]), add(of_squares[1], of_squares[3]));
}

/* Numbers as codes from 0 to 15, of which one stands for zero, so that a weight that is zero stays so. Of some ranges, which leave more
 * or less of the largest numbers out, the one is taken that comes nearest to all of them, and of all scales the best for its codes.
 * -> scales, which are no numbers where one of their numbers is none. */
INLINE Floats round_groups(struct groups *g, Floats *zeros) {
    Floats none = zero_floats(), minus = all_lanes(-1), one = all_lanes(1);
    Floats high = none, low = none, nothing = none;
    for (int k = 0; k < FOURS_GROUP; k++) {
        high = larger(g->x[k], high);
        low = smaller(g->x[k], low);
        nothing = multiply_add(g->x[k], none, nothing);
    }
    Floats most = larger(high, multiply(low, minus));
    Floats by = divide(one, most);
    for (int k = 0; k < FOURS_GROUP; k++) {
        g->x[k] = multiply(g->x[k], by);
    }
    high = divide(high, most);
    low = divide(low, most);
    Floats best = minus, scale = none, inverse = none, zero = none;
    for (int i = 0; i < 16; i++) {
        Floats share = all_lanes(1 - 0.04f * (float)(i / 2));
        Floats per = divide(all_lanes(15), multiply(add(high, multiply(low, minus)), share));
        Floats z = multiply(multiply(multiply(low, minus), share), per);
        Floats whole = nearest(z);
        whole = where_more(whole, z, add(whole, minus), whole);
        z = smaller(add(whole, all_lanes((float)(i % 2))), all_lanes(15));
        Floats a, b;
        match(g, per, multiply(z, minus), add(all_lanes(15), multiply(z, minus)), &a, &b);
        /* There is no scale unless b > 0. */
        Floats square = where_more(b, none, multiply(a, a), minus), least_square = multiply(best, b);
        scale = where_more(square, least_square, divide(a, b), scale);
        inverse = where_more(square, least_square, per, inverse);
        zero = where_more(square, least_square, z, zero);
        best = where_more(square, least_square, divide(square, b), best);
    }
    /* By less nothing could be divided, nor by what is no number. */
    Floats enough = where_more(all_lanes(1e-36f), most, none, where_more(one, nothing, one, none));
    zero = where_more(enough, none, zero, none);
    for (int k = 0; k < FOURS_GROUP; k++) {
        Floats code = add(code_of(g->x[k], inverse, multiply(zero, minus), add(all_lanes(15), multiply(zero, minus))), zero);
        g->x[k] = where_more(enough, none, code, none);
    }
    *zeros = zero;
    return where_more(one, nothing, where_more(enough, none, multiply(scale, most), none), nothing);
}

static void round_fours(struct numbers w, int64_t block, int64_t in, uint8_t *codes, uint16_t *scales, uint8_t *zeros) {
    int64_t groups = in / FOURS_GROUP;
    codes += block * BLOCK * in / 2;
    for (int64_t place = block * groups; place < (block + 1) * groups; place++, codes += FOURS_GROUP * BLOCK / 2) {
        struct groups g;
        load_groups(w, block, (place - block * groups) * FOURS_GROUP, &g);
        Floats zero;
        narrow(scales + place * BLOCK, round_groups(&g, &zero));
        float lanes[BLOCK];
        store_floats(lanes, zero);
        for (int o = 0; o < BLOCK; o++) {
            zeros[place * BLOCK + o] = (uint8_t)lanes[o];
        }
        for (int k = 0; k < BLOCK; k++) {
            store_floats(lanes, multiply_add(g.x[k + BLOCK], all_lanes(16), g.x[k]));
            for (int o = 0; o < BLOCK; o++) {
                codes[k / 4 * 64 + o * 4 + k % 4] = (uint8_t)lanes[o];
            }
        }
    }
}

#endif
