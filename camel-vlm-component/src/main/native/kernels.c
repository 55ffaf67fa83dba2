/* The kernels of one kind of processor: of the one whose instructions the compiler is told to use. */
#include "kernels.h"
#include "lanes.h"

#define NAMED(set) kernels_##set
#define SET_OF(set) NAMED(set)
#define TEXT(set) #set
#define TEXT_OF(set) TEXT(set)

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

/* ---- bfloat16, rows as they are stored */

/* Rows of x that are taken at once, and inputs: what they have in common stays in the processor's first cache. */
enum { MOST_ROWS = 16, PART_BYTES = 32768, CHUNK = BLOCK };

/* How far ahead of their use weights are fetched: numbers, and bytes. */
enum { AHEAD = 512, BYTES_AHEAD = 4096 };

static size_t rows_scratch(void) { return (size_t)MOST_ROWS * CHUNK * BLOCK * sizeof(float); }

INLINE Pairs load_part(const uint16_t *p, int64_t count) {
    uint16_t part[32] = {0};
    memcpy(part, p, (size_t)count * sizeof *p);
    return load_pairs(part);
}

/* Adds to sums [r, o] the products of inputs from begin to end. What lies at from, as far as it is read next, of so many rows of weights
 * is fetched into the cache meanwhile. */
INLINE void rows_tile(int r, int o, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t begin, int64_t end,
                      int fetched, const uint16_t *from, int near, float *sums, int64_t sums_apart) {
    Floats a[ROW_TILE][OUT_TILE];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            a[i][j] = begin == 0 ? zero_floats() : load_floats(sums + i * sums_apart + j * BLOCK);
        }
    }
    int64_t k = begin;
    for (; k + 32 <= end; k += 32) {
        Pairs v[OUT_TILE];
#pragma GCC unroll 16
        for (int j = 0; j < fetched; j++) {
            __builtin_prefetch(from + j * w_apart + k - begin, 0, near);
        }
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            v[j] = load_pairs(w + j * w_apart + k);
        }
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            Pairs u = load_pairs(x + i * x_apart + k);
#pragma GCC unroll 16
            for (int j = 0; j < o; j++) {
                a[i][j] = multiply_pairs(a[i][j], u, v[j]);
            }
        }
    }
    if (k < end) {
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            Pairs u = load_part(x + i * x_apart + k, end - k);
#pragma GCC unroll 16
            for (int j = 0; j < o; j++) {
                a[i][j] = multiply_pairs(a[i][j], u, load_part(w + j * w_apart + k, end - k));
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < o; j++) {
            store_floats(sums + i * sums_apart + j * BLOCK, a[i][j]);
        }
    }
}

/* The rows of one tile, with those weights fetched that are some way ahead, or at last the beginning of the next rows of weights. */
INLINE void few_rows(int r, int o, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t in, float *sums,
                     int64_t sums_apart) {
    int64_t most = in > AHEAD ? in - AHEAD : 0;
    most = most / 32 * 32;
    rows_tile(r, o, x, x_apart, w, w_apart, 0, most, o, w + in - most, 3, sums, sums_apart);
    rows_tile(r, o, x, x_apart, w, w_apart, most, in, o, w + OUT_TILE * w_apart, 3, sums, sums_apart);
}

INLINE void rows_tiles(int o, int64_t rows, const uint16_t *x, int64_t x_apart, const uint16_t *w, int64_t w_apart, int64_t begin,
                       int64_t end, const uint16_t *next, float *sums, int64_t sums_apart) {
    int64_t i = 0;
    /* Each tile fetches a part of what the next ones read, so that memory never waits for arithmetic, or the other way round. */
    int fetched = rows >= OUT_TILE * ROW_TILE ? 1 : OUT_TILE / 2, left = OUT_TILE;
    for (; i + ROW_TILE <= rows; i += ROW_TILE, next += fetched * w_apart, left -= fetched) {
        if (left <= 0) {
            rows_tile(ROW_TILE, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, next, 2, sums + i * sums_apart, sums_apart);
        } else if (fetched == 1) {
            rows_tile(ROW_TILE, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 1, next, 2, sums + i * sums_apart, sums_apart);
        } else {
            rows_tile(ROW_TILE, o, x + i * x_apart, x_apart, w, w_apart, begin, end, OUT_TILE / 2, next, 2, sums + i * sums_apart,
                      sums_apart);
        }
    }
    for (; i + 2 <= rows; i += 2) {
        rows_tile(2, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, next, 2, sums + i * sums_apart, sums_apart);
    }
    for (; i < rows; i++) {
        rows_tile(1, o, x + i * x_apart, x_apart, w, w_apart, begin, end, 0, next, 2, sums + i * sums_apart, sums_apart);
    }
}

