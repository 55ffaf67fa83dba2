package io.github.camelvlm.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The texts that programs are put together of. */
public final class ProgramText {
    private ProgramText() {}

    /** A part that families share: {@code decoder}, {@code attention} and so on. */
    public static String of(String part) {
        return read(ProgramText.class, part);
    }

    /** A part that lies beside a class of a family. */
    public static String read(Class<?> beside, String part) {
        try (InputStream in = beside.getResourceAsStream(part + ".torchscript")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
