/* The kernels of one kind of processor: of the one whose instructions the compiler is told to use. */
#include "attention.h"
#include "eights.h"
#include "fours.h"
#include "kernels.h"
#include "layer.h"
#include "rows.h"

#define NAMED(set) kernels_##set
#define SET_OF(set) NAMED(set)
#define TEXT(set) #set
#define TEXT_OF(set) TEXT(set)

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
    .norm = norm,
    .turn = turn,
    .gate = gate,
    .round_eights = round_eights,
    .round_fours = round_fours,
};
