/* Runs the kernels on operands that end where their memory ends, for the sanitizers to see what is read and written beside them, and
 * compares each set's results with sums in float64. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../main/native/kernels.h"

static const char *const names[] = {"avx512_bf16", "avx512_vnni", "avx2", "neon_dotprod"};

static uint64_t state = 1;

static float drawn(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (float)(state >> 40) / (1 << 23) - 1;
}

static uint16_t narrow(float x) {
    union {
        float number;
        uint32_t bits;
    } u = {x};
    return (uint16_t)((u.bits + 0x8000) >> 16);
}

static float wide(uint16_t x) {
    union {
        uint32_t bits;
        float number;
    } u = {(uint32_t)x << 16};
    return u.number;
}

/* Exactly as much as is asked for. */
static void *memory(int64_t count, size_t size) {
    void *p = calloc((size_t)count, size);
    if (!p) {
        abort();
    }
    return p;
}

static struct numbers numbers(int64_t rows, int64_t columns) {
    uint16_t *x = memory(rows * columns, sizeof *x);
    for (int64_t i = 0; i < rows * columns; i++) {
        x[i] = narrow(drawn());
    }
    return (struct numbers){x, columns, 0};
}

static float at(struct numbers x, int64_t row, int64_t column) { return wide(((uint16_t *)x.first)[row * x.apart + column]); }

static int compare(const char *set, const char *form, struct numbers x, struct numbers w, struct numbers y, int64_t rows, int64_t in,
                   int64_t out, double tolerance) {
    /* All numbers are within 1 of zero, so that each product is as far off as its factors. */
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t o = 0; o < out; o++) {
            double sum = 0;
            for (int64_t k = 0; k < in; k++) {
                sum += (double)at(x, i, k) * at(w, o, k);
            }
            if (!(fabs(at(y, i, o) - sum) <= fabs(sum) / 200 + tolerance * (double)in)) {
                fprintf(stderr, "%s, %s: [%ld, %ld] x %ld is %g at [%ld, %ld], and should be %g\n", set, form, (long)rows, (long)in,
                        (long)out, at(y, i, o), (long)i, (long)o, sum);
                return 1;
            }
        }
    }
    return 0;
}

static struct rounded rounded(const struct kernels *set, struct numbers x, int64_t rows, int64_t in, int64_t group) {
    int64_t columns = (in + 31) / 32 * 32;
    int64_t room = (rows + ROWS_BLOCK - 1) / ROWS_BLOCK * ROWS_BLOCK;
    struct rounded r = {rows, columns, group ? group : columns, NULL, NULL, NULL};
    r.integers = memory(room * columns / COLUMNS_BLOCK * PLACE, 1);
    r.scales = memory(room * room_for_groups(r), sizeof *r.scales);
    r.less = memory(room * room_for_groups(r), sizeof *r.less);
    for (int64_t i = 0; i < rows; i++) {
        set->round(x, i, in, r);
    }
    return r;
}

static void release(struct rounded r) {
    free(r.integers);
    free(r.scales);
    free(r.less);
}

static int check(const struct kernels *set, int64_t rows, int64_t in, int64_t out) {
    const struct numbers none = {NULL, 0, 0};
    struct numbers x = numbers(rows, in), w = numbers(out, in), y = numbers(rows, out);
    int64_t blocks = (out + BLOCK - 1) / BLOCK, columns = (in + 31) / 32 * 32;
    float *scratch = malloc(set->rows_scratch());
    set->rows(x.first, in, rows, in, w.first, in, 0, out, none, none, y, scratch);
    int wrong = compare(set->name, "rows", x, w, y, rows, in, out, 1e-5);
    free(scratch);

    uint8_t *codes = memory(blocks * BLOCK * columns, 1);
    float *scales = memory(blocks * BLOCK, sizeof *scales);
    for (int64_t b = 0; b < blocks; b++) {
        set->round_eights(w, b, out, in, codes, scales);
    }
    struct rounded r = rounded(set, x, rows, in, 0);
    set->eights(r, codes, scales, 0, blocks, out, none, none, y);
    wrong |= compare(set->name, "eights", x, w, y, rows, in, out, 0.01);
    release(r);
    free(codes);
    free(scales);

    if (in % FOURS_GROUP == 0 && out % BLOCK == 0) {
        int64_t groups = in / FOURS_GROUP;
        uint8_t *fours = memory(out * in / 2, 1), *zeros = memory(out * groups, 1), *block = memory(BLOCK * in, 1);
        uint16_t *by = memory(out * groups, sizeof *by);
        float of_block[BLOCK];
        for (int64_t b = 0; b < blocks; b++) {
            set->round_fours(w, b, in, fours, by, zeros);
            set->fours_as_eights(fours, by, zeros, b, in, groups, block, of_block);
        }
        struct numbers unpacked = numbers(out, in);
        for (int64_t b = 0; b < blocks; b++) {
            set->unpack_fours(fours, by, zeros, b, in, groups, unpacked);
        }
        r = rounded(set, x, rows, in, FOURS_GROUP);
        set->fours(r, fours, by, zeros, 0, blocks, none, none, y);
        wrong |= compare(set->name, "fours", x, w, y, rows, in, out, 0.1);
        wrong |= compare(set->name, "unpacked fours", x, unpacked, y, rows, in, out, 0.01);
        free(unpacked.first);
        release(r);
        free(fours);
        free(zeros);
        free(block);
        free(by);
    }
    free(x.first);
    free(w.first);
    free(y.first);
    return wrong;
}

