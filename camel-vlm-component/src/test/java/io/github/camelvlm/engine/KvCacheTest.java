package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvCacheTest {

    @Test
    void tellsWhetherItWouldHaveRoomIfSlotsWereFree() {
        KvCache cache = new KvCache(100);
        KvCache.Slot first = cache.allocate(30).orElseThrow();
        cache.allocate(20).orElseThrow();
        KvCache.Slot last = cache.allocate(20).orElseThrow();

        assertThat(cache.wouldFit(30, List.of())).isTrue();
        assertThat(cache.wouldFit(31, List.of())).isFalse();
        assertThat(cache.wouldFit(50, List.of(first, last))).isTrue();
        assertThat(cache.wouldFit(51, List.of(first, last))).isFalse();
        assertThat(cache.available()).isEqualTo(30);
    }

    @Test
    void grantsTheLowestStretchThatIsLongEnough() {
        KvCache cache = new KvCache(100);
        KvCache.Slot first = cache.allocate(30).orElseThrow();
        cache.allocate(50).orElseThrow();
        cache.free(first);

        assertThat(cache.allocate(25)).contains(new KvCache.Slot(0, 25));
        assertThat(cache.allocate(20)).contains(new KvCache.Slot(80, 20));
        assertThat(cache.available()).isEqualTo(5);
    }

    @Test
    void refusesWhatDoesNotFit() {
        KvCache cache = new KvCache(100);
        cache.allocate(60);

        assertThat(cache.allocate(41)).isEmpty();
    }

    @Test
    void joinsFreedNeighbours() {
        KvCache cache = new KvCache(90);
        List<KvCache.Slot> slots = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            slots.add(cache.allocate(30).orElseThrow());
        }
        cache.free(slots.get(0));
        cache.free(slots.get(2));
        cache.free(slots.get(1));

        assertThat(cache.allocate(90)).isPresent();
    }

    @Test
    void neverGrantsATokenTwiceAndLosesNone() {
        Random random = new Random(1);
        KvCache cache = new KvCache(1000);
        List<KvCache.Slot> held = new ArrayList<>();
        BitSet taken = new BitSet();
        for (int i = 0; i < 5000; i++) {
            if (random.nextBoolean() || held.isEmpty()) {
                Optional<KvCache.Slot> slot = cache.allocate(1 + random.nextInt(200));
                slot.ifPresent(granted -> {
                    assertThat(taken.get(granted.start(), granted.start() + granted.tokens())
                                    .isEmpty())
                            .isTrue();
                    taken.set(granted.start(), granted.start() + granted.tokens());
                    held.add(granted);
                });
            } else {
                KvCache.Slot slot = held.remove(random.nextInt(held.size()));
                cache.free(slot);
                taken.clear(slot.start(), slot.start() + slot.tokens());
            }
            assertThat(cache.available()).isEqualTo(1000 - taken.cardinality());
        }
    }
}
