/* Which set of kernels a processor runs. */
#include "kernels.h"

#if defined(__x86_64__)

extern const struct kernels kernels_avx512_bf16, kernels_avx512_vnni, kernels_avx2;

static int runs(const struct kernels *set) {
    __builtin_cpu_init();
    if (set == &kernels_avx2) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    }
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx2")
        && __builtin_cpu_supports("fma") && (set == &kernels_avx512_vnni || __builtin_cpu_supports("avx512bf16"));
}

static const struct kernels *const sets[] = {&kernels_avx512_bf16, &kernels_avx512_vnni, &kernels_avx2, NULL};

#elif defined(__aarch64__)

#include <sys/auxv.h>

#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif

extern const struct kernels kernels_neon_dotprod;

static int runs(const struct kernels *set) {
    (void)set;
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
}

static const struct kernels *const sets[] = {&kernels_neon_dotprod, NULL};

#endif

const struct kernels *kernels_here(void) {
    for (int i = 0; sets[i]; i++) {
        if (runs(sets[i])) {
            return sets[i];
        }
    }
    return NULL;
}

const struct kernels *kernels_named(const char *name) {
    for (int i = 0; sets[i]; i++) {
        const char *a = sets[i]->name, *b = name;
        while (*a && *a == *b) {
            a++;
            b++;
        }
        if (*a == *b && runs(sets[i])) {
            return sets[i];
        }
    }
    return NULL;
}
