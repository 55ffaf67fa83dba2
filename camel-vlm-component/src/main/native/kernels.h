/* The kernels, of which there is a set for each kind of processor. */
#ifndef VLM_KERNELS_H
#define VLM_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* The numbers of a tensor, [rows, columns]: those of a row lie side by side, and rows so many numbers apart. */
struct numbers {
    void *first;
    int64_t apart;
    /* float32, otherwise bfloat16 */
    int wide;
};

/* Rows that were rounded to integers from -127 to 127, group by group, where columns are filled up with zeros; and for each row and group
 * what they are to be multiplied by, and their sum, negative. Of each eight rows [columns / 32, places, 40] integers, the last 8 of
 * which are unused, and [groups / 16, places, 16] others, where there are 1, 2, 4 or 8 places for as many rows as are left: so constant
 * distances lead from row to row, of which neighbours are in different banks of the cache, and threads that round rows seldom write to
 * one line of it. */
struct rounded {
    int64_t rows, columns, group;
    int8_t *integers;
    float *scales;
    int32_t *less;
};

enum { ROWS_BLOCK = 8, COLUMNS_BLOCK = 32, PLACE = 40, GROUPS_BLOCK = 16 };

/* How many scales there is room for in each row. */
static inline int64_t room_for_groups(struct rounded r) {
    return (r.columns / r.group + GROUPS_BLOCK - 1) / GROUPS_BLOCK * GROUPS_BLOCK;
}

/* The heads of a layer, what their queries and keys are normed by if anything [size], and its cache, [key heads, places, size]. */
struct heads {
    int64_t queries, keys, size;
    const uint16_t *q_norm, *k_norm;
    float epsilon;
    uint16_t *cached_keys, *cached_values;
    int64_t places;
};

/* Outputs are in blocks of 16; weights of eight bits are stored as [out / 16, in / 4, 16, 4], each and 128 more, and of four bits as
 * [out / 16, in / 32, 4, 16, 4], of which the lower halves are the first 16 inputs. Scales bfloat16 and zeros [out / 16, groups, 16]. */
enum { BLOCK = 16, FOURS_GROUP = 32 };

struct kernels {
    const char *name;

    /* y = x * w' + bias + added, for outputs from begin to end. x bfloat16 [rows, in], w bfloat16 [out, in]; bias and added may be
     * missing. scratch: as many bytes as rows_scratch says, one for each thread. */
    void (*rows)(const uint16_t *x, int64_t x_apart, int64_t rows, int64_t in, const uint16_t *w, int64_t w_apart, int64_t begin,
                 int64_t end, struct numbers bias, struct numbers added, struct numbers y, float *scratch);
    size_t (*rows_scratch)(void);

    /* Rounds row i of x [rows, columns]. */
    void (*round)(struct numbers x, int64_t i, int64_t columns, struct rounded to);

    /* y = x * w' + bias + added, for blocks from begin to end of out outputs. */
    void (*eights)(struct rounded x, const uint8_t *w, const float *scales, int64_t begin, int64_t end, int64_t out,
                   struct numbers bias, struct numbers added, struct numbers y);

    void (*fours)(struct rounded x, const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t begin, int64_t end,
                  struct numbers bias, struct numbers added, struct numbers y);

    /* A block of outputs as eights has it: codes of one block, and the scales of its outputs. */
    void (*fours_as_eights)(const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t block, int64_t in, int64_t groups,
                            uint8_t *codes, float *eights_scales);

    /* Attention of one token by the queries that share a key head, [group, size], to keys and values [tokens, size], all bfloat16: y
     * [group, size]. by: what products are multiplied by to be powers of two. scratch: numbers for as many tokens, filled up to whole
     * blocks, as there are queries. */
    void (*attend)(const uint16_t *q, const uint16_t *keys, const uint16_t *values, int64_t group, int64_t tokens, int64_t size, float by,
                   float *scratch, uint16_t *y);
    int64_t queries;

    /* Row i of y = x by the root of the mean of its squares, times weight. */
    void (*norm)(struct numbers x, int64_t i, int64_t columns, struct numbers weight, float epsilon, struct numbers y);

    /* Norms and turns queries and keys of one token, [queries + 2 * keys, size], by cos and sin [size / 2], and writes its keys and values
     * to a place in the cache. */
    void (*turn)(uint16_t *qkv, const uint16_t *cos, const uint16_t *sin, int64_t place, struct heads heads);

    /* Row i of y = silu(gate) * up. */
    void (*gate)(struct numbers gate, struct numbers up, int64_t i, int64_t columns, struct numbers y);

    /* Writes a block of outputs as the numbers that it stands for: those rows of to, [out, in]. */
    void (*unpack_fours)(const uint8_t *w, const uint16_t *scales, const uint8_t *zeros, int64_t block, int64_t in, int64_t groups,
                         struct numbers to);

    /* Stores a block of outputs from w [out, in], rounded here. */
    void (*round_eights)(struct numbers w, int64_t block, int64_t out, int64_t in, uint8_t *codes, float *scales);
    void (*round_fours)(struct numbers w, int64_t block, int64_t in, uint8_t *codes, uint16_t *scales, uint8_t *zeros);
};

/* The best set for this processor; NULL if it is none that there is a set for. */
const struct kernels *kernels_here(void);

/* The set of this name, if the processor has its instructions, otherwise NULL. */
const struct kernels *kernels_named(const char *name);

#endif
