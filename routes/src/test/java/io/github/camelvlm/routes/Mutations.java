package io.github.camelvlm.routes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes bodies as broken and hostile clients would. */
public final class Mutations {
    private static final List<String> VALUES = List.of(
            "null", "true", "-1", "1e999", "99999999999999999999", "\"\"", "\"\\ud800\"", "[]", "{}", "[[[[", "\u0000");

    private Mutations() {}

    /** One to three changes: bytes changed, cut out or doubled, and values put in. */
    public static byte[] of(byte[] body, RandomGenerator random) {
        byte[] mutated = body;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            mutated = once(mutated, random);
        }
        return mutated;
    }

    private static byte[] once(byte[] body, RandomGenerator random) {
        // Half of the changes near the ends: the middle is all picture.
        int at = random.nextBoolean()
                ? random.nextInt(body.length)
                : Math.floorMod(random.nextInt(-200, 200), body.length);
        int end = Math.min(body.length, at + random.nextInt(1, 20));
        ByteArrayOutputStream mutated = new ByteArrayOutputStream();
        mutated.write(body, 0, at);
        switch (random.nextInt(5)) {
            case 0 -> mutated.write(random.nextInt(256));
            case 1 -> at = end;
            case 2 -> mutated.write(body, at, end - at);
            case 3 ->
                mutated.writeBytes(VALUES.get(random.nextInt(VALUES.size())).getBytes(StandardCharsets.UTF_8));
            default -> {
                mutated.writeBytes(VALUES.get(random.nextInt(VALUES.size())).getBytes(StandardCharsets.UTF_8));
                at = end;
            }
        }
        mutated.write(body, at, body.length - at);
        return mutated.toByteArray().length == 0 ? body : mutated.toByteArray();
    }
}