/* That each result is within the values that it is a mean of; the right ones are the Java tests' to know. */
static int check_attention(const struct kernels *set, int64_t group, int64_t tokens, int64_t size) {
    struct numbers q = numbers(group, size), keys = numbers(tokens, size), values = numbers(tokens, size), y = numbers(group, size);
    float *scratch = memory(set->queries * ((tokens + BLOCK - 1) / BLOCK * BLOCK), sizeof *scratch);
    set->attend(q.first, keys.first, values.first, group, tokens, size, 0.1f, scratch, y.first);
    int wrong = 0;
    for (int64_t i = 0; i < group; i++) {
        for (int64_t k = 0; k < size; k++) {
            float least = 2, most = -2;
            for (int64_t t = 0; t < tokens; t++) {
                least = fminf(least, at(values, t, k));
                most = fmaxf(most, at(values, t, k));
            }
            wrong |= !(at(y, i, k) >= least - 0.01f && at(y, i, k) <= most + 0.01f);
        }
    }
    if (wrong) {
        fprintf(stderr, "%s: attention of %ld queries of %ld to %ld tokens\n", set->name, (long)group, (long)size, (long)tokens);
    }
    free(scratch);
    free(q.first);
    free(keys.first);
    free(values.first);
    free(y.first);
    return wrong;
}

/* Norms, turned heads and gates in memory of their size, held against float64. */
static int check_layer(const struct kernels *set, int64_t columns) {
    struct numbers x = numbers(3, columns), w = numbers(1, columns), y = numbers(3, columns);
    int wrong = 0;
    for (int64_t i = 0; i < 3; i++) {
        double squares = 0;
        for (int64_t k = 0; k < columns; k++) {
            squares += (double)at(x, i, k) * at(x, i, k);
        }
        set->norm(x, i, columns, w, 1e-6f, y);
        for (int64_t k = 0; k < columns; k++) {
            double right = at(x, i, k) * at(w, 0, k) / sqrt(squares / (double)columns + 1e-6);
            wrong |= !(fabs(at(y, i, k) - right) <= fabs(right) / 200 + 1e-6);
        }
        set->gate(x, x, i, columns, y);
        for (int64_t k = 0; k < columns; k++) {
            double right = at(x, i, k) / (1 + exp(-(double)at(x, i, k))) * at(x, i, k);
            wrong |= !(fabs(at(y, i, k) - right) <= fabs(right) / 100 + 1e-6);
        }
    }
    if (columns % 32 == 0) {
        struct numbers qkv = numbers(7, columns), cos = numbers(1, columns / 2), keys = numbers(2 * 3, columns), values = numbers(2 * 3, columns);
        struct heads heads = {3, 2, columns, w.first, w.first, 1e-6f, keys.first, values.first, 3};
        set->turn(qkv.first, cos.first, cos.first, 2, heads);
        for (int64_t k = 0; k < columns; k++) {
            wrong |= at(keys, 2, k) != at(qkv, 3, k) || at(keys, 5, k) != at(qkv, 4, k) || at(values, 5, k) != at(qkv, 6, k);
        }
        free(qkv.first);
        free(cos.first);
        free(keys.first);
        free(values.first);
    }
    if (wrong) {
        fprintf(stderr, "%s: a layer of %ld columns\n", set->name, (long)columns);
    }
    free(x.first);
    free(w.first);
    free(y.first);
    return wrong;
}

int main(void) {
    static const int64_t rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 17, 33}, ins[] = {1, 3, 31, 32, 33, 64, 96, 855, 1568},
                         outs[] = {1, 15, 16, 17, 32, 50, 80};
    int wrong = 0, sets = 0;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        const struct kernels *set = kernels_named(names[n]);
        for (size_t i = 0; set && i < sizeof rows / sizeof *rows; i++) {
            for (size_t j = 0; j < sizeof ins / sizeof *ins; j++) {
                for (size_t k = 0; k < sizeof outs / sizeof *outs; k++) {
                    wrong |= check(set, rows[i], ins[j], outs[k]);
                }
            }
        }
        for (int64_t columns = 1; set && columns <= 160; columns++) {
            wrong |= check_layer(set, columns);
        }
        for (int64_t group = 1; set && group <= 8; group++) {
            for (int64_t tokens = 1; tokens <= 40; tokens++) {
                wrong |= check_attention(set, group, tokens, 32 * (1 + tokens % 5));
            }
        }
        sets += set != NULL;
    }
    printf("%d sets of kernels: %s\n", sets, wrong ? "wrong" : "right");
    return wrong || sets == 0;
}