static void some_rows(const uint16_t *x, int64_t x_apart, int64_t first, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart,
                      int64_t begin, int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *sums) {
    int64_t most = PART_BYTES / 2 / rows;
    int64_t parts = (in + most - 1) / most;
    int64_t part = (in / parts + 31) / 32 * 32;
    int64_t sums_apart = CHUNK * BLOCK;
    for (int64_t k = 0; k < in; k += part) {
        int64_t stop = least(k + part, in);
        int64_t o = begin;
        for (; o + OUT_TILE <= end; o += OUT_TILE) {
            const uint16_t *next = w + (stop < in ? o * w_apart + stop : (o + CHUNK) * w_apart);
            rows_tiles(OUT_TILE, rows, x, x_apart, w + o * w_apart, w_apart, k, stop, next, sums + (o - begin) * BLOCK, sums_apart);
        }
        for (; o < end; o++) {
            rows_tiles(1, rows, x, x_apart, w + o * w_apart, w_apart, k, stop, w + o * w_apart, sums + (o - begin) * BLOCK, sums_apart);
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        put_lanes(y, first + i, begin, end - begin, sums_of(sums + i * sums_apart), bias, added);
    }
}

/* One row, two, or as many as a tile has. */
static void rows_stream(const uint16_t *x, int64_t x_apart, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                        int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *sums) {
    int64_t sums_apart = CHUNK * BLOCK;
    int64_t o = begin;
    for (; o + OUT_TILE <= end; o += OUT_TILE) {
        const uint16_t *v = w + o * w_apart;
        float *s = sums + (o - begin) * BLOCK;
        if (rows == 1) {
            few_rows(1, OUT_TILE, x, x_apart, v, w_apart, in, s, sums_apart);
        } else if (rows == 2) {
            few_rows(2, OUT_TILE, x, x_apart, v, w_apart, in, s, sums_apart);
        } else {
            few_rows(ROW_TILE, OUT_TILE, x, x_apart, v, w_apart, in, s, sums_apart);
        }
    }
    for (; o < end; o++) {
        for (int64_t i = 0; i < rows; i++) {
            rows_tile(1, 1, x + i * x_apart, x_apart, w + o * w_apart, w_apart, 0, in, 0, w, 3, sums + i * sums_apart + (o - begin) * BLOCK,
                      sums_apart);
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        put_lanes(y, i, begin, end - begin, sums_of(sums + i * sums_apart), bias, added);
    }
}

static void rows(const uint16_t *x, int64_t x_apart, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                 int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *scratch) {
    for (int64_t o = begin; o < end; o += CHUNK) {
        int64_t stop = least(o + CHUNK, end);
        if (rows == 1 || rows == 2 || rows == ROW_TILE) {
            rows_stream(x, x_apart, rows, in, w, w_apart, o, stop, bias, added, y, scratch);
            continue;
        }
        for (int64_t i = 0; i < rows; i += MOST_ROWS) {
            some_rows(x + i * x_apart, x_apart, i, least(MOST_ROWS, rows - i), in, w, w_apart, o, stop, bias, added, y, scratch);
        }
    }
}

/* ---- Rounding of what is multiplied */

static void round_row(struct numbers x, int64_t i, int64_t columns, struct rounded to) {
    int64_t groups = to.columns / to.group;
    for (int64_t g = 0; g < groups; g++) {
        int8_t *integers = to.integers + i * to.columns + g * to.group;
        int64_t begin = g * to.group;
        int64_t end = least(begin + to.group, columns);
        Floats most = zero_floats();
        /* Nothing, or no number if there is one that is not finite. */
        Floats nothing = zero_floats();
        int64_t k = begin;
        for (; k + BLOCK <= end; k += BLOCK) {
            Floats part = load_any(x, i, k);
            most = larger(absolute(part), most);
            nothing = multiply_add(part, zero_floats(), nothing);
        }
        float largest = most_of(most);
        float spoiled = sum_of(nothing);
        for (; k < end; k++) {
            spoiled += number(x, i, k) * 0.0f;
            float a = __builtin_fabsf(number(x, i, k));
            largest = a > largest ? a : largest;
        }
        /* A scale that is too small to divide by stands for numbers that are too small to tell from zero. */
        float scale = largest / 127.0f;
        float inverse = scale >= 1e-37f ? 1.0f / scale : 0.0f;
        Floats by = all_lanes(inverse);
        for (k = begin; k + BLOCK <= end; k += BLOCK) {
            store_rounded(integers + k - begin, multiply(load_any(x, i, k), by));
        }
        if (k < begin + to.group) {
            float last[BLOCK] = {0};
            for (int64_t l = k; l < end; l++) {
                last[l - k] = number(x, i, l) * inverse;
            }
            memset(integers + k - begin, 0, (size_t)(begin + to.group - k));
            if (k < end) {
                store_rounded(integers + k - begin, load_floats(last));
            }
        }
        int32_t sum = 0;
        for (k = 0; k < to.group; k++) {
            sum += integers[k];
        }
        to.scales[i * groups + g] = scale + spoiled;
        to.sums[i * groups + g] = sum;
    }
}

/* ---- Eight bits */

INLINE int32_t four_bytes(const int8_t *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* For one or two rows: four sums each, of whole numbers, which may be added in any order. */
INLINE void eights_stream(int r, struct rounded x, int64_t row, const uint8_t *w, int64_t block, Ints *sums) {
    Ints a[2][4];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < 4; j++) {
            a[i][j] = all_ints(j == 0 ? -EIGHTS_ABOVE * x.sums[row + i] : 0);
        }
    }
    const int8_t *integers = x.integers + row * x.columns;
    w += block * x.columns * BLOCK;
    for (int64_t k = 0; k < x.columns; k += 16) {
#pragma GCC unroll 16
        for (int j = 0; j < 4; j++) {
            Bytes v = load_bytes(w + (k + 4 * j) * BLOCK);
            __builtin_prefetch(w + (k + 4 * j) * BLOCK + BYTES_AHEAD);
#pragma GCC unroll 16
            for (int i = 0; i < r; i++) {
                a[i][j] = multiply_eights(a[i][j], v, four_bytes(integers + i * x.columns + k + 4 * j));
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        sums[i] = add_ints(add_ints(a[i][0], a[i][1]), add_ints(a[i][2], a[i][3]));
    }
}

INLINE void eights_tile(int r, int b, struct rounded x, int64_t row, const uint8_t *w, int64_t block, Ints *sums) {
    Ints a[EIGHT_ROWS][EIGHT_BLOCKS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            a[i][j] = all_ints(-EIGHTS_ABOVE * x.sums[row + i]);
        }
    }
    const int8_t *integers = x.integers + row * x.columns;
    int64_t apart = x.columns * BLOCK;
    w += block * apart;
    for (int64_t k = 0; k < x.columns; k += 4) {
        Bytes v[EIGHT_BLOCKS];
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            v[j] = load_bytes(w + j * apart + k * BLOCK);
            if (row == 0) {
                __builtin_prefetch(w + j * apart + k * BLOCK + BYTES_AHEAD + (k * BLOCK + BYTES_AHEAD < apart ? 0 : (b - 1) * apart));
            }
        }
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            int32_t u = four_bytes(integers + i * x.columns + k);
#pragma GCC unroll 16
            for (int j = 0; j < b; j++) {
                a[i][j] = multiply_eights(a[i][j], v[j], u);
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < b; j++) {
            sums[i * b + j] = a[i][j];
        }
    }
}

static void put_eights(int64_t rows, int64_t b, const Ints *sums, struct rounded x, int64_t row, const float *scales, int64_t block,
                       int64_t out, struct numbers bias, struct numbers added, struct numbers y) {
    for (int64_t j = 0; j < b; j++) {
        int64_t o = (block + j) * BLOCK;
        Floats scale = load_floats(scales + o);
        for (int64_t i = 0; i < rows; i++) {
            Floats by = multiply(scale, all_lanes(x.scales[row + i]));
            put_lanes(y, row + i, o, least(BLOCK, out - o), multiply(to_floats(sums[i * b + j]), by), bias, added);
        }
    }
}

static void eights_blocks(struct rounded x, const uint8_t *w, const float *scales, int64_t begin, int64_t end, int64_t out,
                          struct numbers bias, struct numbers added, struct numbers y) {
    Ints sums[EIGHT_ROWS * EIGHT_BLOCKS];
    for (int64_t block = begin; block < end;) {
        int b = x.rows > 2 && block + EIGHT_BLOCKS <= end ? EIGHT_BLOCKS : 1;
        for (int64_t i = 0; i < x.rows;) {
            int64_t left = x.rows - i;
            int64_t rows = x.rows <= 2 ? x.rows : left >= EIGHT_ROWS ? EIGHT_ROWS : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            if (x.rows == 1) {
                eights_stream(1, x, i, w, block, sums);
            } else if (x.rows == 2) {
                eights_stream(2, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS && rows == EIGHT_ROWS) {
                eights_tile(EIGHT_ROWS, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS && rows == 4) {
                eights_tile(4, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS && rows == 2) {
                eights_tile(2, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (b == EIGHT_BLOCKS) {
                eights_tile(1, EIGHT_BLOCKS, x, i, w, block, sums);
            } else if (rows >= 4) {
                rows = 4;
                eights_tile(4, 1, x, i, w, block, sums);
            } else {
                rows = 1;
                eights_tile(1, 1, x, i, w, block, sums);
            }
            put_eights(rows, b, sums, x, i, scales, block, out, bias, added, y);
            i += rows;
        }
        block += b;
    }
}

static void round_eights(struct numbers w, int64_t block, int64_t out, int64_t in, uint8_t *codes, float *scales) {
    int64_t columns = (in + FOURS_GROUP - 1) / FOURS_GROUP * FOURS_GROUP;
    codes += block * BLOCK * columns;
    memset(codes, 128, (size_t)(BLOCK * columns));
    for (int64_t o = 0; o < BLOCK; o++) {
        int64_t row = block * BLOCK + o;
        scales[row] = 0;
        if (row >= out) {
            continue;
        }
        float most = 0;
        for (int64_t k = 0; k < in; k++) {
            float a = __builtin_fabsf(number(w, row, k));
            most = a > most ? a : most;
        }
        float scale = most / 127.0f;
        float inverse = scale >= 1e-37f ? 1.0f / scale : 0.0f;
        scales[row] = scale;
        for (int64_t k = 0; k < in; k += BLOCK) {
            float part[BLOCK] = {0};
            int8_t integers[BLOCK];
            for (int64_t l = 0; l < least(BLOCK, in - k); l++) {
                part[l] = number(w, row, k + l) * inverse;
            }
            store_rounded(integers, load_floats(part));
            for (int64_t l = 0; l < least(BLOCK, in - k); l++) {
                codes[(k + l) / 4 * 64 + o * 4 + (k + l) % 4] = (uint8_t)(integers[l] + 128);
            }
        }
    }
}

/* ---- Four bits */

INLINE void fours_tile(int r, struct rounded x, int64_t row, const uint8_t *w, const uint16_t *scales, const uint8_t *zeros,
                       int64_t block, struct numbers bias, struct numbers added, struct numbers y) {
    int64_t groups = x.columns / x.group;
    const int8_t *integers = x.integers + row * x.columns;
    const uint8_t *codes = w + block * x.columns * BLOCK / 2;
    Floats f[FOUR_ROWS];
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        f[i] = zero_floats();
    }
    for (int64_t g = 0; g < groups; g++) {
        Ints zero = widen_bytes(zeros + (block * groups + g) * BLOCK);
        Ints a[FOUR_ROWS];
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            a[i] = multiply_lanes(all_ints(0), zero, -x.sums[(row + i) * groups + g]);
        }
        for (int64_t k = g * x.group; k < (g + 1) * x.group; k += FOURS_GROUP) {
#pragma GCC unroll 16
            for (int h = 0; h < 2; h++) {
                Bytes v[4];
#pragma GCC unroll 16
                for (int j = 0; j < 4; j++) {
                    Bytes both = load_bytes(codes + k * BLOCK / 2 + j * 64);
                    if (h == 0 && row == 0) {
                        __builtin_prefetch(codes + k * BLOCK / 2 + j * 64 + BYTES_AHEAD);
                    }
                    v[j] = h == 0 ? low_halves(both) : high_halves(both);
                }
#pragma GCC unroll 16
                for (int j = 0; j < 4; j++) {
#pragma GCC unroll 16
                    for (int i = 0; i < r; i++) {
                        a[i] = multiply_fours(a[i], v[j], four_bytes(integers + i * x.columns + k + h * 16 + j * 4));
                    }
                }
            }
        }
        Floats scale = widen(scales + (block * groups + g) * BLOCK);
#pragma GCC unroll 16
        for (int i = 0; i < r; i++) {
            f[i] = multiply_add(to_floats(a[i]), multiply(scale, all_lanes(x.scales[(row + i) * groups + g])), f[i]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < r; i++) {
        put_lanes(y, row + i, block * BLOCK, BLOCK, f[i], bias, added);
    }
}

static void fours_blocks(struct rounded x, const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t begin, int64_t end,
                         struct numbers bias, struct numbers added, struct numbers y) {
    for (int64_t block = begin; block < end; block++) {
        int64_t i = 0;
        for (; i + FOUR_ROWS <= x.rows; i += FOUR_ROWS) {
            fours_tile(FOUR_ROWS, x, i, w, scales, zeros, block, bias, added, y);
        }
        for (; i + 4 <= x.rows; i += 4) {
            fours_tile(4, x, i, w, scales, zeros, block, bias, added, y);
        }
        for (; i + 2 <= x.rows; i += 2) {
            fours_tile(2, x, i, w, scales, zeros, block, bias, added, y);
        }
        for (; i < x.rows; i++) {
            fours_tile(1, x, i, w, scales, zeros, block, bias, added, y);
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
    Floats most = zero_floats();
    for (int64_t g = 0; g < groups; g++) {
        Floats zero = to_floats(widen_bytes(zeros + g * BLOCK));
        Floats reach = larger(zero, add(all_lanes(15), multiply(zero, all_lanes(-1))));
        most = larger(absolute(multiply(widen(scales + g * BLOCK), reach)), most);
    }
    float lanes[BLOCK], inverse[BLOCK];
    store_floats(lanes, most);
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

/* A group's numbers as codes from 0 to 15, of which one stands for zero, so that a weight that is zero stays so. Of some ranges, which
 * leave more or less of the largest numbers out, the one is taken that comes nearest to all of them, and of all scales the best for
 * its codes. */
INLINE float round_group(const Floats w[2], float codes[FOURS_GROUP], float *zero) {
    Floats nothing = multiply_add(w[0], zero_floats(), multiply(w[1], zero_floats()));
    float spoiled = sum_of(nothing);
    float high = most_of(larger(larger(w[0], w[1]), zero_floats()));
    float low = -most_of(larger(larger(multiply(w[0], all_lanes(-1)), multiply(w[1], all_lanes(-1))), zero_floats()));
    float most = high > -low ? high : -low;
    *zero = 0;
    memset(codes, 0, FOURS_GROUP * sizeof *codes);
    if (spoiled != 0) {
        return spoiled;
    }
    if (most < 1e-36f) {
        return 0;
    }
    Floats by = all_lanes(1 / most);
    Floats x[2] = {multiply(w[0], by), multiply(w[1], by)};
    high /= most;
    low /= most;
    float best = -1, scale = 0;
    for (int i = 0; i < 16; i++) {
        float share = 1 - 0.04f * (float)(i / 2);
        float inverse = 15 / ((high - low) * share);
        float z = __builtin_floorf(-low * share * inverse) + (float)(i % 2);
        z = z > 15 ? 15 : z;
        Floats least_code = all_lanes(-z), most_code = all_lanes(15 - z), per = all_lanes(inverse);
        Floats t[2], products = zero_floats(), squares = zero_floats();
        for (int j = 0; j < 2; j++) {
            t[j] = smaller(larger(nearest(multiply(x[j], per)), least_code), most_code);
            products = multiply_add(x[j], t[j], products);
            squares = multiply_add(t[j], t[j], squares);
        }
        float a = sum_of(products), b = sum_of(squares);
        if (b > 0 && a * a > best * b) {
            best = a * a / b;
            scale = a / b;
            *zero = z;
            store_floats(codes, add(t[0], all_lanes(z)));
            store_floats(codes + BLOCK, add(t[1], all_lanes(z)));
        }
    }
    return scale * most;
}

static void round_fours(struct numbers w, int64_t block, int64_t in, uint8_t *codes, uint16_t *scales, uint8_t *zeros) {
    int64_t groups = in / FOURS_GROUP;
    codes += block * BLOCK * in / 2;
    for (int64_t o = 0; o < BLOCK; o++) {
        int64_t row = block * BLOCK + o;
        for (int64_t g = 0; g < groups; g++) {
            Floats part[2] = {load_any(w, row, g * FOURS_GROUP), load_any(w, row, g * FOURS_GROUP + BLOCK)};
            float rounded[FOURS_GROUP], zero;
            int64_t place = (block * groups + g) * BLOCK + o;
            scales[place] = narrowed(round_group(part, rounded, &zero));
            zeros[place] = (uint8_t)zero;
            uint8_t *to = codes + g * FOURS_GROUP * BLOCK / 2 + o * 4;
            for (int k = 0; k < BLOCK; k++) {
                to[k / 4 * 64 + k % 4] = (uint8_t)((uint8_t)rounded[k] | (uint8_t)rounded[k + BLOCK] << 4);
            }
        }
    }
}

/* ---- Attention of one token */

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

const struct kernels SET_OF(SET) = {
    .name = TEXT_OF(SET),
    .rows = rows,
    .rows_scratch = rows_scratch,
    .round = round_row,
    .eights = eights_blocks,
    .fours = fours_blocks,
    .fours_as_eights = fours_as_eights,
    .unpack_fours = unpack_fours,
    .attend = attend,
    .queries = QUERIES,
    .round_eights = round_eights,
    .round_fours = round_fours,
};
