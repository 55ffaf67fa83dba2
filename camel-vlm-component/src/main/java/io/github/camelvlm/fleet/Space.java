package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.EngineUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Reckons which models must go for one that comes. */
final class Space {
    private final long allowed;
    private final ToLongFunction<String> free;
    /** The free bytes of each device when none of the models was there. */
    private final Map<String, Long> withoutModels = new HashMap<>();

    /**
     * @param allowed the most bytes that models together take of a device; 0 for as much as is free
     * @param free the free bytes of a device, by its name
     */
    Space(long allowed, ToLongFunction<String> free) {
        this.allowed = allowed;
        this.free = free;
    }

    /**
     * The models that must go for one that comes, those without requests first, and of these those that were used longest
     * ago.
     *
     * @param all all models, loaded or not
     * @return empty if there is room
     * @throws EngineUnavailableException if there would not be room even without all of them
     */
    List<Tenant> leaving(Tenant coming, List<Tenant> all) {
        Map<String, Long> lacking = new HashMap<>();
        coming.need.forEach((device, need) -> lacking.put(device, need - free(device, all)));
        lacking.forEach((device, bytes) -> {
            if (bytes > held(device, all)) {
                throw refusal(coming, device, all);
            }
        });
        List<Tenant> leaving = new ArrayList<>();
        all.stream()
                .filter(tenant -> tenant.engine != null)
                .sorted(Comparator.comparing(Tenant::isIdle).reversed().thenComparingLong(tenant -> tenant.lastUsed))
                .forEach(tenant -> {
                    if (lacking.entrySet().stream()
                            .anyMatch(entry -> entry.getValue() > 0 && takes(tenant, entry.getKey()))) {
                        leaving.add(tenant);
                        lacking.replaceAll((device, bytes) -> bytes - tenant.need.getOrDefault(device, 0L));
                    }
                });
        return leaving;
    }

    /** Whether there is room for one more without any going. */
    boolean hasRoomFor(Tenant coming, List<Tenant> all) {
        return coming.need.entrySet().stream().allMatch(need -> need.getValue() <= free(need.getKey(), all));
    }

    /**
     * Refuses a model that can never come.
     *
     * @throws IllegalArgumentException if it takes more than is allowed
     */
    void requireAllowed(String model, Map<String, Long> need) {
        need.forEach((device, bytes) -> {
            if (allowed > 0 && bytes > allowed) {
                throw new IllegalArgumentException("modelMemory is " + size(allowed) + ", but model " + model
                        + " alone needs about " + size(bytes) + " of " + device
                        + ": raise it, or lower kvCacheBytes, contextLength or maxSequences");
            }
        });
    }

    private static boolean takes(Tenant tenant, String device) {
        return tenant.need.getOrDefault(device, 0L) > 0;
    }

    private static long held(String device, List<Tenant> all) {
        return all.stream()
                .filter(tenant -> tenant.engine != null)
                .mapToLong(tenant -> tenant.need.getOrDefault(device, 0L))
                .sum();
    }

    /** Models take what is theirs bit by bit, as requests fill their caches: what they may take counts as taken. */
    private synchronized long free(String device, List<Tenant> all) {
        long measured = free.applyAsLong(device);
        long held = held(device, all);
        if (held == 0) {
            withoutModels.put(device, measured);
        }
        long left = Math.min(measured, withoutModels.getOrDefault(device, measured) - held);
        return allowed == 0 ? left : Math.min(left, allowed - held);
    }

    private EngineUnavailableException refusal(Tenant coming, String device, List<Tenant> all) {
        long free = Math.max(0, free(device, all));
        return new EngineUnavailableException("Model " + coming.source.name() + " needs about "
                + size(coming.need.get(device)) + " of " + device + ", but " + size(free) + " are free"
                + (allowed == 0 ? "" : " of the " + size(allowed) + " that modelMemory allows")
                + ", and the other models would give back " + size(held(device, all))
                + ": lower kvCacheBytes, contextLength or maxSequences, or end what else takes memory");
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
